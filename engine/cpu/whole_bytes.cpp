// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/whole_bytes.h"

#include "engine/ir/small_float.h"

#include <cstring>

namespace lapidary {

namespace {

Result<Tensor> unpacked(const Tensor& tensor)
{
    TRY_ASSIGN(Tensor bytes, Tensor::allocate(DataType::UInt8, tensor.dims()));
    for (int64_t i = 0; i < tensor.count(); ++i)
        bytes.mutableData<uint8_t>()[i] = subByteBits(tensor.type(), tensor.bytes(), i);
    return bytes;
}

Result<Tensor> packed(const Tensor& bytes, DataType type)
{
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(type, bytes.dims()));
    std::memset(tensor.mutableBytes(), 0, tensor.sizeBytes());
    for (int64_t i = 0; i < bytes.count(); ++i)
        setSubByteBits(type, tensor.mutableBytes(), i, bytes.data<uint8_t>()[i]);
    return tensor;
}

class WholeBytesKernel final : public Kernel {
public:
    explicit WholeBytesKernel(std::unique_ptr<Kernel> inner) : m_inner(std::move(inner)) {}

    std::string implementation() const override { return m_inner->implementation(); }

    Status run(KernelContext& context) override
    {
        std::vector<Value> bytes(context.inputCount());
        std::vector<const Value*> inputs(context.inputCount());
        DataType small = DataType::Undefined;
        for (size_t i = 0; i < inputs.size(); ++i) {
            inputs[i] = &context.input(i);
            const Tensor* tensor = context.input(i).tensor();
            if (!tensor || !isSubByte(tensor->type()))
                continue;
            small = tensor->type();
            TRY_ASSIGN(bytes[i], unpacked(*tensor));
            inputs[i] = &bytes[i];
        }
        if (small == DataType::Undefined)
            return m_inner->run(context);
        std::vector<Value> outputs(context.outputCount());
        KernelContext inner(inputs, outputs, context.job(), context.captures());
        TRY(m_inner->run(inner));
        for (size_t i = 0; i < outputs.size(); ++i) {
            const Tensor* tensor = outputs[i].tensor();
            if (tensor && tensor->type() == DataType::UInt8) {
                TRY_ASSIGN(outputs[i], packed(*tensor, small));
            }
            context.setOutput(i, std::move(outputs[i]));
        }
        return {};
    }

private:
    std::unique_ptr<Kernel> m_inner;
};

} // namespace

Result<std::unique_ptr<Kernel>> createForWholeBytes(const KernelRequest& request, KernelFactory create)
{
    const bool mayBeSmall =
        std::any_of(request.inputTypes.begin(), request.inputTypes.end(), [](const TypeInfo& type) {
            return isSubByte(type.dataType) || type.dataType == DataType::Undefined;
        });
    TRY_ASSIGN(std::unique_ptr<Kernel> inner, create(request));
    if (!mayBeSmall)
        return inner;
    return std::unique_ptr<Kernel>(std::make_unique<WholeBytesKernel>(std::move(inner)));
}

} // namespace lapidary
