// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/properties_panel.h"

#include "ui/docks/property_list.h"
#include "ui/docks/property_pages.h"
#include "ui/theme/theme.h"
#include "viewers/graph/graph_types.h"

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
      m_list(new PropertyList(this))
{
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(20, 20, 20, 20);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_list);
    connect(&m_document, &ModelDocument::modelChanged, this, [this] { m_work.reset(); });
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
    m_list->verticalScrollBar()->setValue(0);
    if (isVisible() && selectedWeight())
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
    const TypesByGraph known = types ? typesByGraph(*model, *types) : TypesByGraph();
    const auto graphTypes = known.find(&selection.graphIn(*model));
    const PropertySource source{*model, selection.graph,
                                graphTypes != known.end() ? graphTypes->second : nullptr,
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
    switch (selection.kind) {
    case Selection::Kind::None: fillModelProperties(*m_list, source, m_work ? &*m_work : nullptr); break;
    case Selection::Kind::Node:
        fillNodeProperties(*m_list, source, selection.node,
                           m_docs.find(*model, source.graph().node(selection.node)).documentation);
        break;
    case Selection::Kind::Group: fillGroupProperties(*m_list, source, *selection.group); break;
    case Selection::Kind::Value:
        fillValueProperties(*m_list, source, selection.value, m_summary ? &*m_summary : nullptr);
        break;
    }
    m_list->verticalScrollBar()->setValue(scroll);
}

const TensorRef* PropertiesPanel::selectedWeight() const
{
    const std::shared_ptr<const Model> model = m_document.model();
    const Selection& selection = m_document.selection();
    return model && selection.kind == Selection::Kind::Value
               ? selection.graphIn(*model).initializerOf(selection.value)
               : nullptr;
}

void PropertiesPanel::readWeight()
{
    JobOptions options;
    options.title = tr("Reading %1").arg(QString::fromStdString(selectedWeight()->name)).toStdString();
    options.lane = "statistics";
    options.replaceKey = "statistics";
    options.withOwner(m_alive);
    const std::shared_ptr<const Model> model = m_document.model();
    const Selection selection = m_document.selection();
    m_document.jobs().start(
        std::move(options),
        // The reference lives in the model.
        [model, weight = selectedWeight()](JobContext& job) { return summarizeWeight(*weight, job); },
        [this, model, selection](Result<WeightSummary> summary) {
            if (model != m_document.model() || selection != m_document.selection())
                return;
            m_summary = std::move(summary);
            refresh();
        });
}

void PropertiesPanel::countWork()
{
    JobOptions options;
    options.title = tr("Counting operations").toStdString();
    options.lane = "statistics";
    options.withOwner(m_alive);
    const std::shared_ptr<const Model> model = m_document.model();
    m_document.jobs().start(
        std::move(options),
        [model, types = m_document.types()](JobContext& job) { return summarize(*model, *types, job); },
        [this, model](Result<ModelSummary> work) {
            if (!work.ok() || model != m_document.model())
                return;
            m_work = std::move(work).value();
            if (m_document.selection().kind == Selection::Kind::None)
                refresh();
        });
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
        if (selectedWeight() && !m_summary)
            readWeight();
        refresh();
    }
}

} // namespace lapidary
