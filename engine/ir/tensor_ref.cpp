// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/tensor_ref.h"

namespace lapidary {

namespace {

class MemorySource final : public TensorSource {
public:
    explicit MemorySource(Tensor tensor) : m_tensor(std::move(tensor)) {}
    Result<Tensor> load(const TensorRef&) const override { return m_tensor; }
    std::string location(const TensorRef&) const override { return "in memory"; }

private:
    Tensor m_tensor;
};

} // namespace

uint64_t TensorRef::sizeBytes() const
{
    const auto count = elementCount(dims);
    return count ? storageBytes(type, static_cast<uint64_t>(*count)) : 0;
}

Result<Tensor> TensorRef::load() const
{
    if (!source)
        return makeError(ErrorCode::InvalidModel, "the tensor '" + name + "' has no data");
    return source->load(*this);
}

std::string TensorRef::location() const { return source ? source->location(*this) : std::string(); }

TensorRef makeTensorRef(std::string name, Tensor tensor)
{
    TensorRef ref;
    ref.name = std::move(name);
    ref.type = tensor.type();
    ref.dims = tensor.dims();
    ref.source = std::make_shared<MemorySource>(std::move(tensor));
    return ref;
}

} // namespace lapidary
