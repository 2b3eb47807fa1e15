// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/body.h"

#include "engine/cpu/tensor_slices.h"
#include "engine/ops/axis.h"
#include "engine/ops/control_flow.h"

#include <algorithm>

namespace lapidary {

Result<std::unique_ptr<Body>> compileBody(const KernelRequest& request, std::string_view attribute,
                                          std::span<const TypeInfo> inputTypes)
{
    TRY_ASSIGN(const Graph* graph, bodyAttribute(*request.node, attribute));
    if (!request.bodies)
        return makeError(ErrorCode::UnsupportedOp, "the graph '" + std::string(attribute) +
                                                       "' inside the node can only run in a session");
    auto body = request.bodies->compile(*graph, inputTypes);
    if (!body.ok())
        return std::move(body).error().at(std::string(attribute));
    return body;
}

Status setOutputs(KernelContext& context, std::vector<Value> values)
{
    for (size_t i = 0; i < std::min(values.size(), context.outputCount()); ++i)
        context.setOutput(i, std::move(values[i]));
    return {};
}

Status keepTensors(std::span<Value> values, std::span<std::vector<Tensor>> lists)
{
    for (size_t i = 0; i < lists.size(); ++i) {
        Tensor* tensor = values[i].tensor();
        if (!tensor)
            return makeError(ErrorCode::ShapeMismatch, "scan output " + std::to_string(i) +
                                                           " must be a tensor, found " + describe(values[i]));
        lists[i].push_back(std::move(*tensor));
    }
    return {};
}

Result<Tensor> stackOrEmpty(std::span<const Tensor> parts, int64_t axis, const TypeInfo& promised)
{
    if (!parts.empty()) {
        TRY_ASSIGN(const int64_t place, normalizeAxis(axis, parts.front().rank() + 1));
        return stack(parts, place);
    }
    if (promised.dataType == DataType::Undefined)
        return makeError(ErrorCode::UnsupportedOp,
                         "nothing was scanned, and the body does not say which type its output has");
    Dims dims;
    for (const Dim& dim : promised.shape.value_or(Shape()))
        dims.push_back(std::max<int64_t>(0, dim.value));
    TRY_ASSIGN(const int64_t place, normalizeAxis(axis, static_cast<int64_t>(dims.size()) + 1));
    dims.insert(dims.begin() + place, 0);
    return Tensor::allocate(promised.dataType, std::move(dims));
}

} // namespace lapidary
