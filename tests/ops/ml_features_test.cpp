// SPDX-License-Identifier: GPL-3.0-or-later
// ArrayFeatureExtractor, Binarizer, FeatureVectorizer, Imputer, Normalizer, Scaler.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;
constexpr DataType inputTypes[] = {DataType::Float, DataType::Double, DataType::Int64, DataType::Int32};
const double notANumber = std::numeric_limits<double>::quiet_NaN();

NodeCase mlCase(std::string opType, std::vector<Value> inputs, std::vector<Attribute> attributes)
{
    return {.opType = std::move(opType),
            .opset = 1,
            .inputs = std::move(inputs),
            .attributes = std::move(attributes),
            .domain = "ai.onnx.ml"};
}

Tensor indices(Dims dims, const std::vector<int64_t>& values)
{
    return Tensor::of<int64_t>(std::move(dims), values);
}

} // namespace

class MlFeaturesTest : public QObject {
    Q_OBJECT
private slots:
    void extractor()
    {
        for (const DataType type : inputTypes) {
            const Tensor x = tensorOf({2, 2, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, type);
            checkRows(mlCase("ArrayFeatureExtractor", {x, indices({2, 2}, {2, 0, 0, 1})}, {}), type,
                      {2, 2, 4}, {2, 0, 0, 1, 5, 3, 3, 4, 8, 6, 6, 7, 11, 9, 9, 10}, {}, 1);
            checkRows(mlCase("ArrayFeatureExtractor", {tensorOf({3}, {7, 8, 9}, type), indices({}, {1})}, {}),
                      type, {1, 1}, {8}, {}, 1);
        }
        checkRows(mlCase("ArrayFeatureExtractor", {tensorOf({0, 3}, {}), indices({1}, {1})}, {}), f32, {0, 1},
                  {}, {}, 1);
        checkRows(mlCase("ArrayFeatureExtractor", {tensorOf({2, 1}, {1, 2}), indices({0}, {})}, {}), f32,
                  {2, 0}, {}, {}, 1);
        const auto words = runOnAllRows(
            mlCase("ArrayFeatureExtractor", {Tensor::ofStrings({1, 2}, {"a", "b"}), indices({1}, {1})}, {}));
        QVERIFY(words[0].outputs.ok());
        QCOMPARE((*words[0].outputs)[0].tensor()->strings()[0], std::string("b"));

        const Tensor x = tensorOf({1, 2}, {1, 2});
        checkAllFail(mlCase("ArrayFeatureExtractor", {x, indices({1}, {2})}, {}), ErrorCode::InvalidArgument,
                     1);
        checkAllFail(mlCase("ArrayFeatureExtractor", {x, indices({1}, {-1})}, {}), ErrorCode::InvalidArgument,
                     1);
        checkAllFail(mlCase("ArrayFeatureExtractor", {tensorOf({}, {1}), indices({1}, {0})}, {}),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(mlCase("ArrayFeatureExtractor", {x}, {}), ErrorCode::InvalidModel, 1);
    }

    void binarizer()
    {
        for (const DataType type : inputTypes)
            checkRows(mlCase("Binarizer", {tensorOf({2, 2}, {-1, 0, 1, 2}, type)},
                             {floatAttribute("threshold", 0.5f)}),
                      type, {2, 2}, {0, 0, 1, 1}, {}, 1);
        checkRows(mlCase("Binarizer", {tensorOf({}, {notANumber})}, {}), f32, {}, {0}, {}, 1);
        checkAllFail(mlCase("Binarizer", {}, {}), ErrorCode::InvalidModel, 1);
    }

    void scaler()
    {
        for (const DataType type : inputTypes) {
            const Tensor x = tensorOf({2, 3}, {1, 2, 3, 4, 5, 6}, type);
            checkRows(mlCase("Scaler", {x},
                             {floatsAttribute("offset", {1, 2, 3}), floatsAttribute("scale", {1, 0.5f, -2})}),
                      f32, {2, 3}, {0, 0, 0, 3, 1.5, -6}, {}, 1);
            checkRows(mlCase("Scaler", {x}, {floatsAttribute("offset", {1}), floatsAttribute("scale", {2})}),
                      f32, {2, 3}, {0, 2, 4, 6, 8, 10}, {}, 1);
        }
        checkRows(mlCase("Scaler", {tensorOf({2}, {1, 2})}, {floatsAttribute("scale", {3, 4})}), f32, {2},
                  {3, 8}, {}, 1);
        checkRows(mlCase("Scaler", {tensorOf({0, 3}, {})}, {floatsAttribute("scale", {2})}), f32, {0, 3}, {},
                  {}, 1);
        checkAllFail(mlCase("Scaler", {tensorOf({2}, {1, 2})}, {floatsAttribute("scale", {1, 2, 3})}),
                     ErrorCode::ShapeMismatch, 1);
    }

    void imputer()
    {
        const Tensor floats = tensorOf({2, 2}, {notANumber, 1, 2, notANumber});
        checkRows(mlCase("Imputer", {floats},
                         {floatsAttribute("imputed_value_floats", {7, 8}),
                          floatAttribute("replaced_value_float", static_cast<float>(notANumber))}),
                  f32, {2, 2}, {7, 1, 2, 8}, {}, 1);
        checkRows(mlCase("Imputer", {tensorOf({3}, {0, 1, -0.0}, DataType::Double)},
                         {floatsAttribute("imputed_value_floats", {0.5f})}),
                  DataType::Double, {3}, {0.5, 1, 0.5}, {}, 1);
        for (const DataType type : {DataType::Int64, DataType::Int32})
            checkRows(mlCase("Imputer", {tensorOf({1, 3}, {-1, 5, -1}, type)},
                             {intsAttribute("imputed_value_int64s", {1, 2, 3}),
                              intAttribute("replaced_value_int64", -1)}),
                      type, {1, 3}, {1, 5, 3}, {}, 1);
        checkAllFail(mlCase("Imputer", {floats}, {intsAttribute("imputed_value_int64s", {1})}),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(mlCase("Imputer", {floats}, {floatsAttribute("imputed_value_floats", {1, 2, 3})}),
                     ErrorCode::ShapeMismatch, 1);
    }

    void normalizer()
    {
        for (const DataType type : inputTypes) {
            const Tensor x = tensorOf({3, 2}, {3, -4, 0, 0, -2, -1}, type);
            const auto check = [&](const char* norm, const std::vector<double>& expected) {
                checkRows(mlCase("Normalizer", {x}, {stringAttribute("norm", norm)}), f32, {3, 2}, expected,
                          {1e-6, 0}, 1);
            };
            check("MAX", {1, -4.0 / 3, 0, 0, 2, 1});
            check("L1", {3.0 / 7, -4.0 / 7, 0, 0, -2.0 / 3, -1.0 / 3});
            check("L2", {0.6, -0.8, 0, 0, -2 / std::sqrt(5), -1 / std::sqrt(5)});
        }
        checkRows(mlCase("Normalizer", {tensorOf({2}, {2, 4})}, {}), f32, {2}, {0.5, 1}, {}, 1);
        checkRows(mlCase("Normalizer", {tensorOf({2, 0}, {})}, {}), f32, {2, 0}, {}, {}, 1);
        checkAllFail(mlCase("Normalizer", {tensorOf({1, 1, 1}, {1})}, {}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(mlCase("Normalizer", {tensorOf({1}, {1})}, {stringAttribute("norm", "L3")}),
                     ErrorCode::InvalidModel, 1);
    }

    void vectorizer()
    {
        for (const DataType type : inputTypes) {
            const Tensor a = tensorOf({2, 2}, {1, 2, 3, 4}, type);
            const Tensor b = tensorOf({2, 1}, {5, 6}, type);
            checkRows(mlCase("FeatureVectorizer", {a, b}, {intsAttribute("inputdimensions", {2, 1})}), f32,
                      {2, 3}, {1, 2, 5, 3, 4, 6}, {}, 1);
            // Too many features are dropped, missing ones are 0.
            checkRows(mlCase("FeatureVectorizer", {a, b}, {intsAttribute("inputdimensions", {1, 3})}), f32,
                      {2, 4}, {1, 5, 0, 0, 3, 6, 0, 0}, {}, 1);
        }
        checkRows(mlCase("FeatureVectorizer", {tensorOf({2}, {1, 2}), tensorOf({1, 1}, {3})}, {}), f32,
                  {1, 3}, {1, 2, 3}, {}, 1);
        checkAllFail(mlCase("FeatureVectorizer", {tensorOf({2}, {1, 2}), tensorOf({2, 1}, {3, 4})}, {}),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(
            mlCase("FeatureVectorizer", {tensorOf({2}, {1, 2})}, {intsAttribute("inputdimensions", {1, 1})}),
            ErrorCode::ShapeMismatch, 1);
        checkAllFail(mlCase("FeatureVectorizer", {tensorOf({1}, {1}), tensorOf({1}, {1})},
                            {intsAttribute("inputdimensions", {INT64_MAX, INT64_MAX})}),
                     ErrorCode::InvalidModel, 1);
    }
};

std::unique_ptr<QObject> lapidary::createMlFeaturesTest() { return std::make_unique<MlFeaturesTest>(); }

#include "ml_features_test.moc"
