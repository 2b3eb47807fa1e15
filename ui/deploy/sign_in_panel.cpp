// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/sign_in_panel.h"

#include "ui/cards/error_line.h"
#include "ui/deploy/azure_account.h"
#include "ui/deploy/step_page.h"
#include "ui/inputs/file_field.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr int ownCloud = 3; // after public, usgov, china
const char* const cloudNames[] = {"public", "usgov", "china"};

} // namespace

SignInPanel::SignInPanel(AzureAccount& account, QWidget* parent)
    : QWidget(parent),
      m_account(account),
      m_way(new QComboBox),
      m_tenant(new QLineEdit),
      m_client(new QLineEdit),
      m_secret(new QLineEdit),
      m_button(new QPushButton),
      m_state(new QLabel),
      m_code(new QLabel),
      m_error(new ErrorLine),
      m_moreButton(new QToolButton),
      m_cloud(new QComboBox),
      m_hosts(new FileField),
      m_ca(new FileField)
{
    m_way->setObjectName(QStringLiteral("signInWay"));
    m_tenant->setObjectName(QStringLiteral("tenant"));
    m_client->setObjectName(QStringLiteral("clientId"));
    m_secret->setObjectName(QStringLiteral("clientSecret"));
    m_button->setObjectName(QStringLiteral("signInButton"));
    m_state->setTextFormat(Qt::PlainText);
    m_code->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_code->setOpenExternalLinks(true);
    m_code->setWordWrap(true);
    m_secret->setEchoMode(QLineEdit::Password);
    m_moreButton->setAutoRaise(true);
    m_moreButton->setCheckable(true);
    m_moreButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);

    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(m_button);
    row->addWidget(m_state, 1);
    row->addWidget(m_moreButton);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(makeFields());
    column->addLayout(row);
    column->addWidget(m_code);
    column->addWidget(m_error);
    column->addWidget(makeMore());

    connect(m_button, &QPushButton::clicked, this, &SignInPanel::start);
    connect(m_way, &QComboBox::currentIndexChanged, this, &SignInPanel::showFields);
    connect(m_cloud, &QComboBox::currentIndexChanged, this, &SignInPanel::showFields);
    connect(m_moreButton, &QToolButton::toggled, this, &SignInPanel::showFields);
    connect(&m_account, &AzureAccount::changed, this, &SignInPanel::showState);
    m_way->addItems({{}, {}, {}, {}, {}});
    m_cloud->addItems({{}, {}, {}, {}});
    readSettings();
    retranslate();
    m_account.tryAgain();
}

QWidget* SignInPanel::makeFields()
{
    auto* fields = new QWidget;
    auto* form = makeForm();
    form->setContentsMargins(0, 0, 0, 0);
    fields->setLayout(form);
    m_wayCaption = addRow(*form, m_way);
    m_tenantCaption = addRow(*form, m_tenant);
    m_clientCaption = addRow(*form, m_client);
    m_secretCaption = addRow(*form, m_secret);
    return fields;
}

QWidget* SignInPanel::makeMore()
{
    m_more = new QWidget;
    auto* form = makeForm();
    form->setContentsMargins(0, 0, 0, 0);
    m_more->setLayout(form);
    m_cloudCaption = addRow(*form, m_cloud);
    m_hostsCaption = addRow(*form, m_hosts);
    m_caCaption = addRow(*form, m_ca);
    return m_more;
}

void SignInPanel::readSettings()
{
    m_way->setCurrentIndex(std::clamp(readSetting(settings::azureSignIn), 0, 4));
    m_tenant->setText(readSetting(settings::azureTenant));
    m_client->setText(readSetting(settings::azureClientId));
    m_ca->setPath(readSetting(settings::azureCaFile));
    const QString cloud = readSetting(settings::azureCloud);
    const auto* known = std::find(std::begin(cloudNames), std::end(cloudNames), cloud);
    m_cloud->setCurrentIndex(static_cast<int>(known - std::begin(cloudNames)));
    if (known == std::end(cloudNames))
        m_hosts->setPath(cloud);
}

void SignInPanel::remember()
{
    writeSetting(settings::azureSignIn, m_way->currentIndex());
    writeSetting(settings::azureTenant, m_tenant->text().trimmed());
    writeSetting(settings::azureClientId, m_client->text().trimmed());
    writeSetting(settings::azureCaFile, m_ca->path());
    writeSetting(settings::azureCloud, m_cloud->currentIndex() == ownCloud
                                           ? m_hosts->path()
                                           : QString::fromLatin1(cloudNames[m_cloud->currentIndex()]));
}

void SignInPanel::start()
{
    if (m_account.state() == AzureAccount::State::SigningIn) {
        m_account.cancel();
        return;
    }
    if (m_account.state() == AzureAccount::State::SignedIn) {
        m_account.signOut();
        return;
    }
    remember();
    auto how = AzureAccount::rememberedWay();
    if (!how.ok()) {
        m_error->setError(how.error());
        return;
    }
    how->secret = m_secret->text().toStdString();
    m_secret->clear();
    m_account.signIn(std::move(*how));
}

void SignInPanel::showFields()
{
    const auto way = static_cast<deploy::SignInWay>(m_way->currentIndex());
    const bool principal = way == deploy::SignInWay::ServicePrincipal;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_secretCaption, m_secret})
        widget->setVisible(principal);
    const bool client = principal || (m_moreButton->isChecked() && way != deploy::SignInWay::AzureCli) ||
                        way == deploy::SignInWay::ManagedIdentity;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_clientCaption, m_client})
        widget->setVisible(client);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_tenantCaption, m_tenant})
        widget->setVisible(way != deploy::SignInWay::ManagedIdentity);
    m_more->setVisible(m_moreButton->isChecked());
    m_moreButton->setIcon(themedIcon(m_moreButton->isChecked() ? QStringLiteral("chevron-up")
                                                               : QStringLiteral("chevron-down")));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_hostsCaption, m_hosts})
        widget->setVisible(m_cloud->currentIndex() == ownCloud);
}

void SignInPanel::showState()
{
    const AzureAccount::State state = m_account.state();
    const bool in = state == AzureAccount::State::SignedIn;
    const bool asking = state == AzureAccount::State::SigningIn;
    m_button->setText(asking ? tr("Cancel") : in ? tr("Sign out") : tr("Sign in"));
    const bool users = m_way->currentIndex() == static_cast<int>(deploy::SignInWay::Browser) ||
                       m_way->currentIndex() == static_cast<int>(deploy::SignInWay::DeviceCode);
    QString text = asking ? tr("Signing in…") : tr("Not signed in");
    if (in && !users)
        text = tr("Signed in");
    else if (in)
        text = m_account.isKept() ? tr("Signed in; kept in the keychain")
                                  : tr("Signed in until the window closes: there is no keychain");
    m_state->setText(text);
    setTextColor(*m_state, in ? Theme::instance().colors().good : Theme::instance().colors().mutedText);
    const QString page = m_account.page();
    m_code->setVisible(!page.isEmpty());
    if (!m_account.code().isEmpty())
        m_code->setText(tr("Open <a href=\"%1\">%1</a> and type the code <b>%2</b>.")
                            .arg(page.toHtmlEscaped(), m_account.code().toHtmlEscaped()));
    else if (!page.isEmpty())
        m_code->setText(tr("The browser was asked to open the page. <a href=\"%1\">Open it again</a>")
                            .arg(page.toHtmlEscaped()));
    m_error->setError(m_account.error());
    for (QWidget* field : std::initializer_list<QWidget*>{m_way, m_tenant, m_client, m_secret, m_more})
        field->setEnabled(!in && !asking);
}

void SignInPanel::retranslate()
{
    m_wayCaption->setText(tr("Sign in by"));
    m_way->setItemText(0, tr("Azure CLI (az login)"));
    m_way->setItemText(1, tr("Browser"));
    m_way->setItemText(2, tr("Code on another device"));
    m_way->setItemText(3, tr("Service principal"));
    m_way->setItemText(4, tr("Managed identity of this machine"));
    m_tenantCaption->setText(tr("Tenant"));
    m_tenant->setPlaceholderText(tr("Id or domain; empty: your usual one"));
    m_clientCaption->setText(tr("Client id"));
    m_client->setPlaceholderText(tr("Of the application; empty: the usual one"));
    m_secretCaption->setText(tr("Secret"));
    m_secret->setPlaceholderText(tr("Kept in memory only"));
    m_moreButton->setText(tr("More"));
    m_moreButton->setToolTip(tr("Which Azure, and who vouches for it"));
    m_cloudCaption->setText(tr("Cloud"));
    m_cloud->setItemText(0, tr("Azure"));
    m_cloud->setItemText(1, tr("Azure US Government"));
    m_cloud->setItemText(2, tr("Azure China"));
    m_cloud->setItemText(3, tr("Hosts from a file"));
    m_hostsCaption->setText(tr("Hosts"));
    m_hosts->setKind(tr("Hosts of a cloud"), tr("JSON files (*.json)"));
    m_caCaption->setText(tr("Extra authorities"));
    m_ca->setKind(tr("Certificate authorities"), tr("PEM files (*.pem *.crt)"));
    showFields();
    showState();
}

void SignInPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
