// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/result_errors.h"

#include "ui/text/numbers.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>
#include <limits>

namespace lapidary {

namespace {

constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();
// What is nearer is drawn as that: the ramp is for differences that matter.
constexpr double leastShown = 1e-8;
constexpr double mostShown = 10;
// Sums of thousands of float32 products in another order differ by less.
constexpr double farApart = 1e-3;

std::shared_ptr<const NodeData> coloursOf(std::vector<double> values)
{
    NodeData data;
    data.title = QCoreApplication::translate("model comparison", "Relative error");
    data.combine = NodeData::Combine::Most;
    data.values = std::move(values);
    data.text = [](double logarithm) { return errorText(std::pow(10, logarithm)); };
    return std::make_shared<const NodeData>(std::move(data));
}

// In the places of another graph's nodes.
std::vector<double> placed(const std::vector<double>& values, const std::vector<NodeId>& places)
{
    std::vector<double> result(places.size(), notKnown);
    for (size_t i = 0; i < places.size(); ++i) {
        if (places[i] != noNode)
            result[i] = values[static_cast<size_t>(places[i])];
    }
    return result;
}

} // namespace

QString errorText(double relative)
{
    if (relative == 0)
        return QStringLiteral("0");
    if (std::isinf(relative))
        return QStringLiteral("∞");
    const double shown = std::clamp(relative, leastShown, mostShown);
    // "1.2e-5": without the zero that two digits of an exponent want.
    const QString text = shown >= farApart ? percentText(shown, shown < 0.1 ? 1 : 0)
                                           : QLocale()
                                                 .toString(shown, 'e', 1)
                                                 .toLower()
                                                 .replace(QStringLiteral("e-0"), QStringLiteral("e-"));
    if (relative <= leastShown)
        return QStringLiteral("≤ ") + text;
    return relative >= mostShown ? QStringLiteral("≥ ") + text : text;
}

const NodeError* ResultErrors::largest() const
{
    const auto found = std::ranges::max_element(nodes, {}, &NodeError::relative);
    return found == nodes.end() ? nullptr : &*found;
}

const NodeError* ResultErrors::firstFar() const
{
    const auto found =
        std::ranges::find_if(nodes, [](const NodeError& node) { return node.relative > farApart; });
    return found == nodes.end() ? nullptr : &*found;
}

Result<std::shared_ptr<const ResultErrors>> compareResults(const ModelComparison& comparison,
                                                           const Model* asked, const RunRequest& request,
                                                           JobContext& job)
{
    SessionOptions options = request.session;
    options.passes = PassSelection::none(); // the result of every node is compared
    TRY_ASSIGN(const auto before, Session::create(comparison.before.model, options, job));
    TRY_ASSIGN(const auto after, Session::create(comparison.after.model, options, job));
    auto errors = std::make_shared<ResultErrors>();
    std::vector<Value> inputs = request.inputs;
    if (asked != comparison.after.model.get()) {
        TRY_ASSIGN(inputs, inputsOfOther(*after, *before, request.inputs));
    }
    TRY_ASSIGN(errors->nodes, compareRuns(*before, *after, comparison.diff.matching, inputs, job));
    std::vector<double> values(comparison.after.model->graph.nodes.size(), notKnown);
    for (const NodeError& node : errors->nodes)
        values[static_cast<size_t>(node.after)] =
            std::log10(std::clamp(node.relative, leastShown, mostShown));
    errors->merged = coloursOf(placed(values, comparison.merged.after));
    errors->before = coloursOf(placed(values, comparison.diff.matching.afterOf));
    errors->after = coloursOf(std::move(values));
    return std::shared_ptr<const ResultErrors>(std::move(errors));
}

} // namespace lapidary
