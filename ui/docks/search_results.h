// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a search found, as a list that says of each hit only what is on screen, and how its rows
// are painted.
#pragma once

#include "viewers/search/search.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace lapidary {

// One column. Qt::DisplayRole: the name (of a pattern: the operators of its chain). Rows beyond the first
// few hundred are given when the view asks for more. GUI thread.
class SearchResults : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { DetailRole = Qt::UserRole, KindRole, ColourRole };
    using QAbstractListModel::QAbstractListModel;

    // index: the one that result was found in; null: nothing was looked for. types may be null.
    void setResult(std::shared_ptr<const SearchIndex> index, std::shared_ptr<const InferredTypes> types,
                   SearchResult result);
    const SearchResult& result() const { return m_result; }
    void setShown(SearchHit::Kind kind, bool shown);
    bool isShown(SearchHit::Kind kind) const { return m_shown[static_cast<size_t>(kind)]; }

    int hitCount() const; // rows there would be if all were fetched
    const SearchHit& hit(int row) const { return m_result.hits[hitIndex(row)]; }
    Selection selection(int row) const;
    // What to mark in the graph: all hits that are shown, or everything in the chains of a pattern.
    std::vector<HitMark> marks() const;
    void fetchUpTo(int row);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

private:
    size_t hitIndex(int row) const;
    void restart();
    QString title(size_t hit) const;
    QString detail(const SearchHit& hit) const;
    QString place(const SearchHit& hit) const;
    QString typeText(const SearchHit& hit) const;

    std::shared_ptr<const SearchIndex> m_index;
    std::shared_ptr<const InferredTypes> m_types;
    SearchResult m_result;
    std::array<bool, searchKindCount> m_shown{true, true, true};
    int m_fetched = 0;
};

// Two lines: name, then operator or type and place; before them a sign for the kind.
class SearchRowDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace lapidary
