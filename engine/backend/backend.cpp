// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/backend/backend.h"

namespace lapidary {

Result<std::unique_ptr<Kernel>> createFromTable(std::span<const std::span<const KernelRow>> table,
                                                const KernelRequest& request)
{
    const Node& node = *request.node;
    std::string refusals;
    for (const std::span<const KernelRow> family : table) {
        for (const KernelRow& row : family) {
            if (!row.serves(node.domain, node.opType, request.opsetVersion))
                continue;
            auto kernel = row.create(request);
            if (kernel.ok() || kernel.error().code != ErrorCode::UnsupportedOp)
                return kernel;
            refusals += (refusals.empty() ? "" : "; ") + std::string(row.implementation) + ": " +
                        kernel.error().message;
        }
    }
    if (refusals.empty())
        return makeError(ErrorCode::UnsupportedOp, "no kernel for " + std::string(domainName(node.domain)) +
                                                       "." + node.opType + " of opset " +
                                                       std::to_string(request.opsetVersion));
    return makeError(ErrorCode::UnsupportedOp, std::move(refusals));
}

} // namespace lapidary
