// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: search as you type: the field, how much was found, and the hits as a list. The model is looked
// at while the panel is open.
//   Enter, Shift + Enter: next, previous hit; Down: into the list; Escape: back to the graph
#pragma once

#include "ui/document/model_document.h"
#include "viewers/search/search.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;
class QStackedWidget;
class QToolButton;

namespace lapidary {

class EmptyState;
class SearchHelp;
class SearchResults;

class SearchPanel : public QWidget {
    Q_OBJECT
public:
    explicit SearchPanel(ModelDocument& document, QWidget* parent = nullptr);

    void focusField();
    QString text() const;
    void setText(const QString& text);
    // Goes to the next hit (1) or the one before (-1), from the last to the first.
    void step(int direction);
    bool isReady() const { return m_index != nullptr; } // the model is indexed
    bool isSearching() const { return m_searching; }
    SearchResults& results() { return *m_results; }
    QString countText() const;
    QString errorText() const; // empty when the query is right
    // What the graph should mark; none while the panel is closed.
    std::vector<HitMark> marks() const;

signals:
    void marksChanged();
    void walked();  // a hit was selected
    void leaving(); // Escape

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void modelChanged();
    void makeIndex();
    void search();
    void present(SearchResult result);
    void showPage();
    void showError(const std::optional<QueryError>& error);
    void go(const QModelIndex& index);
    void refreshCounts();
    void retranslate();
    void refreshIcons();

    ModelDocument& m_document;
    SearchResults* m_results;
    QLineEdit* m_field;
    QLabel* m_error;
    QLabel* m_count;
    QToolButton *m_previous, *m_next, *m_helpButton;
    std::array<QToolButton*, searchKindCount> m_kinds{};
    QStackedWidget* m_stack;
    QListView* m_list;
    SearchHelp* m_help;
    EmptyState* m_nothing;

    std::shared_ptr<const Model> m_model; // that m_index is, or will be, about
    std::shared_ptr<const SearchIndex> m_index;
    std::optional<QueryError> m_queryError;
    int m_request = 0; // the newest search; older ones are not shown
    bool m_searching = false;
    int m_stepWhenFound = 0; // Enter came before the result
    std::shared_ptr<const int> m_alive = std::make_shared<const int>(0);
};

// "No number: “many”": what is wrong with a query.
QString queryErrorText(const QueryError& error, const QString& query);

} // namespace lapidary
