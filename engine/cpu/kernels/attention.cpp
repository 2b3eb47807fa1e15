// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/attention.h"

#include "engine/backend/functors/binary.h"
#include "engine/backend/functors/unary.h"
#include "engine/cpu/elementwise.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/cpu/vector_math.h"
#include "engine/cpu/whole_bytes.h"

namespace lapidary {

namespace {

void swish(const float* in, float* out, int64_t count, float alpha)
{
    parallelFor(count, expensiveGrain, [&](int64_t begin, int64_t end) {
        vectorMap(VectorFunction::Swish, in + begin, out + begin, end - begin, alpha);
    });
}
void swish(const double* in, double* out, int64_t count, float alpha)
{
    mapElements(in, out, count, expensiveGrain, functors::Swish{alpha});
}

// swish(a) * b
template <typename T>
Status runSwiGlu(float alpha, KernelContext& context)
{
    TRY(requireTensors(context, {0, 1}, typeOf<T>()));
    const Tensor& a = context.tensor(0);
    const Tensor& b = context.tensor(1);
    TRY_ASSIGN(Tensor gate, Tensor::allocate(typeOf<T>(), a.dims()));
    swish(a.data<T>(), gate.mutableData<T>(), a.count(), alpha);
    TRY_ASSIGN(const BroadcastPlan plan, planBroadcast(std::array{a.dims(), b.dims()}));
    TRY_ASSIGN(Tensor * y, context.allocate(0, typeOf<T>(), plan.dims));
    if (y->count() > 0)
        combineElements(plan, static_cast<const T*>(gate.data<T>()), b.data<T>(),
                        y->template mutableData<T>(), cheapGrain, functors::Mul());
    return {};
}

Result<std::unique_ptr<Kernel>> createSwiGlu(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    return plainKernel([alpha = request.node->floatAttribute("alpha", 1)](KernelContext& context) {
        return dispatch(FloatTypes(), context.tensor(0).type(),
                        [&]<typename T>() { return runSwiGlu<T>(alpha, context); });
    });
}

constexpr KernelRow rows[] = {
    {"", "Attention", 23, newestOpset, "plain", createAttention},
    {"", "RotaryEmbedding", 23, newestOpset, "plain", createRotaryEmbedding},
    {"", "TensorScatter", 24, newestOpset, "plain", forWholeBytes<createTensorScatter>},
    {"", "LinearAttention", 27, newestOpset, "plain", createLinearAttention},
    {"", "CausalConvWithState", 27, newestOpset, "plain", createCausalConvWithState},
    {"com.microsoft", "LinearAttention", 1, newestOpset, "plain", createLinearAttention},
    {"com.microsoft", "CausalConvWithState", 1, newestOpset, "plain", createCausalConvWithState},
    {"ai.onnx.preview", "FlexAttention", 1, newestOpset, "plain", createFlexAttention},
    {"", "SwiGLU", 28, newestOpset, "plain", forFloats<createSwiGlu>},
};

} // namespace

std::span<const KernelRow> attentionKernels() { return rows; }

} // namespace lapidary
