// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/attention_rules.h"

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

// What the dimensions of Q, K or V mean.
struct Heads {
    Dim batch;
    Dim heads;
    Dim length;
    Dim size;
};

Result<Heads> headsOf(const Shape& shape, int64_t packedHeads, std::string_view name)
{
    if (shape.size() == 4)
        return Heads{shape[0], shape[1], shape[2], shape[3]};
    TRY_ASSIGN(Dim size, dividedDim(shape[2], packedHeads, name));
    return Heads{shape[0], packedHeads, shape[1], std::move(size)};
}

Status checkGroups(const AttentionShape& shape)
{
    if (shape.heads.known() && shape.kvHeads.known() && shape.heads.value > 0 &&
        (shape.kvHeads.value == 0 || shape.heads.value % shape.kvHeads.value != 0))
        return shapeError(std::to_string(shape.heads.value) + " query heads cannot share " +
                          std::to_string(shape.kvHeads.value) + " heads of keys and values");
    return {};
}

Status addPast(AttentionShape& shape, const Shape& pastKey, const Shape& pastValue)
{
    if (pastKey.size() != 4 || pastValue.size() != 4)
        return shapeError("past_key and past_value: expected rank 4, found " + toString(pastKey) + " and " +
                          toString(pastValue));
    for (const Shape* past : {&pastKey, &pastValue}) {
        const std::string_view name = past == &pastKey ? "past_key" : "past_value";
        TRY_ASSIGN(shape.batch, sameDim(shape.batch, (*past)[0], name));
        TRY_ASSIGN(shape.kvHeads, sameDim(shape.kvHeads, (*past)[1], name));
    }
    TRY_ASSIGN(shape.pastKeys, sameDim(pastKey[2], pastValue[2], "the lengths of past_key and past_value"));
    TRY_ASSIGN(shape.headSize, sameDim(shape.headSize, pastKey[3], "past_key"));
    TRY_ASSIGN(shape.valueSize, sameDim(shape.valueSize, pastValue[3], "past_value"));
    return {};
}

} // namespace

Result<Dim> sameDim(const Dim& a, const Dim& b, std::string_view what)
{
    if (a.known() && b.known() && a.value != b.value)
        return shapeError(std::string(what) + ": dimensions " + std::to_string(a.value) + " and " +
                          std::to_string(b.value) + " must be equal");
    if (a.known() || (!b.known() && !a.symbol.empty()))
        return a;
    return b;
}

Dim sumOfDims(const Dim& a, const Dim& b)
{
    if (a.known() && b.known())
        return a.value + b.value;
    if (a.known() && a.value == 0)
        return b;
    return b.known() && b.value == 0 ? a : Dim();
}

Result<Dim> productOfDims(const Dim& a, const Dim& b)
{
    if (!a.known() || !b.known())
        return Dim();
    int64_t product = 0;
    if (__builtin_mul_overflow(a.value, b.value, &product))
        return shapeError("dimensions " + std::to_string(a.value) + " and " + std::to_string(b.value) +
                          " are too large");
    return Dim(product);
}

Result<Dim> dividedDim(const Dim& dim, int64_t parts, std::string_view what)
{
    if (parts < 1)
        return shapeError(std::string(what) + ": expected a number of heads of 1 or more, found " +
                          std::to_string(parts));
    if (!dim.known())
        return parts == 1 ? dim : Dim();
    if (dim.value % parts != 0)
        return shapeError(std::string(what) + ": " + std::to_string(dim.value) +
                          " elements do not divide among " + std::to_string(parts) + " heads");
    return Dim(dim.value / parts);
}

Shape AttentionShape::output() const
{
    return packed ? Shape{batch, queries, hidden} : Shape{batch, heads, queries, valueSize};
}

Shape AttentionShape::presentKey() const { return {batch, kvHeads, keys, headSize}; }

Shape AttentionShape::presentValue() const { return {batch, kvHeads, keys, valueSize}; }

Shape AttentionShape::scores() const { return {batch, heads, queries, keys}; }

Result<AttentionShape> attentionShape(const Node& node, const Shape& q, const Shape& k, const Shape& v,
                                      const Shape* pastKey, const Shape* pastValue)
{
    if ((q.size() != 3 && q.size() != 4) || k.size() != q.size() || v.size() != q.size())
        return shapeError("Q, K and V: expected three tensors of rank 3 or of rank 4, found " + toString(q) +
                          ", " + toString(k) + " and " + toString(v));
    if ((pastKey == nullptr) != (pastValue == nullptr))
        return shapeError("past_key and past_value go together: one of them is missing");
    AttentionShape shape;
    shape.packed = q.size() == 3;
    const int64_t kvHeads = node.intAttribute("kv_num_heads", 0);
    TRY_ASSIGN(const Heads query, headsOf(q, node.intAttribute("q_num_heads", 0), "Q"));
    TRY_ASSIGN(const Heads key, headsOf(k, kvHeads, "K"));
    TRY_ASSIGN(const Heads value, headsOf(v, kvHeads, "V"));
    TRY_ASSIGN(shape.batch, sameDim(query.batch, key.batch, "the batch of Q and K"));
    TRY_ASSIGN(shape.batch, sameDim(shape.batch, value.batch, "the batch of V"));
    shape.heads = query.heads;
    shape.queries = query.length;
    TRY_ASSIGN(shape.kvHeads, sameDim(key.heads, value.heads, "the heads of K and V"));
    TRY_ASSIGN(shape.newKeys, sameDim(key.length, value.length, "the lengths of K and V"));
    TRY_ASSIGN(shape.headSize, sameDim(query.size, key.size, "the head size of Q and K"));
    shape.valueSize = value.size;
    if (pastKey)
        TRY(addPast(shape, *pastKey, *pastValue));
    shape.keys = sumOfDims(shape.pastKeys, shape.newKeys);
    TRY(checkGroups(shape));
    TRY_ASSIGN(shape.hidden, productOfDims(shape.heads, shape.valueSize));
    return shape;
}

} // namespace lapidary
