// SPDX-License-Identifier: GPL-3.0-or-later
// CastMap, DictVectorizer, ZipMap.
#include "engine/backend/functors/integer.h"
#include "engine/cpu/element_bytes.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/ml_inputs.h"
#include "engine/cpu/key_table.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/text_number.h"
#include "engine/ops/ml_rules.h"

#include <algorithm>
#include <numeric>

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

constexpr int64_t maxSparseLength = 1 << 26; // far above any vocabulary

// Input 0; every value is a tensor of one element. Errors: InvalidModel, ShapeMismatch.
Result<const Map*> mapInput(const KernelContext& context)
{
    const Map* map = context.hasInput(0) ? context.input(0).map() : nullptr;
    if (!map)
        return makeError(ErrorCode::ShapeMismatch,
                         "input 0 must be a map, found " +
                             (context.inputCount() > 0 ? describe(context.input(0)) : "nothing"));
    for (const Value& value : map->values) {
        const Tensor* tensor = value.tensor();
        if (!tensor || tensor->count() != 1 || tensor->type() != map->values[0].tensor()->type())
            return makeError(ErrorCode::ShapeMismatch,
                             "the values of the map must be single elements of one type, found " +
                                 describe(value));
    }
    return map;
}

// The only element of a value as the element of another tensor. False: text that is no number.
bool castElement(const Tensor& value, Tensor& to, int64_t index)
{
    const bool isText = value.type() == DataType::String;
    const std::string text = isText ? value.strings()[0] : std::string();
    double number = isText ? 0 : elementAsDouble(value, 0);
    if (to.type() == DataType::String) {
        to.mutableStrings()[static_cast<size_t>(index)] = isText ? text : std::to_string(number);
        return true;
    }
    if (to.type() == DataType::Int64) {
        int64_t integer = functors::saturate<int64_t>(number);
        const bool ok = !isText || parseNumber(text, integer);
        to.mutableData<int64_t>()[index] = integer;
        return ok;
    }
    const bool ok = !isText || parseNumber(text, number);
    to.mutableData<float>()[index] = static_cast<float>(number);
    return ok;
}

// What fills places without a key: 0, in ONNX Runtime's spelling where it is text.
void fillEmpty(Tensor& y)
{
    if (y.type() == DataType::String)
        std::fill(y.mutableStrings().begin(), y.mutableStrings().end(), "0.f");
    else
        std::memset(y.mutableBytes(), 0, y.sizeBytes());
}

Result<Tensor> castMap(const Map& map, DataType type, std::optional<int64_t> sparseLength)
{
    TRY_ASSIGN(const std::vector<int64_t> keys, toInt64s(map.keys));
    std::vector<size_t> order(keys.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return keys[a] < keys[b]; });
    const int64_t length = sparseLength.value_or(static_cast<int64_t>(keys.size()));
    TRY_ASSIGN(Tensor y, Tensor::allocate(type, {1, length}));
    if (sparseLength)
        fillEmpty(y);
    for (size_t i = 0; i < order.size(); ++i) {
        const int64_t at = sparseLength ? keys[order[i]] : static_cast<int64_t>(i);
        if (at < 0 || at >= length)
            return makeError(ErrorCode::InvalidArgument, "the key " + std::to_string(at) + " is outside 0.." +
                                                             std::to_string(length - 1));
        if (!castElement(*map.values[order[i]].tensor(), y, at))
            return makeError(ErrorCode::InvalidArgument,
                             "the value of key " + std::to_string(keys[order[i]]) + " is no number");
    }
    return y;
}

KernelResult createCastMap(const KernelRequest& request)
{
    const Node& node = *request.node;
    const std::string to = node.stringAttribute("cast_to", "TO_FLOAT");
    const std::string form = node.stringAttribute("map_form", "DENSE");
    const int64_t length = node.intAttribute("max_map", 1);
    const DataType type = to == "TO_FLOAT"    ? DataType::Float
                          : to == "TO_INT64"  ? DataType::Int64
                          : to == "TO_STRING" ? DataType::String
                                              : DataType::Undefined;
    if (type == DataType::Undefined || (form != "DENSE" && form != "SPARSE") || length < 0 ||
        length > maxSparseLength)
        return makeError(ErrorCode::InvalidModel, "CastMap cannot be " + form + " of length " +
                                                      std::to_string(length) + " and cast '" + to + "'");
    const auto sparseLength = form == "SPARSE" ? std::optional(length) : std::nullopt;
    return plainKernel([type, sparseLength](KernelContext& context) -> Status {
        TRY_ASSIGN(const Map* map, mapInput(context));
        TRY_ASSIGN(Tensor y, castMap(*map, type, sparseLength));
        context.setOutput(0, std::move(y));
        return {};
    });
}

// The values of the map at the places of their keys in the vocabulary, 0 or "" elsewhere.
Result<Tensor> vectorize(const Map& map, const KeyTable& vocabulary, DataType emptyType)
{
    const DataType type = map.values.empty() ? emptyType : map.values[0].tensor()->type();
    TRY_ASSIGN(const std::vector<int64_t> places, vocabulary.find(map.keys));
    TRY_ASSIGN(Tensor y, Tensor::allocate(type, {1, vocabulary.count()}));
    if (type != DataType::String)
        std::memset(y.mutableBytes(), 0, y.sizeBytes());
    TRY(dispatchElement(type, [&]<typename T>() {
        for (size_t i = 0; i < places.size(); ++i) {
            if (places[i] >= 0)
                mutableElements<T>(y)[places[i]] = *elements<T>(*map.values[i].tensor());
        }
    }));
    return y;
}

KernelResult createDictVectorizer(const KernelRequest& request)
{
    const Node& node = *request.node;
    const auto& strings = listAttribute<std::string>(node, "string_vocabulary");
    const auto& integers = listAttribute<int64_t>(node, "int64_vocabulary");
    if (strings.empty() == integers.empty())
        return makeError(ErrorCode::InvalidModel,
                         "DictVectorizer needs one of string_vocabulary and int64_vocabulary");
    const auto count = static_cast<int64_t>(std::max(strings.size(), integers.size()));
    TRY_ASSIGN(KeyTable vocabulary, KeyTable::of(strings.empty() ? Tensor::of<int64_t>({count}, integers)
                                                                 : Tensor::ofStrings({count}, strings),
                                                 KeyTable::Repeated::FirstWins));
    const bool hasType = !request.inputTypes.empty() && request.inputTypes[0].element;
    const DataType emptyType = hasType ? request.inputTypes[0].element->dataType : DataType::Float;
    return plainKernel([vocabulary, emptyType](KernelContext& context) -> Status {
        TRY_ASSIGN(const Map* map, mapInput(context));
        TRY_ASSIGN(Tensor y, vectorize(*map, vocabulary, emptyType));
        context.setOutput(0, std::move(y));
        return {};
    });
}

// One map for each row of X; the maps look into X.
Value zippedRows(const Tensor& x, const MlRows& rows, const Tensor& keys)
{
    const auto owner = std::make_shared<const Tensor>(x);
    Sequence sequence;
    sequence.elementType = TypeInfo::map(keys.type(), TypeInfo::tensor(DataType::Float, Shape()));
    sequence.items.reserve(static_cast<size_t>(rows.rows));
    const auto* element = reinterpret_cast<const std::byte*>(x.data<float>());
    for (int64_t row = 0; row < rows.rows; ++row) {
        Map map;
        map.keys = keys;
        map.values.reserve(static_cast<size_t>(rows.features));
        for (int64_t i = 0; i < rows.features; ++i, element += sizeof(float))
            map.values.emplace_back(Tensor::view(DataType::Float, {}, element, owner));
        sequence.items.emplace_back(std::move(map));
    }
    return sequence;
}

KernelResult createZipMap(const KernelRequest& request)
{
    const ClassLabels labels = classLabels(*request.node);
    if (labels.strings.empty() == labels.ints.empty())
        return makeError(ErrorCode::InvalidModel,
                         "ZipMap needs one of classlabels_strings and classlabels_int64s");
    TRY(acceptTypes(TypeList<float>(), request));
    const Tensor keys = labels.strings.empty() ? Tensor::of<int64_t>({labels.count()}, labels.ints)
                                               : Tensor::ofStrings({labels.count()}, labels.strings);
    return plainKernel([keys](KernelContext& context) -> Status {
        TRY(requireInputs(context, 1));
        TRY_ASSIGN(const MlRows rows, mlRows(context));
        if (context.tensor(0).type() != DataType::Float)
            return unsupportedType(context.tensor(0).type());
        if (rows.features != keys.count())
            return makeError(ErrorCode::ShapeMismatch, "ZipMap has " + std::to_string(keys.count()) +
                                                           " labels for " + std::to_string(rows.features) +
                                                           " columns of X");
        context.setOutput(0, zippedRows(context.tensor(0), rows, keys));
        return {};
    });
}

constexpr KernelRow rows[] = {
    {mlDomain, "CastMap", 1, newestOpset, "plain", createCastMap},
    {mlDomain, "DictVectorizer", 1, newestOpset, "plain", createDictVectorizer},
    {mlDomain, "ZipMap", 1, newestOpset, "plain", createZipMap},
};

} // namespace

std::span<const KernelRow> mlMapsKernels() { return rows; }

} // namespace lapidary
