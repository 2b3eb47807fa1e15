// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/ml_scores.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lapidary {

namespace {

double logistic(double value) { return 1 / (1 + std::exp(-value)); }

double inverseErf(double value)
{
    constexpr double a = 0.147;
    const double logarithm = std::log((1 - value) * (1 + value));
    const double half = 2 / (std::numbers::pi * a) + logarithm / 2;
    return std::copysign(std::sqrt(std::sqrt(half * half - logarithm / a) - half), value);
}

double probit(double value) { return std::numbers::sqrt2 * inverseErf(2 * value - 1); }

bool isZero(double value) { return std::abs(value) <= 1e-7; }

// skipZeros: scores of 0 stay there and take no share.
void softmax(std::span<double> scores, bool skipZeros)
{
    if (scores.empty())
        return;
    const double largest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores) {
        score = skipZeros && isZero(score) ? 0 : std::exp(score - largest);
        sum += score;
    }
    if (sum == 0)
        return;
    for (double& score : scores)
        score /= sum;
}

} // namespace

Result<PostTransform> postTransform(const Node& node)
{
    static constexpr std::string_view names[] = {"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"};
    const Attribute* attribute = node.attribute("post_transform");
    if (!attribute)
        return PostTransform::None;
    if (const auto* number = attribute->as<int64_t>(); number && *number >= 0 && *number < 5)
        return static_cast<PostTransform>(*number);
    if (const auto* text = attribute->as<std::string>()) {
        const auto found = std::find(std::begin(names), std::end(names), *text);
        if (found != std::end(names))
            return static_cast<PostTransform>(found - std::begin(names));
    }
    return makeError(ErrorCode::InvalidModel, "post_transform is none of NONE, SOFTMAX, LOGISTIC, "
                                              "SOFTMAX_ZERO and PROBIT");
}

void transformScores(PostTransform transform, std::span<double> scores)
{
    switch (transform) {
    case PostTransform::None: break;
    case PostTransform::Softmax: softmax(scores, false); break;
    case PostTransform::SoftmaxZero: softmax(scores, true); break;
    case PostTransform::Logistic:
        std::transform(scores.begin(), scores.end(), scores.begin(), logistic);
        break;
    case PostTransform::Probit: std::transform(scores.begin(), scores.end(), scores.begin(), probit); break;
    }
}

std::pair<double, double> binaryScores(PostTransform transform, NegativeScore kind, double score)
{
    if (transform == PostTransform::Probit)
        return {1 - probit(score), probit(score)};
    if (transform == PostTransform::None && kind == NegativeScore::Complement)
        return {1 - score, score};
    double pair[] = {-score, score};
    transformScores(transform, pair);
    return {pair[0], pair[1]};
}

size_t topScore(std::span<const double> scores)
{
    return static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

} // namespace lapidary
