// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/elementwise_vector.h"

#include "engine/cpu/elementwise.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> vectorKernel(const KernelRequest& request, VectorFunction function,
                                             float parameter)
{
    if (request.inputDataType(0) != DataType::Float)
        return unsupportedType(request.inputDataType(0));
    return plainKernel(
        [function, parameter](KernelContext& context) -> Status {
            TRY(requireInputs(context, 1));
            const Tensor& x = context.tensor(0);
            if (x.type() != DataType::Float)
                return unsupportedType(x.type());
            TRY_ASSIGN(Tensor * y, context.allocateOver(0, 0, x.type(), x.dims()));
            float* out = y->mutableData<float>();
            parallelFor(x.count(), 1 << 13, [&](int64_t begin, int64_t end) {
                vectorMap(function, x.data<float>() + begin, out + begin, end - begin, parameter);
            });
            return {};
        },
        "vector");
}

Result<std::unique_ptr<Kernel>> createVectorFloats(const KernelRequest& request, KernelFactory create)
{
    const DataType type = request.inputDataType(0);
    if (type != DataType::Float && type != DataType::Float16 && type != DataType::BFloat16)
        return unsupportedType(type);
    return createForFloats(request, create);
}

} // namespace lapidary
