// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/cpu_backend.h"

#include "engine/cpu/kernel_table.h"
#include "engine/cpu/onednn.h"
#include "engine/cpu/parallel.h"

namespace lapidary {

namespace {

class CpuBackend final : public Backend {
public:
    std::string_view name() const override { return "cpu"; }
    std::string description() const override { return "CPU, " + onednn::description(); }

    Result<std::unique_ptr<Kernel>> createKernel(const KernelRequest& request) const override
    {
        return createFromTable(kernelTable(), request);
    }
    std::span<const std::span<const KernelRow>> kernelTable() const override { return cpuKernelTable(); }
    void setThreads(int count) const override { setParallelThreads(count); }
    bool multipliesBytes() const override { return onednn::hasExactBytes(); }
};

} // namespace

const Backend& cpuBackend()
{
    static const CpuBackend backend;
    return backend;
}

} // namespace lapidary
