// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how Reduce* combine elements: start() before the first, add() each one, join() partial
// results, finish() for count elements. Floats are summed in double. Source: ONNX Reduce*-18.
#pragma once

#include "engine/backend/functors/binary.h"
#include "engine/backend/functors/unary.h"

namespace lapidary::functors {

// The type that sums of T are kept in; integers wrap around like their own type.
template <typename T>
using Total = std::conditional_t<std::is_floating_point_v<T>, double,
                                 std::conditional_t<std::is_signed_v<T>, long long, unsigned long long>>;

template <typename T>
struct ReduceSum {
    using Partial = Total<T>;
    LAPIDARY_HOST_DEVICE static Partial start() { return 0; }
    LAPIDARY_HOST_DEVICE static Partial add(Partial sum, T x) { return Add()(sum, static_cast<Partial>(x)); }
    LAPIDARY_HOST_DEVICE static Partial join(Partial a, Partial b) { return Add()(a, b); }
    LAPIDARY_HOST_DEVICE static T finish(Partial sum, long long) { return static_cast<T>(sum); }
};

template <typename T>
struct ReduceMean : ReduceSum<T> {
    using typename ReduceSum<T>::Partial;
    LAPIDARY_HOST_DEVICE static T finish(Partial sum, long long count)
    {
        return static_cast<T>(Div()(sum, static_cast<Partial>(count)));
    }
};

template <typename T>
struct ReduceL1 : ReduceSum<T> {
    using typename ReduceSum<T>::Partial;
    LAPIDARY_HOST_DEVICE static Partial add(Partial sum, T x)
    {
        return Add()(sum, Abs()(static_cast<Partial>(x)));
    }
};

template <typename T>
struct ReduceSumSquare : ReduceSum<T> {
    using typename ReduceSum<T>::Partial;
    LAPIDARY_HOST_DEVICE static Partial add(Partial sum, T x)
    {
        const auto wide = static_cast<Partial>(x);
        return Add()(sum, Mul()(wide, wide));
    }
};

template <typename T>
struct ReduceL2 : ReduceSumSquare<T> {
    using typename ReduceSumSquare<T>::Partial;
    LAPIDARY_HOST_DEVICE static T finish(Partial sum, long long)
    {
        return static_cast<T>(std::sqrt(static_cast<double>(sum)));
    }
};

template <typename T>
struct ReduceLogSum : ReduceSum<T> {
    using typename ReduceSum<T>::Partial;
    LAPIDARY_HOST_DEVICE static T finish(Partial sum, long long)
    {
        const double logarithm = std::log(static_cast<double>(sum));
        if constexpr (std::is_floating_point_v<T>)
            return static_cast<T>(logarithm);
        else
            return saturate<T>(logarithm);
    }
};

template <typename T>
struct ReduceProd {
    using Partial = Total<T>;
    LAPIDARY_HOST_DEVICE static Partial start() { return 1; }
    LAPIDARY_HOST_DEVICE static Partial add(Partial product, T x)
    {
        return Mul()(product, static_cast<Partial>(x));
    }
    LAPIDARY_HOST_DEVICE static Partial join(Partial a, Partial b) { return Mul()(a, b); }
    LAPIDARY_HOST_DEVICE static T finish(Partial product, long long) { return static_cast<T>(product); }
};

// Of no elements: the lowest number, as for an empty maximum.
template <typename T>
struct ReduceMax {
    using Partial = T;
    LAPIDARY_HOST_DEVICE static T start()
    {
        if constexpr (std::is_floating_point_v<T>)
            return -std::numeric_limits<T>::infinity();
        else
            return std::numeric_limits<T>::min();
    }
    LAPIDARY_HOST_DEVICE static T add(T largest, T x) { return Max()(largest, x); }
    LAPIDARY_HOST_DEVICE static T join(T a, T b) { return Max()(a, b); }
    LAPIDARY_HOST_DEVICE static T finish(T largest, long long) { return largest; }
};

template <typename T>
struct ReduceMin {
    using Partial = T;
    LAPIDARY_HOST_DEVICE static T start()
    {
        if constexpr (std::is_floating_point_v<T>)
            return std::numeric_limits<T>::infinity();
        else
            return std::numeric_limits<T>::max();
    }
    LAPIDARY_HOST_DEVICE static T add(T smallest, T x) { return Min()(smallest, x); }
    LAPIDARY_HOST_DEVICE static T join(T a, T b) { return Min()(a, b); }
    LAPIDARY_HOST_DEVICE static T finish(T smallest, long long) { return smallest; }
};

} // namespace lapidary::functors
