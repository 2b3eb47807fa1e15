// SPDX-License-Identifier: GPL-3.0-or-later
// CategoryMapper, LabelEncoder, OneHotEncoder: keys are looked up, and their index says what comes out.
#include "engine/cpu/convert_type.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/key_table.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/ops/ml_rules.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

template <typename T>
Tensor listTensor(std::vector<T> list)
{
    const auto count = static_cast<int64_t>(list.size());
    if constexpr (std::is_same_v<T, std::string>)
        return Tensor::ofStrings({count}, std::move(list));
    else
        return Tensor::of<T>({count}, list);
}

// Keys with a value for each, and one for all other keys.
struct Encoder {
    KeyTable keys;
    Tensor values;
    Tensor fallback; // one element of the type of values

    Status run(KernelContext& context) const
    {
        const Tensor& x = context.tensor(0);
        TRY_ASSIGN(const std::vector<int64_t> indices, keys.find(x));
        TRY_ASSIGN(Tensor * y, context.allocate(0, values.type(), x.dims()));
        return dispatchElement(values.type(), [&]<typename T>() {
            T* to = mutableElements<T>(*y);
            for (size_t i = 0; i < indices.size(); ++i)
                to[i] = indices[i] < 0 ? *elements<T>(fallback)
                                       : elements<T>(values)[static_cast<size_t>(indices[i])];
        });
    }
};

Result<Encoder> encoder(const Tensor& keys, Tensor values, Tensor fallback, KeyTable::Repeated repeated)
{
    if (keys.count() != values.count())
        return makeError(ErrorCode::InvalidModel, "there are " + std::to_string(keys.count()) + " keys and " +
                                                      std::to_string(values.count()) + " values");
    if (fallback.type() != values.type() || fallback.count() != 1)
        return makeError(ErrorCode::InvalidModel, "the default value must be one element of type " +
                                                      std::string(dataTypeName(values.type())));
    TRY_ASSIGN(KeyTable table, KeyTable::of(keys, repeated));
    return Encoder{std::move(table), std::move(values), std::move(fallback)};
}

// Both directions between strings and integers; the type of X decides.
Result<std::unique_ptr<Kernel>> stringOrIntegerKernel(const Node& node, std::vector<std::string> strings,
                                                      std::vector<int64_t> integers)
{
    constexpr auto repeated = KeyTable::Repeated::LastWins;
    const Tensor names = listTensor(std::move(strings));
    const Tensor numbers = listTensor(std::move(integers));
    const std::string defaultString = node.stringAttribute("default_string", "_Unused");
    TRY_ASSIGN(Encoder toNumber,
               encoder(names, numbers, Tensor::scalar(node.intAttribute("default_int64", -1)), repeated));
    TRY_ASSIGN(Encoder toName, encoder(numbers, names, Tensor::ofStrings({}, {defaultString}), repeated));
    return plainKernel([toNumber, toName](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        return (context.tensor(0).type() == DataType::String ? toNumber : toName).run(context);
    });
}

Status acceptStringOrInteger(const KernelRequest& request)
{
    const DataType type = request.inputDataType(0);
    const bool fits = type == DataType::Undefined || type == DataType::String || type == DataType::Int64;
    return fits ? Status() : unsupportedType(type);
}

KernelResult createCategoryMapper(const KernelRequest& request)
{
    TRY(acceptStringOrInteger(request));
    const Node& node = *request.node;
    return stringOrIntegerKernel(node, listAttribute<std::string>(node, "cats_strings"),
                                 listAttribute<int64_t>(node, "cats_int64s"));
}

// LabelEncoder-1: a string and its place in the list.
KernelResult createFirstLabelEncoder(const KernelRequest& request)
{
    TRY(acceptStringOrInteger(request));
    const auto& classes = listAttribute<std::string>(*request.node, "classes_strings");
    std::vector<int64_t> places(classes.size());
    for (size_t i = 0; i < places.size(); ++i)
        places[i] = static_cast<int64_t>(i);
    return stringOrIntegerKernel(*request.node, classes, std::move(places));
}

// keys_* or values_*: strings, int64s, floats or a tensor.
Result<Tensor> listOf(const Node& node, const std::string& prefix)
{
    const Attribute* tensor = node.attribute(prefix + "_tensor");
    if (const auto* ref = tensor ? tensor->as<TensorRef>() : nullptr) {
        TRY_ASSIGN(const Tensor loaded, ref->load());
        return loaded.aligned();
    }
    if (node.attribute(prefix + "_strings"))
        return listTensor(listAttribute<std::string>(node, prefix + "_strings"));
    if (node.attribute(prefix + "_int64s"))
        return listTensor(listAttribute<int64_t>(node, prefix + "_int64s"));
    if (node.attribute(prefix + "_floats"))
        return listTensor(listAttribute<float>(node, prefix + "_floats"));
    return makeError(ErrorCode::InvalidModel, "LabelEncoder has no attribute " + prefix + "_*");
}

// default_tensor, or default_string, default_int64 or default_float, whichever fits the values.
Result<Tensor> defaultFor(const Node& node, DataType type)
{
    const Attribute* tensor = node.attribute("default_tensor");
    if (const auto* ref = tensor ? tensor->as<TensorRef>() : nullptr) {
        TRY_ASSIGN(const Tensor loaded, ref->load());
        return loaded.aligned();
    }
    if (type == DataType::String)
        return Tensor::ofStrings({}, {node.stringAttribute("default_string", "_Unused")});
    const bool isFloat = isFloatingPoint(type);
    return convertType(isFloat ? Tensor::scalar(node.floatAttribute("default_float", -0.0f))
                               : Tensor::scalar(node.intAttribute("default_int64", -1)),
                       type);
}

KernelResult createLabelEncoder(const KernelRequest& request)
{
    const Node& node = *request.node;
    TRY_ASSIGN(const Tensor keys, listOf(node, "keys"));
    TRY_ASSIGN(Tensor values, listOf(node, "values"));
    TRY_ASSIGN(Tensor fallback, defaultFor(node, values.type()));
    // Version 4 says that the last of repeated keys counts; version 2 is silent.
    const auto repeated =
        request.opsetVersion < 4 ? KeyTable::Repeated::FirstWins : KeyTable::Repeated::LastWins;
    TRY_ASSIGN(Encoder encoding, encoder(keys, std::move(values), std::move(fallback), repeated));
    return plainKernel([encoding](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        return encoding.run(context);
    });
}

// The categories are strings or integers; numbers of other types are cut off to integers.
KernelResult createOneHot(const KernelRequest& request)
{
    const Node& node = *request.node;
    const auto& strings = listAttribute<std::string>(node, "cats_strings");
    const auto& integers = listAttribute<int64_t>(node, "cats_int64s");
    if (strings.empty() == integers.empty())
        return makeError(ErrorCode::InvalidModel, "OneHotEncoder needs one of cats_strings and cats_int64s");
    TRY_ASSIGN(KeyTable table, KeyTable::of(strings.empty() ? listTensor(integers) : listTensor(strings),
                                            KeyTable::Repeated::LastWins));
    const bool allowsUnknown = node.intAttribute("zeros", 1) != 0;
    return plainKernel([table, allowsUnknown](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        Tensor x = context.tensor(0);
        if (table.type() == DataType::Int64 && x.type() != DataType::String) {
            TRY_ASSIGN(x, convertType(x, DataType::Int64));
        }
        TRY_ASSIGN(const std::vector<int64_t> indices, table.find(x));
        Dims dims = x.dims();
        dims.push_back(table.count());
        TRY_ASSIGN(Tensor * y, context.allocate(0, DataType::Float, std::move(dims)));
        float* row = y->mutableData<float>();
        std::fill_n(row, y->count(), 0.0f);
        for (size_t i = 0; i < indices.size(); ++i, row += table.count()) {
            if (indices[i] >= 0)
                row[indices[i]] = 1;
            else if (!allowsUnknown)
                return makeError(ErrorCode::InvalidArgument,
                                 "element " + std::to_string(i) + " of X is none of the categories");
        }
        return {};
    });
}

constexpr KernelRow rows[] = {
    {mlDomain, "CategoryMapper", 1, newestOpset, "plain", createCategoryMapper},
    {mlDomain, "LabelEncoder", 1, 1, "plain", createFirstLabelEncoder},
    {mlDomain, "LabelEncoder", 2, newestOpset, "plain", createLabelEncoder},
    {mlDomain, "OneHotEncoder", 1, newestOpset, "plain", createOneHot},
};

} // namespace

std::span<const KernelRow> mlEncodingKernels() { return rows; }

} // namespace lapidary
