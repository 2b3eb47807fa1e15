// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/key_table.h"

#include "engine/cpu/parallel.h"

#include <cmath>

namespace lapidary {

namespace {

constexpr int64_t lookupGrain = 1 << 10;

template <typename Key>
int64_t indexIn(const std::unordered_map<Key, int64_t>& table, const Key& key)
{
    const auto found = table.find(key);
    return found == table.end() ? -1 : found->second;
}

template <typename Key>
void insert(std::unordered_map<Key, int64_t>& table, Key key, int64_t index, KeyTable::Repeated repeated)
{
    const auto [entry, isNew] = table.try_emplace(std::move(key), index);
    if (!isNew && repeated == KeyTable::Repeated::LastWins)
        entry->second = index;
}

Result<std::vector<int64_t>> integersOf(const Tensor& tensor)
{
    if (tensor.type() != DataType::Bool)
        return toInt64s(tensor);
    std::vector<int64_t> values(static_cast<size_t>(tensor.count()));
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = elementAsDouble(tensor, static_cast<int64_t>(i)) != 0;
    return values;
}

} // namespace

Result<KeyTable> KeyTable::of(const Tensor& keys, Repeated repeated)
{
    KeyTable table;
    table.m_type = keys.type();
    table.m_count = keys.count();
    if (keys.type() == DataType::String) {
        for (int64_t i = 0; i < keys.count(); ++i)
            insert(table.m_strings, keys.strings()[static_cast<size_t>(i)], i, repeated);
    } else if (isInteger(keys.type()) || keys.type() == DataType::Bool) {
        TRY_ASSIGN(const std::vector<int64_t> integers, integersOf(keys));
        for (size_t i = 0; i < integers.size(); ++i)
            insert(table.m_integers, integers[i], static_cast<int64_t>(i), repeated);
    } else if (isFloatingPoint(keys.type())) {
        for (int64_t i = 0; i < keys.count(); ++i) {
            const double key = elementAsDouble(keys, i);
            if (!std::isnan(key))
                insert(table.m_floats, key, i, repeated);
            else if (table.m_nan < 0 || repeated == Repeated::LastWins)
                table.m_nan = i;
        }
    } else {
        return makeError(ErrorCode::InvalidModel,
                         std::string(dataTypeName(keys.type())) + " cannot be the type of keys");
    }
    return table;
}

int64_t KeyTable::find(const std::string& key) const { return indexIn(m_strings, key); }

int64_t KeyTable::find(int64_t key) const { return indexIn(m_integers, key); }

int64_t KeyTable::find(double key) const { return std::isnan(key) ? m_nan : indexIn(m_floats, key); }

Result<std::vector<int64_t>> KeyTable::find(const Tensor& x) const
{
    if (x.type() != m_type)
        return makeError(ErrorCode::ShapeMismatch, "the keys are " + std::string(dataTypeName(m_type)) +
                                                       ", X is " + std::string(dataTypeName(x.type())));
    std::vector<int64_t> indices(static_cast<size_t>(x.count()));
    const auto fill = [&](const auto& keyAt) {
        parallelFor(x.count(), lookupGrain, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i)
                indices[static_cast<size_t>(i)] = find(keyAt(i));
        });
    };
    if (m_type == DataType::String) {
        fill([&](int64_t i) -> const std::string& { return x.strings()[static_cast<size_t>(i)]; });
    } else if (isFloatingPoint(m_type)) {
        fill([&](int64_t i) { return elementAsDouble(x, i); });
    } else {
        TRY_ASSIGN(const std::vector<int64_t> integers, integersOf(x));
        fill([&](int64_t i) { return integers[static_cast<size_t>(i)]; });
    }
    return indices;
}

} // namespace lapidary
