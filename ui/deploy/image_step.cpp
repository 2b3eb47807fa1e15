// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/image_step.h"

#include "ui/cards/card.h"
#include "ui/cards/error_line.h"
#include "ui/deploy/deploy_draft.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace lapidary {

ImageStep::ImageStep(DeployDraft& draft, QWidget* parent)
    : StepPage(parent),
      m_draft(draft),
      m_flavour(new QLabel),
      m_about(makeHint(nullptr)),
      m_files(new QTreeWidget),
      m_total(makeHint(nullptr)),
      m_routes(makeHint(nullptr)),
      m_error(new ErrorLine)
{
    m_flavour->setFont(scaledFont(m_flavour->font(), 1.0, QFont::DemiBold));
    m_files->setRootIsDecorated(false);
    m_files->setFrameShape(QFrame::NoFrame);
    m_files->setColumnCount(2);
    m_files->header()->setStretchLastSection(false);
    m_files->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_files->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_files->setMinimumHeight(8 * fontMetrics().height());
    m_routes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* card = new Card;
    card->column()->addWidget(m_flavour);
    card->column()->addWidget(m_about);
    card->column()->addWidget(m_files);
    card->column()->addWidget(m_total);
    card->column()->addWidget(m_routes);
    column()->addWidget(card, 1);
    column()->addWidget(m_error);
    connect(&draft, &DeployDraft::filesRead, this, &ImageStep::showFiles);
    retranslate();
}

void ImageStep::initializePage() { showFiles(); }

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

void ImageStep::retranslate()
{
    setTitle(tr("The image"));
    m_flavour->setText(tr("Lapidary's own server"));
    m_about->setText(
        tr("Written here, without Docker and without Python: the server that runs the model with "
           "the engine of this window. The same files always give the same digest."));
    m_files->setHeaderLabels({tr("File in the image"), tr("Size")});
    m_routes->setText(tr("Port 5001: / answers when it lives, /ready when it takes requests, /score and "
                         "/v2/models/… take inputs, /swagger.json describes them, /metrics counts."));
    showFiles();
}

} // namespace lapidary
