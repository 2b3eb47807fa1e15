// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the smallest questions of a search query: about a text, a number, a list of numbers (a shape,
// or an attribute such as kernel_shape). Pure data, any thread.
#pragma once

#include "engine/ir/shape.h"

#include <QRegularExpression>

#include <limits>
#include <span>
#include <string_view>

namespace lapidary {

// Texts are compared in this form: lower case, without line breaks.
std::string foldedText(std::string_view text);

struct TextTest {
    enum class Kind : uint8_t { Contains, Equals, Wildcard, Regex };
    Kind kind = Kind::Contains;
    std::string text;         // folded; Wildcard: with its '*', each for any number of characters
    QRegularExpression regex; // Kind::Regex
    // folded: as foldedText gives it. Wildcard: the whole of it; Regex: any part.
    bool accepts(std::string_view folded) const;
};

// A range; one number is a range of it alone.
struct NumberTest {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool lowOpen = false;
    bool highOpen = false;
    bool negated = false;
    bool accepts(double number) const;
    bool acceptsFloat(float number) const; // with the precision of a float: 1e-5 is 1e-5f
};
// "3", "-1", "1.5M", "64kB", ">=1k", "!=0", "10..20", "..5". k, M, G, T are powers of 1000, Ki, Mi, Gi of
// 1024; nullopt when it is no number.
std::optional<NumberTest> numberTest(QStringView text);

// One place of a list: "*" or "?", "..." (any number of places), a number or comparison, or a name.
struct PlaceTest {
    enum class Kind : uint8_t { Any, Rest, Number, Symbol };
    Kind kind = Kind::Any;
    NumberTest number;
    std::string symbol; // folded
};
using ListTest = std::vector<PlaceTest>;
// "1,*,224,224", "1x3x224x224", "[batch, ..., >64]". A comma at the end stands for "and more".
ListTest listTest(QStringView text);
bool accepts(const ListTest& test, const Shape& shape);
bool accepts(const ListTest& test, std::span<const int64_t> numbers);
bool accepts(const ListTest& test, std::span<const float> numbers);

} // namespace lapidary
