// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/side_by_side.h"

#include "ui/cards/elided_label.h"
#include "ui/document/result_errors.h"
#include "ui/theme/theme.h"
#include "viewers/graph/graph_view.h"
#include "viewers/graph/linked_view.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>

namespace lapidary {

namespace {
constexpr int headMargin = 8;
constexpr int evenly = 1000; // any number that is large enough for both
} // namespace

SideBySide::SideBySide(JobQueue& jobs, QWidget* parent)
    : QWidget(parent), m_before(makeSide(jobs)), m_after(makeSide(jobs)), m_linked(new QPushButton(this))
{
    m_linked->setCheckable(true);
    m_linked->setChecked(true);
    const auto icon = [this] { m_linked->setIcon(themedIcon(QStringLiteral("link"))); };
    connect(&Theme::instance(), &Theme::changed, this, icon);
    icon();
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    for (const Side* side : {&m_before, &m_after}) {
        auto* head = new QHBoxLayout;
        head->setContentsMargins(headMargin, 0, 0, 0);
        head->addWidget(side->name, 1);
        if (side == &m_after)
            head->addWidget(m_linked);
        else
            head->addSpacerItem(new QSpacerItem(0, m_linked->sizeHint().height()));
        auto* half = new QWidget;
        auto* column = new QVBoxLayout(half);
        column->setContentsMargins(0, 0, 0, 0);
        column->addLayout(head);
        column->addWidget(side->view, 1);
        splitter->addWidget(half);
        splitter->setStretchFactor(splitter->count() - 1, 1);
    }
    splitter->setSizes({evenly, evenly});
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(splitter);
    connectSide(m_before);
    connectSide(m_after);
    connect(m_linked, &QPushButton::toggled, this, [this](bool linked) {
        if (linked)
            linkSelection();
    });
    retranslate();
}

// Nodes are matched one by one, groups are not: neither graph is drawn with groups.
SideBySide::Side SideBySide::makeSide(JobQueue& jobs)
{
    const Side side{new GraphView(jobs, this), new ElidedLabel(this)};
    side.name->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    side.view->setGroupsLargeGraphs(false);
    side.view->setLegendShown(false); // the page says what the colours mean
    return side;
}

// Only what the leading view does moves the other one, so that they never push each other.
void SideBySide::connectSide(Side& side)
{
    side.view->focusProxy()->installEventFilter(this);
    connect(side.view, &GraphView::selectionChanged, this, [this, &side] { pickedIn(side); });
    connect(side.view, &GraphView::layoutFinished, this, &SideBySide::follow);
    connect(side.view, &GraphView::viewChanged, this, [this, &side] {
        if (m_leading == &side)
            follow();
    });
}

void SideBySide::setComparison(std::shared_ptr<const ModelComparison> comparison)
{
    if (comparison == m_comparison)
        return;
    m_comparison = std::move(comparison);
    m_errors = nullptr;
    m_leading = &m_before;
    m_held = noNode;
    showModel(m_before);
    showModel(m_after);
}

void SideBySide::showModel(const Side& side)
{
    const ComparedModel none;
    const ComparedModel& model = m_comparison ? modelOf(side) : none;
    side.view->setModel(model.model, nullptr);
    showColours(side);
    side.name->setFullText(m_comparison ? shortName(model, modelOf(other(side))) : QString());
}

void SideBySide::setErrors(std::shared_ptr<const ResultErrors> errors)
{
    m_errors = std::move(errors);
    for (const Side* side : {&m_before, &m_after})
        showColours(*side);
}

// The page says what the colours of differences mean; a ramp needs its legend.
void SideBySide::showColours(const Side& side)
{
    side.view->setLegendShown(m_errors && !isBefore(side));
    if (m_errors)
        side.view->setData(isBefore(side) ? m_errors->before : m_errors->after);
    else
        side.view->setData(m_comparison ? modelOf(side).colours : nullptr);
}

const ComparedModel& SideBySide::modelOf(const Side& side) const
{
    return isBefore(side) ? m_comparison->before : m_comparison->after;
}

const std::vector<NodeId>& SideBySide::counterparts(const Side& side) const
{
    const NodeMatching& matching = m_comparison->diff.matching;
    return isBefore(side) ? matching.afterOf : matching.beforeOf;
}

NodeId SideBySide::nodeIn(const Side& side, NodeId merged) const
{
    if (merged == noNode)
        return noNode;
    const MergedModel& both = m_comparison->merged;
    return (isBefore(side) ? both.before : both.after)[static_cast<size_t>(merged)];
}

NodeId SideBySide::selectedIn(const Side& side) const
{
    const NodeId node = side.view->selection().ownNode();
    return node == noNode ? noNode : modelOf(side).inMerged[static_cast<size_t>(node)];
}

// Selection

void SideBySide::select(NodeId node)
{
    if (!m_comparison)
        return;
    if (nodeIn(*m_leading, node) == noNode && nodeIn(other(*m_leading), node) != noNode)
        m_leading = &other(*m_leading);
    selectIn(*m_leading, node);
    selectIn(other(*m_leading), node);
    follow();
}

void SideBySide::selectIn(const Side& side, NodeId node)
{
    const NodeId there = nodeIn(side, node);
    side.view->select(there == noNode ? Selection() : Selection::ofNode(there));
    side.view->revealSelection();
}

void SideBySide::pickedIn(Side& side)
{
    if (!m_comparison)
        return;
    m_leading = &side;
    if (m_linked->isChecked())
        linkSelection();
    emit picked(selectedIn(side));
}

void SideBySide::linkSelection()
{
    if (!m_comparison)
        return;
    selectIn(other(*m_leading), selectedIn(*m_leading));
    follow();
}

// Moving together

void SideBySide::follow()
{
    if (!m_comparison || !m_linked->isChecked())
        return;
    const Side& led = other(*m_leading);
    const ShownPart leading = m_leading->view->shownPart();
    const ShownPart shown = led.view->shownPart();
    if (!leading.scene || !shown.scene)
        return;
    const NodeId before = std::exchange(m_held, nodeToHold());
    const bool jump = before != noNode && before != m_held;
    led.view->follow(viewBeside(leading, nodeIn(*m_leading, m_held), shown, nodeIn(led, m_held)), jump);
}

// What is selected, while it is in sight; else what is in the middle. The last one is kept where nothing
// in sight has a counterpart.
NodeId SideBySide::nodeToHold() const
{
    const ShownPart leading = m_leading->view->shownPart();
    const NodeId selected = m_leading->view->selection().ownNode();
    const std::vector<NodeId>& matched = counterparts(*m_leading);
    if (selected != noNode && matched[static_cast<size_t>(selected)] != noNode &&
        isInSight(leading, selected))
        return selectedIn(*m_leading);
    const NodeId near = nodeNearMiddle(leading, matched);
    return near == noNode ? m_held : modelOf(*m_leading).inMerged[static_cast<size_t>(near)];
}

// A view leads from the first touch on. When sizes change it is not known which view is told first: they
// are brought together once both are.
bool SideBySide::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:
    case QEvent::Wheel:
    case QEvent::NativeGesture:
    case QEvent::KeyPress: m_leading = watched == m_before.view->focusProxy() ? &m_before : &m_after; break;
    case QEvent::Resize: QMetaObject::invokeMethod(this, &SideBySide::follow, Qt::QueuedConnection); break;
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

void SideBySide::setLinked(bool linked) { m_linked->setChecked(linked); }

void SideBySide::retranslate()
{
    m_linked->setText(tr("Linked"));
    m_linked->setToolTip(tr("Select, move and zoom in both graphs together"));
}

void SideBySide::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
