// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/schema_inference.h"

#include "engine/onnx/proto.h"

#include <onnx/defs/schema.h>

namespace lapidary {

namespace {

// libonnx's view of one node of ours.
class NodeView final : public onnx::InferenceContext {
public:
    explicit NodeView(lapidary::InferenceContext& context) : m_outputs(context.outputCount())
    {
        for (const Attribute& attribute : context.node().attributes)
            m_attributes[attribute.name] = toProto(attribute);
        for (size_t i = 0; i < context.inputCount(); ++i) {
            m_inputs.push_back(toProto(context.inputTypes[i]));
            const Tensor& constant = context.inputConstants[i];
            const bool small = !constant.empty() && constant.sizeBytes() <= largestInlineBytes;
            m_constants.push_back(small ? std::optional(toProto(constant)) : std::nullopt);
        }
    }

    const onnx::AttributeProto* getAttribute(const std::string& name) const override
    {
        const auto found = m_attributes.find(name);
        return found == m_attributes.end() ? nullptr : &found->second;
    }
    size_t getNumInputs() const override { return m_inputs.size(); }
    const onnx::TypeProto* getInputType(size_t index) const override
    {
        const bool known =
            index < m_inputs.size() && m_inputs[index].value_case() != onnx::TypeProto::VALUE_NOT_SET;
        return known ? &m_inputs[index] : nullptr;
    }
    const onnx::TensorProto* getInputData(size_t index) const override
    {
        return index < m_constants.size() && m_constants[index] ? &*m_constants[index] : nullptr;
    }
    size_t getNumOutputs() const override { return m_outputs.size(); }
    onnx::TypeProto* getOutputType(size_t index) override { return &m_outputs[index]; }
    onnx::GraphInferencer* getGraphAttributeInferencer(const std::string&) override { return nullptr; }
    const onnx::SparseTensorProto* getInputSparseData(size_t) const override { return nullptr; }
    const onnx::TensorShapeProto* getSymbolicInput(size_t) const override { return nullptr; }

private:
    std::map<std::string, onnx::AttributeProto> m_attributes;
    std::vector<onnx::TypeProto> m_inputs;
    std::vector<std::optional<onnx::TensorProto>> m_constants;
    std::vector<onnx::TypeProto> m_outputs;
};

// libonnx throws for an input without a type; for us an unknown type is no contradiction.
bool inputTypesKnown(const lapidary::InferenceContext& context)
{
    for (size_t i = 0; i < context.inputCount(); ++i) {
        const TypeInfo& type = context.inputTypes[i];
        const bool untyped =
            type.kind == TypeInfo::Kind::Unknown || (type.isTensor() && type.dataType == DataType::Undefined);
        if (context.hasInput(i) && untyped)
            return false;
    }
    return true;
}

} // namespace

Status inferWithSchema(InferenceContext& context)
{
    const Node& node = context.node();
    if (!node.bodies().empty() || !inputTypesKnown(context))
        return {};
    try {
        const onnx::OpSchema* schema = onnx::OpSchemaRegistry::Schema(
            node.opType, static_cast<int>(context.opsetVersion()), node.domain);
        if (!schema || !schema->has_type_and_shape_inference_function())
            return {};
        NodeView view(context);
        schema->GetTypeAndShapeInferenceFunction()(view);
        for (size_t i = 0; i < context.outputCount(); ++i)
            context.outputTypes[i] = fromProto(*view.getOutputType(i));
    } catch (const std::exception& exception) {
        return makeError(ErrorCode::ShapeMismatch, exception.what());
    }
    return {};
}

} // namespace lapidary
