// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/recurrent_activation.h"

#include "engine/backend/functors/unary.h"
#include "engine/base/text.h"
#include "engine/cpu/vector_math.h"

#include <algorithm>

namespace lapidary {

namespace {

struct NamedActivation {
    std::string_view name; // in small letters: files do not agree on capitals
    ActivationFunction function;
    std::optional<float> alpha; // the default; nullopt where the function has none
    std::optional<float> beta;
};

constexpr NamedActivation namedActivations[] = {
    {"relu", ActivationFunction::Relu, {}, {}},
    {"tanh", ActivationFunction::Tanh, {}, {}},
    {"sigmoid", ActivationFunction::Sigmoid, {}, {}},
    {"affine", ActivationFunction::Affine, 1.0f, 0.0f},
    {"leakyrelu", ActivationFunction::LeakyRelu, 0.01f, {}},
    {"thresholdedrelu", ActivationFunction::ThresholdedRelu, 1.0f, {}},
    {"scaledtanh", ActivationFunction::ScaledTanh, 1.0f, 1.0f},
    {"hardsigmoid", ActivationFunction::HardSigmoid, 0.2f, 0.5f},
    {"elu", ActivationFunction::Elu, 1.0f, {}},
    {"softsign", ActivationFunction::Softsign, {}, {}},
    {"softplus", ActivationFunction::Softplus, {}, {}},
};

std::vector<std::string> defaultNames(const RecurrentAttributes& attributes)
{
    std::vector<std::string> names;
    for (int64_t i = 0; i < attributes.directions; ++i) {
        switch (attributes.cell) {
        case RecurrentCell::Rnn: names.insert(names.end(), {"Tanh"}); break;
        case RecurrentCell::Gru: names.insert(names.end(), {"Sigmoid", "Tanh"}); break;
        case RecurrentCell::Lstm: names.insert(names.end(), {"Sigmoid", "Tanh", "Tanh"}); break;
        }
    }
    return names;
}

Result<NamedActivation> findActivation(const std::string& name)
{
    const std::string lower = lowerCase(name);
    for (const NamedActivation& activation : namedActivations) {
        if (activation.name == lower)
            return activation;
    }
    return makeError(ErrorCode::InvalidArgument,
                     "attribute activations: there is no activation '" + name + "'");
}

// The parameters that the file gives, handed out one by one.
class Parameters {
public:
    Parameters(const Node& node, std::string_view name)
    {
        const Attribute* attribute = node.attribute(name);
        if (const auto* values = attribute ? attribute->as<std::vector<float>>() : nullptr)
            m_values = *values;
    }
    float next(std::optional<float> fallback)
    {
        if (!fallback)
            return 0;
        return m_used < m_values.size() ? m_values[m_used++] : *fallback;
    }

private:
    std::vector<float> m_values;
    size_t m_used = 0;
};

template <typename T, typename Functor>
void map(T* values, int64_t count, const Functor& functor)
{
    for (int64_t i = 0; i < count; ++i)
        values[i] = functor(values[i]);
}

// Functions with exponentials: vector code for float32, the library's functions for double.
template <typename T, typename Functor>
void mapSmooth(T* values, int64_t count, [[maybe_unused]] VectorFunction function, const Functor& functor,
               [[maybe_unused]] float parameter = 0)
{
    if constexpr (std::is_same_v<T, float>)
        vectorMap(function, values, values, count, parameter);
    else
        map(values, count, functor);
}

} // namespace

Result<std::vector<Activation>> recurrentActivations(const Node& node, const RecurrentAttributes& attributes)
{
    std::vector<std::string> names = defaultNames(attributes);
    const Attribute* attribute = node.attribute("activations");
    const auto* given = attribute ? attribute->as<std::vector<std::string>>() : nullptr;
    if (given && !given->empty()) {
        // RNN's default names two functions; one direction uses the first.
        if (given->size() < names.size())
            return makeError(ErrorCode::InvalidArgument, "attribute activations: expected " +
                                                             std::to_string(names.size()) + " names, found " +
                                                             std::to_string(given->size()));
        std::copy_n(given->begin(), names.size(), names.begin());
    }
    Parameters alphas(node, "activation_alpha");
    Parameters betas(node, "activation_beta");
    std::vector<Activation> activations;
    for (const std::string& name : names) {
        TRY_ASSIGN(const NamedActivation named, findActivation(name));
        activations.push_back({named.function, alphas.next(named.alpha), betas.next(named.beta)});
    }
    return activations;
}

template <typename T>
void activate(const Activation& activation, T* values, int64_t count)
{
    const T alpha = static_cast<T>(activation.alpha);
    const T beta = static_cast<T>(activation.beta);
    switch (activation.function) {
    case ActivationFunction::Relu: map(values, count, functors::Relu()); break;
    case ActivationFunction::Tanh: mapSmooth(values, count, VectorFunction::Tanh, functors::Tanh()); break;
    case ActivationFunction::Sigmoid:
        mapSmooth(values, count, VectorFunction::Sigmoid, functors::Sigmoid());
        break;
    case ActivationFunction::Affine: map(values, count, [=](T x) { return alpha * x + beta; }); break;
    case ActivationFunction::LeakyRelu: map(values, count, functors::LeakyRelu{activation.alpha}); break;
    case ActivationFunction::ThresholdedRelu: // unlike the operator of that name it keeps x == alpha
        map(values, count, [=](T x) { return x < alpha ? T{0} : x; });
        break;
    case ActivationFunction::ScaledTanh:
        map(values, count, [=](T x) { return beta * x; });
        mapSmooth(values, count, VectorFunction::Tanh, functors::Tanh());
        map(values, count, [=](T x) { return alpha * x; });
        break;
    case ActivationFunction::HardSigmoid:
        map(values, count, functors::HardSigmoid{activation.alpha, activation.beta});
        break;
    case ActivationFunction::Elu:
        mapSmooth(values, count, VectorFunction::Elu, functors::Elu{activation.alpha}, activation.alpha);
        break;
    case ActivationFunction::Softsign: map(values, count, functors::Softsign()); break;
    case ActivationFunction::Softplus:
        mapSmooth(values, count, VectorFunction::Softplus, functors::Softplus());
        break;
    }
}

template void activate(const Activation&, float*, int64_t);
template void activate(const Activation&, double*, int64_t);

} // namespace lapidary
