// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/backend/functors/integer.h"
#include "engine/cpu/dot_product.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/elementwise.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/ml_inputs.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/ml_rules.h"

#include <cmath>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;
using InputTypes = TypeList<float, double, int64_t, int32_t>;

int64_t lastDim(const Tensor& x) { return x.dims().empty() ? 1 : x.dims().back(); }

// y[i] = functor(x[i], feature of i), features being the last dimension.
template <typename In, typename Out, typename Functor>
void mapFeatures(const Tensor& x, Out* y, const Functor& functor)
{
    const int64_t features = std::max<int64_t>(1, lastDim(x));
    const In* from = x.data<In>();
    const int64_t grain = std::max<int64_t>(1, cheapGrain / features);
    parallelFor(x.count() / features, grain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin * features; i < end * features; i += features) {
            for (int64_t feature = 0; feature < features; ++feature)
                y[i + feature] = functor(from[i + feature], static_cast<size_t>(feature));
        }
    });
}

// Values of an attribute for features of X: one for each, or one for all.
template <typename T>
Status requireOneOrEach(const char* name, const std::vector<T>& values, const Tensor& x)
{
    if (values.size() == 1 || static_cast<int64_t>(values.size()) == lastDim(x))
        return {};
    return makeError(ErrorCode::ShapeMismatch, std::string(name) + " has " + std::to_string(values.size()) +
                                                   " elements, expected 1 or " + std::to_string(lastDim(x)));
}

template <typename T>
T valueFor(const std::vector<T>& values, size_t feature)
{
    return values.size() == 1 ? values[0] : values[feature];
}

KernelResult createBinarizer(const KernelRequest& request)
{
    TRY(acceptTypes(InputTypes(), request));
    const double threshold = request.node->floatAttribute("threshold", 0);
    return plainKernel([threshold](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        return dispatch(InputTypes(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), x.dims()));
            mapElements(x.data<T>(), y->mutableData<T>(), x.count(), cheapGrain, [threshold](T value) {
                return static_cast<T>(static_cast<double>(value) > threshold ? 1 : 0);
            });
            return {};
        });
    });
}

// Y = (X - offset) * scale.
KernelResult createScaler(const KernelRequest& request)
{
    TRY(acceptTypes(InputTypes(), request));
    std::vector<float> offset = listAttribute<float>(*request.node, "offset");
    std::vector<float> scale = listAttribute<float>(*request.node, "scale");
    if (offset.empty())
        offset = {0};
    if (scale.empty())
        scale = {1};
    return plainKernel([offset, scale](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY(requireOneOrEach("offset", offset, x));
        TRY(requireOneOrEach("scale", scale, x));
        return dispatch(InputTypes(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, x.dims()));
            mapFeatures<T>(x, y->mutableData<float>(), [&](T value, size_t feature) {
                return static_cast<float>((static_cast<double>(value) - valueFor(offset, feature)) *
                                          valueFor(scale, feature));
            });
            return {};
        });
    });
}

// Elements equal to replaced (NaN equals NaN) become the imputed value of their feature.
template <typename T, typename Value>
Status impute(KernelContext& context, const std::vector<Value>& imputed, Value replaced)
{
    const Tensor& x = context.tensor(0);
    TRY(requireOneOrEach("imputed_value", imputed, x));
    TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), x.dims()));
    mapFeatures<T>(x, y->mutableData<T>(), [&](T value, size_t feature) {
        const auto wide = static_cast<std::common_type_t<T, Value>>(value);
        const bool isReplaced = wide == replaced || (value != value && replaced != replaced);
        return isReplaced ? static_cast<T>(valueFor(imputed, feature)) : value;
    });
    return {};
}

KernelResult createImputer(const KernelRequest& request)
{
    TRY(acceptTypes(InputTypes(), request));
    const Node& node = *request.node;
    const auto floats = listAttribute<float>(node, "imputed_value_floats");
    const auto ints = listAttribute<int64_t>(node, "imputed_value_int64s");
    const float replacedFloat = node.floatAttribute("replaced_value_float", 0);
    const int64_t replacedInt = node.intAttribute("replaced_value_int64", 0);
    return plainKernel([=](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        return dispatch(InputTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
            if constexpr (std::is_floating_point_v<T>)
                return impute<T>(context, floats, replacedFloat);
            else
                return impute<T>(context, ints, replacedInt);
        });
    });
}

enum class Norm { Max, L1, L2 };

// What a row is divided by.
template <typename T>
double normOf(Norm norm, const T* row, int64_t count)
{
    if (norm == Norm::L2)
        return std::sqrt(dotProduct(row, row, count));
    double result = norm == Norm::Max && count > 0 ? static_cast<double>(row[0]) : 0;
    for (int64_t i = 0; i < count; ++i) {
        const auto value = static_cast<double>(row[i]);
        result = norm == Norm::Max ? std::max(result, value) : result + std::abs(value);
    }
    return result;
}

KernelResult createNormalizer(const KernelRequest& request)
{
    TRY(acceptTypes(InputTypes(), request));
    static constexpr std::string_view names[] = {"MAX", "L1", "L2"};
    const std::string name = request.node->stringAttribute("norm", "MAX");
    const auto found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names))
        return makeError(ErrorCode::InvalidModel, "norm is none of MAX, L1 and L2");
    const auto norm = static_cast<Norm>(found - std::begin(names));
    return plainKernel([norm](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const MlRows rows, mlRows(context));
        return dispatch(InputTypes(), x.type(), [&]<typename T>() -> Status {
            TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, x.dims()));
            auto* to = y->mutableData<float>();
            const int64_t grain = 1 + cheapGrain / (rows.features + 1);
            parallelFor(rows.rows, grain, [&](int64_t begin, int64_t end) {
                for (int64_t row = begin; row < end; ++row) {
                    const T* from = x.data<T>() + row * rows.features;
                    const double size = normOf(norm, from, rows.features);
                    const double divisor = size == 0 ? 1 : size;
                    for (int64_t i = 0; i < rows.features; ++i)
                        to[row * rows.features + i] =
                            static_cast<float>(static_cast<double>(from[i]) / divisor);
                }
            });
            return {};
        });
    });
}

// The columns of X that the indices name.
KernelResult createExtractor(const KernelRequest&)
{
    return plainKernel([](KernelContext& context) -> Status {
        TRY(requireInputs(context, 2));
        const Tensor& x = context.tensor(0);
        const Tensor& indices = context.tensor(1);
        if (indices.type() != DataType::Int64)
            return unsupportedType(indices.type());
        const Shape indexShape = toShape(indices.dims());
        TRY_ASSIGN(const Shape shape, extractedShape(toShape(x.dims()), &indexShape));
        const int64_t features = x.dims().back();
        const auto columns = indices.values<int64_t>();
        for (const int64_t column : columns) {
            if (column < 0 || column >= features)
                return makeError(ErrorCode::InvalidArgument, "index " + std::to_string(column) +
                                                                 " is outside the " +
                                                                 std::to_string(features) + " features of X");
        }
        TRY_ASSIGN(Tensor * y, context.allocate(0, x.type(), *concreteDims(shape)));
        const auto count = static_cast<int64_t>(columns.size());
        if (y->count() == 0)
            return {};
        return dispatchElement(x.type(), [&]<typename T>() {
            const T* from = elements<T>(x);
            T* to = mutableElements<T>(*y);
            parallelFor(y->count() / count, 1 + cheapGrain / count, [&](int64_t begin, int64_t end) {
                for (int64_t row = begin; row < end; ++row) {
                    for (int64_t i = 0; i < count; ++i)
                        to[row * count + i] = from[row * features + columns[static_cast<size_t>(i)]];
                }
            });
        });
    });
}

// One input of FeatureVectorizer, [N, C] or [C].
struct VectorizedInput {
    const Tensor* tensor = nullptr;
    int64_t features = 0; // of the tensor
    int64_t columns = 0;  // of the result: features beyond are dropped, missing ones are 0
};

Result<std::vector<VectorizedInput>> vectorizedInputs(const KernelContext& context,
                                                      const std::vector<int64_t>& sizes, int64_t& rows)
{
    std::vector<VectorizedInput> inputs(context.inputCount());
    if (!sizes.empty() && sizes.size() != inputs.size())
        return makeError(ErrorCode::ShapeMismatch, "inputdimensions has " + std::to_string(sizes.size()) +
                                                       " elements for " + std::to_string(inputs.size()) +
                                                       " inputs");
    for (size_t i = 0; i < inputs.size(); ++i) {
        inputs[i].tensor = &context.tensor(i);
        TRY_ASSIGN(const FeatureDims dims, featureDims(toShape(inputs[i].tensor->dims())));
        if (i > 0 && dims.rows.value != rows)
            return makeError(ErrorCode::ShapeMismatch, "input " + std::to_string(i) + " has " +
                                                           std::to_string(dims.rows.value) +
                                                           " rows, input 0 " + std::to_string(rows));
        rows = dims.rows.value;
        inputs[i].features = dims.features.value;
        inputs[i].columns = sizes.empty() ? inputs[i].features : std::max<int64_t>(0, sizes[i]);
    }
    return inputs;
}

KernelResult createVectorizer(const KernelRequest& request)
{
    return plainKernel(
        [sizes = listAttribute<int64_t>(*request.node, "inputdimensions")](KernelContext& context) -> Status {
            TRY(requireInputs(context, 1));
            int64_t rows = 0;
            TRY_ASSIGN(const auto inputs, vectorizedInputs(context, sizes, rows));
            int64_t columns = 0;
            for (const VectorizedInput& input : inputs) {
                if (__builtin_add_overflow(columns, input.columns, &columns))
                    return makeError(ErrorCode::InvalidModel, "the inputdimensions are too large");
            }
            TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, {rows, columns}));
            auto* to = y->mutableData<float>();
            std::fill_n(to, y->count(), 0.0f);
            for (const VectorizedInput& input : inputs) {
                const int64_t copied = std::min(input.features, input.columns);
                TRY(dispatch(InputTypes(), input.tensor->type(), [&]<typename T>() -> Status {
                    for (int64_t row = 0; row < rows; ++row) {
                        const T* from = input.tensor->data<T>() + row * input.features;
                        std::transform(from, from + copied, to + row * columns,
                                       [](T value) { return static_cast<float>(value); });
                    }
                    return {};
                }));
                to += input.columns;
            }
            return {};
        });
}

constexpr KernelRow rows[] = {
    {mlDomain, "ArrayFeatureExtractor", 1, newestOpset, "plain", createExtractor},
    {mlDomain, "Binarizer", 1, newestOpset, "plain", createBinarizer},
    {mlDomain, "FeatureVectorizer", 1, newestOpset, "plain", createVectorizer},
    {mlDomain, "Imputer", 1, newestOpset, "plain", createImputer},
    {mlDomain, "Normalizer", 1, newestOpset, "plain", createNormalizer},
    {mlDomain, "Scaler", 1, newestOpset, "plain", createScaler},
};

} // namespace

std::span<const KernelRow> mlFeaturesKernels() { return rows; }

} // namespace lapidary
