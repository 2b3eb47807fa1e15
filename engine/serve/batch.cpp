// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/serve/batch.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace lapidary::serve {

namespace {

// Whole bytes to copy: no texts, no types that share a byte.
bool hasBytes(DataType type) { return type != DataType::String && bitWidth(type) >= 8; }

bool haveEqualRows(const Tensor& a, const Tensor& b)
{
    return a.type() == b.type() && a.rank() == b.rank() &&
           std::equal(a.dims().begin() + 1, a.dims().end(), b.dims().begin() + 1);
}

} // namespace

bool isBatchable(const TypeInfo& type)
{
    if (type.kind == TypeInfo::Kind::Unknown)
        return true;
    if (!type.isTensor() || !hasBytes(type.dataType))
        return false;
    return !type.shape || (!type.shape->empty() && !type.shape->front().known());
}

int64_t rowsOf(std::span<const Value> inputs)
{
    int64_t rows = 0;
    for (const Value& input : inputs) {
        const Tensor* tensor = input.tensor();
        if (tensor == nullptr || !hasBytes(tensor->type()) || tensor->rank() == 0)
            return 0;
        if (rows != 0 && tensor->dims()[0] != rows)
            return 0;
        rows = tensor->dims()[0];
    }
    return rows;
}

bool areJoinable(std::span<const Value> a, std::span<const Value> b)
{
    return std::ranges::equal(
        a, b, [](const Value& x, const Value& y) { return haveEqualRows(*x.tensor(), *y.tensor()); });
}

Result<std::vector<Value>> joinInputs(std::span<const std::vector<Value>> callers)
{
    std::vector<Value> joined;
    for (size_t input = 0; input < callers[0].size(); ++input) {
        const Tensor& first = *callers[0][input].tensor();
        Dims dims = first.dims();
        dims[0] = 0;
        for (const std::vector<Value>& caller : callers)
            dims[0] += caller[input].tensor()->dims()[0];
        TRY_ASSIGN(Tensor all, Tensor::allocate(first.type(), dims));
        std::byte* next = all.mutableBytes();
        for (const std::vector<Value>& caller : callers) {
            const Tensor& part = *caller[input].tensor();
            if (part.sizeBytes() > 0)
                std::memcpy(next, part.bytes(), part.sizeBytes());
            next += part.sizeBytes();
        }
        joined.emplace_back(std::move(all));
    }
    return joined;
}

std::optional<std::vector<std::vector<Value>>> splitOutputs(std::span<const Value> outputs,
                                                            std::span<const int64_t> rows)
{
    const int64_t allRows = std::accumulate(rows.begin(), rows.end(), int64_t{0});
    if (allRows == 0)
        return std::nullopt;
    std::vector<std::vector<Value>> callers(rows.size());
    for (const Value& output : outputs) {
        const Tensor* tensor = output.tensor();
        if (tensor == nullptr || !hasBytes(tensor->type()) || tensor->rank() == 0 ||
            tensor->dims()[0] != allRows)
            return std::nullopt;
        const auto owner = std::make_shared<const Tensor>(*tensor);
        const uint64_t rowBytes = tensor->sizeBytes() / static_cast<uint64_t>(allRows);
        const std::byte* next = tensor->bytes();
        for (size_t i = 0; i < rows.size(); ++i) {
            Dims dims = tensor->dims();
            dims[0] = rows[i];
            callers[i].emplace_back(Tensor::view(tensor->type(), std::move(dims), next, owner));
            next += rowBytes * static_cast<uint64_t>(rows[i]);
        }
    }
    return callers;
}

} // namespace lapidary::serve
