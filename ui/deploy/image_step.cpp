// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/image_step.h"

#include "ui/cards/card.h"
#include "ui/cards/error_line.h"
#include "ui/deploy/deploy_draft.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/roomy_delegate.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr auto lapidaryFlavour = "lapidary";
constexpr auto pythonFlavour = "python";

} // namespace

ImageStep::ImageStep(DeployDraft& draft, QWidget* parent)
    : StepPage(parent), m_draft(draft), m_error(new ErrorLine)
{
    column()->addWidget(makeChoice());
    m_lapidaryPart = makeLapidary();
    m_pythonPart = makePython();
    column()->addWidget(m_lapidaryPart, 1);
    column()->addWidget(m_pythonPart, 1);
    column()->addWidget(m_error);
    connect(&draft, &DeployDraft::filesRead, this, &ImageStep::showFiles);
    connect(&draft, &DeployDraft::imageTextsRead, this, &ImageStep::showTexts);
    retranslate();
}

QWidget* ImageStep::makeChoice()
{
    m_ours = new QRadioButton;
    m_python = new QRadioButton;
    m_python->setObjectName(QStringLiteral("pythonFlavour"));
    m_oursHint = makeHint(nullptr);
    m_pythonHint = makeHint(nullptr);
    auto* card = new Card;
    for (const auto& [button, hint] : {std::pair{m_ours, m_oursHint}, {m_python, m_pythonHint}}) {
        hint->setIndent(22);
        card->column()->addWidget(button);
        card->column()->addWidget(hint);
        connect(button, &QRadioButton::clicked, this, &ImageStep::chooseFlavour);
    }
    return card;
}

QWidget* ImageStep::makeLapidary()
{
    m_files = new QTreeWidget;
    m_files->setRootIsDecorated(false);
    m_files->setFrameShape(QFrame::NoFrame);
    m_files->setItemDelegate(new RoomyDelegate(m_files));
    m_files->setColumnCount(2);
    m_files->header()->setStretchLastSection(false);
    m_files->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_files->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_files->setMinimumHeight(8 * fontMetrics().height());
    m_total = makeHint(nullptr);
    m_routes = makeHint(nullptr);
    m_routes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* card = new Card;
    card->column()->addWidget(m_files, 1);
    card->column()->addWidget(m_total);
    card->column()->addWidget(m_routes);
    return card;
}

QWidget* ImageStep::makePython()
{
    m_routeCaption = new QLabel;
    m_route = new QComboBox;
    m_route->setObjectName(QStringLiteral("buildRoute"));
    m_names = new QListWidget;
    m_names->setObjectName(QStringLiteral("imageFiles"));
    m_names->setFrameShape(QFrame::NoFrame);
    m_names->setItemDelegate(new RoomyDelegate(m_names));
    m_names->setFixedWidth(150);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("imageText"));
    m_text->setFont(monospaceFont(m_text->font()));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setMinimumHeight(12 * fontMetrics().height());
    m_editHint = makeHint(nullptr);
    auto* top = new QHBoxLayout;
    top->setSpacing(10);
    top->addWidget(m_routeCaption);
    top->addWidget(m_route);
    top->addStretch(1);
    auto* texts = new QHBoxLayout;
    texts->setSpacing(8);
    texts->addWidget(m_names);
    texts->addWidget(m_text, 1);
    auto* card = new Card;
    card->column()->addLayout(top);
    card->column()->addLayout(texts, 1);
    card->column()->addWidget(m_editHint);
    connect(m_route, &QComboBox::activated, this, &ImageStep::chooseRoute);
    connect(m_names, &QListWidget::currentTextChanged, this, &ImageStep::showText);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ImageStep::keepText);
    return card;
}

void ImageStep::initializePage()
{
    fillRoutes();
    chooseRoute(); // the target may not have the one that was chosen before
    showFlavour();
    showFiles();
}

void ImageStep::chooseFlavour()
{
    deploy::Choices choices = m_draft.choices();
    choices.flavour = m_python->isChecked() ? pythonFlavour : lapidaryFlavour;
    m_draft.setChoices(choices);
    chooseRoute();
    showFlavour();
}

void ImageStep::chooseRoute()
{
    deploy::Choices choices = m_draft.choices();
    choices.buildRoute = m_route->currentData().toString().toStdString();
    // What is built here needs an engine to build it.
    if (choices.flavour == pythonFlavour && choices.buildRoute == "local" && choices.engine == "process")
        choices.engine = "podman";
    m_draft.setChoices(choices);
    if (choices.flavour == pythonFlavour)
        m_draft.readImageTexts(); // they differ with the way
}

// Environments are for online endpoints; on this computer everything is built here.
void ImageStep::fillRoutes()
{
    const deploy::Choices& choices = m_draft.choices();
    m_route->clear();
    if (deploy::isOnline(choices))
        m_route->addItem(tr("Azure builds it as an environment"), QStringLiteral("environment"));
    if (m_draft.isAzure())
        m_route->addItem(tr("A build task of the registry"), QStringLiteral("acr-task"));
    m_route->addItem(tr("Podman or Docker on this computer"), QStringLiteral("local"));
    m_route->setCurrentIndex(std::max(0, m_route->findData(QString::fromStdString(choices.buildRoute))));
    chooseRoute();
}

void ImageStep::showFlavour()
{
    const bool python = m_draft.choices().flavour == pythonFlavour;
    (python ? m_python : m_ours)->setChecked(true);
    m_lapidaryPart->setVisible(!python);
    m_pythonPart->setVisible(python);
}

bool ImageStep::isComplete() const { return m_draft.files() != nullptr; }

void ImageStep::showFiles()
{
    m_files->clear();
    const auto add = [this](const std::string& path, uint64_t sizeBytes) {
        auto* item = new QTreeWidgetItem(
            m_files, {QLatin1Char('/') + QString::fromStdString(path), bytesText(sizeBytes)});
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        return sizeBytes;
    };
    uint64_t total = 0;
    if (const deploy::ModelFiles* files = m_draft.files()) {
        for (const deploy::ModelFiles::File& file : files->files)
            total += add("model/" + file.name, file.sizeBytes);
    }
    for (const auto& [path, sizeBytes] : m_draft.serverFiles())
        total += add(path, sizeBytes);
    m_total->setText(m_draft.files() && !m_draft.serverFiles().empty()
                         ? tr("%1 before compression").arg(bytesText(total))
                         : tr("Reading the files…"));
    m_error->setError(m_draft.files() ? std::nullopt : m_draft.error());
    emit completeChanged();
}

void ImageStep::showTexts()
{
    const QString kept = m_names->currentItem() ? m_names->currentItem()->text() : QStringLiteral("score.py");
    m_names->clear();
    for (const auto& [name, text] : m_draft.imageTexts())
        m_names->addItem(QString::fromStdString(name));
    const auto found = m_names->findItems(kept, Qt::MatchExactly);
    m_names->setCurrentRow(found.isEmpty() ? 0 : m_names->row(found.front()));
}

void ImageStep::showText()
{
    const auto found = m_names->currentItem()
                           ? m_draft.imageTexts().find(m_names->currentItem()->text().toStdString())
                           : m_draft.imageTexts().end();
    m_showing = true;
    m_text->setPlainText(found == m_draft.imageTexts().end() ? QString()
                                                             : QString::fromStdString(found->second));
    m_showing = false;
}

void ImageStep::keepText()
{
    if (!m_showing && m_names->currentItem())
        m_draft.changeImageText(m_names->currentItem()->text().toStdString(),
                                m_text->toPlainText().toStdString());
}

void ImageStep::retranslate()
{
    setTitle(tr("The image"));
    m_ours->setText(tr("Lapidary's own server"));
    m_oursHint->setText(
        tr("Written here, without Docker and without Python: the server that runs the model with "
           "the engine of this window. The same files always give the same digest."));
    m_python->setText(tr("ONNX Runtime in Python"));
    m_pythonHint->setText(tr("A score.py that you can change, behind Azure's inference server."));
    m_files->setHeaderLabels({tr("File in the image"), tr("Size")});
    m_routes->setText(tr("Port 5001: / answers when it lives, /ready when it takes requests, /score and "
                         "/v2/models/… take inputs, /swagger.json describes them, /metrics counts."));
    m_routeCaption->setText(tr("Built by"));
    m_names->setAccessibleName(tr("Files of the image"));
    m_text->setAccessibleName(tr("Text of the file"));
    m_editHint->setText(tr("Change what you like; what you changed stays, the rest follows the choices."));
    fillRoutes();
    showFiles();
}

} // namespace lapidary
