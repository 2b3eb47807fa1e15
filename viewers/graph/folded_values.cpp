// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/folded_values.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace lapidary {

namespace {

constexpr uint64_t readAtMostBytes = 64; // of a constant, to show its numbers
constexpr int64_t mostNumbers = 4;
constexpr size_t longestString = 16;
constexpr int deepestIdentity = 16;

std::string number(double value)
{
    char text[32];
    if (value == std::floor(value) && std::abs(value) < 1e15)
        std::snprintf(text, sizeof text, "%.0f", value);
    else
        std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

std::string quoted(const std::string& text)
{
    // Cut between characters, not inside one.
    size_t end = std::min(text.size(), longestString);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return '"' + text.substr(0, end) + (end < text.size() ? "…\"" : "\"");
}

std::string bracketed(const Dims& dims) { return "⟨" + toString(dims) + "⟩"; }

std::string element(const Tensor& tensor, int64_t index)
{
    if (tensor.type() == DataType::String)
        return quoted(tensor.strings()[static_cast<size_t>(index)]);
    if (tensor.type() == DataType::Bool)
        return elementAsDouble(tensor, index) != 0 ? "true" : "false";
    const double value = elementAsDouble(tensor, index);
    // Exporters write the largest integer for "to the end" of a Slice.
    if (tensor.type() == DataType::Int64 && std::abs(value) >= 0x1p63)
        return value > 0 ? "INT64_MAX" : "INT64_MIN";
    return number(value);
}

std::string numbers(const Tensor& tensor)
{
    if (tensor.rank() == 0)
        return "= " + element(tensor, 0);
    std::string text = "= [";
    for (int64_t i = 0; i < tensor.count(); ++i)
        text += (i > 0 ? ", " : "") + element(tensor, i);
    return text + "]";
}

std::string tensorText(const TensorRef& tensor)
{
    const auto count = elementCount(tensor.dims);
    const bool small = count && *count > 0 && *count <= mostNumbers && tensor.dims.size() <= 1 &&
                       tensor.sizeBytes() <= readAtMostBytes;
    if (small) {
        const Result<Tensor> loaded = tensor.load();
        if (loaded.ok() && loaded->count() == *count)
            return numbers(*loaded);
    }
    return tensor.dims.empty() ? std::string() : bracketed(tensor.dims);
}

// The value of a Constant node other than a tensor.
std::string attributeText(const Node& node)
{
    for (const Attribute& attribute : node.attributes) {
        if (const auto* real = attribute.as<float>())
            return "= " + number(*real);
        if (const auto* integer = attribute.as<int64_t>())
            return "= " + std::to_string(*integer);
        if (const auto* text = attribute.as<std::string>())
            return "= " + quoted(*text);
        if (const auto* reals = attribute.as<std::vector<float>>())
            return bracketed({static_cast<int64_t>(reals->size())});
        if (const auto* integers = attribute.as<std::vector<int64_t>>())
            return bracketed({static_cast<int64_t>(integers->size())});
        if (const auto* texts = attribute.as<std::vector<std::string>>())
            return bracketed({static_cast<int64_t>(texts->size())});
        if (const auto* sparse = attribute.as<SparseTensorRef>())
            return bracketed(sparse->dims);
    }
    return {};
}

// Gives a constant another shape or type: the card says so behind it.
bool rearranges(const Node& node)
{
    static constexpr std::string_view types[] = {"Unsqueeze", "Squeeze",   "Reshape",
                                                 "Flatten",   "Transpose", "Cast"};
    return std::find(std::begin(types), std::end(types), node.opType) != std::end(types);
}

bool standard(const Node& node) { return node.domain.empty() || node.domain == "ai.onnx"; }

} // namespace

bool isQuantization(const Node& node)
{
    return node.opType == "QuantizeLinear" || node.opType == "DequantizeLinear";
}

FoldedValues::FoldedValues(const Graph& graph, const FoldedValues* outer, bool foldQuantization)
    : m_graph(graph),
      m_outer(outer),
      m_foldQuantization(foldQuantization),
      m_foldedValue(graph.values.size(), 0),
      m_foldedNode(graph.nodes.size(), 0)
{
    for (size_t i = 0; i < graph.values.size(); ++i) {
        const GraphValue& value = graph.values[i];
        m_foldedValue[i] = value.initializer >= 0;
        if (value.isOuter && outer != nullptr) {
            const ValueId there = outer->graph().findValue(value.name);
            m_foldedValue[i] = there != noValue && outer->isFolded(there);
        }
    }
    for (const SparseInitializer& sparse : graph.sparseInitializers) {
        if (sparse.value != noValue)
            m_foldedValue[static_cast<size_t>(sparse.value)] = 1;
    }
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        if (!foldable(graph.nodes[i]))
            continue;
        m_foldedNode[i] = 1;
        for (const ValueId output : graph.nodes[i].outputs) {
            if (output != noValue)
                m_foldedValue[static_cast<size_t>(output)] = 1;
        }
    }
}

// A node that only hands a constant on, or another view of it, and whose value is not a result of the model.
bool FoldedValues::foldable(const Node& node) const
{
    if (node.outputs.empty())
        return false;
    const bool quantization = m_foldQuantization && isQuantization(node);
    if (!quantization && (!standard(node) || (node.opType != "Constant" && node.opType != "ConstantOfShape" &&
                                              node.opType != "Identity" && !rearranges(node))))
        return false;
    for (const ValueId input : node.inputs) {
        if (input == noValue ? !quantization : !isFolded(input))
            return false;
    }
    const bool used = std::any_of(node.outputs.begin(), node.outputs.end(), [this](ValueId output) {
        return output != noValue && !m_graph.value(output).consumers.empty();
    });
    const bool result = std::any_of(node.outputs.begin(), node.outputs.end(), [this](ValueId output) {
        return output != noValue && m_graph.value(output).isOutput;
    });
    return used && !result;
}

const TensorRef* FoldedValues::tensorOf(ValueId value, int depth) const
{
    if (const TensorRef* constant = m_graph.constantOf(value))
        return constant;
    const NodeId producer = m_graph.value(value).producer;
    if (producer == noNode || depth > deepestIdentity)
        return nullptr;
    const Node& node = m_graph.node(producer);
    if ((node.opType == "Identity" || isQuantization(node)) && !node.inputs.empty() &&
        node.inputs[0] != noValue)
        return tensorOf(node.inputs[0], depth + 1);
    return nullptr;
}

// ConstantOfShape: its input holds the shape.
std::string FoldedValues::filledText(const Node& node) const
{
    const TensorRef* shape = node.inputs.empty() ? nullptr : tensorOf(node.inputs[0]);
    if (shape == nullptr || shape->sizeBytes() > readAtMostBytes)
        return {};
    const Result<Tensor> loaded = shape->load();
    if (!loaded.ok())
        return {};
    const auto dims = toInt64s(*loaded);
    return dims.ok() ? bracketed(*dims) : std::string();
}

std::string FoldedValues::text(ValueId value) const
{
    if (m_graph.value(value).isOuter && m_outer != nullptr)
        return m_outer->text(m_outer->graph().findValue(m_graph.value(value).name));
    if (const TensorRef* tensor = tensorOf(value))
        return tensorText(*tensor);
    const NodeId producer = m_graph.value(value).producer;
    if (producer == noNode) {
        for (const SparseInitializer& sparse : m_graph.sparseInitializers) {
            if (sparse.value == value)
                return bracketed(sparse.tensor.dims);
        }
        return {};
    }
    const Node& node = m_graph.node(producer);
    if (node.opType == "ConstantOfShape")
        return filledText(node);
    if (node.opType == "Identity" && !node.inputs.empty())
        return text(node.inputs[0]);
    if (rearranges(node) && !node.inputs.empty())
        return text(node.inputs[0]) + ' ' + node.opType;
    return attributeText(node);
}

} // namespace lapidary
