// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a place where nodes run. The CPU is always there; others are found at run time.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

class Backend {
public:
    virtual ~Backend() = default;
    virtual std::string_view name() const = 0;   // "cpu", "cuda": the --device argument
    virtual std::string description() const = 0; // "CPU, oneDNN 2.6.3", "NVIDIA H100, CUDA 13"
    // The kernel that would serve the node. Error UnsupportedOp: the reasons of all rows that refused,
    // or that no row knows the operator.
    virtual Result<std::unique_ptr<Kernel>> createKernel(const KernelRequest& request) const = 0;
    // The rows, for the support table (lapidary ops).
    virtual std::span<const std::span<const KernelRow>> kernelTable() const = 0;
    // Threads for kernels run by the calling thread from now on; 0: one for each physical core.
    virtual void setThreads(int count) const = 0;
    // Whether products of bytes are exact here and faster than those of floats.
    virtual bool multipliesBytes() const { return false; }
};

// Tries the rows of a table in order: what Backend::createKernel of every backend does.
Result<std::unique_ptr<Kernel>> createFromTable(std::span<const std::span<const KernelRow>> table,
                                                const KernelRequest& request);

} // namespace lapidary
