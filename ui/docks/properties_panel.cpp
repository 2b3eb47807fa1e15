// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/properties_panel.h"

#include "ui/docks/property_list.h"
#include "ui/docks/property_pages.h"
#include "ui/docks/size_fields.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "viewers/graph/graph_types.h"
#include "viewers/plot/memory_plot.h"
#include "viewers/plot/value_histogram.h"
#include "viewers/tensor/plane_view.h"

#include <QEvent>
#include <QLabel>
#include <QScrollBar>
#include <QStackedLayout>

namespace lapidary {

PropertiesPanel::PropertiesPanel(ModelDocument& document, OpDocs& docs, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_docs(docs),
      m_stack(new QStackedLayout(this)),
      m_empty(new QLabel(this)),
      m_list(new PropertyList(this)),
      m_picture(new PlaneView(document.jobs(), this)),
      m_histogram(new ValueHistogram(this)),
      m_memory(new MemoryPlot(this)),
      m_sizes(new SizeFields(this))
{
    m_picture->setInteractive(false);
    m_picture->setFixedHeight(160);
    keepWidgets();
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(20, 20, 20, 20);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_list);
    connect(m_picture, &PlaneView::clicked, this, &PropertiesPanel::weightWanted);
    connect(m_memory, &MemoryPlot::nodePicked, this, [this](int node) {
        m_document.select(Selection::ofNode(node));
        emit walked();
    });
    connect(m_sizes, &SizeFields::changed, this, &PropertiesPanel::countWork);
    connect(&m_document, &ModelDocument::modelChanged, this, [this] {
        m_work.reset();
        m_sizes->setSizes(m_document.model() ? openDims(*m_document.model()) : DimSizes());
    });
    connect(&m_document, &ModelDocument::selectionChanged, this, &PropertiesPanel::startOver);
    connect(&m_document, &ModelDocument::modelChanged, this, &PropertiesPanel::startOver);
    connect(&m_document, &ModelDocument::typesChanged, this, &PropertiesPanel::refresh);
    connect(&m_document, &ModelDocument::typesChanged, this, &PropertiesPanel::countWork);
    connect(&m_docs, &OpDocs::loaded, this, &PropertiesPanel::refresh);
    connect(&Theme::instance(), &Theme::changed, this, &PropertiesPanel::refresh);
    m_empty->setText(tr("Open a model to see what it is made of."));
}

void PropertiesPanel::startOver()
{
    m_summary.reset();
    m_hasPicture = false;
    m_document.jobs().cancel(m_statisticsJob); // of the weight before
    m_list->verticalScrollBar()->setValue(0);
    if (isVisible() && selectedWeight(m_document))
        readWeight();
    refresh();
}

void PropertiesPanel::refresh()
{
    m_stale = !isVisible();
    if (m_stale)
        return;
    m_stack->setCurrentWidget(m_document.model() ? static_cast<QWidget*>(m_list) : m_empty);
    if (m_document.model())
        fill();
}

void PropertiesPanel::fill()
{
    const std::shared_ptr<const Model> model = m_document.model();
    const std::shared_ptr<const InferredTypes> types = m_document.types();
    const Selection selection = m_document.selection();
    const PropertySource source{*model, selection.graph,
                                typesIn(*model, types.get(), selection.graphIn(*model)),
                                [this](const Selection& target) {
                                    // The field that was clicked is deleted by the refill.
                                    QMetaObject::invokeMethod(
                                        this,
                                        [this, target] {
                                            m_document.select(target);
                                            emit walked();
                                        },
                                        Qt::QueuedConnection);
                                }};
    const int scroll = m_list->verticalScrollBar()->value();
    const ModelSummary* work = m_work ? &*m_work : nullptr;
    keepWidgets();
    switch (selection.kind) {
    case Selection::Kind::None:
        fillModelProperties(*m_list, source, work, m_memory, m_sizes->sizes().empty() ? nullptr : m_sizes);
        break;
    case Selection::Kind::Node:
        fillNodeProperties(*m_list, source, selection.node,
                           m_docs.find(*model, source.graph().node(selection.node)).documentation, work);
        break;
    case Selection::Kind::Group: fillGroupProperties(*m_list, source, *selection.group); break;
    case Selection::Kind::Value: fillValue(source, selection.value); break;
    }
    for (QWidget* kept : std::initializer_list<QWidget*>{m_picture, m_histogram, m_memory, m_sizes})
        kept->setVisible(kept->parentWidget() != this);
    m_list->verticalScrollBar()->setValue(scroll);
}

void PropertiesPanel::keepWidgets()
{
    for (QWidget* kept : std::initializer_list<QWidget*>{m_picture, m_histogram, m_memory, m_sizes}) {
        kept->hide();
        kept->setParent(this);
    }
}

void PropertiesPanel::fillValue(const PropertySource& source, ValueId id)
{
    WeightView view;
    view.summary = m_summary ? &*m_summary : nullptr;
    view.picture = m_hasPicture ? m_picture : nullptr;
    const bool hasHistogram = m_summary && m_summary->ok() && m_summary->value().hasStatistics;
    view.histogram = hasHistogram ? m_histogram : nullptr;
    view.open = [this] { emit weightWanted(); };
    fillValueProperties(*m_list, source, id, view);
}

void PropertiesPanel::readWeight()
{
    const std::shared_ptr<const Model> model = m_document.model();
    const Selection selection = m_document.selection();
    const QString name = QString::fromStdString(selection.graphIn(*model).value(selection.value).name);
    JobOptions options;
    options.title = tr("Reading %1").arg(name).toStdString();
    options.lane = "weights";
    options.replaceKey = "properties";
    options.withOwner(m_alive);
    m_document.jobs().start(
        options, [model, weight = selectedWeight(m_document)](JobContext&) { return readPicture(*weight); },
        [this, model, selection](Result<WeightPicture> read) {
            if (model != m_document.model() || selection != m_document.selection())
                return;
            m_hasPicture = read.ok() && read->tensor.count() > 1 && !read->plane.empty();
            if (m_hasPicture)
                m_picture->setPlane(read->tensor, read->plane, read->limit);
            refresh();
            // The picture first: of a weight of gigabytes, statistics take a while.
            startStatistics();
        });
}

void PropertiesPanel::startStatistics()
{
    const std::shared_ptr<const Model> model = m_document.model();
    const Selection selection = m_document.selection();
    JobOptions options;
    options.title = tr("Statistics of %1")
                        .arg(QString::fromStdString(selection.graphIn(*model).value(selection.value).name))
                        .toStdString();
    options.lane = "statistics";
    options.replaceKey = "statistics";
    options.withOwner(m_alive);
    m_statisticsJob = m_document.jobs().start(
        std::move(options),
        // The reference lives in the model.
        [model, weight = selectedWeight(m_document)](JobContext& job) {
            return summarizeWeight(*weight, job);
        },
        [this, model, selection](Result<WeightSummary> summary) {
            const bool stopped = !summary.ok() && summary.error().code == ErrorCode::Cancelled;
            if (stopped || model != m_document.model() || selection != m_document.selection())
                return;
            m_summary = std::move(summary);
            if (m_summary->ok())
                m_histogram->setHistogram(m_summary->value().histogram.bins);
            refresh();
        });
}

void PropertiesPanel::countWork()
{
    JobOptions options;
    options.title = tr("Counting operations").toStdString();
    options.lane = "work";
    options.replaceKey = "work";
    options.withOwner(m_alive);
    const std::shared_ptr<const Model> model = m_document.model();
    m_document.jobs().start(
        std::move(options),
        [model, types = m_document.types(),
         sizes = m_sizes->sizes()](JobContext& job) -> Result<ModelSummary> {
            if (sizes.empty())
                return summarize(*model, *types, job);
            InferenceOptions inference;
            inference.dims = sizes;
            TRY_ASSIGN(const InferredTypes sized, inferTypes(*model, inference, job));
            return summarize(*model, sized, job);
        },
        [this, model](Result<ModelSummary> work) {
            if (!work.ok() || model != m_document.model())
                return;
            m_work = std::move(work).value();
            showWork();
        });
}

void PropertiesPanel::showWork()
{
    const ActivationMemory& memory = m_work->activations;
    m_memory->setBytes(memory.bytesAtNode, memory.peakNode, [this](int node) {
        const std::shared_ptr<const Model> model = m_document.model();
        if (!model || !m_work || node >= static_cast<int>(m_work->activations.bytesAtNode.size()))
            return QString();
        return tr("%1: %2", "node: bytes")
            .arg(QString::fromStdString(nodeLabel(model->graph.node(node), node)),
                 bytesText(m_work->activations.bytesAtNode[static_cast<size_t>(node)]));
    });
    if (m_document.selection().kind != Selection::Kind::Value)
        refresh();
}

void PropertiesPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        m_empty->setText(tr("Open a model to see what it is made of."));
        refresh();
    }
    QWidget::changeEvent(event);
}

void PropertiesPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale) {
        if (selectedWeight(m_document) && !m_summary)
            readWeight();
        refresh();
    }
}

} // namespace lapidary
