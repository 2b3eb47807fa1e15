// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_page.h"

#include "ui/cards/card.h"
#include "ui/cards/empty_state.h"
#include "ui/pages/difference_list.h"
#include "ui/settings/settings.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "viewers/graph/graph_view.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

namespace lapidary {

namespace {

constexpr int listWidth = 330;

// Two files of the same name are told apart by their folders.
QString shortName(const QString& path, const QString& other)
{
    const QFileInfo file(path);
    return file.fileName() == QFileInfo(other).fileName()
               ? file.dir().dirName() + QLatin1Char('/') + file.fileName()
               : file.fileName();
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
      m_view(new GraphView(document.jobs(), this)),
      m_list(new DifferenceList(this)),
      m_names(new QLabel(this)),
      m_counts(new QLabel(this)),
      m_choose(new QPushButton(this)),
      m_swap(new QPushButton(this)),
      m_previous(new QToolButton(this)),
      m_next(new QToolButton(this))
{
    setAcceptDrops(true);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(m_list);
    splitter->addWidget(m_view);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({listWidth, 3 * listWidth});
    splitter->setChildrenCollapsible(false);
    m_body->addWidget(m_empty);
    m_body->addWidget(splitter);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(10);
    column->addWidget(makeHeader());
    column->addWidget(m_body, 1);

    connect(m_list, &DifferenceList::picked, this, [this](NodeId node) {
        m_view->select(Selection::ofNode(node));
        m_view->revealSelection();
    });
    connect(m_view, &GraphView::selectionChanged, this, [this](const Selection& selection) {
        m_list->mark(selection.kind == Selection::Kind::Node && !selection.graph ? selection.node : noNode);
    });
    connect(&m_document, &ModelDocument::modelChanged, this, [this] { show(nullptr); });
    retranslate();
    show(nullptr);
}

QWidget* ComparePage::makeHeader()
{
    auto* card = new Card;
    m_names->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_names->setTextFormat(Qt::PlainText);
    m_names->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_names);
    texts->addWidget(m_counts);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addLayout(texts, 1);
    for (QToolButton* button : {m_previous, m_next}) {
        button->setAutoRaise(true);
        row->addWidget(button);
    }
    row->addWidget(m_swap);
    row->addWidget(m_choose);
    card->column()->addLayout(row);
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
        start(QFileInfo(m_comparison->beforePath).fileName(),
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
    m_list->setComparison(m_comparison);
    m_view->setModel(m_comparison ? m_comparison->merged.model : nullptr, nullptr);
    m_view->setData(m_comparison ? m_comparison->colours : nullptr);
    m_body->setCurrentIndex(m_comparison ? 1 : 0);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_swap, m_previous, m_next, m_counts})
        widget->setVisible(m_comparison != nullptr);
    const bool differs = m_comparison && !m_comparison->diff.empty();
    m_list->setVisible(differs);
    for (QToolButton* button : {m_previous, m_next})
        button->setEnabled(differs);
    retranslate();
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
    for (QToolButton* button : {m_previous, m_next})
        button->setAccessibleName(button->toolTip());
    if (!m_comparison) {
        m_names->setText(QFileInfo(m_document.path()).fileName());
        return;
    }
    const ModelComparison& shown = *m_comparison;
    m_names->setText(shortName(shown.beforePath, shown.afterPath) + QStringLiteral("  →  ") +
                     shortName(shown.afterPath, shown.beforePath));
    m_counts->setText(shown.diff.empty()
                          ? tr("The same: all %1 nodes, their attributes and weights.")
                                .arg(wholeNumberText(shown.diff.same))
                          : tr("%1 the same · %2 changed · %3 added · %4 removed")
                                .arg(wholeNumberText(shown.diff.same),
                                     wholeNumberText(static_cast<int64_t>(shown.diff.changes.size())),
                                     wholeNumberText(shown.diff.added), wholeNumberText(shown.diff.removed)));
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
