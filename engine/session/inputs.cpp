// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/inputs.h"

#include <random>

namespace lapidary {

namespace {

Error inputError(ErrorCode code, const std::string& name, std::string message)
{
    return makeError(code, std::move(message), "Give an input that fits the model's signature.")
        .at("input '" + name + "'");
}

// One reproducible element; the generator's bits, not std::uniform_*, whose results differ between
// standard libraries.
template <typename T>
T randomElement(std::mt19937_64& generator)
{
    const uint64_t bits = generator();
    if constexpr (std::is_same_v<T, Float16> || std::is_same_v<T, BFloat16>)
        return T(static_cast<float>(bits >> 40) * 0x1p-23f - 1.0f);
    else if constexpr (std::is_floating_point_v<T>)
        return static_cast<T>(static_cast<float>(bits >> 40) * 0x1p-23f - 1.0f);
    else
        return static_cast<T>(bits >> 63);
}

template <typename T>
void fill(Tensor& tensor, const std::function<T()>& element)
{
    T* data = tensor.mutableData<T>();
    for (int64_t i = 0; i < tensor.count(); ++i)
        data[i] = element();
}

// Calls visitor with a null pointer of the C++ type that stores the data type; false if none does.
template <typename Visitor>
bool visitStorage(DataType type, Visitor visitor)
{
    switch (type) {
    case DataType::Float: visitor(static_cast<float*>(nullptr)); return true;
    case DataType::Double: visitor(static_cast<double*>(nullptr)); return true;
    case DataType::Float16: visitor(static_cast<Float16*>(nullptr)); return true;
    case DataType::BFloat16: visitor(static_cast<BFloat16*>(nullptr)); return true;
    case DataType::Int8: visitor(static_cast<int8_t*>(nullptr)); return true;
    case DataType::Int16: visitor(static_cast<int16_t*>(nullptr)); return true;
    case DataType::Int32: visitor(static_cast<int32_t*>(nullptr)); return true;
    case DataType::Int64: visitor(static_cast<int64_t*>(nullptr)); return true;
    case DataType::UInt8: visitor(static_cast<uint8_t*>(nullptr)); return true;
    case DataType::UInt16: visitor(static_cast<uint16_t*>(nullptr)); return true;
    case DataType::UInt32: visitor(static_cast<uint32_t*>(nullptr)); return true;
    case DataType::UInt64: visitor(static_cast<uint64_t*>(nullptr)); return true;
    case DataType::Bool: visitor(static_cast<bool*>(nullptr)); return true;
    default: return false;
    }
}

Error noContents(DataType type)
{
    return makeError(ErrorCode::InvalidArgument,
                     "contents cannot be made up for a tensor of type " + std::string(dataTypeName(type)),
                     "Give the input as a file.");
}

} // namespace

Status checkInput(const std::string& name, const TypeInfo& expected, const Value& value)
{
    const Tensor* tensor = value.tensor();
    if (!value.present())
        return expected.kind == TypeInfo::Kind::Optional
                   ? Status()
                   : inputError(ErrorCode::InvalidArgument, name,
                                "no value was given; expected " + toString(expected));
    if (expected.kind != TypeInfo::Kind::Tensor)
        return {}; // containers are checked by the operators that take them apart
    if (!tensor)
        return inputError(ErrorCode::InvalidArgument, name,
                          "expected " + toString(expected) + ", found " + describe(value));
    if (expected.dataType != DataType::Undefined && tensor->type() != expected.dataType)
        return inputError(ErrorCode::InvalidArgument, name,
                          "expected " + toString(expected) + ", found " + describe(value));
    if (!expected.shape)
        return {};
    bool fits = expected.shape->size() == tensor->dims().size();
    for (size_t i = 0; fits && i < tensor->dims().size(); ++i) {
        const Dim& dim = (*expected.shape)[i];
        fits = !dim.known() || dim.value == tensor->dims()[i];
    }
    if (!fits)
        return inputError(ErrorCode::ShapeMismatch, name,
                          "expected shape " + toString(*expected.shape) + ", found " +
                              toString(tensor->dims()));
    return {};
}

Dims concreteInputDims(const TypeInfo& type, const std::map<std::string, int64_t>& dims)
{
    Dims concrete;
    if (!type.shape)
        return concrete;
    for (const Dim& dim : *type.shape) {
        const auto size = dims.find(dim.symbol);
        concrete.push_back(dim.known() ? dim.value : size != dims.end() ? size->second : 1);
    }
    return concrete;
}

Result<Tensor> randomTensor(DataType type, const Dims& dims, uint64_t seed)
{
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(type, dims));
    if (type == DataType::String)
        return tensor;
    if (type == DataType::Bool)
        return constantTensor(type, dims, 1);
    std::mt19937_64 generator(seed);
    const bool filled = visitStorage(
        type, [&]<typename T>(T*) { fill<T>(tensor, [&generator] { return randomElement<T>(generator); }); });
    if (!filled)
        return noContents(type);
    return tensor;
}

Result<Tensor> constantTensor(DataType type, const Dims& dims, double number)
{
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(type, dims));
    const bool filled = visitStorage(type, [&]<typename T>(T*) {
        if constexpr (std::is_same_v<T, Float16> || std::is_same_v<T, BFloat16>)
            fill<T>(tensor, [number] { return T(static_cast<float>(number)); });
        else
            fill<T>(tensor, [number] { return static_cast<T>(number); });
    });
    if (!filled)
        return noContents(type);
    return tensor;
}

Result<std::vector<Value>> bindInputs(const Graph& graph, std::map<std::string, Value> named)
{
    std::vector<Value> inputs;
    std::string known;
    for (const ValueId id : graph.requiredInputs()) {
        const std::string& name = graph.value(id).name;
        known += (known.empty() ? "'" : ", '") + name + "'";
        auto found = named.extract(name);
        if (found.empty())
            return inputError(ErrorCode::InvalidArgument, name,
                              "no value was given; expected " + toString(graph.value(id).type));
        inputs.push_back(std::move(found.mapped()));
    }
    if (!named.empty())
        return makeError(ErrorCode::InvalidArgument,
                         "the model has no input '" + named.begin()->first + "'; its inputs are " + known);
    return inputs;
}

} // namespace lapidary
