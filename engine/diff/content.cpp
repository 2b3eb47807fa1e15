// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diff/content.h"

#include "engine/base/hash.h"

#include <cmath>
#include <limits>

namespace lapidary {

uint64_t tensorTypeHash(const TensorRef& tensor)
{
    auto hash = static_cast<uint64_t>(tensor.type);
    for (const int64_t size : tensor.dims)
        hash = mix(hash, static_cast<uint64_t>(size));
    return hash;
}

namespace {

uint64_t hashText(const std::string& text) { return std::hash<std::string>()(text); }

uint64_t hashOf(std::monostate) { return 0; }
uint64_t hashOf(float value) { return std::hash<float>()(value); }
uint64_t hashOf(int64_t value) { return std::hash<int64_t>()(value); }
uint64_t hashOf(const std::string& value) { return hashText(value); }
uint64_t hashOf(const TensorRef& value) { return tensorTypeHash(value); }
uint64_t hashOf(const TypeInfo& value) { return hashText(toString(value)); }
uint64_t hashOf(const SparseTensorRef& value)
{
    uint64_t hash = mix(hashOf(value.values), hashOf(value.indices));
    for (const int64_t size : value.dims)
        hash = mix(hash, static_cast<uint64_t>(size));
    return hash;
}
uint64_t hashOf(const std::shared_ptr<const Graph>& value)
{
    uint64_t hash = 1;
    if (value == nullptr)
        return hash;
    for (const Node& node : value->nodes) {
        hash = mix(hash, hashText(node.opType));
        hash = mix(hash, hashText(node.domain));
        for (const Attribute& attribute : node.attributes)
            hash = mix(hash, attributeHash(attribute));
        // Which earlier result each input is, so that other wiring is another body.
        for (const ValueId input : node.inputs)
            hash = mix(hash, input == noValue ? 0 : static_cast<uint64_t>(value->value(input).producer + 2));
    }
    for (const Initializer& weight : value->initializers)
        hash = mix(hash, hashOf(weight.tensor));
    return hash;
}
template <typename T>
uint64_t hashOf(const std::vector<T>& values)
{
    uint64_t hash = values.size();
    for (const T& value : values)
        hash = mix(hash, hashOf(value));
    return hash;
}

bool same(std::monostate, std::monostate) { return true; }
bool same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }
bool same(int64_t a, int64_t b) { return a == b; }
bool same(const std::string& a, const std::string& b) { return a == b; }
bool same(const TensorRef& a, const TensorRef& b)
{
    if (a.type != b.type || a.dims != b.dims)
        return false;
    JobContext job;
    const auto difference = compareTensors(a, b, job);
    return difference.ok() && !difference->has_value();
}
bool same(const TypeInfo& a, const TypeInfo& b) { return toString(a) == toString(b); }
bool same(const SparseTensorRef& a, const SparseTensorRef& b)
{
    return a.dims == b.dims && same(a.values, b.values) && same(a.indices, b.indices);
}
bool same(const std::shared_ptr<const Graph>& a, const std::shared_ptr<const Graph>& b)
{
    return hashOf(a) == hashOf(b);
}
template <typename T>
bool same(const std::vector<T>& a, const std::vector<T>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const T& left, const T& right) { return same(left, right); });
}

bool isNumber(DataType type) { return type != DataType::String && type != DataType::Undefined; }

bool sameBytes(const Tensor& a, const Tensor& b)
{
    if (a.type() == DataType::String)
        return std::equal(a.strings().begin(), a.strings().end(), b.strings().begin(), b.strings().end());
    return a.sizeBytes() == b.sizeBytes() && std::memcmp(a.bytes(), b.bytes(), a.sizeBytes()) == 0;
}

} // namespace

uint64_t attributeHash(const Attribute& attribute)
{
    const uint64_t content = std::visit([](const auto& data) { return hashOf(data); }, attribute.data);
    return mix(mix(hashText(attribute.name), attribute.data.index()), content);
}

bool sameAttribute(const Attribute& a, const Attribute& b)
{
    if (a.name != b.name || a.referredName != b.referredName || a.data.index() != b.data.index())
        return false;
    return std::visit(
        [&b](const auto& left) { return same(left, *std::get_if<std::decay_t<decltype(left)>>(&b.data)); },
        a.data);
}

Result<std::optional<TensorDifference>> compareTensors(const TensorRef& before, const TensorRef& after,
                                                       JobContext& job)
{
    TRY_ASSIGN(const Tensor a, before.load());
    TRY_ASSIGN(const Tensor b, after.load());
    return compareTensors(a, b, job);
}

Result<std::optional<TensorDifference>> compareTensors(const Tensor& a, const Tensor& b, JobContext& job)
{
    if (a.type() == b.type() && sameBytes(a, b))
        return std::optional<TensorDifference>();
    TensorDifference difference;
    difference.count = a.count();
    if (!isNumber(a.type()) || !isNumber(b.type())) {
        difference.changed = a.count();
        return std::optional(difference);
    }
    double sumOfSquares = 0;
    double sumOfDifferences = 0;
    constexpr int64_t stride = 1 << 20; // elements between two looks at the clock
    for (int64_t i = 0; i < a.count(); ++i) {
        if (i % stride == 0 && job.stopRequested())
            return cancelled();
        const double x = elementAsDouble(a, i);
        const double y = elementAsDouble(b, i);
        const double distance = std::abs(y - x);
        if (x == y || (std::isnan(x) && std::isnan(y))) {
            sumOfSquares += std::isfinite(x) ? x * x : 0;
            continue;
        }
        ++difference.changed;
        if (!std::isfinite(distance)) {
            ++difference.notFinite;
            continue;
        }
        sumOfSquares += x * x;
        sumOfDifferences += distance * distance;
        difference.maxAbsolute = std::max(difference.maxAbsolute, distance);
    }
    // Other bytes, the same numbers: -0 for 0, or another type.
    if (difference.changed == 0 && a.type() == b.type())
        return std::optional<TensorDifference>();
    if (sumOfDifferences > 0)
        difference.relative = sumOfSquares > 0 ? std::sqrt(sumOfDifferences / sumOfSquares)
                                               : std::numeric_limits<double>::infinity();
    return std::optional(difference);
}

} // namespace lapidary
