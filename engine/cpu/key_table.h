// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: finds the elements of a tensor in a list of keys: what encoders of ai.onnx.ml are made of.
#pragma once

#include "engine/ir/tensor.h"

#include <unordered_map>

namespace lapidary {

class KeyTable {
public:
    enum class Repeated { FirstWins, LastWins };

    KeyTable() = default;
    // keys: strings, integers, bools or floats, of any shape. NaN is one key, and so are 0 and -0.
    // Errors: InvalidModel (another type).
    static Result<KeyTable> of(const Tensor& keys, Repeated repeated);

    DataType type() const { return m_type; }
    int64_t count() const { return m_count; }

    // For each element of x the index of its key, or -1. x has type(). Errors: ShapeMismatch.
    Result<std::vector<int64_t>> find(const Tensor& x) const;

    int64_t find(const std::string& key) const;
    int64_t find(int64_t key) const;
    int64_t find(double key) const;

private:
    DataType m_type = DataType::Undefined;
    int64_t m_count = 0;
    std::unordered_map<std::string, int64_t> m_strings;
    std::unordered_map<int64_t, int64_t> m_integers;
    std::unordered_map<double, int64_t> m_floats;
    int64_t m_nan = -1;
};

} // namespace lapidary
