// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/start_page.h"

#include "ui/docks/property_field.h"
#include "ui/settings/settings.h"
#include "ui/theme/theme.h"
#include "ui/window/sample.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace lapidary {

namespace {
constexpr int columnWidth = 420;
constexpr int logoExtent = 96;
constexpr int shownRecentFiles = 5;

QString shortFolder(const QString& path)
{
    QString folder = QDir::toNativeSeparators(QFileInfo(path).absolutePath());
    const QString home = QDir::homePath();
    if (folder.startsWith(home))
        folder.replace(0, home.size(), QStringLiteral("~"));
    return folder;
}
} // namespace

StartPage::StartPage(QWidget* parent)
    : QWidget(parent),
      m_logo(new QLabel(this)),
      m_title(new QLabel(QStringLiteral("Lapidary"), this)),
      m_line(new QLabel(this)),
      m_open(new QPushButton(this)),
      m_sample(new QPushButton(this)),
      m_recentTitle(new QLabel(this)),
      m_recent(new QVBoxLayout),
      m_hint(new QLabel(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_title->setFont(scaledFont(font(), 2.4, QFont::Light));
    m_line->setFont(scaledFont(font(), 1.1));
    m_line->setWordWrap(true);
    m_recentTitle->setFont(sectionFont(font()));
    for (QLabel* label : {m_logo, m_title, m_line, m_hint})
        label->setAlignment(Qt::AlignCenter);
    m_open->setDefault(true);
    m_sample->setVisible(!samplePath().isEmpty());
    for (QPushButton* button : {m_open, m_sample})
        button->setMinimumHeight(36);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(10);
    buttons->addWidget(m_open);
    buttons->addWidget(m_sample);
    m_recent->setSpacing(6);

    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_logo);
    column->addWidget(m_title);
    column->addWidget(m_line);
    column->addSpacing(18);
    column->addLayout(buttons);
    column->addSpacing(6);
    column->addWidget(m_hint);
    column->addSpacing(18);
    column->addWidget(m_recentTitle);
    column->addLayout(m_recent);
    column->addStretch(3);
    auto* holder = new QWidget(this);
    holder->setLayout(column);
    holder->setFixedWidth(columnWidth);
    auto* row = new QHBoxLayout(this);
    row->addWidget(holder, 0, Qt::AlignHCenter);

    connect(m_open, &QPushButton::clicked, this, &StartPage::openRequested);
    connect(m_sample, &QPushButton::clicked, this, &StartPage::sampleRequested);
    connect(&Theme::instance(), &Theme::changed, this, &StartPage::updateColors);
    retranslate();
    updateColors();
}

void StartPage::refreshRecent()
{
    while (QLayoutItem* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QStringList files = recentFiles().mid(0, shownRecentFiles);
    m_recentTitle->setVisible(!files.isEmpty());
    for (const QString& file : files) {
        auto* field = new PropertyField(QFileInfo(file).fileName(), this);
        field->setDetail(shortFolder(file));
        field->setToolTip(file);
        field->setLink(true);
        // Queued: opening may rebuild this list while the field still handles its click.
        connect(
            field, &PropertyField::activated, this, [this, file] { emit fileChosen(file); },
            Qt::QueuedConnection);
        m_recent->addWidget(field);
    }
}

void StartPage::retranslate()
{
    m_line->setText(tr("See, run and measure ONNX models."));
    m_open->setText(tr("Open a model…"));
    m_sample->setText(tr("Open the sample"));
    m_sample->setToolTip(tr("A small network that reads handwritten digits"));
    m_recentTitle->setText(tr("Recent models"));
    m_hint->setText(tr("or drop an .onnx file anywhere in this window"));
}

void StartPage::updateColors()
{
    const ThemeColors& colors = Theme::instance().colors();
    for (QLabel* label : {m_line, m_hint, m_recentTitle})
        setTextColor(*label, colors.mutedText);
    const QIcon logo(QStringLiteral(":/icons/lapidary.svg"));
    m_logo->setPixmap(logo.pixmap(QSize(logoExtent, logoExtent), devicePixelRatioF()));
    m_logo->setVisible(!logo.isNull());
    m_open->setIcon(themedIcon("open"));
}

void StartPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void StartPage::showEvent(QShowEvent* event)
{
    refreshRecent();
    QWidget::showEvent(event);
}

} // namespace lapidary
