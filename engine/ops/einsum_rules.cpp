// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/einsum_rules.h"

#include "engine/ops/broadcast.h"

#include <algorithm>

namespace lapidary {

namespace {

// One operand or the output as written.
struct Term {
    AxisLabels letters;
    bool hasEllipsis = false;
    size_t ellipsisAt = 0; // letters before it
};

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Error wrongEquation(std::string_view equation, const std::string& why)
{
    return makeError(ErrorCode::InvalidArgument, "equation '" + std::string(equation) + "': " + why);
}

Result<Term> parseTerm(std::string_view text, std::string_view equation)
{
    Term term;
    for (size_t i = 0; i < text.size(); ++i) {
        if (isLetter(text[i])) {
            term.letters.push_back(text[i]);
        } else if (text.substr(i, 3) == "..." && !term.hasEllipsis) {
            term.hasEllipsis = true;
            term.ellipsisAt = term.letters.size();
            i += 2;
        } else {
            return wrongEquation(equation, "expected letters and at most one '...' in each term, found '" +
                                               std::string(text) + "'");
        }
    }
    return term;
}

Result<std::vector<Term>> parseTerms(std::string_view text, std::string_view equation)
{
    std::vector<Term> terms;
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(',', begin), text.size());
        TRY_ASSIGN(Term term, parseTerm(text.substr(begin, end - begin), equation));
        terms.push_back(std::move(term));
        begin = end + 1;
    }
    return terms;
}

AxisLabels withEllipsis(const Term& term, size_t ellipsisRank)
{
    AxisLabels labels = term.letters;
    AxisLabels axes;
    for (size_t i = ellipsisRank; i-- > 0;)
        axes.push_back(ellipsisLabel + static_cast<int>(i));
    labels.insert(labels.begin() + static_cast<ptrdiff_t>(term.ellipsisAt), axes.begin(), axes.end());
    return labels;
}

Term implicitOutput(const std::vector<Term>& operands)
{
    std::map<int, int> occurrences;
    for (const Term& term : operands) {
        for (const int letter : term.letters)
            ++occurrences[letter];
    }
    Term output;
    output.hasEllipsis = true;
    for (const auto& [letter, count] : occurrences) {
        if (count == 1)
            output.letters.push_back(letter);
    }
    return output;
}

bool holds(const AxisLabels& labels, int label)
{
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

Status checkOutput(const EinsumLabels& labels, std::string_view equation)
{
    for (size_t i = 0; i < labels.output.size(); ++i) {
        const int label = labels.output[i];
        const bool known = std::any_of(labels.operands.begin(), labels.operands.end(),
                                       [&](const AxisLabels& operand) { return holds(operand, label); });
        const bool again = std::count(labels.output.begin(), labels.output.end(), label) > 1;
        if (!known || again)
            return wrongEquation(
                equation, std::string("letter '") + static_cast<char>(label) +
                              (again ? "' occurs twice in the output" : "' of the output is in no operand"));
    }
    return {};
}

} // namespace

Result<EinsumLabels> einsumLabels(std::string_view equation, const std::vector<size_t>& ranks)
{
    std::string text;
    std::copy_if(equation.begin(), equation.end(), std::back_inserter(text), [](char c) { return c != ' '; });
    const size_t arrow = text.find("->");
    TRY_ASSIGN(const std::vector<Term> operands,
               parseTerms(std::string_view(text).substr(0, arrow), equation));
    if (operands.size() != ranks.size())
        return makeError(ErrorCode::ShapeMismatch,
                         "equation '" + std::string(equation) + "' has " + std::to_string(operands.size()) +
                             " operands, the node has " + std::to_string(ranks.size()));
    EinsumLabels labels;
    size_t ellipsisRank = 0;
    for (size_t i = 0; i < ranks.size(); ++i) {
        const size_t letters = operands[i].letters.size();
        if (operands[i].hasEllipsis ? letters > ranks[i] : letters != ranks[i])
            return makeError(ErrorCode::ShapeMismatch, "equation '" + std::string(equation) + "': operand " +
                                                           std::to_string(i) + " has " +
                                                           std::to_string(letters) + " letters and " +
                                                           std::to_string(ranks[i]) + " dimensions");
        labels.operands.push_back(withEllipsis(operands[i], ranks[i] - letters));
        ellipsisRank = std::max(ellipsisRank, ranks[i] - letters);
    }
    Term output = implicitOutput(operands);
    if (arrow != std::string::npos) {
        TRY_ASSIGN(output, parseTerm(std::string_view(text).substr(arrow + 2), equation));
    }
    labels.output = withEllipsis(output, output.hasEllipsis ? ellipsisRank : 0);
    TRY(checkOutput(labels, equation));
    return labels;
}

Result<std::map<int, Dim>> einsumSizes(const EinsumLabels& labels, const std::vector<Shape>& operands)
{
    std::map<int, Dim> sizes;
    for (size_t i = 0; i < operands.size(); ++i) {
        for (size_t axis = 0; axis < operands[i].size(); ++axis) {
            const auto [entry, isNew] = sizes.try_emplace(labels.operands[i][axis], operands[i][axis]);
            if (isNew)
                continue;
            TRY_ASSIGN(const Shape merged, broadcastShapes({entry->second}, {operands[i][axis]}));
            entry->second = merged[0];
        }
    }
    return sizes;
}

} // namespace lapidary
