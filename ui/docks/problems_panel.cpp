// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/problems_panel.h"

#include "ui/theme/theme.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace lapidary {

namespace {

QIcon levelIcon(CheckFinding::Level level)
{
    const Theme& theme = Theme::instance();
    switch (level) {
    case CheckFinding::Level::Error: return theme.icon("error", theme.colors().error);
    case CheckFinding::Level::Warning: return theme.icon("warning", theme.colors().warning);
    case CheckFinding::Level::Note: break;
    }
    return theme.icon("info", theme.colors().mutedText);
}

// The node that has the graph inside, however deep; noNode when there is none.
NodeId nodeAround(const Graph& graph, const Graph* inner)
{
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const auto& body : graph.nodes[i].bodies()) {
            if (body.get() == inner || nodeAround(*body, inner) != noNode)
                return static_cast<NodeId>(i);
        }
    }
    return noNode;
}

} // namespace

ProblemsPanel::ProblemsPanel(ModelDocument& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_summary(new QLabel(this)), m_list(new QTreeWidget(this))
{
    m_summary->setContentsMargins(14, 8, 14, 6);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setColumnCount(2);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->header()->setStretchLastSection(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_summary);
    layout->addWidget(m_list, 1);
    connect(m_list, &QTreeWidget::itemActivated, this, &ProblemsPanel::go);
    connect(m_list, &QTreeWidget::itemClicked, this, &ProblemsPanel::go);
    connect(&m_document, &ModelDocument::modelChanged, this, &ProblemsPanel::modelChanged);
    connect(&Theme::instance(), &Theme::changed, this, &ProblemsPanel::refresh);
    refresh();
}

void ProblemsPanel::modelChanged()
{
    m_state = State::Unchecked;
    m_findings.clear();
    if (isVisible())
        check();
    refresh();
}

void ProblemsPanel::check()
{
    const std::shared_ptr<const Model> model = m_document.model();
    if (!model)
        return;
    m_state = State::Checking;
    JobOptions options;
    options.title = tr("Checking the model").toStdString();
    options.lane = "check";
    options.replaceKey = "check";
    options.withOwner(m_alive);
    m_document.jobs().start(
        std::move(options), [model](JobContext& job) { return checkModel(*model, job); },
        [this, model](Result<std::vector<CheckFinding>> findings) {
            if (model != m_document.model())
                return;
            m_state = findings.ok() ? State::Checked : State::Unchecked;
            if (findings.ok())
                m_findings = std::move(findings).value();
            refresh();
        });
}

void ProblemsPanel::refresh()
{
    m_list->setHeaderLabels({tr("Problem"), tr("Place")});
    m_list->clear();
    for (const CheckFinding& finding : m_findings) {
        auto* item = new QTreeWidgetItem(m_list, {QString::fromStdString(finding.message).simplified(),
                                                  QString::fromStdString(finding.place)});
        item->setIcon(0, levelIcon(finding.level));
        item->setToolTip(0, QString::fromStdString(finding.message));
    }
    m_list->setVisible(!m_findings.empty());
    if (!m_document.model())
        m_summary->setText(tr("No model is open."));
    else if (m_state == State::Checking)
        m_summary->setText(tr("Checking…"));
    else if (m_state == State::Unchecked)
        m_summary->setText(tr("Not checked."));
    else if (m_findings.empty())
        m_summary->setText(tr("No problem found."));
    else
        m_summary->setText(tr("%n finding(s)", nullptr, static_cast<int>(m_findings.size())));
    m_summary->setAlignment(m_findings.empty() ? Qt::AlignCenter : Qt::AlignLeft);
}

void ProblemsPanel::go(QTreeWidgetItem* item)
{
    const std::shared_ptr<const Model> model = m_document.model();
    const CheckFinding& finding = m_findings[static_cast<size_t>(m_list->indexOfTopLevelItem(item))];
    if (!model)
        return;
    if (finding.graph != &model->graph) {
        const NodeId holder = nodeAround(model->graph, finding.graph);
        if (holder == noNode)
            return; // in a function: no node of the main graph is its place
        m_document.select(Selection::ofNode(holder));
    } else if (finding.node != noNode) {
        m_document.select(Selection::ofNode(finding.node));
    } else if (finding.value != noValue) {
        m_document.select(Selection::ofValue(finding.value));
    }
    emit walked();
}

void ProblemsPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QWidget::changeEvent(event);
}

void ProblemsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_state == State::Unchecked) {
        check();
        refresh();
    }
}

} // namespace lapidary
