// SPDX-License-Identifier: GPL-3.0-or-later
// If, Loop, Scan and SequenceMap. Their outputs have the types that the graphs inside give.
#include "engine/ops/control_flow.h"

#include "engine/ops/axis.h"
#include "engine/ops/families.h"

#include <algorithm>

namespace lapidary {

namespace {

// What two values have in common, for a value that is one or the other.
TypeInfo commonType(const TypeInfo& a, const TypeInfo& b)
{
    if (a.kind != b.kind || a.dataType != b.dataType)
        return {};
    TypeInfo common = a;
    if (a.shape && b.shape && a.shape->size() == b.shape->size()) {
        for (size_t i = 0; i < a.shape->size(); ++i) {
            if ((*a.shape)[i] != (*b.shape)[i])
                (*common.shape)[i] = Dim();
        }
    } else {
        common.shape.reset();
    }
    if (a.element && b.element)
        common.element = std::make_shared<const TypeInfo>(commonType(*a.element, *b.element));
    return common;
}

TypeInfo scalarType(DataType type) { return TypeInfo::tensor(type, Shape()); }

TypeInfo stacked(TypeInfo type, int64_t axis, Dim size)
{
    if (!type.isTensor() || !type.shape)
        return TypeInfo::tensor(type.dataType);
    const auto rank = static_cast<int64_t>(type.shape->size()) + 1;
    const int64_t place = axis < 0 ? axis + rank : axis;
    if (place < 0 || place >= rank)
        return TypeInfo::tensor(type.dataType);
    type.shape->insert(type.shape->begin() + place, std::move(size));
    return type;
}

void setOutputs(InferenceContext& context, const std::vector<TypeInfo>& types)
{
    for (size_t i = 0; i < std::min(types.size(), context.outputCount()); ++i)
        context.outputTypes[i] = types[i];
}

Status inferIf(InferenceContext& context)
{
    TRY_ASSIGN(const Graph* thenBranch, bodyAttribute(context.node(), "then_branch"));
    TRY_ASSIGN(const Graph* elseBranch, bodyAttribute(context.node(), "else_branch"));
    for (const Graph* branch : {thenBranch, elseBranch}) {
        if (branch->outputs.size() < context.outputCount())
            return makeError(ErrorCode::InvalidModel,
                             "a branch of If has " + std::to_string(branch->outputs.size()) +
                                 " outputs, but the node has " + std::to_string(context.outputCount()));
    }
    const std::vector<TypeInfo> a = context.bodyTypes(*thenBranch, {});
    const std::vector<TypeInfo> b = context.bodyTypes(*elseBranch, {});
    const Tensor condition = context.inputCount() > 0 ? context.inputConstants[0] : Tensor();
    if (condition.type() == DataType::Bool && condition.count() == 1) {
        setOutputs(context, *condition.data<bool>() ? a : b);
        return {};
    }
    std::vector<TypeInfo> common;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        common.push_back(commonType(a[i], b[i]));
    setOutputs(context, common);
    return {};
}

// Types of the states that hold in every iteration: those of the first, less what the body changes.
// Each round only forgets, so it ends; a body that still changes them loses their shapes.
std::vector<TypeInfo> steadyOutputs(const InferenceContext& context, const Graph& body,
                                    std::vector<TypeInfo> inputs, size_t firstState, size_t firstOutput,
                                    size_t stateCount)
{
    constexpr int rounds = 3;
    std::vector<TypeInfo> outputs;
    for (int round = 0; round <= rounds; ++round) {
        outputs = context.bodyTypes(body, inputs);
        if (outputs.size() < firstOutput + stateCount)
            return {};
        bool steady = true;
        for (size_t i = 0; i < stateCount; ++i) {
            TypeInfo& input = inputs[firstState + i];
            TypeInfo common = commonType(input, outputs[firstOutput + i]);
            if (round == rounds - 1)
                common.shape.reset();
            steady = steady && toString(common) == toString(input);
            input = std::move(common);
        }
        if (steady)
            break;
    }
    // Without any iteration a state keeps its first value.
    for (size_t i = 0; i < stateCount; ++i)
        outputs[firstOutput + i] = commonType(inputs[firstState + i], outputs[firstOutput + i]);
    return outputs;
}

Status inferLoop(InferenceContext& context)
{
    TRY_ASSIGN(const LoopLayout layout, loopLayout(context.node()));
    std::vector<TypeInfo> inputs{scalarType(DataType::Int64), scalarType(DataType::Bool)};
    for (size_t i = 0; i < layout.stateCount; ++i)
        inputs.push_back(context.inputTypes[2 + i]);
    std::vector<TypeInfo> outputs = steadyOutputs(context, *layout.body, inputs, 2, 1, layout.stateCount);
    if (outputs.empty())
        return {};
    outputs.erase(outputs.begin());
    for (size_t i = layout.stateCount; i < outputs.size(); ++i)
        outputs[i] = stacked(outputs[i], 0, Dim());
    setOutputs(context, outputs);
    return {};
}

// Without the axes in front: what one iteration sees of a scanned input.
TypeInfo scanned(TypeInfo type, int64_t axis, bool batched)
{
    if (!type.isTensor() || !type.shape)
        return TypeInfo::tensor(type.dataType);
    const auto rank = static_cast<int64_t>(type.shape->size());
    if (batched && rank >= 2) {
        type.shape->erase(type.shape->begin(), type.shape->begin() + 2);
        return type;
    }
    const auto place = normalizeAxis(axis, rank);
    if (batched || !place.ok())
        return TypeInfo::tensor(type.dataType);
    type.shape->erase(type.shape->begin() + *place);
    return type;
}

Dim scannedSize(const TypeInfo& type, int64_t axis)
{
    if (!type.isTensor() || !type.shape)
        return {};
    const auto place = normalizeAxis(axis, static_cast<int64_t>(type.shape->size()));
    return place.ok() ? (*type.shape)[static_cast<size_t>(*place)] : Dim();
}

TypeInfo withoutBatch(TypeInfo type)
{
    if (type.shape && !type.shape->empty())
        type.shape->erase(type.shape->begin());
    else
        type.shape.reset();
    return type;
}

Status inferScan(InferenceContext& context)
{
    TRY_ASSIGN(const ScanLayout layout, scanLayout(context.node(), context.opsetVersion()));
    const auto input = [&](size_t i) { return context.inputTypes[layout.firstInput + i]; };
    std::vector<TypeInfo> inputs;
    for (size_t i = 0; i < layout.stateCount; ++i)
        inputs.push_back(layout.batched ? withoutBatch(input(i)) : input(i));
    Dim length;
    for (size_t i = 0; i < layout.inputAxes.size(); ++i) {
        const TypeInfo& type = input(layout.stateCount + i);
        const Dim size = scannedSize(type, layout.batched ? 1 : layout.inputAxes[i]);
        length = length.known() ? length : size;
        inputs.push_back(scanned(type, layout.inputAxes[i], layout.batched));
    }
    std::vector<TypeInfo> outputs = steadyOutputs(context, *layout.body, inputs, 0, 0, layout.stateCount);
    for (size_t i = 0; i < outputs.size(); ++i) {
        if (i >= layout.stateCount)
            outputs[i] =
                stacked(outputs[i], layout.batched ? 0 : layout.outputAxes[i - layout.stateCount], length);
        if (layout.batched)
            outputs[i] = stacked(outputs[i], 0, scannedSize(input(layout.stateCount), 0));
    }
    setOutputs(context, outputs);
    return {};
}

Status inferSequenceMap(InferenceContext& context)
{
    TRY_ASSIGN(const Graph* body, bodyAttribute(context.node(), "body"));
    std::vector<TypeInfo> inputs;
    for (const TypeInfo& type : context.inputTypes)
        inputs.push_back(type.kind == TypeInfo::Kind::Sequence && type.element ? *type.element
                         : type.isTensor()                                     ? type
                                                                               : TypeInfo());
    std::vector<TypeInfo> outputs = context.bodyTypes(*body, inputs);
    for (TypeInfo& type : outputs)
        type = TypeInfo::sequence(std::move(type));
    setOutputs(context, outputs);
    return {};
}

std::vector<bool> reversed(const std::vector<int64_t>& directions, size_t count)
{
    std::vector<bool> result(count);
    for (size_t i = 0; i < std::min(count, directions.size()); ++i)
        result[i] = directions[i] != 0;
    return result;
}

std::vector<int64_t> axesOf(const Node& node, std::string_view attribute, size_t count)
{
    std::vector<int64_t> axes = node.intsAttribute(attribute);
    axes.resize(count, 0);
    return axes;
}

constexpr int ifVersions[] = {1, 11, 13, 16, 19, 21, 23, 24, 25};
constexpr int loopVersions[] = {1, 11, 13, 16, 19, 21, 23, 24, 25};
constexpr int scanVersions[] = {8, 9, 11, 16, 19, 21, 23, 24, 25};
constexpr int sequenceMapVersions[] = {17};

constexpr OpDef ops[] = {
    {"", "If", ifVersions, inferIf},
    {"", "Loop", loopVersions, inferLoop},
    {"", "Scan", scanVersions, inferScan},
    {"", "SequenceMap", sequenceMapVersions, inferSequenceMap},
};

} // namespace

Result<const Graph*> bodyAttribute(const Node& node, std::string_view name)
{
    const Attribute* attribute = node.attribute(name);
    const auto* body = attribute ? attribute->as<std::shared_ptr<const Graph>>() : nullptr;
    if (!body || !*body)
        return makeError(ErrorCode::InvalidModel, "the attribute '" + std::string(name) + "' holds no graph");
    return body->get();
}

Result<LoopLayout> loopLayout(const Node& node)
{
    LoopLayout layout;
    TRY_ASSIGN(layout.body, bodyAttribute(node, "body"));
    layout.stateCount = node.inputs.size() > 2 ? node.inputs.size() - 2 : 0;
    const size_t outputs = layout.body->outputs.size();
    if (layout.body->inputs.size() != layout.stateCount + 2 || outputs < layout.stateCount + 1 ||
        node.outputs.size() + 1 > outputs)
        return makeError(ErrorCode::InvalidModel,
                         "the body of Loop has " + std::to_string(layout.body->inputs.size()) +
                             " inputs and " + std::to_string(outputs) + " outputs, which do not fit the " +
                             std::to_string(node.inputs.size()) + " inputs and " +
                             std::to_string(node.outputs.size()) + " outputs of the node");
    layout.scanOutputCount = outputs - 1 - layout.stateCount;
    return layout;
}

Result<ScanLayout> scanLayout(const Node& node, int64_t opset)
{
    ScanLayout layout;
    TRY_ASSIGN(layout.body, bodyAttribute(node, "body"));
    layout.batched = opset < 9;
    layout.firstInput = layout.batched ? 1 : 0;
    const int64_t scannedCount = node.intAttribute("num_scan_inputs", 0);
    const auto inputCount = static_cast<int64_t>(layout.body->inputs.size());
    const auto given = static_cast<int64_t>(node.inputs.size()) - static_cast<int64_t>(layout.firstInput);
    if (scannedCount < 1 || scannedCount > inputCount || given != inputCount)
        return makeError(ErrorCode::InvalidModel, "Scan gives its body " + std::to_string(given) +
                                                      " values, of which it scans " +
                                                      std::to_string(scannedCount) + "; the body has " +
                                                      std::to_string(inputCount) + " inputs");
    layout.stateCount = static_cast<size_t>(inputCount - scannedCount);
    const size_t outputs = layout.body->outputs.size();
    if (outputs < layout.stateCount || node.outputs.size() > outputs)
        return makeError(ErrorCode::InvalidModel,
                         "the body of Scan has " + std::to_string(outputs) + " outputs for " +
                             std::to_string(layout.stateCount) + " states and the " +
                             std::to_string(node.outputs.size()) + " outputs of the node");
    const auto count = static_cast<size_t>(scannedCount);
    const size_t scanOutputs = outputs - layout.stateCount;
    layout.inputAxes = axesOf(node, "scan_input_axes", count);
    layout.outputAxes = axesOf(node, "scan_output_axes", scanOutputs);
    layout.inputReversed =
        reversed(node.intsAttribute(layout.batched ? "directions" : "scan_input_directions"), count);
    layout.outputReversed = reversed(node.intsAttribute("scan_output_directions"), scanOutputs);
    return layout;
}

std::span<const OpDef> controlFlowOps() { return ops; }

} // namespace lapidary
