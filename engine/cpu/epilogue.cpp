// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/epilogue.h"

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

} // namespace lapidary
