// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/search/query.h"

#include <algorithm>

namespace lapidary {

namespace {

struct KeyName {
    QStringView name;
    QueryKey key;
};
constexpr KeyName keyNames[] = {
    {u"op", QueryKey::Op},
    {u"name", QueryKey::Name},
    {u"in", QueryKey::Input},
    {u"out", QueryKey::Output},
    {u"tensor", QueryKey::Tensor},
    {u"weight", QueryKey::Weight},
    {u"attr", QueryKey::HasAttribute},
    {u"type", QueryKey::Type},
    {u"dtype", QueryKey::Type},
    {u"shape", QueryKey::Dimensions},
    {u"rank", QueryKey::Rank},
    {u"domain", QueryKey::Domain},
    {u"params", QueryKey::Parameters},
    {u"bytes", QueryKey::Bytes},
    {u"inputs", QueryKey::InputCount},
    {u"outputs", QueryKey::OutputCount},
    {u"kind", QueryKey::Kind},
};

constexpr QStringView kindNames[] = {u"node", u"tensor", u"weight", u"input", u"output"};

bool takesNumber(QueryKey key)
{
    return key == QueryKey::Parameters || key == QueryKey::Bytes || key == QueryKey::InputCount ||
           key == QueryKey::OutputCount || key == QueryKey::Rank;
}
bool takesList(QueryKey key) { return key == QueryKey::Dimensions || key == QueryKey::Attribute; }

// A piece of the query: a word or an arrow.
struct Token {
    QStringView text;
    int position = 0;
    bool arrow = false;
};

qsizetype arrowLength(QStringView text) { return text.startsWith(u"->") ? 2 : text.startsWith(u'→') ? 1 : 0; }

bool isRegex(QStringView text) { return text.size() > 2 && text.startsWith(u'/') && text.endsWith(u'/'); }

qsizetype endOfRun(QStringView text, qsizetype from)
{
    while (from < text.size() && !text[from].isSpace())
        ++from;
    return from;
}

// Where a word ends: at a space or an arrow outside of quotes and regular expressions.
qsizetype endOfWord(QStringView text, qsizetype from)
{
    bool valueStarts = true;
    for (qsizetype i = from; i < text.size(); ++i) {
        const QChar c = text[i];
        if (valueStarts && c == u'"') {
            const qsizetype close = text.indexOf(u'"', i + 1);
            if (close < 0)
                return text.size();
            i = close;
        } else if (valueStarts && c == u'/' && isRegex(text.sliced(i, endOfRun(text, i) - i))) {
            return endOfRun(text, i);
        } else if (c.isSpace() || arrowLength(text.sliced(i)) > 0) {
            return i;
        }
        valueStarts = QStringView(u":|=<>").contains(c) || (c == u'-' && i == from);
    }
    return text.size();
}

std::vector<Token> tokens(QStringView text)
{
    std::vector<Token> found;
    for (qsizetype i = 0; i < text.size();) {
        if (text[i].isSpace()) {
            ++i;
            continue;
        }
        const qsizetype arrow = arrowLength(text.sliced(i));
        const qsizetype end = arrow > 0 ? i + arrow : endOfWord(text, i);
        found.push_back({text.sliced(i, end - i), static_cast<int>(i), arrow > 0});
        i = end;
    }
    return found;
}

// "a|b" in two, but not within quotes or a regular expression.
std::vector<QStringView> alternatives(QStringView text)
{
    if (isRegex(text))
        return {text};
    std::vector<QStringView> parts;
    qsizetype start = 0;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == u'"')
            quoted = !quoted;
        if (text[i] != u'|' || quoted)
            continue;
        parts.push_back(text.sliced(start, i - start));
        start = i + 1;
    }
    parts.push_back(text.sliced(start));
    return parts;
}

class Parser {
public:
    explicit Parser(QStringView text) : m_text(text), m_tokens(tokens(text)) {}

    ParsedQuery parse()
    {
        ParsedQuery parsed;
        if (!readSteps(parsed.query))
            return {{}, m_error};
        return parsed;
    }

private:
    bool fail(QueryError::Kind kind, int position, qsizetype length, const QString& detail = {})
    {
        m_error = QueryError{kind, position, static_cast<int>(length), detail};
        return false;
    }
    bool fail(QueryError::Kind kind, QStringView part, const QString& detail = {})
    {
        return fail(kind, static_cast<int>(part.data() - m_text.data()), part.size(), detail);
    }

    bool readSteps(Query& query)
    {
        std::vector<Token> words;
        for (const Token& token : m_tokens) {
            if (!token.arrow) {
                words.push_back(token);
                continue;
            }
            if (words.empty())
                return fail(QueryError::Kind::EmptyStep, token.position, token.text.size());
            if (!addStep(query, words))
                return false;
            if (query.steps.size() == mostQuerySteps)
                return fail(QueryError::Kind::TooManySteps, token.position, m_text.size() - token.position);
            words.clear();
        }
        if (words.empty() && !query.isEmpty())
            return fail(QueryError::Kind::OpenEnd, m_tokens.back().position, m_tokens.back().text.size());
        if (!words.empty() && !addStep(query, words))
            return false;
        const auto isTerms = [](const QueryStep& step) { return step.kind == QueryStep::Kind::Terms; };
        if (query.isPattern() && std::none_of(query.steps.begin(), query.steps.end(), isTerms))
            return fail(QueryError::Kind::OnlyWildcards, 0, m_text.size());
        if (!query.isPattern() && !query.isEmpty() && query.steps.front().terms.empty())
            query.steps.clear(); // "*" or "-" alone asks for nothing
        return true;
    }

    bool addStep(Query& query, const std::vector<Token>& words)
    {
        QueryStep step;
        if (words.size() == 1) {
            const QStringView text = words.front().text;
            if (text == u"*")
                step.kind = QueryStep::Kind::AnyNode;
            else if (text == u"**" || text == u"..." || text == u"…")
                step.kind = QueryStep::Kind::AnyPath;
        }
        if (step.kind == QueryStep::Kind::Terms) {
            for (const Token& word : words) {
                // A dash alone: an exclusion or an arrow that is being typed.
                if (word.text != u"-" && word.text != u"*" && !addTerm(step, word))
                    return false;
            }
            if (step.terms.empty())
                step.kind = QueryStep::Kind::AnyNode;
        }
        query.steps.push_back(std::move(step));
        return true;
    }

    bool addTerm(QueryStep& step, const Token& word)
    {
        QueryTerm term;
        QStringView text = word.text;
        if (text.size() > 1 && text.startsWith(u'-')) {
            term.excluded = true;
            text = text.sliced(1);
        } else if (text.size() > 4 && text.startsWith(u"not:", Qt::CaseInsensitive)) {
            term.excluded = true;
            text = text.sliced(4);
        }
        term.whole.text = foldedText(text.toString().toStdString());
        const qsizetype key = readKey(term, text);
        for (const QStringView part : alternatives(text.sliced(key))) {
            if (!part.isEmpty() && !addValue(term, part))
                return false;
        }
        if (term.key != QueryKey::Word || !term.values.empty())
            step.terms.push_back(std::move(term));
        return true;
    }

    // Sets the key and returns how much of the text it takes.
    static qsizetype readKey(QueryTerm& term, QStringView text)
    {
        qsizetype end = 0;
        while (end < text.size() && (text[end].isLetterOrNumber() || text[end] == u'_'))
            ++end;
        if (end == 0 || end == text.size())
            return 0;
        const QStringView rest = text.sliced(end);
        const bool colon = rest.startsWith(u':') && !rest.startsWith(u"::"); // onnx::Conv_12 is a name
        const bool comparison =
            rest[0] == u'<' || rest[0] == u'>' || rest[0] == u'=' || rest.startsWith(u"!=");
        if (!colon && !comparison)
            return 0;
        const QStringView name = text.first(end);
        term.key = QueryKey::Attribute;
        for (const KeyName& known : keyNames) {
            if (name.compare(known.name, Qt::CaseInsensitive) == 0)
                term.key = known.key;
        }
        if (term.key == QueryKey::Attribute)
            term.attribute = foldedText(name.toString().toStdString());
        return colon ? end + 1 : end;
    }

    bool addValue(QueryTerm& term, QStringView part)
    {
        QueryValue value;
        QStringView text = part;
        const bool literal = text.startsWith(u'"') || isRegex(text);
        if (takesNumber(term.key)) {
            value.number = numberTest(text);
            // The number after a comparison is yet to come.
            if (!value.number && QStringView(u"<>=!.").contains(text.back()) && text.size() <= 2)
                return true;
            if (!value.number)
                return fail(QueryError::Kind::NotANumber, part);
            term.values.push_back(std::move(value));
            return true;
        }
        bool exact = false;
        if (term.key != QueryKey::Word && !literal) {
            value.negated = text.startsWith(u"!=");
            exact = value.negated || text.startsWith(u'=');
            if (exact)
                text = text.sliced(text.startsWith(u"==") || value.negated ? 2 : 1);
            else if (!takesList(term.key) && (text.startsWith(u'<') || text.startsWith(u'>')))
                return fail(QueryError::Kind::TextCompared, part);
            if (text.isEmpty())
                return true;
        }
        if (takesList(term.key) && !literal) {
            value.list = listTest(text);
            value.number = numberTest(text);
        }
        if (!readText(value.text, text, exact))
            return false;
        if (term.key == QueryKey::Word && value.text.kind == TextTest::Kind::Wildcard)
            value.text.text = '*' + value.text.text + '*'; // words are looked for anywhere
        if (term.key == QueryKey::Kind && !isKind(text))
            return fail(QueryError::Kind::NotAKind, part);
        term.values.push_back(std::move(value));
        return true;
    }

    // The beginning of one is enough while typing.
    static bool isKind(QStringView text)
    {
        return std::any_of(std::begin(kindNames), std::end(kindNames),
                           [text](QStringView name) { return name.startsWith(text, Qt::CaseInsensitive); });
    }

    bool readText(TextTest& test, QStringView text, bool exact)
    {
        if (isRegex(text)) {
            const QStringView inside = text.sliced(1, text.size() - 2);
            test.kind = TextTest::Kind::Regex;
            // Names are folded already: without capitals, matching them exactly gives the same and is faster.
            const QString pattern = inside.toString();
            const auto letters = pattern == pattern.toLower() ? QRegularExpression::NoPatternOption
                                                              : QRegularExpression::CaseInsensitiveOption;
            test.regex = QRegularExpression(pattern, letters | QRegularExpression::MultilineOption |
                                                         QRegularExpression::DontCaptureOption);
            if (test.regex.isValid())
                return true;
            const qsizetype at = std::min(test.regex.patternErrorOffset(), inside.size());
            return fail(QueryError::Kind::BadRegex,
                        inside.sliced(std::max<qsizetype>(0, at - 1), at > 0 ? 1 : 0),
                        test.regex.errorString());
        }
        const bool quoted = text.startsWith(u'"');
        if (quoted)
            text = text.sliced(1, text.size() - (text.size() > 1 && text.endsWith(u'"') ? 2 : 1));
        test.text = foldedText(text.toString().toStdString());
        test.kind = exact                            ? TextTest::Kind::Equals
                    : !quoted && text.contains(u'*') ? TextTest::Kind::Wildcard
                                                     : TextTest::Kind::Contains;
        return true;
    }

    QStringView m_text;
    std::vector<Token> m_tokens;
    std::optional<QueryError> m_error;
};

} // namespace

ParsedQuery parseQuery(const QString& text) { return Parser(text).parse(); }

} // namespace lapidary
