// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/run_results.h"

#include "engine/session/test_data.h"
#include "ui/cards/card.h"
#include "ui/cards/flow_layout.h"
#include "ui/inputs/session_controls.h"
#include "ui/pages/run_output_card.h"
#include "ui/pages/run_profile.h"
#include "ui/text/numbers.h"

#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace lapidary {

RunResults::RunResults(ModelDocument& document, RunInputs& inputs, QWidget* parent)
    : QScrollArea(parent),
      m_document(document),
      m_inputs(inputs),
      m_summary(new Card),
      m_latency(new MetricTile(m_summary)),
      m_creation(new MetricTile(m_summary)),
      m_device(new MetricTile(m_summary)),
      m_verdict(new MetricTile(m_summary)),
      m_profile(new RunProfile)
{
    auto* content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(16, 14, 16, 14);
    m_column->setSpacing(12);
    buildSummary();
    m_column->addWidget(m_summary);
    m_column->addWidget(m_profile);
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    connect(m_profile, &RunProfile::nodeActivated, this,
            [this](NodeId node) { m_document.select(Selection::ofNode(node)); });
    connect(&inputs, &RunInputs::labelsChanged, this, [this] {
        for (RunOutputCard* card : m_outputs)
            card->setLabels(m_inputs.labels());
    });
    retranslate();
}

void RunResults::buildSummary()
{
    auto* tiles = new QWidget(m_summary);
    auto* row = new FlowLayout(tiles, 28);
    for (MetricTile* tile : {m_latency, m_creation, m_device, m_verdict})
        row->addWidget(tile);
    m_summary->column()->addWidget(tiles);
}

void RunResults::showReport(std::shared_ptr<const RunReport> report)
{
    m_report = std::move(report);
    m_comparisons.clear();
    if (!m_report)
        return;
    showSummary();
    showOutputs();
    m_profile->setProfile(m_model, m_report->result.profile);
    if (!m_report->request.expected.empty())
        compare();
}

void RunResults::showSummary()
{
    if (!m_report)
        return;
    m_latency->setValue(durationText(m_report->runMs));
    m_creation->setValue(m_report->createMs > 0 ? durationText(m_report->createMs) : tr("ready before"));
    m_device->setValue(deviceName(m_report->request.session.device));
    const auto passed =
        std::ranges::count_if(m_comparisons, [](const auto& entry) { return entry.second.equal; });
    m_verdict->setVisible(!m_comparisons.empty());
    m_verdict->setValue(tr("%1 of %2").arg(passed).arg(m_comparisons.size()));
}

void RunResults::showOutputs()
{
    const auto model = m_document.model();
    const auto& values = m_report->result.outputs;
    // The cards stay from run to run, so that the chosen views do.
    if (model != m_model || m_outputs.size() != values.size()) {
        for (RunOutputCard* card : m_outputs) {
            card->hide();
            m_column->removeWidget(card);
            card->deleteLater();
        }
        m_outputs.clear();
        m_model = model;
        for (size_t i = 0; i < values.size(); ++i) {
            auto* card = new RunOutputCard(m_document.jobs(), widget());
            card->setLabels(m_inputs.labels());
            connect(card, &RunOutputCard::labelsRequested, this, &RunResults::pickLabels);
            m_outputs.push_back(card);
            m_column->insertWidget(static_cast<int>(i) + 1, card, 1);
        }
    }
    const bool bgr = model->metadataValue("Image.BitmapPixelFormat").starts_with("Bgr");
    for (size_t i = 0; i < values.size(); ++i)
        m_outputs[i]->setOutput(QString::fromStdString(model->graph.value(model->graph.outputs[i]).name),
                                values[i], bgr);
}

void RunResults::compare()
{
    JobOptions options;
    options.title = tr("Compare outputs").toStdString();
    options.lane = "compare";
    options.replaceKey = "compare";
    options.withOwner(m_alive);
    m_document.jobs().start(
        options,
        [report = m_report, model = m_model](JobContext&) -> Result<std::vector<OutputComparison>> {
            return compareOutputs(model->graph, report->result.outputs, report->request.expected);
        },
        [this, report = m_report](Result<std::vector<OutputComparison>> comparisons) {
            if (!comparisons.ok() || report != m_report)
                return;
            for (OutputComparison& entry : *comparisons)
                m_comparisons[entry.name] = std::move(entry.comparison);
            for (size_t i = 0; i < m_outputs.size(); ++i) {
                const auto found = m_comparisons.find(m_model->graph.value(m_model->graph.outputs[i]).name);
                m_outputs[i]->setComparison(found == m_comparisons.end() ? std::nullopt
                                                                         : std::optional(found->second));
            }
            showSummary();
            emit compared();
        });
}

void RunResults::pickLabels()
{
    const QString folder = QFileInfo(m_document.path()).absolutePath();
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Choose Class Names"), folder,
        tr("Text and JSON files (*.txt *.labels *.names *.json);;All files (*)"));
    if (path.isEmpty())
        return;
    JobOptions options;
    options.title = tr("Read labels").toStdString();
    options.lane = "files";
    options.withOwner(m_alive);
    m_document.jobs().start(
        options, [path](JobContext&) { return loadLabels(path); },
        [this](Result<ClassLabels> labels) {
            if (labels.ok())
                m_inputs.useLabels(*labels);
        });
}

void RunResults::retranslate()
{
    widget()->setAccessibleName(tr("Results of the run"));
    m_latency->setCaption(tr("Latency"));
    m_creation->setCaption(tr("Making the session"));
    m_device->setCaption(tr("Device"));
    m_verdict->setCaption(tr("Outputs as expected"));
    showSummary();
}

void RunResults::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QScrollArea::changeEvent(event);
}

} // namespace lapidary
