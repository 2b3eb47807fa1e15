// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/search/value_test.h"

#include <QString>

#include <algorithm>
#include <cmath>

namespace lapidary {

std::string foldedText(std::string_view text)
{
    std::string folded(text);
    if (std::any_of(folded.begin(), folded.end(), [](char c) { return static_cast<signed char>(c) < 0; }))
        folded =
            QString::fromUtf8(folded.data(), static_cast<qsizetype>(folded.size())).toLower().toStdString();
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        else if (c == '\n' || c == '\r' || c == '\0')
            c = ' ';
    }
    return folded;
}

namespace {

// Whether items are as a pattern says, in which a rest ('*' of a text, "..." of a list) stands for any number
// of them.
template <typename Pattern, typename Items, typename IsRest, typename Accepts>
bool matches(const Pattern& pattern, const Items& items, IsRest isRest, Accepts accepts)
{
    // Where to go on when a rest has to take one item more.
    constexpr size_t none = std::numeric_limits<size_t>::max();
    size_t p = 0, i = 0, rest = none, taken = 0;
    while (i < items.size()) {
        if (p < pattern.size() && isRest(pattern[p])) {
            rest = p++;
            taken = i;
        } else if (p < pattern.size() && accepts(pattern[p], items[i])) {
            ++p;
            ++i;
        } else if (rest != none) {
            p = rest + 1;
            i = ++taken;
        } else {
            return false;
        }
    }
    return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(), isRest);
}

bool matchesWildcard(std::string_view pattern, std::string_view text)
{
    return matches(
        pattern, text, [](char c) { return c == '*'; }, std::equal_to<char>());
}

} // namespace

bool TextTest::accepts(std::string_view folded) const
{
    switch (kind) {
    case Kind::Contains: return folded.find(text) != std::string_view::npos;
    case Kind::Equals: return folded == text;
    case Kind::Wildcard: return matchesWildcard(text, folded);
    case Kind::Regex: break;
    }
    return regex.match(QString::fromUtf8(folded.data(), static_cast<qsizetype>(folded.size()))).hasMatch();
}

bool NumberTest::accepts(double number) const
{
    const bool above = lowOpen ? number > low : number >= low;
    const bool below = highOpen ? number < high : number <= high;
    return (above && below) != negated;
}

// Bounds are compared as floats. (Rounding them in a copy of the test is lost in GCC 12 with -O3.)
bool NumberTest::acceptsFloat(float number) const
{
    const auto least = static_cast<float>(low), most = static_cast<float>(high);
    const bool above = lowOpen ? number > least : number >= least;
    const bool below = highOpen ? number < most : number <= most;
    return (above && below) != negated;
}

namespace {

std::optional<double> number(QStringView text)
{
    QString digits = text.trimmed().toString();
    double factor = 1;
    if (digits.size() > 1 && digits.endsWith(u'b', Qt::CaseInsensitive) && !digits.startsWith(u"0x"))
        digits.chop(1);
    double step = 1000;
    if (digits.size() > 2 && digits.endsWith(u'i')) {
        step = 1024;
        digits.chop(1);
    }
    const int power =
        digits.isEmpty() ? -1 : static_cast<int>(QStringView(u"KMGT").indexOf(digits.back().toUpper()));
    if (power >= 0) {
        factor = std::pow(step, power + 1);
        digits.chop(1);
    } else if (step == 1024) {
        return std::nullopt;
    }
    bool good = false;
    const double value = digits.toDouble(&good);
    return good && !std::isnan(value) ? std::optional(value * factor) : std::nullopt;
}

} // namespace

std::optional<NumberTest> numberTest(QStringView text)
{
    text = text.trimmed();
    NumberTest test;
    if (const qsizetype dots = text.indexOf(u".."); dots >= 0 && !text.contains(u"...")) {
        const QStringView low = text.first(dots), high = text.sliced(dots + 2);
        const auto from = number(low), to = number(high);
        if ((!low.isEmpty() && !from) || (!high.isEmpty() && !to) || (low.isEmpty() && high.isEmpty()))
            return std::nullopt;
        test.low = from.value_or(test.low);
        test.high = to.value_or(test.high);
        return test;
    }
    qsizetype sign = 0;
    while (sign < text.size() && QStringView(u"<>=!").contains(text[sign]))
        ++sign;
    const QStringView comparison = text.first(sign);
    const auto value = number(text.sliced(sign));
    if (!value)
        return std::nullopt;
    if (comparison == u">" || comparison == u">=") {
        test.low = *value;
        test.lowOpen = comparison == u">";
    } else if (comparison == u"<" || comparison == u"<=") {
        test.high = *value;
        test.highOpen = comparison == u"<";
    } else if (comparison.isEmpty() || comparison == u"=" || comparison == u"==" || comparison == u"!=") {
        test.low = test.high = *value;
        test.negated = comparison == u"!=";
    } else {
        return std::nullopt;
    }
    return test;
}

namespace {

PlaceTest placeTest(QStringView text)
{
    if (text == u"*" || text == u"?")
        return {PlaceTest::Kind::Any, {}, {}};
    if (text == u"..." || text == u"…" || text == u"**")
        return {PlaceTest::Kind::Rest, {}, {}};
    if (const auto number = numberTest(text))
        return {PlaceTest::Kind::Number, *number, {}};
    return {PlaceTest::Kind::Symbol, {}, foldedText(text.toString().toStdString())};
}

bool acceptsAt(const PlaceTest& test, float number)
{
    return test.kind == PlaceTest::Kind::Any ||
           (test.kind == PlaceTest::Kind::Number && test.number.acceptsFloat(number));
}

bool acceptsAt(const PlaceTest& test, int64_t number)
{
    return test.kind == PlaceTest::Kind::Any ||
           (test.kind == PlaceTest::Kind::Number && test.number.accepts(static_cast<double>(number)));
}

bool acceptsAt(const PlaceTest& test, const Dim& dim)
{
    if (test.kind == PlaceTest::Kind::Symbol)
        return !dim.symbol.empty() && foldedText(dim.symbol) == test.symbol;
    return test.kind == PlaceTest::Kind::Any || (dim.known() && acceptsAt(test, dim.value));
}

template <typename T>
bool acceptsList(const ListTest& test, std::span<const T> items)
{
    return matches(
        test, items, [](const PlaceTest& place) { return place.kind == PlaceTest::Kind::Rest; },
        [](const PlaceTest& place, const T& item) { return acceptsAt(place, item); });
}

} // namespace

ListTest listTest(QStringView text)
{
    text = text.trimmed();
    if (text.startsWith(u'['))
        text = text.sliced(1);
    if (text.endsWith(u']'))
        text = text.chopped(1);
    if (text.trimmed().isEmpty() || text.compare(u"scalar", Qt::CaseInsensitive) == 0)
        return {};
    // An x separates only where the text is numbers and wildcards: "max_len" is a name.
    static const QRegularExpression crossed(QStringLiteral("^[-0-9*?.<>=!]+(?:[x×][-0-9*?.<>=!]*)+$"));
    static const QRegularExpression cross(QStringLiteral("[x×]"));
    const QString whole = text.toString();
    const QStringList parts = crossed.match(whole).hasMatch() ? whole.split(cross) : whole.split(u',');
    ListTest test;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QString part = parts[i].trimmed();
        if (!part.isEmpty())
            test.push_back(placeTest(part));
        else
            test.push_back({i + 1 == parts.size() ? PlaceTest::Kind::Rest : PlaceTest::Kind::Any, {}, {}});
    }
    return test;
}

bool accepts(const ListTest& test, const Shape& shape)
{
    return acceptsList(test, std::span<const Dim>(shape));
}
bool accepts(const ListTest& test, std::span<const int64_t> numbers) { return acceptsList(test, numbers); }
bool accepts(const ListTest& test, std::span<const float> numbers) { return acceptsList(test, numbers); }

} // namespace lapidary
