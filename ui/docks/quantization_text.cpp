// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/quantization_text.h"

#include "ui/text/numbers.h"
#include "viewers/tensor/element_text.h"

#include <QCoreApplication>

namespace lapidary {

namespace {

struct Operand {
    const char* name;
    size_t scale; // index of the input
    size_t zeroPoint;
};

struct Operator {
    std::string_view opType;
    std::vector<Operand> operands;
};

// Source: ONNX Operators.md, ContribOperators.md of ONNX Runtime.
const std::vector<Operator>& operators()
{
    static const std::vector<Operator> table{
        {"QuantizeLinear", {{"y", 1, 2}}},
        {"DequantizeLinear", {{"x", 1, 2}}},
        {"QLinearConv", {{"x", 1, 2}, {"w", 4, 5}, {"y", 6, 7}}},
        {"QLinearMatMul", {{"a", 1, 2}, {"b", 4, 5}, {"y", 6, 7}}},
        {"QGemm", {{"A", 1, 2}, {"B", 4, 5}, {"Y", 7, 8}}},
        {"QLinearAdd", {{"A", 1, 2}, {"B", 4, 5}, {"C", 6, 7}}},
        {"QLinearMul", {{"A", 1, 2}, {"B", 4, 5}, {"C", 6, 7}}},
        {"QLinearSigmoid", {{"X", 1, 2}, {"Y", 3, 4}}},
        {"QLinearLeakyRelu", {{"X", 1, 2}, {"Y", 3, 4}}},
        {"QLinearSoftmax", {{"X", 1, 2}, {"Y", 3, 4}}},
        {"QLinearAveragePool", {{"X", 1, 2}, {"Y", 3, 4}}},
        {"QLinearGlobalAveragePool", {{"X", 1, 2}, {"Y", 3, 4}}},
        {"QLinearConcat", {{"Y", 0, 1}}},
        {"MatMulIntegerToFloat", {{"A", 2, 4}, {"B", 3, 5}}},
        {"DynamicQuantizeMatMul", {{"B", 2, 3}}},
    };
    return table;
}

// Through Identity nodes, which exporters put between a shared scale and its readers.
const TensorRef* numbersOf(const Graph& graph, ValueId id)
{
    for (int step = 0; step < 8 && id != noValue; ++step) {
        if (const TensorRef* tensor = graph.constantOf(id))
            return tensor;
        const NodeId producer = graph.value(id).producer;
        if (producer == noNode || graph.node(producer).opType != "Identity" ||
            graph.node(producer).inputs.empty())
            return nullptr;
        id = graph.node(producer).inputs[0];
    }
    return nullptr;
}

QString translated(const char* text) { return QCoreApplication::translate("quantization", text); }

// The number when there is one, the name of the value otherwise.
QString numberOrName(const Graph& graph, ValueId id, const QString& word, int64_t& count)
{
    const TensorRef* tensor = numbersOf(graph, id);
    count = tensor ? elementCount(tensor->dims).value_or(0) : 0;
    if (count == 1) {
        const auto loaded = tensor->load();
        if (loaded.ok() && loaded->count() == 1)
            return elementText(*loaded, 0);
    }
    return word;
}

QuantizationFormula formulaOf(const Graph& graph, const Node& node, const Operand& operand)
{
    const auto input = [&](size_t index) {
        return index < node.inputs.size() ? node.inputs[index] : noValue;
    };
    int64_t scales = 0;
    int64_t zeroPoints = 0;
    const QString scale = numberOrName(graph, input(operand.scale),
                                       translated(QT_TRANSLATE_NOOP("quantization", "scale")), scales);
    const QString zeroPoint =
        input(operand.zeroPoint) == noValue
            ? QStringLiteral("0")
            : numberOrName(graph, input(operand.zeroPoint),
                           translated(QT_TRANSLATE_NOOP("quantization", "zero point")), zeroPoints);
    QuantizationFormula result;
    result.operand = QLatin1String(operand.name);
    const QString shown = zeroPoint.startsWith(QChar(0x2212)) || zeroPoint.startsWith(QLatin1Char('-'))
                              ? QLatin1Char('(') + zeroPoint + QLatin1Char(')')
                              : zeroPoint;
    result.formula =
        zeroPoint == QStringLiteral("0")
            ? translated(QT_TRANSLATE_NOOP("quantization", "real = %1 × q")).arg(scale)
            : translated(QT_TRANSLATE_NOOP("quantization", "real = %1 × (q − %2)")).arg(scale, shown);
    if (scales > 1) {
        const int64_t axis = node.intAttribute("axis", 1);
        const int64_t block = node.intAttribute("block_size", 0);
        const bool isLinear = node.opType == "QuantizeLinear" || node.opType == "DequantizeLinear";
        result.detail =
            block > 0 && isLinear
                ? translated(
                      QT_TRANSLATE_NOOP("quantization", "%1 scales, one for each block of %2 along axis %3"))
                      .arg(wholeNumberText(scales), wholeNumberText(block), wholeNumberText(axis))
            : isLinear ? translated(QT_TRANSLATE_NOOP("quantization", "%1 scales along axis %2"))
                             .arg(wholeNumberText(scales), wholeNumberText(axis))
                       : translated(QT_TRANSLATE_NOOP("quantization", "%1 scales, one for each channel"))
                             .arg(wholeNumberText(scales));
    }
    return result;
}

} // namespace

std::vector<QuantizationFormula> quantizationFormulas(const Graph& graph, const Node& node)
{
    std::vector<QuantizationFormula> formulas;
    for (const Operator& op : operators()) {
        if (op.opType != node.opType)
            continue;
        for (const Operand& operand : op.operands)
            formulas.push_back(formulaOf(graph, node, operand));
    }
    return formulas;
}

std::vector<QuantizationFormula> quantizationFormulas(const Graph& graph, ValueId id)
{
    const GraphValue& value = graph.value(id);
    if (value.producer != noNode && graph.node(value.producer).opType == "QuantizeLinear")
        return quantizationFormulas(graph, graph.node(value.producer));
    for (const NodeId consumer : value.consumers) {
        const Node& node = graph.node(consumer);
        if (node.opType == "DequantizeLinear" && !node.inputs.empty() && node.inputs[0] == id)
            return quantizationFormulas(graph, node);
    }
    return {};
}

} // namespace lapidary
