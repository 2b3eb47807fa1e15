// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/op_support.h"

#include "engine/onnx/op_docs.h"
#include "engine/ops/op_def.h"
#include "engine/session/backends.h"

#include <set>
#include <tuple>

namespace lapidary {

namespace {

using OpKey = std::tuple<std::string, std::string, int>; // domain, name, version

std::set<OpKey> knownOperators()
{
    std::set<OpKey> keys;
    for (const std::span<const OpDef> family : opTable()) {
        for (const OpDef& op : family) {
            for (const int version : op.versions)
                keys.emplace(domainName(op.domain), op.name, version);
        }
    }
    for (const OpVersion& op : documentedOperators())
        keys.emplace(domainName(op.domain), op.name, op.version);
    return keys;
}

void addImplementations(const BackendStatus& status, OpSupport& support)
{
    for (const std::span<const KernelRow> family : status.backend->kernelTable()) {
        for (const KernelRow& row : family) {
            if (row.serves(support.domain, support.name, support.version))
                support.implementations[status.name].emplace_back(row.implementation);
        }
    }
}

} // namespace

std::vector<OpSupport> operatorSupport()
{
    std::vector<OpSupport> table;
    for (const auto& [domain, name, version] : knownOperators()) {
        OpSupport support{domain, name, version, {}};
        for (const BackendStatus& status : backends()) {
            if (status.backend)
                addImplementations(status, support);
        }
        table.push_back(std::move(support));
    }
    return table;
}

} // namespace lapidary
