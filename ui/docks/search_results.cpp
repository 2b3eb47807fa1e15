// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/search_results.h"

#include "ui/theme/theme.h"
#include "viewers/graph/graph_theme.h"
#include "viewers/search/term_match.h"

#include <QApplication>
#include <QPainter>

namespace lapidary {

namespace {

constexpr int rowsAtOnce = 200;
constexpr int sideMargin = 12;
constexpr int signExtent = 10;
constexpr int lineGap = 2;
constexpr int rowPadding = 5;

QString fromStd(const std::string& text) { return QString::fromStdString(text).simplified(); }

// Its name, or what else tells it from others.
QString nodeName(const Graph& graph, NodeId id)
{
    const Node& node = graph.node(id);
    if (!node.name.empty())
        return fromStd(node.name);
    for (const ValueId output : node.outputs) {
        if (output != noValue && !graph.value(output).name.empty())
            return fromStd(graph.value(output).name);
    }
    return QStringLiteral("#%1").arg(id);
}

} // namespace

void SearchResults::setResult(std::shared_ptr<const SearchIndex> index,
                              std::shared_ptr<const InferredTypes> types, SearchResult result)
{
    beginResetModel();
    m_index = std::move(index);
    m_types = std::move(types);
    m_result = std::move(result);
    restart();
    endResetModel();
}

void SearchResults::setShown(SearchHit::Kind kind, bool shown)
{
    if (isShown(kind) == shown)
        return;
    beginResetModel();
    m_shown[static_cast<size_t>(kind)] = shown;
    restart();
    endResetModel();
}

void SearchResults::restart() { m_fetched = std::min(hitCount(), rowsAtOnce); }

int SearchResults::hitCount() const
{
    size_t count = 0;
    for (size_t kind = 0; kind < searchKindCount; ++kind)
        count += m_shown[kind] ? m_result.counts[kind] : 0;
    return static_cast<int>(count);
}

// Hits lie together by kind, in the order of the kinds.
size_t SearchResults::hitIndex(int row) const
{
    auto left = static_cast<size_t>(row);
    size_t first = 0;
    for (size_t kind = 0; kind < searchKindCount; ++kind) {
        if (m_shown[kind]) {
            if (left < m_result.counts[kind])
                return first + left;
            left -= m_result.counts[kind];
        }
        first += m_result.counts[kind];
    }
    return first;
}

Selection SearchResults::selection(int row) const { return selectionOf(*m_index, hit(row)); }

std::vector<HitMark> SearchResults::marks() const
{
    std::vector<HitMark> marks;
    if (!m_result.marked.empty() && isShown(SearchHit::Kind::Node)) {
        for (const SearchHit& hit : m_result.marked)
            marks.push_back(markOf(*m_index, hit));
        return marks;
    }
    marks.reserve(static_cast<size_t>(hitCount()));
    for (const SearchHit& hit : m_result.hits) {
        if (isShown(hit.kind))
            marks.push_back(markOf(*m_index, hit));
    }
    return marks;
}

int SearchResults::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_fetched; }

bool SearchResults::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && m_fetched < hitCount();
}

void SearchResults::fetchMore(const QModelIndex&) { fetchUpTo(m_fetched + rowsAtOnce - 1); }

void SearchResults::fetchUpTo(int row)
{
    const int wanted = std::min(hitCount(), row + 1);
    if (wanted <= m_fetched)
        return;
    beginInsertRows({}, m_fetched, wanted - 1);
    m_fetched = wanted;
    endInsertRows();
}

QVariant SearchResults::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_index)
        return {};
    const SearchHit& hit = this->hit(index.row());
    switch (role) {
    case Qt::DisplayRole: return title(hitIndex(index.row()));
    case DetailRole: return detail(hit);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return QString(title(hitIndex(index.row())) + QLatin1Char('\n') + detail(hit));
    case KindRole: return static_cast<int>(hit.kind);
    case ColourRole:
        if (hit.kind != SearchHit::Kind::Node)
            return {};
        return GraphTheme::of(QApplication::palette())
            .header(opCategory(hit.graph->node(hit.id).domain, hit.graph->node(hit.id).opType));
    default: return {};
    }
}

QString SearchResults::title(size_t index) const
{
    const SearchHit& hit = m_result.hits[index];
    if (hit.kind != SearchHit::Kind::Node)
        return fromStd(hit.graph->value(hit.id).name);
    const auto chain = m_result.chain(index);
    if (chain.empty())
        return nodeName(*hit.graph, hit.id);
    QStringList operators;
    for (const NodeId node : chain)
        operators << fromStd(hit.graph->node(node).opType);
    return operators.join(QStringLiteral(" → "));
}

QString SearchResults::typeText(const SearchHit& hit) const
{
    const int32_t graph = m_index->graphIndex(hit.graph);
    const auto first = m_index->graphs()[static_cast<size_t>(graph)].firstValue;
    if (const TensorRef* weight = m_index->weight(first + static_cast<uint32_t>(hit.id)))
        return QString::fromStdString(toString(TypeInfo::tensor(weight->type, toShape(weight->dims))));
    const JobContext job;
    const SearchContext context = searchContext(*m_index, m_types.get(), job);
    return QString::fromStdString(toString(context.type(static_cast<size_t>(graph), hit.id)));
}

QString SearchResults::detail(const SearchHit& hit) const
{
    QStringList parts;
    if (hit.kind == SearchHit::Kind::Node) {
        parts << fromStd(hit.graph->node(hit.id).opType);
        if (!m_result.chainStarts.empty()) // the first line is the chain then
            parts[0] = nodeName(*hit.graph, hit.id);
    } else {
        parts << (hit.kind == SearchHit::Kind::Weight ? tr("Weight") : tr("Tensor")) << typeText(hit);
    }
    if (const QString where = place(hit); !where.isEmpty())
        parts << where;
    return parts.join(QStringLiteral("  ·  "));
}

QString SearchResults::place(const SearchHit& hit) const
{
    const std::vector<const SearchGraph*> around = placeOf(*m_index, hit);
    if (around.empty())
        return {};
    const SearchGraph& inner = *around.back();
    if (inner.function)
        return tr("in the function %1").arg(fromStd(inner.function->name));
    const SearchGraph& parent = m_index->graphs()[static_cast<size_t>(inner.parent)];
    return tr("inside %1").arg(nodeName(*parent.graph, inner.owner));
}

void SearchRowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const
{
    QStyleOptionViewItem row = option;
    initStyleOption(&row, index);
    row.text.clear();
    const QStyle* style = row.widget ? row.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);

    const bool selected = option.state & QStyle::State_Selected;
    const QColor text = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const QColor muted = selected ? text : Theme::instance().colors().mutedText;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF sign(option.rect.left() + sideMargin, option.rect.top() + rowPadding + 4, signExtent,
                      signExtent);
    const auto kind = static_cast<SearchHit::Kind>(index.data(SearchResults::KindRole).toInt());
    if (kind == SearchHit::Kind::Node) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(index.data(SearchResults::ColourRole).value<QColor>());
        painter->drawRoundedRect(sign, 2.5, 2.5);
    } else {
        painter->setPen(QPen(muted, 1.5));
        if (kind == SearchHit::Kind::Weight)
            painter->drawRect(sign.adjusted(1, 1, -1, -1));
        else
            painter->drawEllipse(sign.adjusted(1, 1, -1, -1));
    }
    const QFontMetrics metrics(option.font);
    const int left = option.rect.left() + 2 * sideMargin + signExtent - 2;
    const int width = option.rect.right() - sideMargin - left;
    int y = option.rect.top() + rowPadding + metrics.ascent();
    painter->setFont(option.font);
    painter->setPen(text);
    painter->drawText(left, y, metrics.elidedText(index.data().toString(), Qt::ElideMiddle, width));
    painter->setPen(muted);
    y += metrics.height() + lineGap;
    painter->drawText(
        left, y,
        metrics.elidedText(index.data(SearchResults::DetailRole).toString(), Qt::ElideMiddle, width));
    painter->restore();
}

QSize SearchRowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {100, 2 * QFontMetrics(option.font).height() + lineGap + 2 * rowPadding};
}

} // namespace lapidary
