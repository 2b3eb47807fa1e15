// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

constexpr const char* training = "ai.onnx.preview.training";

using Values = std::vector<double>;

// Inputs R, T and the groups X, G, states of tensors with these dims.
NodeCase optimizer(const std::string& op, size_t groups, const std::vector<Dims>& dims, DataType type,
                   std::vector<Attribute> attributes, int64_t number, float rate = 0.1f)
{
    NodeCase node{.opType = op,
                  .opset = 1,
                  .inputs = {Tensor::scalar(rate), Tensor::scalar(number)},
                  .attributes = std::move(attributes),
                  .outputCount = (groups - 1) * dims.size(),
                  .domain = training};
    for (size_t group = 0; group < groups; ++group) {
        for (const Dims& tensor : dims) // states that are squares must not be negative
            node.inputs.push_back(
                randomTensor(tensor, static_cast<uint32_t>(node.inputs.size()), type, group < 2 ? -1 : 0, 1));
    }
    return node;
}

Values input(const NodeCase& node, size_t index) { return valuesOf(*node.inputs[index].tensor()); }

} // namespace

class TrainingOptimizersTest : public QObject {
    Q_OBJECT

    // step changes x and the states of one element, given the gradient.
    template <typename Step>
    static void check(const NodeCase& node, size_t groups, const std::vector<Dims>& dims, DataType type,
                      const Step& step)
    {
        const size_t count = dims.size();
        const double rounding = type == DataType::Double ? 1e-14 : 1e-6;
        for (size_t i = 0; i < count; ++i) {
            std::vector<Values> columns; // X, G, states
            for (size_t group = 0; group < groups; ++group)
                columns.push_back(input(node, 2 + group * count + i));
            for (size_t e = 0; e < columns[0].size(); ++e) {
                double none = 0;
                step(columns[0][e], columns[1][e], columns[2][e], groups > 3 ? columns[3][e] : none);
            }
            for (size_t output = 0; output + 1 < groups; ++output)
                checkRowsOutput(node, output * count + i, type, dims[i],
                                columns[output == 0 ? 0 : output + 1], {rounding, rounding}, 1);
        }
    }

private slots:
    void adagrad()
    {
        const std::vector<Dims> dims{{3, 2}, {}, {0}, {5}};
        for (const DataType type : {DataType::Float, DataType::Double}) {
            const NodeCase node =
                optimizer("Adagrad", 3, dims, type,
                          {floatAttribute("decay_factor", 0.25f), floatAttribute("epsilon", 0.5f),
                           floatAttribute("norm_coefficient", 0.125f)},
                          3);
            check(node, 3, dims, type, [](double& x, double g, double& h, double&) {
                const double regularized = 0.125 * x + g;
                h += regularized * regularized;
                x -= double(0.1f) / (1 + 3 * 0.25) * regularized / (std::sqrt(h) + 0.5);
            });
        }
        const NodeCase defaults = optimizer("Adagrad", 3, {{4}}, DataType::Double, {}, 7);
        check(defaults, 3, {{4}}, DataType::Double, [](double& x, double g, double& h, double&) {
            h += g * g;
            x -= double(0.1f) * g / (std::sqrt(h) + double(1e-6f));
        });
    }

    void adam()
    {
        const std::vector<Dims> dims{{3, 2}, {4}};
        for (const int64_t number : {0, 5}) {
            for (const DataType type : {DataType::Float, DataType::Double}) {
                const NodeCase node =
                    optimizer("Adam", 4, dims, type,
                              {floatAttribute("alpha", 0.75f), floatAttribute("beta", 0.5f),
                               floatAttribute("epsilon", 0.25f), floatAttribute("norm_coefficient", 0.125f),
                               floatAttribute("norm_coefficient_post", 0.0625f)},
                              number);
                const double rate =
                    double(0.1f) * (number ? std::sqrt(1 - std::pow(0.5, 5)) / (1 - std::pow(0.75, 5)) : 1);
                check(node, 4, dims, type, [rate](double& x, double g, double& v, double& h) {
                    const double regularized = 0.125 * x + g;
                    v = 0.75 * v + 0.25 * regularized;
                    h = 0.5 * h + 0.5 * regularized * regularized;
                    x = (1 - 0.0625) * (x - rate * v / (std::sqrt(h) + 0.25));
                });
            }
        }
        const NodeCase defaults = optimizer("Adam", 4, {{4}}, DataType::Double, {}, 0);
        check(defaults, 4, {{4}}, DataType::Double, [](double& x, double g, double& v, double& h) {
            v = double(0.9f) * v + (1 - double(0.9f)) * g;
            h = double(0.999f) * h + (1 - double(0.999f)) * g * g;
            x -= double(0.1f) * v / (std::sqrt(h) + double(1e-6f));
        });
    }

    void momentum()
    {
        const std::vector<Dims> dims{{3, 2}, {4}};
        for (const int64_t number : {0, 5}) {
            for (const bool nesterov : {false, true}) {
                const NodeCase node = optimizer("Momentum", 3, dims, DataType::Float,
                                                {floatAttribute("alpha", 0.75f), floatAttribute("beta", 0.5f),
                                                 floatAttribute("norm_coefficient", 0.125f),
                                                 stringAttribute("mode", nesterov ? "nesterov" : "standard")},
                                                number);
                check(node, 3, dims, DataType::Float, [&](double& x, double g, double& v, double&) {
                    const double regularized = 0.125 * x + g;
                    v = 0.75 * v + (number > 0 ? 0.5 : 1.0) * regularized;
                    x -= double(0.1f) * (nesterov ? regularized + 0.75 * v : v);
                });
            }
        }
    }

    void wrongRequests()
    {
        NodeCase node = optimizer("Adam", 4, {{3}}, DataType::Float, {}, 0);
        node.inputs.pop_back();
        checkAllFail(node, ErrorCode::ShapeMismatch, 1);
        node.inputs.push_back(randomTensor({4}, 1));
        checkAllFail(node, ErrorCode::ShapeMismatch, 1);
        node.inputs.back() = randomTensor({3}, 1, DataType::Double);
        checkAllFail(node, ErrorCode::ShapeMismatch, 1);
        node.inputs.back() = randomTensor({3}, 1);
        node.inputs[0] = randomTensor({2}, 1);
        checkAllFail(node, ErrorCode::ShapeMismatch, 1);
        NodeCase wrongMode =
            optimizer("Momentum", 3, {{3}}, DataType::Float, {stringAttribute("mode", "fast")}, 0);
        checkAllFail(wrongMode, ErrorCode::InvalidArgument, 1);
    }
};

std::unique_ptr<QObject> lapidary::createTrainingOptimizersTest()
{
    return std::make_unique<TrainingOptimizersTest>();
}

#include "training_optimizers_test.moc"
