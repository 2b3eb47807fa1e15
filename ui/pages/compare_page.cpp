// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_page.h"

#include "ui/cards/card.h"
#include "ui/cards/elided_label.h"
#include "ui/cards/empty_state.h"
#include "ui/docks/property_pages.h"
#include "ui/document/result_errors.h"
#include "ui/inputs/run_inputs.h"
#include "ui/pages/difference_list.h"
#include "ui/pages/side_by_side.h"
#include "ui/settings/settings.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "viewers/graph/graph_view.h"

#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>

namespace lapidary {

namespace {

constexpr int listWidth = 330;

// "12" after a dot in the colour of the nodes that it counts.
QString countText(int64_t count, NodeStatus status)
{
    const QColor colour = QColor::fromRgb(statusColour(status, Theme::instance().isDark()));
    return QStringLiteral("<span style='color:%1'>●</span> %2").arg(colour.name(), wholeNumberText(count));
}

QString droppedModel(const QMimeData* data)
{
    return data->hasUrls() && data->urls().first().isLocalFile() ? data->urls().first().toLocalFile()
                                                                 : QString();
}

} // namespace

ComparePage::ComparePage(ModelDocument& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_body(new QStackedWidget(this)),
      m_empty(new EmptyState(QStringLiteral("compare"))),
      m_parts(new QSplitter(Qt::Horizontal)),
      m_ways(new QStackedWidget(this)),
      m_oneGraph(new GraphView(document.jobs(), this)),
      m_list(new DifferenceList(this)),
      m_names(new ElidedLabel(this)),
      m_counts(new QLabel(this)),
      m_colours(new QComboBox(this)),
      m_waySwitch(new QTabBar(this)),
      m_choose(new QPushButton(this)),
      m_swap(new QPushButton(this)),
      m_previous(new QToolButton(this)),
      m_next(new QToolButton(this))
{
    setAcceptDrops(true);
    m_ways->addWidget(m_oneGraph);
    m_parts->addWidget(m_list);
    m_parts->addWidget(m_ways);
    m_parts->setStretchFactor(1, 1);
    m_parts->setSizes({listWidth, 3 * listWidth});
    m_parts->setChildrenCollapsible(false);
    m_body->addWidget(m_empty);
    m_body->addWidget(m_parts);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(10);
    column->addWidget(makeHeader());
    column->addWidget(m_body, 1);

    connect(m_list, &DifferenceList::picked, this, [this](NodeId node) {
        m_node = node;
        showNode();
    });
    connect(m_oneGraph, &GraphView::selectionChanged, this,
            [this](const Selection& selection) { markNode(selection.ownNode()); });
    connect(&Theme::instance(), &Theme::changed, this, &ComparePage::showCounts);
    connect(&m_document, &ModelDocument::modelChanged, this, [this] { show(nullptr); });
    retranslate();
    show(nullptr);
}

QWidget* ComparePage::makeHeader()
{
    auto* card = new Card;
    m_names->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_names->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_counts->setTextFormat(Qt::RichText);
    m_colours->addItems({QString(), QString()});
    connect(m_colours, &QComboBox::currentIndexChanged, this, &ComparePage::showColours);
    m_waySwitch->setDrawBase(false);
    m_waySwitch->setExpanding(false);
    m_waySwitch->setUsesScrollButtons(false);
    m_counts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_waySwitch->addTab({});
    m_waySwitch->addTab({});
    m_waySwitch->setCurrentIndex(readSetting(settings::compareSideBySide) ? 1 : 0);
    auto* models = new QHBoxLayout;
    models->setSpacing(8);
    models->addWidget(m_names, 1);
    models->addWidget(m_colours);
    models->addWidget(m_swap);
    models->addWidget(m_choose);
    auto* differences = new QHBoxLayout;
    differences->setSpacing(8);
    differences->addWidget(m_counts, 1);
    for (QToolButton* button : {m_previous, m_next}) {
        button->setAutoRaise(true);
        differences->addWidget(button);
    }
    differences->addWidget(m_waySwitch);
    card->column()->addLayout(models);
    card->column()->addLayout(differences);
    connect(m_waySwitch, &QTabBar::currentChanged, this, [this] {
        writeSetting(settings::compareSideBySide, isSideBySide());
        showWay();
    });
    connect(m_choose, &QPushButton::clicked, this, &ComparePage::chooseFile);
    connect(m_swap, &QPushButton::clicked, this, &ComparePage::swap);
    connect(m_previous, &QToolButton::clicked, this, [this] { m_list->step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { m_list->step(1); });
    const auto icons = [this] {
        m_previous->setIcon(themedIcon(QStringLiteral("chevron-left")));
        m_next->setIcon(themedIcon(QStringLiteral("chevron-right")));
    };
    connect(&Theme::instance(), &Theme::changed, this, icons);
    icons();
    return card;
}

void ComparePage::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Compare with"), readSetting(settings::lastFolder), ModelDocument::fileFilter());
    if (!path.isEmpty())
        compareWith(path);
}

void ComparePage::compareWith(const QString& path)
{
    const auto model = m_document.model();
    if (!model)
        return;
    start(QFileInfo(path).fileName(), [path, after = m_document.path(), model](JobContext& job) {
        return compareModels(path, after, model, job);
    });
}

void ComparePage::swap()
{
    if (m_comparison)
        start(QFileInfo(m_comparison->before.path).fileName(),
              [comparison = m_comparison](JobContext& job) { return swapped(*comparison, job); });
}

void ComparePage::start(const QString& what, std::function<Compared(JobContext&)> work)
{
    JobOptions options;
    options.title = tr("Comparing with %1").arg(what).toStdString();
    options.lane = options.replaceKey = "compare";
    options.withOwner(m_alive);
    const auto model = m_document.model();
    m_document.jobs().start(std::move(options), std::move(work), [this, what, model](Compared result) {
        if (model != m_document.model())
            return;
        if (result.ok())
            show(std::move(*result));
        else if (result.error().code != ErrorCode::Cancelled)
            emit failed(what, result.error());
    });
}

void ComparePage::show(std::shared_ptr<const ModelComparison> comparison)
{
    m_comparison = std::move(comparison);
    m_errors = nullptr;
    m_runningBoth = false;
    colourByErrors(false);
    m_node = noNode;
    m_list->setComparison(m_comparison);
    showWay();
    m_body->setCurrentIndex(m_comparison ? 1 : 0);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_swap, m_previous, m_next, m_counts, m_colours, m_waySwitch})
        widget->setVisible(m_comparison != nullptr);
    const bool differs = m_comparison && !m_comparison->diff.empty();
    m_list->setVisible(differs);
    for (QToolButton* button : {m_previous, m_next})
        button->setEnabled(differs);
    retranslate();
}

bool ComparePage::isSideBySide() const { return m_waySwitch->currentIndex() == 1; }
void ComparePage::setSideBySide(bool on) { m_waySwitch->setCurrentIndex(on ? 1 : 0); }

// A way that is not looked at lays nothing out: it keeps what it has of this comparison, or is emptied.
void ComparePage::showWay()
{
    using Shown = std::shared_ptr<const ModelComparison>;
    const bool pair = isSideBySide() && m_comparison;
    if (pair && !m_sideBySide) {
        m_sideBySide = new SideBySide(m_document.jobs(), this);
        m_ways->addWidget(m_sideBySide);
        connect(m_sideBySide, &SideBySide::picked, this, &ComparePage::markNode);
    }
    const auto forWay = [this](bool current, const Shown& has) {
        return current || has == m_comparison ? m_comparison : Shown();
    };
    if (pair && m_list->width() > m_body->width() / 4) // two graphs need more room than one
        m_parts->setSizes({m_body->width() / 4, 3 * m_body->width() / 4});
    showInOneGraph(forWay(!pair, m_inOneGraph));
    if (m_sideBySide)
        m_sideBySide->setComparison(forWay(pair, m_sideBySide->comparison()));
    m_ways->setCurrentIndex(pair ? 1 : 0);
    showColours();
    showNode();
}

void ComparePage::showInOneGraph(std::shared_ptr<const ModelComparison> comparison)
{
    if (comparison == m_inOneGraph)
        return;
    m_inOneGraph = std::move(comparison);
    m_oneGraph->setModel(m_inOneGraph ? m_inOneGraph->merged.model : nullptr, nullptr);
    m_oneGraph->setData(m_inOneGraph ? m_inOneGraph->colours : nullptr);
}

bool ComparePage::wantsErrors() const { return m_colours->currentIndex() == 1; }
void ComparePage::colourByErrors(bool on) { m_colours->setCurrentIndex(on ? 1 : 0); }

void ComparePage::showColours()
{
    if (!m_comparison)
        return;
    if (wantsErrors() && !m_errors && !m_runningBoth)
        runBoth();
    const auto errors = wantsErrors() ? m_errors : nullptr;
    if (m_inOneGraph)
        m_oneGraph->setData(errors ? errors->merged : m_inOneGraph->colours);
    if (m_sideBySide)
        m_sideBySide->setErrors(errors);
    showCounts();
}

void ComparePage::runBoth()
{
    m_runningBoth = true;
    const auto refused = [this](const Error& error) {
        m_runningBoth = false;
        colourByErrors(false);
        if (error.code != ErrorCode::Cancelled)
            emit failed(tr("Run both models"), error);
    };
    RunInputs::of(m_document)
        .prepare({}, [this, refused, compared = m_comparison](Result<RunRequest> request) {
            if (compared != m_comparison)
                return;
            if (!request.ok()) {
                refused(request.error());
                return;
            }
            JobOptions options;
            options.title = tr("Running both models").toStdString();
            options.lane = "run";
            options.replaceKey = "run both";
            options.withOwner(m_alive);
            m_document.jobs().start(
                std::move(options),
                [compared, asked = m_document.model(), request = std::move(*request)](JobContext& job) {
                    return compareResults(*compared, asked.get(), request, job);
                },
                [this, refused, compared](Result<std::shared_ptr<const ResultErrors>> errors) {
                    if (compared != m_comparison)
                        return;
                    if (!errors.ok()) {
                        refused(errors.error());
                        return;
                    }
                    m_runningBoth = false;
                    m_errors = std::move(*errors);
                    showColours();
                });
        });
}

void ComparePage::showNode()
{
    if (m_ways->currentIndex() == 1) {
        m_sideBySide->select(m_node);
        return;
    }
    m_oneGraph->select(m_node == noNode ? Selection() : Selection::ofNode(m_node));
    m_oneGraph->revealSelection();
}

void ComparePage::markNode(NodeId node)
{
    m_node = node;
    m_list->mark(node);
}

void ComparePage::retranslate()
{
    m_empty->setTexts(
        tr("What is different in another model?"),
        tr("Choose the model that the open one is compared with, or drop its file here. Nodes are "
           "matched by what they compute, not by their names."));
    m_choose->setText(tr("Compare with…"));
    m_swap->setText(tr("Swap"));
    m_swap->setToolTip(tr("Take the other model as the newer one"));
    m_previous->setToolTip(tr("Previous difference"));
    m_next->setToolTip(tr("Next difference"));
    m_colours->setItemText(0, tr("What differs"));
    m_colours->setItemText(1, tr("Error of results"));
    m_colours->setToolTip(
        tr("What the nodes are coloured by. The error of results is that of a run of both models "
           "on the inputs of the run page."));
    m_colours->setAccessibleName(tr("Colours"));
    m_waySwitch->setTabText(0, tr("One graph"));
    m_waySwitch->setTabText(1, tr("Side by side"));
    m_waySwitch->setTabToolTip(0, tr("Both models drawn as one graph"));
    m_waySwitch->setTabToolTip(1, tr("Each model drawn by itself"));
    m_waySwitch->setAccessibleName(tr("How the models are drawn"));
    for (QToolButton* button : {m_previous, m_next})
        button->setAccessibleName(button->toolTip());
    m_names->setFullText(m_comparison ? shortName(m_comparison->before, m_comparison->after) +
                                            QStringLiteral("  →  ") +
                                            shortName(m_comparison->after, m_comparison->before)
                                      : QFileInfo(m_document.path()).fileName());
    showCounts();
}

void ComparePage::showCounts()
{
    if (!m_comparison)
        return;
    if (wantsErrors()) {
        m_counts->setText(errorsText());
        return;
    }
    const GraphDiff& diff = m_comparison->diff;
    m_counts->setText(
        diff.empty()
            ? tr("The same: all %1 nodes, their attributes and weights.").arg(wholeNumberText(diff.same))
            : tr("%1 the same · %2 changed · %3 added · %4 removed")
                  .arg(countText(diff.same, NodeStatus::Same),
                       countText(static_cast<int64_t>(diff.changes.size()), NodeStatus::Changed),
                       countText(diff.added, NodeStatus::Added),
                       countText(diff.removed, NodeStatus::Removed)));
}

QString ComparePage::countsText() const { return m_counts->text(); }

// Where the models begin to differ, and where they differ most.
QString ComparePage::errorsText() const
{
    if (!m_errors)
        return tr("Running both models…");
    const NodeError* largest = m_errors->largest();
    if (!largest)
        return tr("The models have no results that could be compared.");
    const Graph& graph = m_comparison->after.model->graph;
    const auto place = [&graph](const NodeError& error) {
        return nodeTitle(graph.node(error.after), error.after).toHtmlEscaped();
    };
    const QString most = tr("Error at most %1, at %2").arg(errorText(largest->relative), place(*largest));
    const NodeError* first = m_errors->firstFar();
    return first && first != largest ? tr("%1 · first large at %2").arg(most, place(*first)) : most;
}

void ComparePage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

// The page takes a dropped model for the comparison; elsewhere it is opened.
void ComparePage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!droppedModel(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ComparePage::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    compareWith(droppedModel(event->mimeData()));
}

} // namespace lapidary
