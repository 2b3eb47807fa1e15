// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/card_metrics.h"

#include <QFont>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

constexpr std::array<char32_t, 5> specialCharacters = {U'×', U'⟨', U'⟩', U'…', U'−'};

QFont withPixels(const QFont& base, int pixels, QFont::Weight weight)
{
    QFont font(base);
    font.setPixelSize(pixels);
    font.setWeight(weight);
    // The canvas scales the painter: hinted advances would make words jump between zoom steps.
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setStyleStrategy(QFont::PreferAntialias);
    return font;
}

// Reads one character and moves on; malformed bytes count as one character each.
char32_t nextCharacter(std::string_view& text)
{
    const auto byte = [&text](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    const size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (length == 1 || text.size() < length) {
        text.remove_prefix(1);
        return lead;
    }
    char32_t character = lead & (0xff >> (length + 1));
    for (size_t i = 1; i < length; ++i)
        character = (character << 6) | (byte(i) & 0x3f);
    text.remove_prefix(length);
    return character;
}

} // namespace

TextWidths::TextWidths(double width) : m_wide(2 * width)
{
    m_ascii.fill(static_cast<float>(width));
    m_special.fill(static_cast<float>(width));
}

TextWidths::TextWidths(const QFont& font)
{
    const QFontMetricsF metrics(font);
    for (size_t i = 0; i < m_ascii.size(); ++i)
        m_ascii[i] =
            i < 32 ? 0.f : static_cast<float>(metrics.horizontalAdvance(QChar(static_cast<char16_t>(i))));
    for (size_t i = 0; i < specialCharacters.size(); ++i)
        m_special[i] =
            static_cast<float>(metrics.horizontalAdvance(QChar(static_cast<char16_t>(specialCharacters[i]))));
    m_wide = font.pixelSize();
}

double TextWidths::widthOf(char32_t character) const
{
    if (character < m_ascii.size())
        return m_ascii[character];
    for (size_t i = 0; i < specialCharacters.size(); ++i) {
        if (specialCharacters[i] == character)
            return m_special[i];
    }
    return m_wide;
}

double TextWidths::width(std::string_view utf8) const
{
    double sum = 0;
    while (!utf8.empty())
        sum += widthOf(nextCharacter(utf8));
    return sum;
}

QFont CardMetrics::titleFont(const QFont& base)
{
    return withPixels(base, CardStyle::titlePixels, QFont::Medium);
}
QFont CardMetrics::rowNameFont(const QFont& base)
{
    return withPixels(base, CardStyle::rowPixels, QFont::DemiBold);
}
QFont CardMetrics::rowFont(const QFont& base)
{
    return withPixels(base, CardStyle::rowPixels, QFont::Normal);
}
QFont CardMetrics::labelFont(const QFont& base)
{
    return withPixels(base, CardStyle::labelPixels, QFont::Normal);
}

CardMetrics CardMetrics::of(const QFont& base)
{
    return {TextWidths(titleFont(base)), TextWidths(rowNameFont(base)), TextWidths(rowFont(base))};
}

BoxSize CardMetrics::boxSize(const DisplayBox& box) const
{
    double width = title.width(box.title) + (box.expandable ? CardStyle::openerWidth : 0);
    if (box.alike > 1)
        width += CardStyle::sidePadding + rowText.width("×" + std::to_string(box.alike));
    for (const DisplayRow& row : box.rows)
        width = std::max(width, rowName.width(row.name) + CardStyle::nameGap + rowText.width(row.text));
    // Even widths, so that the middle of a box is a whole number at 100 %.
    width = 2 * std::ceil((width + 2 * CardStyle::sidePadding + 1) / 2);
    width = std::clamp(width, CardStyle::leastWidth, CardStyle::mostWidth);
    double height = CardStyle::headerHeight;
    if (!box.rows.empty())
        height += static_cast<double>(box.rows.size()) * CardStyle::rowHeight + 2 * CardStyle::rowsPadding;
    return {width, height};
}

LayoutInput layoutInput(const DisplayGraph& graph, const CardMetrics& metrics)
{
    LayoutInput input;
    input.boxes.reserve(graph.boxes.size());
    for (const DisplayBox& box : graph.boxes)
        input.boxes.push_back(metrics.boxSize(box));
    input.edges.reserve(graph.edges.size());
    for (const DisplayEdge& edge : graph.edges)
        input.edges.push_back({edge.from, edge.to, edge.value});
    const bool framed = std::any_of(graph.boxes.begin(), graph.boxes.end(),
                                    [](const DisplayBox& box) { return box.frame != noBox; });
    if (framed) {
        for (const DisplayBox& box : graph.boxes)
            input.parents.push_back(box.frame);
    }
    return input;
}

} // namespace lapidary
