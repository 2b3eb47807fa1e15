// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/deferred_kernel.h"

#include "engine/session/backends.h"

#include <algorithm>

namespace lapidary {

namespace {

bool isUnknown(const TypeInfo& type)
{
    return type.kind == TypeInfo::Kind::Unknown ||
           (type.isTensor() && type.dataType == DataType::Undefined) ||
           (type.element && isUnknown(*type.element));
}

class DeferredKernel final : public Kernel {
public:
    DeferredKernel(KernelRequest request, const Backend& device)
        : m_request(std::move(request)), m_device(device)
    {
    }

    std::string implementation() const override
    {
        return m_kernel ? m_kernel->implementation() : "chosen when it runs";
    }

    Status run(KernelContext& context) override
    {
        bool same = m_kernel != nullptr;
        for (size_t i = 0; i < m_request.inputTypes.size(); ++i) {
            TypeInfo type = withoutShape(typeOf(context.input(i))); // the next run may have another
            TypeInfo& known = m_request.inputTypes[i];
            same = same && type.kind == known.kind && type.dataType == known.dataType;
            known = std::move(type);
        }
        if (!same) {
            NodePlacement placement;
            TRY_ASSIGN(m_kernel, createOnDevice(m_request, m_device, placement));
        }
        return m_kernel->run(context);
    }

private:
    KernelRequest m_request;
    const Backend& m_device;
    std::unique_ptr<Kernel> m_kernel;
};

} // namespace

Result<std::unique_ptr<Kernel>> createOnDevice(const KernelRequest& request, const Backend& device,
                                               NodePlacement& placement)
{
    placement.backend = device.name();
    auto kernel = device.createKernel(request);
    TRY_ASSIGN(const Backend* cpu, findBackend("cpu"));
    if (kernel.ok() || kernel.error().code != ErrorCode::UnsupportedOp || &device == cpu)
        return kernel;
    placement.backend = cpu->name();
    placement.reason = kernel.error().message;
    return cpu->createKernel(request);
}

bool hasUnknownType(const KernelRequest& request)
{
    for (size_t i = 0; i < request.inputTypes.size(); ++i) {
        if (request.node->inputs[i] != noValue && isUnknown(request.inputTypes[i]))
            return true;
    }
    return false;
}

bool servesOperator(const Backend& device, const KernelRequest& request)
{
    const auto serves = [&](const KernelRow& row) {
        return row.serves(request.node->domain, request.node->opType, request.opsetVersion);
    };
    const auto table = device.kernelTable();
    return std::any_of(table.begin(), table.end(), [&](std::span<const KernelRow> family) {
        return std::any_of(family.begin(), family.end(), serves);
    });
}

std::unique_ptr<Kernel> deferKernel(KernelRequest request, const Backend& device)
{
    return std::make_unique<DeferredKernel>(std::move(request), device);
}

} // namespace lapidary
