// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/epilogue.h"

#include "engine/cpu/vector_math.h"

#include <limits>

namespace lapidary {

std::optional<Activation> activationNamed(std::string_view name, float alpha, float beta)
{
    using Kind = Activation::Kind;
    struct Known {
        std::string_view name;
        Activation activation;
    };
    const Known known[] = {
        {"", {}},
        {"Relu", {Kind::Relu}},
        {"LeakyRelu", {Kind::LeakyRelu, alpha}},
        {"Clip", {Kind::Clip, alpha, beta}},
        {"Sigmoid", {Kind::Sigmoid}},
        {"Tanh", {Kind::Tanh}},
        {"Swish", {Kind::Swish, 1}},
        {"HardSwish", {Kind::HardSwish}},
        {"Gelu", {Kind::GeluErf}},
        {"FastGelu", {Kind::GeluTanh}},
    };
    for (const Known& entry : known) {
        if (entry.name == name)
            return entry.activation;
    }
    return std::nullopt;
}

std::optional<Limits> limitsOf(const Activation& activation)
{
    constexpr float infinity = std::numeric_limits<float>::infinity();
    switch (activation.kind) {
    case Activation::Kind::None: return Limits{-infinity, infinity};
    case Activation::Kind::Relu: return Limits{0, infinity};
    case Activation::Kind::Clip: return Limits{activation.alpha, activation.beta};
    default: return std::nullopt;
    }
}

void applyActivation(const Activation& activation, float* values, int64_t count)
{
    using Kind = Activation::Kind;
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const auto map = [&](VectorFunction function, float parameter = 0) {
        vectorMap(function, values, values, count, parameter);
    };
    const auto each = [&](auto function) {
        for (int64_t i = 0; i < count; ++i)
            values[i] = function(values[i]);
    };
    const float alpha = activation.alpha;
    const float beta = activation.beta;
    const auto between = [](float x, float least, float most) {
        return x < least ? least : x > most ? most : x;
    };
    switch (activation.kind) {
    case Kind::None: return;
    case Kind::Relu: return scaleAll(values, 1, 0, values, count, {0, infinity});
    case Kind::Clip: return scaleAll(values, 1, 0, values, count, {alpha, beta});
    case Kind::LeakyRelu: return each([&](float x) { return x < 0 ? alpha * x : x; });
    case Kind::HardSigmoid: return each([&](float x) { return between(alpha * x + beta, 0, 1); });
    case Kind::HardSwish: return each([&](float x) { return x * between(x / 6 + 0.5f, 0, 1); });
    case Kind::Sigmoid: return map(VectorFunction::Sigmoid);
    case Kind::Tanh: return map(VectorFunction::Tanh);
    case Kind::Swish: return map(VectorFunction::Swish, alpha);
    case Kind::Mish: return map(VectorFunction::Mish);
    case Kind::GeluErf: return map(VectorFunction::GeluErf);
    case Kind::GeluTanh: return map(VectorFunction::GeluTanh);
    }
}

} // namespace lapidary
