// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/inference.h"
#include "tests/engine_tests.h"
#include "tests/support/node_runner.h"

#include <QTest>

using namespace lapidary;

// Shapes with symbols through the inference functions of the neural-network families.
class WindowTest : public QObject {
    Q_OBJECT

    // The inferred shape of output 0, or the first finding.
    static std::string infer(const NodeCase& nodeCase, const std::vector<Shape>& shapes)
    {
        const Model model = makeModel(nodeCase);
        InferenceOptions options;
        for (size_t i = 0; i < shapes.size(); ++i)
            options.inputTypes[model.graph.findValue("x" + std::to_string(i))] =
                TypeInfo::tensor(DataType::Float, shapes[i]);
        JobContext job;
        const auto types = inferTypes(model, options, job);
        if (!types.ok())
            return types.error().toString();
        if (!types->findings.empty())
            return "finding";
        return toString(types->type(model.graph.findValue("y0")));
    }

    static NodeCase node(const char* opType, size_t inputs, std::vector<Attribute> attributes = {},
                         int64_t opset = 17)
    {
        NodeCase nodeCase{
            .opType = opType, .opset = opset, .inputs = {}, .attributes = std::move(attributes)};
        for (size_t i = 0; i < inputs; ++i)
            nodeCase.inputs.emplace_back(Tensor::scalar(0.0f));
        return nodeCase;
    }

    static void compare(const std::string& found, const char* expected)
    {
        QCOMPARE(found, std::string(expected));
    }

private slots:
    void convolution()
    {
        const Shape weights{8, 3, 3, 3};
        compare(infer(node("Conv", 2), {{Dim("N"), 3, 10, Dim("W")}, weights}), "float32[N×8×8×?]");
        compare(infer(node("Conv", 2, {intsAttribute("pads", {1, 1, 1, 1})}),
                      {{Dim("N"), 3, Dim("H"), Dim("W")}, weights}),
                "float32[N×8×H×W]");
        compare(infer(node("Conv", 2,
                           {stringAttribute("auto_pad", "SAME_UPPER"), intsAttribute("strides", {2, 1})}),
                      {{1, 3, 9, Dim("W")}, weights}),
                "float32[1×8×5×W]");
        compare(infer(node("ConvTranspose", 2, {intsAttribute("strides", {2, 2})}), {{1, 8, 4, 4}, weights}),
                "float32[1×3×9×9]");
        compare(infer(node("Conv", 2), {{1, 4, 9, 9}, weights}), "finding");
        compare(infer(node("Conv", 2), {{1, 3, 2, 9}, weights}), "finding");
        compare(infer(node("Conv", 2, {intAttribute("group", INT64_MAX)}), {{Dim("N"), 3, 5, 9}, weights}),
                "finding");
    }

    void pooling()
    {
        const std::vector<Attribute> kernel{intsAttribute("kernel_shape", {2, 2}),
                                            intsAttribute("strides", {2, 2})};
        compare(infer(node("MaxPool", 1, kernel), {{Dim("N"), 3, 7, 8}}), "float32[N×3×3×4]");
        compare(infer(node("GlobalAveragePool", 1), {{Dim("N"), 3, Dim("H"), 8}}), "float32[N×3×1×1]");
        compare(infer(node("MaxPool", 1, kernel), {{Dim("N"), 3, 1, 8}}), "finding");
    }

    void products()
    {
        compare(infer(node("MatMul", 2), {{Dim("N"), 4, 5}, {5, 6}}), "float32[N×4×6]");
        compare(infer(node("MatMul", 2), {{5}, {Dim("N"), 5, 6}}), "float32[N×6]");
        compare(infer(node("MatMul", 2), {{4, 5}, {4, 5}}), "finding");
        compare(infer(node("Gemm", 2, {intAttribute("transA", 1), intAttribute("transB", 1)}),
                      {{3, Dim("N")}, {7, 3}}),
                "float32[N×7]");
    }

    void normalizations()
    {
        compare(infer(node("Softmax", 1, {intAttribute("axis", 5)}), {{2, 3}}), "finding");
        compare(infer(node("LayerNormalization", 2), {{Dim("N"), 3}, {3}}), "float32[N×3]");
        compare(infer(node("BatchNormalization", 5), {{Dim("N"), 3, 4, 4}, {3}, {3}, {3}, {3}}),
                "float32[N×3×4×4]");
    }
};

std::unique_ptr<QObject> lapidary::createWindowTest() { return std::make_unique<WindowTest>(); }

#include "window_test.moc"
