// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/search_panel.h"

#include "ui/cards/empty_state.h"
#include "ui/docks/search_help.h"
#include "ui/docks/search_results.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QStackedWidget>
#include <QToolButton>

namespace lapidary {

SearchPanel::SearchPanel(ModelDocument& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_results(new SearchResults(this))
{
    build();
    connect(m_field, &QLineEdit::textChanged, this, &SearchPanel::search);
    connect(m_previous, &QToolButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { step(1); });
    connect(m_helpButton, &QToolButton::toggled, this, &SearchPanel::showPage);
    connect(m_help, &SearchHelp::chosen, this, [this](const QString& query) {
        setText(query);
        focusField();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &SearchPanel::go);
    connect(m_list, &QListView::clicked, this, &SearchPanel::go);
    for (size_t kind = 0; kind < searchKindCount; ++kind) {
        connect(m_kinds[kind], &QToolButton::toggled, this, [this, kind](bool shown) {
            m_results->setShown(static_cast<SearchHit::Kind>(kind), shown);
            refreshCounts();
            emit marksChanged();
        });
    }
    connect(&m_document, &ModelDocument::modelChanged, this, &SearchPanel::modelChanged);
    connect(&m_document, &ModelDocument::typesChanged, this, &SearchPanel::search);
    connect(&Theme::instance(), &Theme::changed, this, &SearchPanel::refreshIcons);
    retranslate();
    refreshIcons();
    showPage();
}

void SearchPanel::build()
{
    m_field = new QLineEdit(this);
    m_field->setClearButtonEnabled(true);
    m_field->installEventFilter(this);
    m_error = new QLabel(this);
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::PlainText);
    m_error->hide();
    m_count = new QLabel(this);
    const auto button = [this](bool checkable) {
        auto* made = new QToolButton(this);
        made->setAutoRaise(true);
        made->setCheckable(checkable);
        made->setIconSize({18, 18});
        return made;
    };
    m_previous = button(false);
    m_next = button(false);
    m_helpButton = button(true);
    m_next->setObjectName(QStringLiteral("nextHit"));
    m_helpButton->setObjectName(QStringLiteral("searchHelp"));
    auto* counts = new QHBoxLayout;
    counts->setSpacing(2);
    counts->addWidget(m_count, 1);
    counts->addWidget(m_previous);
    counts->addWidget(m_next);
    counts->addWidget(m_helpButton);
    auto* kinds = new QHBoxLayout;
    kinds->setSpacing(4);
    for (QToolButton*& kind : m_kinds) {
        kind = button(true);
        kind->setChecked(true);
        kinds->addWidget(kind);
    }
    kinds->addStretch(1);

    m_list = new QListView(this);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setModel(m_results);
    m_list->setItemDelegate(new SearchRowDelegate(m_list));
    m_list->installEventFilter(this);
    m_help = new SearchHelp(this);
    m_nothing = new EmptyState(QStringLiteral("search"), this);
    m_stack = new QStackedWidget(this);
    for (QWidget* page : std::initializer_list<QWidget*>{m_help, m_list, m_nothing})
        m_stack->addWidget(page);

    auto* top = new QVBoxLayout;
    top->setContentsMargins(10, 10, 10, 6);
    top->setSpacing(6);
    top->addWidget(m_field);
    top->addWidget(m_error);
    top->addLayout(counts);
    top->addLayout(kinds);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_stack, 1);
    setFocusProxy(m_field);
}

void SearchPanel::focusField()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

QString SearchPanel::text() const { return m_field->text(); }
void SearchPanel::setText(const QString& text) { m_field->setText(text); }
QString SearchPanel::countText() const { return m_count->text(); }
QString SearchPanel::errorText() const { return m_queryError ? m_error->text() : QString(); }

std::vector<HitMark> SearchPanel::marks() const
{
    return isVisible() ? m_results->marks() : std::vector<HitMark>();
}

void SearchPanel::modelChanged()
{
    m_model.reset();
    m_index.reset();
    ++m_request;
    m_searching = false;
    present({});
    search();
}

void SearchPanel::makeIndex()
{
    if (m_model == m_document.model())
        return; // under way
    m_model = m_document.model();
    JobOptions options;
    options.title = tr("Preparing the search").toStdString();
    options.lane = "search";
    options.replaceKey = "search index";
    options.withOwner(m_alive);
    m_document.jobs().start(
        std::move(options), [model = m_model](JobContext& job) { return SearchIndex::build(model, job); },
        [this, model = m_model](Result<std::shared_ptr<const SearchIndex>> index) {
            if (model != m_document.model() || model != m_model)
                return;
            if (!index.ok()) {
                m_model.reset(); // cancelled: the next key tries again
                m_searching = false;
                return;
            }
            m_index = std::move(index).value();
            search();
        });
}

// What was found before stays until there is something newer to show.
void SearchPanel::search()
{
    if (!isVisible() || !m_document.model())
        return;
    ParsedQuery parsed = parseQuery(m_field->text());
    showError(parsed.error);
    if (parsed.error)
        return;
    if (parsed.query.isEmpty()) {
        ++m_request;
        m_searching = false;
        m_stepWhenFound = 0;
        present({});
        if (!m_index)
            makeIndex(); // while the user thinks
        return;
    }
    m_helpButton->setChecked(false);
    m_searching = true;
    if (!m_index)
        return makeIndex();
    JobOptions options;
    options.title = tr("Searching").toStdString();
    options.lane = "search";
    options.replaceKey = "search";
    options.withOwner(m_alive);
    m_document.jobs().start(
        std::move(options),
        [index = m_index, types = m_document.types(), query = std::move(parsed.query)](JobContext& job) {
            return lapidary::search(*index, types.get(), query, job);
        },
        [this, request = ++m_request](Result<SearchResult> result) {
            if (request != m_request)
                return;
            m_searching = false;
            if (result.ok()) // else cancelled: what was found before stays
                present(std::move(result).value());
        });
}

void SearchPanel::present(SearchResult result)
{
    m_results->setResult(m_index, m_document.types(), std::move(result));
    refreshCounts();
    showPage();
    emit marksChanged();
    if (const int direction = std::exchange(m_stepWhenFound, 0); direction != 0)
        step(direction);
}

void SearchPanel::showPage()
{
    if (m_helpButton->isChecked() || m_field->text().trimmed().isEmpty())
        m_stack->setCurrentWidget(m_help);
    else
        m_stack->setCurrentWidget(m_results->hitCount() > 0 || m_searching ? static_cast<QWidget*>(m_list)
                                                                           : m_nothing);
}

void SearchPanel::showError(const std::optional<QueryError>& error)
{
    m_queryError = error;
    m_error->setVisible(error.has_value());
    if (!error)
        return;
    m_error->setText(queryErrorText(*error, m_field->text()));
    const ThemeColors& colors = Theme::instance().colors();
    setTextColor(*m_error, error->kind == QueryError::Kind::OpenEnd ? colors.mutedText : colors.error);
}

void SearchPanel::step(int direction)
{
    if (m_searching) {
        m_stepWhenFound = direction;
        return;
    }
    const int count = m_results->hitCount();
    if (count == 0)
        return;
    const QModelIndex current = m_list->currentIndex();
    const int from = current.isValid() ? current.row() : direction > 0 ? -1 : count;
    const int row = (from + direction + count) % count;
    m_results->fetchUpTo(row);
    m_list->setCurrentIndex(m_results->index(row));
    m_list->scrollTo(m_results->index(row));
}

void SearchPanel::go(const QModelIndex& index)
{
    refreshCounts();
    if (!index.isValid())
        return;
    m_document.select(m_results->selection(index.row()));
    emit walked();
}

void SearchPanel::refreshCounts()
{
    const QString names[] = {tr("Nodes"), tr("Tensors"), tr("Weights")};
    const SearchResult& result = m_results->result();
    const bool asked = m_index && !m_field->text().trimmed().isEmpty();
    for (size_t kind = 0; kind < searchKindCount; ++kind) {
        const QString count = wholeNumberText(static_cast<int64_t>(result.counts[kind]));
        m_kinds[kind]->setText(asked ? tr("%1 %2", "Nodes 12").arg(names[kind], count) : names[kind]);
        m_kinds[kind]->setToolTip(tr("Show or hide: %1").arg(names[kind]));
        m_kinds[kind]->setAccessibleName(m_kinds[kind]->text());
        m_kinds[kind]->setEnabled(asked && result.counts[kind] > 0);
    }
    const int hits = m_results->hitCount();
    m_previous->setEnabled(hits > 0);
    m_next->setEnabled(hits > 0);
    if (!asked)
        m_count->clear();
    else if (m_list->currentIndex().isValid())
        m_count->setText(tr("%1 of %2", "hit number, of all hits")
                             .arg(wholeNumberText(m_list->currentIndex().row() + 1), wholeNumberText(hits)));
    else if (!result.chainStarts.empty())
        m_count->setText(tr("%Ln chain(s)", nullptr, hits));
    else {
        const auto nodes = static_cast<int>(m_index->nodeCount());
        m_count->setText(tr("%1 of %Ln node(s)", nullptr, nodes)
                             .arg(wholeNumberText(static_cast<int64_t>(result.counts[0]))));
    }
}

bool SearchPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: step(key->modifiers() & Qt::ShiftModifier ? -1 : 1); return true;
    case Qt::Key_Escape: emit leaving(); return true;
    case Qt::Key_Down:
        if (watched != m_field || m_results->hitCount() == 0)
            break;
        m_list->setFocus(Qt::TabFocusReason);
        if (!m_list->currentIndex().isValid())
            step(1);
        return true;
    case Qt::Key_Up:
        if (watched != m_list || m_list->currentIndex().row() > 0)
            break;
        m_field->setFocus(Qt::BacktabFocusReason);
        return true;
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

void SearchPanel::retranslate()
{
    m_field->setPlaceholderText(tr("Name, op:Conv, shape:1,*, A -> B …"));
    m_field->setAccessibleName(tr("Search the model"));
    m_list->setAccessibleName(tr("What the search found"));
    m_previous->setToolTip(tr("Previous hit (Shift+F3)"));
    m_next->setToolTip(tr("Next hit (F3)"));
    m_helpButton->setToolTip(tr("How to search"));
    for (QToolButton* button : {m_previous, m_next, m_helpButton})
        button->setAccessibleName(button->toolTip());
    m_nothing->setTexts(tr("Nothing found"),
                        tr("Fewer or shorter words find more. The button with the i above shows "
                           "what can be asked."));
    showError(m_queryError);
    refreshCounts();
}

void SearchPanel::refreshIcons()
{
    m_previous->setIcon(themedIcon(QStringLiteral("chevron-up")));
    m_next->setIcon(themedIcon(QStringLiteral("chevron-down")));
    m_helpButton->setIcon(themedIcon(QStringLiteral("info")));
    showError(m_queryError);
}

void SearchPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void SearchPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    search();
    emit marksChanged();
}

void SearchPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    emit marksChanged();
}

QString queryErrorText(const QueryError& error, const QString& query)
{
    const QString part = query.mid(error.position, error.length);
    const auto text = [](const char* source) { return QCoreApplication::translate("search", source); };
    QString message;
    switch (error.kind) {
    case QueryError::Kind::BadRegex:
        message = text(QT_TRANSLATE_NOOP("search", "Not a regular expression: %1")).arg(error.detail);
        break;
    case QueryError::Kind::NotANumber:
        message =
            text(QT_TRANSLATE_NOOP("search", "“%1” is no number; >1M, 3 and 10..20 are some.")).arg(part);
        break;
    case QueryError::Kind::NotAKind:
        message = text(QT_TRANSLATE_NOOP("search", "“%1” is no kind: node, tensor, weight, input, output."))
                      .arg(part);
        break;
    case QueryError::Kind::TextCompared:
        message =
            text(QT_TRANSLATE_NOOP("search", "“%1”: texts are not greater or less than others.")).arg(part);
        break;
    case QueryError::Kind::EmptyStep:
        message = text(QT_TRANSLATE_NOOP("search", "There is no node before this arrow; * is any."));
        break;
    case QueryError::Kind::OpenEnd:
        return text(QT_TRANSLATE_NOOP("search", "Which node comes after the arrow? * is any."));
    case QueryError::Kind::OnlyWildcards:
        message = text(QT_TRANSLATE_NOOP("search", "A chain needs at least one node that is not just any."));
        break;
    case QueryError::Kind::TooManySteps:
        message = text(QT_TRANSLATE_NOOP("search", "A chain has at most %1 nodes."))
                      .arg(wholeNumberText(static_cast<int64_t>(mostQuerySteps)));
        break;
    }
    return text(QT_TRANSLATE_NOOP("search", "Character %1: %2"))
        .arg(wholeNumberText(error.position + 1), message);
}

} // namespace lapidary
