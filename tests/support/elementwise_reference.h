// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: random shapes and the specification of an operator read one output element at a time: build()
// makes the expected values, check() compares them on 1, 2 and 4 threads.
#pragma once

#include "engine/cpu/cpu_backend.h"
#include "tests/support/row_check.h"

#include <random>

namespace lapidary::elementwise_reference {

constexpr DataType i32 = DataType::Int32;

// Types of every size of element, for operators that move elements without looking at them.
inline DataType movedType(int round)
{
    static constexpr DataType types[] = {i32,
                                         DataType::UInt8,
                                         DataType::String,
                                         DataType::Float16,
                                         DataType::Int64,
                                         DataType::Bool,
                                         DataType::Double};
    return types[static_cast<size_t>(round) % std::size(types)];
}
// The same for operators that compare numbers or add them.
inline DataType numericType(int round)
{
    const DataType type = movedType(round);
    return type == DataType::String || type == DataType::Bool ? DataType::Float : type;
}

class Dice {
public:
    explicit Dice(uint32_t seed) : m_random(seed) {}
    int64_t between(int64_t low, int64_t high)
    {
        return std::uniform_int_distribution<int64_t>(low, high)(m_random);
    }
    bool coin() { return between(0, 1) == 1; }
    // Ranks to 7, now and then a size of 0 or many elements.
    Dims dims(int64_t lowRank = 0, int64_t highRank = 7)
    {
        Dims result(static_cast<size_t>(between(lowRank, highRank)));
        for (int64_t& size : result)
            size = between(0, 11) == 0 ? 0 : between(1, result.size() > 4 ? 3 : 5);
        if (!result.empty() && between(0, 9) == 0)
            result[static_cast<size_t>(between(0, static_cast<int64_t>(result.size()) - 1))] = 300;
        return result;
    }
    int64_t axis(const Dims& of) // counted from either end
    {
        const auto rank = static_cast<int64_t>(of.size());
        return between(-rank, rank - 1);
    }
    // What the type holds of numbers in this range: without a sign in uint8, odd or even in bool.
    Tensor values(Dims dims, int64_t low = -50, int64_t high = 50, DataType type = i32)
    {
        std::vector<double> list(static_cast<size_t>(*elementCount(dims)));
        for (double& value : list) {
            const int64_t number = between(low, high);
            value = static_cast<double>(type == DataType::UInt8  ? std::abs(number)
                                        : type == DataType::Bool ? number & 1
                                                                 : number);
        }
        return tensorOf(std::move(dims), list, type);
    }
    // Indices into an axis, some counted from the end.
    Tensor indices(Dims dims, int64_t size)
    {
        std::vector<int64_t> list(static_cast<size_t>(*elementCount(dims)));
        for (int64_t& index : list)
            index = between(-size, size - 1);
        return Tensor::of<int64_t>(std::move(dims), list);
    }

private:
    std::mt19937 m_random;
};

inline size_t at(int64_t axis, const Dims& dims)
{
    return static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(dims.size()) : axis);
}

inline Tensor list(const std::vector<int64_t>& values)
{
    return Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values);
}

inline int64_t linear(const Dims& index, const Dims& dims)
{
    int64_t result = 0;
    for (size_t i = 0; i < dims.size(); ++i)
        result = result * dims[i] + index[i];
    return result;
}

// Calls visit(index) for all indices in row-major order.
template <typename Visit>
void forEachIndex(const Dims& dims, const Visit& visit)
{
    Dims index(dims.size());
    for (int64_t left = *elementCount(dims); left > 0; --left) {
        visit(index);
        for (size_t i = dims.size(); i-- > 0;) {
            if (++index[i] < dims[i])
                break;
            index[i] = 0;
        }
    }
}

inline double element(const Tensor& x, const Dims& index) { return valueAt(x, linear(index, x.dims())); }
inline int64_t integer(const Tensor& x, const Dims& index) { return static_cast<int64_t>(element(x, index)); }

// The values of an output whose element at an index is source(index).
template <typename Source>
std::vector<double> build(const Dims& dims, const Source& source)
{
    std::vector<double> values;
    forEachIndex(dims, [&](const Dims& index) { values.push_back(source(index)); });
    return values;
}

// Output number output on 1, 2 and 4 threads. Without a type it has that of input 0.
inline void check(const NodeCase& nodeCase, const Dims& dims, const std::vector<double>& expected,
                  DataType type = DataType::Undefined, size_t output = 0)
{
    if (type == DataType::Undefined)
        type = nodeCase.inputs[0].tensor()->type();
    for (const int threads : {1, 2, 4}) {
        cpuBackend().setThreads(threads);
        checkRowsOutput(nodeCase, output, type, dims, expected, {}, 1);
    }
    cpuBackend().setThreads(0);
}

constexpr int rounds = 60;

} // namespace lapidary::elementwise_reference
