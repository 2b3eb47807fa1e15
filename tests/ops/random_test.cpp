// SPDX-License-Identifier: GPL-3.0-or-later
// Random operators: types, seeds, and moments that a fair generator has.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

// Output number index of the only row. The runner runs a kernel twice, so this is its second draw.
std::vector<double> drawn(const NodeCase& nodeCase, DataType type, size_t index = 0)
{
    const auto results = runOnAllRows(nodeCase);
    if (results.size() != 1 || !results[0].outputs.ok())
        return {};
    const Tensor* tensor = (*results[0].outputs)[index].tensor();
    return tensor && tensor->type() == type ? valuesOf(*tensor) : std::vector<double>();
}

double mean(const std::vector<double>& values)
{
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

double deviation(const std::vector<double>& values)
{
    double sum = 0;
    for (const double value : values)
        sum += (value - mean(values)) * (value - mean(values));
    return std::sqrt(sum / static_cast<double>(values.size()));
}

bool isNear(double a, double b, double distance) { return std::abs(a - b) < distance; }

} // namespace

class RandomTest : public QObject {
    Q_OBJECT
private slots:
    void uniformAndNormal()
    {
        const Tensor like = tensorOf({40, 50}, std::vector<double>(2000), DataType::Double);
        for (const int64_t opset : {1, 22}) {
            for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16}) {
                const Attribute dtype = intAttribute("dtype", static_cast<int64_t>(type));
                for (const bool isLike : {false, true}) {
                    NodeCase node{.opType = isLike ? "RandomUniformLike" : "RandomUniform",
                                  .opset = opset,
                                  .inputs = {},
                                  .attributes = {dtype, floatAttribute("low", 2), floatAttribute("high", 6)}};
                    if (isLike)
                        node.inputs = {like};
                    else
                        node.attributes.push_back(intsAttribute("shape", {40, 50}));
                    const auto uniform = drawn(node, type);
                    QCOMPARE(uniform.size(), size_t{2000});
                    QVERIFY(*std::min_element(uniform.begin(), uniform.end()) >= 2);
                    QVERIFY(*std::max_element(uniform.begin(), uniform.end()) <= 6);
                    QVERIFY(isNear(mean(uniform), 4, 0.15));
                    QVERIFY(isNear(deviation(uniform), 4 / std::sqrt(12), 0.1));

                    node.opType = isLike ? "RandomNormalLike" : "RandomNormal";
                    node.attributes[1] = floatAttribute("mean", -3);
                    node.attributes[2] = floatAttribute("scale", 2);
                    const auto normal = drawn(node, type);
                    QCOMPARE(normal.size(), size_t{2000});
                    QVERIFY(isNear(mean(normal), -3, 0.2) && isNear(deviation(normal), 2, 0.15));
                }
            }
        }
        // Like without dtype: the type of its input.
        QCOMPARE(drawn({.opType = "RandomNormalLike", .inputs = {like}}, DataType::Double).size(),
                 size_t{2000});
    }

    void seeds()
    {
        const auto draw = [](float seed) {
            return drawn({.opType = "RandomNormal",
                          .inputs = {},
                          .attributes = {floatAttribute("seed", seed), intsAttribute("shape", {8})}},
                         DataType::Float);
        };
        QCOMPARE(draw(3), draw(3));
        QVERIFY(draw(3) != draw(4));
        const NodeCase unseeded{
            .opType = "RandomUniform", .inputs = {}, .attributes = {intsAttribute("shape", {8})}};
        QCOMPARE(drawn(unseeded, DataType::Float), drawn(unseeded, DataType::Float));
    }

    void bernoulli()
    {
        std::vector<double> chances(3000);
        for (size_t i = 0; i < chances.size(); ++i)
            chances[i] = static_cast<double>(i % 3) / 2; // never, half the time, always
        for (const DataType type : {DataType::Float, DataType::Int32, DataType::Bool, DataType::UInt8}) {
            const auto values = drawn({.opType = "Bernoulli",
                                       .opset = 15,
                                       .inputs = {tensorOf({3000}, chances)},
                                       .attributes = {intAttribute("dtype", static_cast<int64_t>(type))}},
                                      type);
            QCOMPARE(values.size(), chances.size());
            double half = 0;
            for (size_t i = 0; i < values.size(); ++i) {
                QVERIFY(i % 3 == 1 || values[i] == chances[i]);
                half += i % 3 == 1 ? values[i] : 0;
            }
            QVERIFY(isNear(half / 1000, 0.5, 0.06));
        }
    }

    void multinomial()
    {
        const Tensor logits =
            tensorOf({2, 3}, {0, std::log(2.0), std::log(5.0), -1e9, 100, -1e9}, DataType::Float);
        for (const DataType type : {DataType::Int32, DataType::Int64}) {
            const auto values = drawn({.opType = "Multinomial",
                                       .opset = 7,
                                       .inputs = {logits},
                                       .attributes = {intAttribute("sample_size", 4000),
                                                      intAttribute("dtype", static_cast<int64_t>(type))}},
                                      type);
            QCOMPARE(values.size(), size_t{8000});
            for (int number = 0; number < 3; ++number) {
                const auto share = std::count(values.begin(), values.begin() + 4000, number) / 4000.0;
                QVERIFY(isNear(share, (std::array{1, 2, 5})[static_cast<size_t>(number)] / 8.0, 0.03));
            }
            QCOMPARE(std::count(values.begin() + 4000, values.end(), 1), 4000);
        }
    }

    void trainingDropout()
    {
        const Tensor x = tensorOf({2000}, std::vector<double>(2000, 3));
        for (const int64_t opset : {12, 13, 22}) {
            const NodeCase node{.opType = "Dropout",
                                .opset = opset,
                                .inputs = {x, Tensor::scalar(0.25f), Tensor::scalar(true)},
                                .attributes = {intAttribute("seed", 7)},
                                .outputCount = 2};
            const auto values = drawn(node, DataType::Float);
            const auto mask = drawn(node, DataType::Bool, 1);
            QCOMPARE(values.size(), size_t{2000});
            for (size_t i = 0; i < values.size(); ++i)
                QCOMPARE(values[i], mask[i] != 0 ? 4.0 : 0.0);
            QVERIFY(isNear(mean(mask), 0.75, 0.04));
        }
        for (const int64_t opset : {7, 10}) // never trains
            QCOMPARE(drawn({.opType = "Dropout", .opset = opset, .inputs = {x}}, DataType::Float),
                     valuesOf(x));
        const NodeCase all{
            .opType = "Dropout", .opset = 13, .inputs = {x, Tensor::scalar(1.0f), Tensor::scalar(true)}};
        QCOMPARE(drawn(all, DataType::Float), std::vector<double>(2000, 0));
    }
};

std::unique_ptr<QObject> lapidary::createRandomTest() { return std::make_unique<RandomTest>(); }

#include "random_test.moc"
