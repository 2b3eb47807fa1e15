// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the one place that knows which oneDNN this is. Kernels make primitives through these
// functions; 2.x (operation descriptors) and 3.x (primitive descriptors only) look the same to them.
// Only files of engine/cpu/kernels that run oneDNN include this header.
#pragma once

#include "engine/base/result.h"
#include "engine/ir/shape.h"

#include <new>
#include <oneapi/dnnl/dnnl.hpp>
#include <span>
#include <type_traits>
#include <unordered_map>
#include <vector>

namespace lapidary::onednn {

// "oneDNN 2.6.3 (AVX-512)"
std::string description();

const dnnl::engine& engine();
// One for each thread: streams are not thread safe.
dnnl::stream& stream();

using Type = dnnl::memory::data_type;
#if DNNL_VERSION_MAJOR >= 3
using Pooling = dnnl::pooling_forward;
using Softmax = dnnl::softmax_forward;
#else
using Pooling = dnnl::pooling_v2_forward;
using Softmax = dnnl::softmax_v2_forward;
#endif

// Row-major, as Tensor stores it. Precondition: no dimension is 0.
dnnl::memory::desc rowMajor(const Dims& dims, Type type = Type::f32);
dnnl::memory::desc strided(const Dims& dims, const Dims& strides, Type type = Type::f32);
// dims [N, C, spatial...] of a tensor that has its channels as the last axis in memory.
dnnl::memory::desc channelsLast(const Dims& dims, Type type = Type::f32);
// The layout that the primitive likes best.
dnnl::memory::desc anyLayout(const Dims& dims, Type type = Type::f32);
// No bias, no such tensor.
dnnl::memory::desc none();
// Looks at data that the caller keeps alive; memory given as const is only read by the primitive.
dnnl::memory wrap(const dnnl::memory::desc& desc, const void* data);

// One sliding window per spatial dimension. dilations: 1 is dense (ONNX's convention).
struct WindowAttributes {
    Dims kernel;
    Dims strides;
    Dims dilations;
    Dims padsBegin;
    Dims padsEnd;
};

dnnl::convolution_forward::primitive_desc
convolution(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
            const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
            const WindowAttributes& window, const dnnl::primitive_attr& attributes = {});
dnnl::deconvolution_forward::primitive_desc
deconvolution(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
              const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
              const WindowAttributes& window, const dnnl::primitive_attr& attributes = {});
Pooling::primitive_desc pooling(dnnl::algorithm algorithm, const dnnl::memory::desc& source,
                                const dnnl::memory::desc& destination, const WindowAttributes& window);
dnnl::matmul::primitive_desc matmul(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
                                    const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
                                    const dnnl::primitive_attr& attributes = {});
Softmax::primitive_desc softmax(const dnnl::memory::desc& tensor, int axis);

// Whether the library adds products of bytes exactly on this processor. Without VNNI instructions sums of
// two products stop at 16 bits on the way.
bool hasExactBytes();
// c = a * b, row-major: a [m, k], b [k, n], c [m, n]; sums wrap around. Precondition: hasExactBytes(), no
// dimension is 0. Errors: BackendFailure, OutOfMemory.
Status multiplyBytes(const uint8_t* a, const int8_t* b, int32_t* c, int64_t m, int64_t k, int64_t n);
Status multiplyBytes(const int8_t* a, const int8_t* b, int32_t* c, int64_t m, int64_t k, int64_t n);

// The operands of one primitive, made once and pointed at other memory in each run.
class Arguments {
public:
    // argument: DNNL_ARG_*. Operands are numbered in the order of the calls.
    void add(int argument, const dnnl::memory::desc& desc);
    void point(size_t number, const void* data);
    bool pointsAnywhere(size_t number) const { return m_memories[number].get_data_handle() != nullptr; }
    // On the stream of the calling thread.
    void execute(const dnnl::primitive& primitive) const;

private:
    std::vector<dnnl::memory> m_memories;
    std::vector<dnnl_exec_arg_t> m_arguments;
};

// Adds result = factor * result to what a primitive does at its end.
void appendScale(dnnl::post_ops& operations, float factor);

// A convolution of bytes gives factor * (sum + bias), with a factor and a bias for each output channel,
// before what is appended to it.
class ChannelFactors {
public:
    ChannelFactors() = default;
    // Throws std::bad_alloc. Precondition: both have an element for each channel.
    ChannelFactors(std::span<const float> factors, std::span<const float> biases, bool hasGroups);
    // The bias as the primitive wants it.
    dnnl::memory::desc bias() const;
    void addTo(dnnl::primitive_attr& attributes) const;
    void addTo(std::unordered_map<int, dnnl::memory>& arguments) const;

private:
    std::vector<float> m_factors;
    dnnl::memory m_bias;
    dnnl::memory m_scales; // of 3.x only
    bool m_hasGroups = false;
};

// Adds an activation, named as the operator (engine/ops/rewritten.cpp), to what a primitive does at its end.
// False: the library does not have it.
bool appendActivation(dnnl::post_ops& operations, std::string_view name, float alpha, float beta);

// What a primitive does at its end, step by step. Of two elementwise steps with the same function oneDNN 2.6
// gives both the numbers of the first; here the second one becomes arithmetic with tensors of one element.
class FinalSteps {
public:
    FinalSteps() = default;
    explicit FinalSteps(size_t rank) : m_rank(rank) {} // of the destination
    // result = factor * result + offset
    void scale(float factor, float offset);
    // To the nearest integer, from the middle to the even one.
    void round();
    // largest float: no limit
    void limit(float least, float most);
    // As appendActivation. At most one.
    bool activate(std::string_view name, float alpha, float beta);
    // result = result + tensor; the tensor is tensorArgument() of the primitive. At most one.
    void addTensor(const dnnl::memory::desc& tensor);
    int tensorArgument() const { return m_tensorArgument; }
    void addTo(dnnl::primitive_attr& attributes) const { attributes.set_post_ops(m_operations); }
    void addTo(std::unordered_map<int, dnnl::memory>& arguments) const;

private:
    void combine(dnnl::algorithm function, float number);

    size_t m_rank = 0;
    bool m_scales = false;
    bool m_limits = false;
    int m_tensorArgument = 0;
    dnnl::post_ops m_operations;
    std::vector<std::pair<int, dnnl::memory>> m_numbers;
};

// A scratchpad that the caller provides, so that nothing is allocated in a run.
dnnl::primitive_attr userScratchpad();

// Turns an exception caught in the calling catch block into an error.
Error currentError();

// body() with exceptions of the library turned into errors: UnsupportedOp when oneDNN has no
// implementation, OutOfMemory, BackendFailure.
template <typename Body>
auto guarded(const Body& body) -> Result<std::invoke_result_t<Body>>
{
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
            body();
            return {};
        } else {
            return body();
        }
    } catch (...) {
        return currentError();
    }
}

} // namespace lapidary::onednn
