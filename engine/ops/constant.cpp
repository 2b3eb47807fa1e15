// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/constant.h"

namespace lapidary {

namespace {

int64_t sizeOf(const auto& list) { return static_cast<int64_t>(list.size()); }

const Attribute* valueAttribute(const Node& node)
{
    for (const std::string_view name : {"value", "sparse_value", "value_float", "value_floats", "value_int",
                                        "value_ints", "value_string", "value_strings"}) {
        if (const Attribute* attribute = node.attribute(name))
            return attribute;
    }
    return nullptr;
}

struct TypeOfAttribute {
    ConstantType operator()(const TensorRef& ref) const { return {ref.type, ref.dims}; }
    ConstantType operator()(const SparseTensorRef& sparse) const { return {sparse.values.type, sparse.dims}; }
    ConstantType operator()(float) const { return {DataType::Float, {}}; }
    ConstantType operator()(int64_t) const { return {DataType::Int64, {}}; }
    ConstantType operator()(const std::string&) const { return {DataType::String, {}}; }
    ConstantType operator()(const std::vector<float>& list) const
    {
        return {DataType::Float, {sizeOf(list)}};
    }
    ConstantType operator()(const std::vector<int64_t>& list) const
    {
        return {DataType::Int64, {sizeOf(list)}};
    }
    ConstantType operator()(const std::vector<std::string>& list) const
    {
        return {DataType::String, {sizeOf(list)}};
    }
    ConstantType operator()(const auto&) const { return {}; }
};

struct TensorOfAttribute {
    Result<Tensor> operator()(const TensorRef& ref) const { return ref.load(); }
    Result<Tensor> operator()(const SparseTensorRef& sparse) const { return denseTensor(sparse); }
    Result<Tensor> operator()(float value) const { return Tensor::scalar(value); }
    Result<Tensor> operator()(int64_t value) const { return Tensor::scalar(value); }
    Result<Tensor> operator()(const std::string& value) const { return Tensor::ofStrings({}, {value}); }
    Result<Tensor> operator()(const std::vector<float>& list) const
    {
        return Tensor::of<float>({sizeOf(list)}, list);
    }
    Result<Tensor> operator()(const std::vector<int64_t>& list) const
    {
        return Tensor::of<int64_t>({sizeOf(list)}, list);
    }
    Result<Tensor> operator()(const std::vector<std::string>& list) const
    {
        return Tensor::ofStrings({sizeOf(list)}, list);
    }
    Result<Tensor> operator()(const auto&) const
    {
        return makeError(ErrorCode::InvalidModel,
                         "the value of Constant has an attribute type that is no tensor");
    }
};

// The linear position of entry number `entry`, or nullopt when it lies outside dims.
std::optional<int64_t> sparsePosition(const std::vector<int64_t>& indices, int64_t entry, bool linear,
                                      const Dims& dims, int64_t count)
{
    if (linear) {
        const int64_t position = indices[static_cast<size_t>(entry)];
        return position >= 0 && position < count ? std::optional(position) : std::nullopt;
    }
    int64_t position = 0;
    for (size_t axis = 0; axis < dims.size(); ++axis) {
        const int64_t index = indices[static_cast<size_t>(entry) * dims.size() + axis];
        if (index < 0 || index >= dims[axis])
            return std::nullopt;
        position = position * dims[axis] + index;
    }
    return position;
}

} // namespace

ConstantType constantType(const Node& node)
{
    const Attribute* attribute = valueAttribute(node);
    return attribute ? std::visit(TypeOfAttribute(), attribute->data) : ConstantType();
}

Result<Tensor> constantTensor(const Node& node, int64_t largestCount)
{
    const Attribute* attribute = valueAttribute(node);
    if (!attribute)
        return makeError(ErrorCode::InvalidModel, "Constant has no value attribute");
    if (elementCount(constantType(node).dims).value_or(0) > largestCount)
        return Tensor();
    return std::visit(TensorOfAttribute(), attribute->data);
}

Result<Tensor> denseTensor(const SparseTensorRef& sparse)
{
    TRY_ASSIGN(const Tensor values, sparse.values.load());
    TRY_ASSIGN(const Tensor indexTensor, sparse.indices.load());
    TRY_ASSIGN(const std::vector<int64_t> indices, toInt64s(indexTensor));
    TRY_ASSIGN(Tensor dense, Tensor::allocate(values.type(), sparse.dims));
    const size_t elementBytes = static_cast<size_t>(bitWidth(values.type())) / 8;
    if (elementBytes == 0)
        return makeError(ErrorCode::InvalidModel,
                         "a sparse tensor cannot hold " + std::string(dataTypeName(values.type())));
    const bool linear = indexTensor.rank() == 1;
    const auto wanted = static_cast<uint64_t>(values.count()) * (linear ? 1 : sparse.dims.size());
    if (indices.size() != wanted)
        return makeError(ErrorCode::InvalidModel, "a sparse tensor has " + std::to_string(values.count()) +
                                                      " values but indices of shape " +
                                                      toString(indexTensor.dims()));
    std::memset(dense.mutableBytes(), 0, dense.sizeBytes());
    for (int64_t entry = 0; entry < values.count(); ++entry) {
        const auto position = sparsePosition(indices, entry, linear, sparse.dims, dense.count());
        if (!position)
            return makeError(ErrorCode::InvalidModel, "index " + std::to_string(entry) +
                                                          " of a sparse tensor is outside its shape " +
                                                          toString(sparse.dims));
        std::memcpy(dense.mutableBytes() + static_cast<size_t>(*position) * elementBytes,
                    values.bytes() + static_cast<size_t>(entry) * elementBytes, elementBytes);
    }
    return dense;
}

} // namespace lapidary
