// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/onednn.h"

#include <limits>

namespace lapidary::onednn {

namespace {

constexpr auto inference = dnnl::prop_kind::forward_inference;

std::string_view isaName()
{
    switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41: return "SSE4.1";
    case dnnl::cpu_isa::avx: return "AVX";
    case dnnl::cpu_isa::avx2: return "AVX2";
    case dnnl::cpu_isa::avx2_vnni: return "AVX2 with VNNI";
    case dnnl::cpu_isa::avx512_core: return "AVX-512";
    case dnnl::cpu_isa::avx512_core_vnni: return "AVX-512 with VNNI";
    case dnnl::cpu_isa::avx512_core_bf16: return "AVX-512 with bfloat16";
    case dnnl::cpu_isa::avx512_core_amx: return "AVX-512 with AMX";
    default: return "newest instruction set";
    }
}

Status statusOf(dnnl_status_t status)
{
    if (status == dnnl_success)
        return {};
    return makeError(status == dnnl_out_of_memory ? ErrorCode::OutOfMemory : ErrorCode::BackendFailure,
                     "oneDNN gave status " + std::to_string(status));
}

// oneDNN counts the gaps between taps, ONNX the distance.
Dims gaps(const Dims& dilations)
{
    Dims result = dilations;
    for (int64_t& dilation : result)
        --dilation;
    return result;
}

} // namespace

std::string description()
{
    const dnnl_version_t* version = dnnl_version();
    return "oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
           std::to_string(version->patch) + " (" + std::string(isaName()) + ")";
}

const dnnl::engine& engine()
{
    static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

dnnl::stream& stream()
{
    thread_local dnnl::stream own(engine());
    return own;
}

dnnl::memory::desc rowMajor(const Dims& dims, Type type)
{
    Dims strides(dims.size(), 1);
    for (size_t i = dims.size(); i-- > 1;)
        strides[i - 1] = strides[i] * dims[i];
    return {dims, type, strides};
}

dnnl::memory::desc strided(const Dims& dims, const Dims& strides, Type type) { return {dims, type, strides}; }

dnnl::memory::desc channelsLast(const Dims& dims, Type type)
{
    Dims strides(dims.size(), 1);
    int64_t step = dims[1];
    for (size_t i = dims.size(); i-- > 2;) {
        strides[i] = step;
        step *= dims[i];
    }
    strides[0] = step;
    return {dims, type, strides};
}

dnnl::memory::desc anyLayout(const Dims& dims, Type type)
{
    return {dims, type, dnnl::memory::format_tag::any};
}

dnnl::memory::desc none() { return {}; }

dnnl::memory wrap(const dnnl::memory::desc& desc, const void* data)
{
    return {desc, engine(), const_cast<void*>(data)};
}

void Arguments::add(int argument, const dnnl::memory::desc& desc)
{
    m_memories.emplace_back(desc, engine(), nullptr);
    m_arguments.push_back({argument, m_memories.back().get()});
}

void Arguments::point(size_t number, const void* data)
{
    m_memories[number].set_data_handle(const_cast<void*>(data));
}

void Arguments::execute(const dnnl::primitive& primitive) const
{
    dnnl::error::wrap_c_api(dnnl_primitive_execute(primitive.get(), stream().get(),
                                                   static_cast<int>(m_arguments.size()), m_arguments.data()),
                            "the primitive cannot run");
}

bool hasExactBytes()
{
    switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41:
    case dnnl::cpu_isa::avx:
    case dnnl::cpu_isa::avx2:
#if DNNL_VERSION_MAJOR < 3
    case dnnl::cpu_isa::avx512_mic:
    case dnnl::cpu_isa::avx512_mic_4ops:
#endif
    case dnnl::cpu_isa::avx512_core: return false;
    default: return true;
    }
}

Status multiplyBytes(const uint8_t* a, const int8_t* b, int32_t* c, int64_t m, int64_t k, int64_t n)
{
    const int32_t offset = 0;
    return statusOf(dnnl_gemm_u8s8s32('N', 'N', 'F', m, n, k, 1, a, k, 0, b, n, 0, 0, c, n, &offset));
}

Status multiplyBytes(const int8_t* a, const int8_t* b, int32_t* c, int64_t m, int64_t k, int64_t n)
{
    const int32_t offset = 0;
    return statusOf(dnnl_gemm_s8s8s32('N', 'N', 'F', m, n, k, 1, a, k, 0, b, n, 0, 0, c, n, &offset));
}

namespace {

void append(dnnl::post_ops& operations, dnnl::algorithm function, float alpha, float beta)
{
#if DNNL_VERSION_MAJOR >= 3
    operations.append_eltwise(function, alpha, beta);
#else
    operations.append_eltwise(1.0f, function, alpha, beta);
#endif
}

} // namespace

void appendScale(dnnl::post_ops& operations, float factor)
{
    append(operations, dnnl::algorithm::eltwise_linear, factor, 0);
}

void FinalSteps::scale(float factor, float offset)
{
    if (!m_scales) {
        append(m_operations, dnnl::algorithm::eltwise_linear, factor, offset);
        m_scales = true;
        return;
    }
    if (factor != 1)
        combine(dnnl::algorithm::binary_mul, factor);
    if (offset != 0)
        combine(dnnl::algorithm::binary_add, offset);
}

void FinalSteps::round() { append(m_operations, dnnl::algorithm::eltwise_round, 0, 0); }

void FinalSteps::limit(float least, float most)
{
    if (!m_limits) {
        append(m_operations, dnnl::algorithm::eltwise_clip, least, most);
        m_limits = true;
        return;
    }
    constexpr float largest = std::numeric_limits<float>::max();
    if (least > -largest)
        combine(dnnl::algorithm::binary_max, least);
    if (most < largest)
        combine(dnnl::algorithm::binary_min, most);
}

bool FinalSteps::activate(std::string_view name, float alpha, float beta)
{
    if (name == "Clip") {
        limit(alpha, beta);
        return true;
    }
    return appendActivation(m_operations, name, alpha, beta);
}

void FinalSteps::addTensor(const dnnl::memory::desc& tensor)
{
    m_tensorArgument = DNNL_ARG_ATTR_MULTIPLE_POST_OP(m_operations.len()) | DNNL_ARG_SRC_1;
    m_operations.append_binary(dnnl::algorithm::binary_add, tensor);
}

void FinalSteps::combine(dnnl::algorithm function, float number)
{
    const auto desc = rowMajor(Dims(m_rank, 1));
    dnnl::memory memory(desc, engine());
    *static_cast<float*>(memory.get_data_handle()) = number;
    m_numbers.emplace_back(DNNL_ARG_ATTR_MULTIPLE_POST_OP(m_operations.len()) | DNNL_ARG_SRC_1, memory);
    m_operations.append_binary(function, desc);
}

void FinalSteps::addTo(std::unordered_map<int, dnnl::memory>& arguments) const
{
    for (const auto& [argument, memory] : m_numbers)
        arguments.emplace(argument, memory);
}

// 2.x adds the bias to the sum before it scales, 3.x after.
ChannelFactors::ChannelFactors(std::span<const float> factors, std::span<const float> biases, bool hasGroups)
    : m_factors(factors.begin(), factors.end()), m_hasGroups(hasGroups)
{
    const auto desc = rowMajor({static_cast<int64_t>(factors.size())});
    m_bias = dnnl::memory(desc, engine());
    auto* bias = static_cast<float*>(m_bias.get_data_handle());
#if DNNL_VERSION_MAJOR >= 3
    for (size_t i = 0; i < factors.size(); ++i)
        bias[i] = biases[i] * factors[i];
    m_scales = dnnl::memory(desc, engine());
    std::copy(factors.begin(), factors.end(), static_cast<float*>(m_scales.get_data_handle()));
#else
    std::copy(biases.begin(), biases.end(), bias);
#endif
}

dnnl::memory::desc ChannelFactors::bias() const { return m_bias.get_desc(); }

void ChannelFactors::addTo(dnnl::primitive_attr& attributes) const
{
#if DNNL_VERSION_MAJOR >= 3
    attributes.set_scales_mask(DNNL_ARG_WEIGHTS, m_hasGroups ? 3 : 1);
#else
    attributes.set_output_scales(2, m_factors);
#endif
}

void ChannelFactors::addTo(std::unordered_map<int, dnnl::memory>& arguments) const
{
    arguments.emplace(DNNL_ARG_BIAS, m_bias);
#if DNNL_VERSION_MAJOR >= 3
    arguments.emplace(DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS, m_scales);
#endif
}

bool appendActivation(dnnl::post_ops& operations, std::string_view name, float alpha, float beta)
{
    using dnnl::algorithm;
    struct Known {
        std::string_view name;
        algorithm function;
        float alpha;
        float beta;
    };
#if DNNL_VERSION_MAJOR >= 3
    constexpr auto clip = algorithm::eltwise_clip_v2;
#else
    constexpr auto clip = algorithm::eltwise_clip;
#endif
    const Known known[] = {
        {"Relu", algorithm::eltwise_relu, 0, 0},
        {"LeakyRelu", algorithm::eltwise_relu, alpha, 0},
        {"Clip", clip, alpha, beta},
        {"Sigmoid", algorithm::eltwise_logistic, 0, 0},
        {"Tanh", algorithm::eltwise_tanh, 0, 0},
        {"Swish", algorithm::eltwise_swish, 1, 0},
        {"HardSwish", algorithm::eltwise_hardswish, 1.0f / 6, 0.5f},
        {"Gelu", algorithm::eltwise_gelu_erf, 0, 0},
        {"FastGelu", algorithm::eltwise_gelu_tanh, 0, 0},
    };
    for (const Known& activation : known) {
        if (activation.name == name) {
            append(operations, activation.function, activation.alpha, activation.beta);
            return true;
        }
    }
    return name.empty();
}

dnnl::primitive_attr userScratchpad()
{
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

#if DNNL_VERSION_MAJOR >= 3

dnnl::convolution_forward::primitive_desc
convolution(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
            const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
            const WindowAttributes& window, const dnnl::primitive_attr& attributes)
{
    return {engine(),         inference,      dnnl::algorithm::convolution_direct,
            source,           weights,        bias,
            destination,      window.strides, gaps(window.dilations),
            window.padsBegin, window.padsEnd, attributes};
}

dnnl::deconvolution_forward::primitive_desc
deconvolution(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
              const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
              const WindowAttributes& window, const dnnl::primitive_attr& attributes)
{
    return {engine(),         inference,      dnnl::algorithm::deconvolution_direct,
            source,           weights,        bias,
            destination,      window.strides, gaps(window.dilations),
            window.padsBegin, window.padsEnd, attributes};
}

Pooling::primitive_desc pooling(dnnl::algorithm algorithm, const dnnl::memory::desc& source,
                                const dnnl::memory::desc& destination, const WindowAttributes& window)
{
    return {engine(),         inference,      algorithm,       source,
            destination,      window.strides, window.kernel,   gaps(window.dilations),
            window.padsBegin, window.padsEnd, userScratchpad()};
}

dnnl::matmul::primitive_desc matmul(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
                                    const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
                                    const dnnl::primitive_attr& attributes)
{
    return {engine(), source, weights, bias, destination, attributes};
}

Softmax::primitive_desc softmax(const dnnl::memory::desc& tensor, int axis)
{
    return {engine(), inference, dnnl::algorithm::softmax_accurate, tensor, tensor, axis, userScratchpad()};
}

#else

dnnl::convolution_forward::primitive_desc
convolution(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
            const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
            const WindowAttributes& window, const dnnl::primitive_attr& attributes)
{
    const dnnl::convolution_forward::desc operation(inference, dnnl::algorithm::convolution_direct, source,
                                                    weights, bias, destination, window.strides,
                                                    gaps(window.dilations), window.padsBegin, window.padsEnd);
    return {operation, attributes, engine()};
}

dnnl::deconvolution_forward::primitive_desc
deconvolution(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
              const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
              const WindowAttributes& window, const dnnl::primitive_attr& attributes)
{
    const dnnl::deconvolution_forward::desc operation(
        inference, dnnl::algorithm::deconvolution_direct, source, weights, bias, destination, window.strides,
        gaps(window.dilations), window.padsBegin, window.padsEnd);
    return {operation, attributes, engine()};
}

Pooling::primitive_desc pooling(dnnl::algorithm algorithm, const dnnl::memory::desc& source,
                                const dnnl::memory::desc& destination, const WindowAttributes& window)
{
    const Pooling::desc operation(inference, algorithm, source, destination, window.strides, window.kernel,
                                  gaps(window.dilations), window.padsBegin, window.padsEnd);
    return {operation, userScratchpad(), engine()};
}

dnnl::matmul::primitive_desc matmul(const dnnl::memory::desc& source, const dnnl::memory::desc& weights,
                                    const dnnl::memory::desc& bias, const dnnl::memory::desc& destination,
                                    const dnnl::primitive_attr& attributes)
{
    const dnnl::matmul::desc operation(source, weights, bias, destination);
    return {operation, attributes, engine()};
}

Softmax::primitive_desc softmax(const dnnl::memory::desc& tensor, int axis)
{
    const Softmax::desc operation(inference, dnnl::algorithm::softmax_accurate, tensor, tensor, axis);
    return {operation, userScratchpad(), engine()};
}

#endif

Error currentError()
{
    try {
        throw;
    } catch (const dnnl::error& error) {
        switch (error.status) {
        case dnnl_out_of_memory: return makeError(ErrorCode::OutOfMemory, "oneDNN is out of memory");
        case dnnl_unimplemented:
            return makeError(ErrorCode::UnsupportedOp, "oneDNN has no implementation of this case");
        default: return makeError(ErrorCode::BackendFailure, "oneDNN: " + std::string(error.what()));
        }
    } catch (const std::bad_alloc&) {
        return makeError(ErrorCode::OutOfMemory, "out of memory in oneDNN");
    } catch (const std::exception& error) {
        return makeError(ErrorCode::BackendFailure, "oneDNN: " + std::string(error.what()));
    }
}

} // namespace lapidary::onednn
