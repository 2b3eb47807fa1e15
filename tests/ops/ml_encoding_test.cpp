// SPDX-License-Identifier: GPL-3.0-or-later
// CategoryMapper, LabelEncoder, OneHotEncoder, and the operators with maps: CastMap, DictVectorizer, ZipMap.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <limits>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;
constexpr DataType i64 = DataType::Int64;
const double notANumber = std::numeric_limits<double>::quiet_NaN();
using Strings = std::vector<std::string>;

NodeCase mlCase(std::string opType, int64_t opset, Value x, std::vector<Attribute> attributes)
{
    return {.opType = std::move(opType),
            .opset = opset,
            .inputs = {std::move(x)},
            .attributes = std::move(attributes),
            .domain = "ai.onnx.ml"};
}

Tensor words(Strings values)
{
    const auto count = static_cast<int64_t>(values.size());
    return Tensor::ofStrings({count}, std::move(values));
}

void checkWords(const NodeCase& nodeCase, const Dims& dims, const Strings& expected)
{
    const auto results = runOnAllRows(nodeCase);
    QCOMPARE(results.size(), size_t{1});
    QVERIFY2(results[0].outputs.ok(),
             results[0].outputs.ok() ? "" : results[0].outputs.error().toString().c_str());
    const Tensor* y = (*results[0].outputs)[0].tensor();
    QVERIFY(y && y->type() == DataType::String);
    QVERIFY(y->dims() == dims);
    QVERIFY(y->strings() == expected);
}

template <typename T>
Map mapOf(Tensor keys, const std::vector<T>& values)
{
    Map map;
    map.keys = std::move(keys);
    for (const T& value : values)
        map.values.emplace_back(Tensor::scalar(value));
    return map;
}

Map mapOfWords(Tensor keys, const Strings& values)
{
    Map map;
    map.keys = std::move(keys);
    for (const std::string& value : values)
        map.values.emplace_back(Tensor::ofStrings({}, {value}));
    return map;
}

Tensor integers(const std::vector<int64_t>& values)
{
    return Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values);
}

} // namespace

class MlEncodingTest : public QObject {
    Q_OBJECT
private slots:
    void categoryMapper()
    {
        const std::vector<Attribute> map{stringsAttribute("cats_strings", {"a", "b"}),
                                         intsAttribute("cats_int64s", {10, 20})};
        auto withDefaults = map;
        withDefaults.push_back(intAttribute("default_int64", 7));
        withDefaults.push_back(stringAttribute("default_string", "?"));
        checkRows(mlCase("CategoryMapper", 1, words({"b", "x", "a"}), map), i64, {3}, {20, -1, 10}, {}, 1);
        checkRows(mlCase("CategoryMapper", 1, words({"x"}), withDefaults), i64, {1}, {7}, {}, 1);
        checkWords(mlCase("CategoryMapper", 1, integers({20, 3}), map), {2}, {"b", "_Unused"});
        checkWords(mlCase("CategoryMapper", 1, integers({20, 3}), withDefaults), {2}, {"b", "?"});
        checkRows(mlCase("CategoryMapper", 1, Tensor::ofStrings({0, 2}, {}), map), i64, {0, 2}, {}, {}, 1);
        checkAllFail(mlCase("CategoryMapper", 1, words({"a"}), {map[0]}), ErrorCode::InvalidModel, 1);
    }

    void labelEncoderFirst()
    {
        const std::vector<Attribute> classes{stringsAttribute("classes_strings", {"a", "b", "c"})};
        checkRows(mlCase("LabelEncoder", 1, words({"c", "?", "a"}), classes), i64, {3}, {2, -1, 0}, {}, 1);
        checkWords(mlCase("LabelEncoder", 1, integers({1, 3, -1}), classes), {3},
                   {"b", "_Unused", "_Unused"});
    }

    void labelEncoderSecond()
    {
        const auto encode = [](Tensor x, Attribute keys, Attribute values) {
            return mlCase("LabelEncoder", 2, std::move(x), {std::move(keys), std::move(values)});
        };
        const Attribute textKeys = stringsAttribute("keys_strings", {"a", "b"});
        const Attribute intKeys = intsAttribute("keys_int64s", {1, INT64_MAX});
        const Attribute floatKeys = floatsAttribute("keys_floats", {0, static_cast<float>(notANumber)});
        const Attribute texts = stringsAttribute("values_strings", {"x", "y"});
        const Attribute ints = intsAttribute("values_int64s", {5, 6});
        const Attribute floats = floatsAttribute("values_floats", {0.5f, 1.5f});
        checkRows(encode(words({"b", "c"}), textKeys, ints), i64, {2}, {6, -1}, {}, 1);
        checkRows(encode(words({"b", "c"}), textKeys, floats), f32, {2}, {1.5, 0}, {}, 1);
        checkWords(encode(words({"b", "c"}), textKeys, texts), {2}, {"y", "_Unused"});
        checkWords(encode(integers({INT64_MAX, INT64_MAX - 1}), intKeys, texts), {2}, {"y", "_Unused"});
        checkRows(encode(integers({1}), intKeys, floats), f32, {1}, {0.5}, {}, 1);
        checkRows(encode(tensorOf({3}, {-0.0, notANumber, 1}), floatKeys, ints), i64, {3}, {5, 6, -1}, {}, 1);
        // Repeated keys: the first counts, since version 4 the last.
        const std::vector<Attribute> repeated{stringsAttribute("keys_strings", {"a", "a"}), ints};
        checkRows(mlCase("LabelEncoder", 2, words({"a"}), repeated), i64, {1}, {5}, {}, 1);
        checkRows(mlCase("LabelEncoder", 4, words({"a"}), repeated), i64, {1}, {6}, {}, 1);

        checkAllFail(encode(integers({1}), textKeys, ints), ErrorCode::ShapeMismatch, 1);
        checkAllFail(encode(words({"a"}), textKeys, intsAttribute("values_int64s", {1})),
                     ErrorCode::InvalidModel, 1);
        checkAllFail(mlCase("LabelEncoder", 2, words({"a"}), {textKeys}), ErrorCode::InvalidModel, 1);
    }

    void labelEncoderTensors()
    {
        for (const DataType type : {f32, DataType::Double, i64, DataType::Int32, DataType::Int16}) {
            for (const DataType to : {f32, DataType::Double, i64, DataType::Int32, DataType::Int16}) {
                const std::vector<Attribute> attributes{
                    tensorAttribute("keys_tensor", tensorOf({3}, {1, 2, 3}, type)),
                    tensorAttribute("values_tensor", tensorOf({3}, {10, 20, 30}, to))};
                checkRows(mlCase("LabelEncoder", 4, tensorOf({2, 2}, {3, 1, 4, 2}, type), attributes), to,
                          {2, 2}, {30, 10, isFloatingPoint(to) ? 0.0 : -1.0, 20}, {}, 1);
            }
        }
        const std::vector<Attribute> withDefault{
            tensorAttribute("keys_tensor", Tensor::ofStrings({1}, {"a"})),
            tensorAttribute("values_tensor", Tensor::ofStrings({1}, {"b"})),
            tensorAttribute("default_tensor", Tensor::ofStrings({1}, {"z"}))};
        checkWords(mlCase("LabelEncoder", 4, Tensor::ofStrings({}, {"q"}), withDefault), {}, {"z"});
        checkAllFail(
            mlCase("LabelEncoder", 4, words({"a"}),
                   {withDefault[0], withDefault[1], tensorAttribute("default_tensor", integers({1}))}),
            ErrorCode::InvalidModel, 1);
    }

    void oneHot()
    {
        const Attribute categories = intsAttribute("cats_int64s", {3, -1, 0});
        for (const DataType type : {f32, DataType::Double, i64, DataType::Int32})
            checkRows(mlCase("OneHotEncoder", 1, tensorOf({2, 2}, {0, 3, 5, -1}, type), {categories}), f32,
                      {2, 2, 3}, {0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0}, {}, 1);
        checkRows(mlCase("OneHotEncoder", 1, tensorOf({2}, {3.9, -0.5}), {categories}), f32, {2, 3},
                  {1, 0, 0, 0, 0, 1}, {}, 1);
        const Attribute names = stringsAttribute("cats_strings", {"a", "b"});
        checkRows(mlCase("OneHotEncoder", 1, words({"b", "c"}), {names}), f32, {2, 2}, {0, 1, 0, 0}, {}, 1);
        checkAllFail(mlCase("OneHotEncoder", 1, words({"b", "c"}), {names, intAttribute("zeros", 0)}),
                     ErrorCode::InvalidArgument, 1);
        checkAllFail(mlCase("OneHotEncoder", 1, words({"b"}), {categories}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(mlCase("OneHotEncoder", 1, words({"b"}), {}), ErrorCode::InvalidModel, 1);
    }

    void castMap()
    {
        const Map numbers = mapOf<float>(integers({4, 0, 2}), {4.75f, 0.5f, -2});
        checkRows(mlCase("CastMap", 1, numbers, {}), f32, {1, 3}, {0.5, -2, 4.75}, {}, 1);
        checkRows(mlCase("CastMap", 1, numbers, {stringAttribute("cast_to", "TO_INT64")}), i64, {1, 3},
                  {0, -2, 4}, {}, 1);
        const std::vector<Attribute> sparse{stringAttribute("map_form", "SPARSE"),
                                            intAttribute("max_map", 5)};
        checkRows(mlCase("CastMap", 1, numbers, sparse), f32, {1, 5}, {0.5, 0, -2, 0, 4.75}, {}, 1);
        const Map texts = mapOfWords(integers({1, 0}), {"1.5", "2"});
        checkRows(mlCase("CastMap", 1, texts, {}), f32, {1, 2}, {2, 1.5}, {}, 1);
        checkWords(mlCase("CastMap", 1, texts, {stringAttribute("cast_to", "TO_STRING")}), {1, 2},
                   {"2", "1.5"});
        checkAllFail(mlCase("CastMap", 1, numbers, {sparse[0], intAttribute("max_map", 4)}),
                     ErrorCode::InvalidArgument, 1);
        checkAllFail(mlCase("CastMap", 1, mapOf<float>(integers({-1}), {1}), sparse),
                     ErrorCode::InvalidArgument, 1);
        checkAllFail(mlCase("CastMap", 1, mapOfWords(integers({0}), {"one"}), {}), ErrorCode::InvalidArgument,
                     1);
        checkAllFail(mlCase("CastMap", 1, integers({0}), {}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(mlCase("CastMap", 1, numbers, {sparse[0], intAttribute("max_map", INT64_MAX)}),
                     ErrorCode::InvalidModel, 1);
    }

    void dictVectorizer()
    {
        const Attribute letters = stringsAttribute("string_vocabulary", {"a", "c", "b", "z"});
        const Attribute numbers = intsAttribute("int64_vocabulary", {7, 9});
        checkRows(mlCase("DictVectorizer", 1, mapOf<int64_t>(words({"c", "a"}), {8, 4}), {letters}), i64,
                  {1, 4}, {4, 8, 0, 0}, {}, 1);
        checkRows(mlCase("DictVectorizer", 1, mapOf<float>(words({"z"}), {0.5f}), {letters}), f32, {1, 4},
                  {0, 0, 0, 0.5}, {}, 1);
        checkRows(mlCase("DictVectorizer", 1, mapOf<double>(integers({9}), {0.5}), {numbers}),
                  DataType::Double, {1, 2}, {0, 0.5}, {}, 1);
        checkWords(mlCase("DictVectorizer", 1, mapOfWords(integers({7}), {"x"}), {numbers}), {1, 2},
                   {"x", ""});
        checkAllFail(mlCase("DictVectorizer", 1, mapOf<float>(integers({7}), {1}), {letters}),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(mlCase("DictVectorizer", 1, mapOf<float>(integers({7}), {1}), {}),
                     ErrorCode::InvalidModel, 1);
    }

    void zipMap()
    {
        const auto zipped = [](Tensor x, Attribute labels) {
            return runOnAllRows(mlCase("ZipMap", 1, std::move(x), {std::move(labels)}));
        };
        const Attribute names = stringsAttribute("classlabels_strings", {"b", "a"});
        const auto results = zipped(tensorOf({2, 2}, {1, 2, 3, 4}), names);
        QVERIFY(results.size() == 1 && results[0].outputs.ok());
        const Sequence* sequence = (*results[0].outputs)[0].sequence();
        QVERIFY(sequence && sequence->items.size() == 2);
        const auto exact = [](DataType) { return Tolerance{}; };
        // Maps are equal in any order of their keys.
        QVERIFY(compareValues(sequence->items[1], mapOf<float>(words({"a", "b"}), {4, 3}), exact).equal);
        QVERIFY(!compareValues(sequence->items[1], mapOf<float>(words({"a", "b"}), {3, 4}), exact).equal);
        QVERIFY(!compareValues(sequence->items[1], mapOf<float>(words({"a", "c"}), {4, 3}), exact).equal);
        QVERIFY(!compareValues(sequence->items[1], mapOf<float>(words({"a"}), {4}), exact).equal);
        const auto one = zipped(tensorOf({2}, {1, 2}), intsAttribute("classlabels_int64s", {5, 6}));
        QVERIFY(one.size() == 1 && one[0].outputs.ok());
        QVERIFY(compareValues((*one[0].outputs)[0].sequence()->items[0],
                              mapOf<float>(integers({6, 5}), {2, 1}), exact)
                    .equal);
        checkAllFail(mlCase("ZipMap", 1, tensorOf({1, 3}, {1, 2, 3}), {names}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(mlCase("ZipMap", 1, tensorOf({1, 2}, {1, 2}), {}), ErrorCode::InvalidModel, 1);
    }
};

std::unique_ptr<QObject> lapidary::createMlEncodingTest() { return std::make_unique<MlEncodingTest>(); }

#include "ml_encoding_test.moc"
