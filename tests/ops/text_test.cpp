// SPDX-License-Identifier: GPL-3.0-or-later
// Operators on strings, against results by hand, by Python's str.split, and by a count of n-grams that
// follows the specification word by word.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <map>
#include <random>

using namespace lapidary;

namespace {

using Strings = std::vector<std::string>;

Tensor words(Strings values)
{
    const auto count = static_cast<int64_t>(values.size());
    return Tensor::ofStrings({count}, std::move(values));
}

NodeCase textCase(std::string opType, int64_t opset, std::vector<Value> inputs,
                  std::vector<Attribute> attributes, size_t outputs = 1)
{
    return {.opType = std::move(opType),
            .opset = opset,
            .inputs = std::move(inputs),
            .attributes = std::move(attributes),
            .outputCount = outputs};
}

void checkWords(const NodeCase& nodeCase, const Dims& dims, const Strings& expected)
{
    const auto results = runOnAllRows(nodeCase);
    QCOMPARE(results.size(), size_t{1});
    QVERIFY2(results[0].outputs.ok(),
             results[0].outputs.ok() ? "" : results[0].outputs.error().toString().c_str());
    const Tensor* y = (*results[0].outputs)[0].tensor();
    QVERIFY(y && y->type() == DataType::String);
    QVERIFY2(y->dims() == dims, toString(y->dims()).c_str());
    for (size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(y->strings()[i], expected[i]);
}

// All n-grams of a row: length n, items step apart, every step once but single items only with step 1.
std::map<std::vector<int64_t>, int> ngramsOf(const std::vector<int64_t>& row, int64_t shortest,
                                             int64_t longest, int64_t maxSkip)
{
    std::map<std::vector<int64_t>, int> counts;
    const auto length = static_cast<int64_t>(row.size());
    for (int64_t n = shortest; n <= longest; ++n) {
        for (int64_t step = 1; step <= (n == 1 ? 1 : maxSkip + 1); ++step) {
            for (int64_t start = 0; start + (n - 1) * step < length; ++start) {
                std::vector<int64_t> ngram;
                for (int64_t i = 0; i < n; ++i)
                    ngram.push_back(row[static_cast<size_t>(start + i * step)]);
                ++counts[ngram];
            }
        }
    }
    return counts;
}

NodeCase tokenizerCase(Tensor x, std::vector<Attribute> attributes)
{
    NodeCase nodeCase = textCase("Tokenizer", 1, {std::move(x)}, std::move(attributes));
    nodeCase.domain = "com.microsoft";
    nodeCase.attributes.push_back(stringAttribute("pad_value", "#"));
    return nodeCase;
}

} // namespace

class TextTest : public QObject {
    Q_OBJECT
private slots:
    void concat()
    {
        checkWords(textCase("StringConcat", 20, {words({"a", "b"}), words({"x", ""})}, {}), {2}, {"ax", "b"});
        checkWords(
            textCase("StringConcat", 20, {Tensor::ofStrings({2, 1}, {"a", "b"}), words({"x", "y", "z"})}, {}),
            {2, 3}, {"ax", "ay", "az", "bx", "by", "bz"});
        checkWords(
            textCase("StringConcat", 20, {Tensor::ofStrings({}, {"ä"}), Tensor::ofStrings({}, {"€"})}, {}),
            {}, {"ä€"});
        checkWords(textCase("StringConcat", 20, {Tensor::ofStrings({0}, {}), words({"x"})}, {}), {0}, {});
        checkAllFail(textCase("StringConcat", 20, {words({"a", "b"}), words({"a", "b", "c"})}, {}),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(textCase("StringConcat", 20, {words({"a"}), tensorOf({1}, {1})}, {}),
                     ErrorCode::UnsupportedOp, 1);
        checkAllFail(textCase("StringConcat", 20, {words({"a"})}, {}), ErrorCode::InvalidModel, 1);
    }

    void fullMatch()
    {
        const Attribute mail = stringAttribute("pattern", R"((\W|^)[\w.\-]{0,25}@(yahoo|gmail)\.com(\W|$))");
        checkRows(textCase("RegexFullMatch", 20,
                           {Tensor::ofStrings({2, 2}, {"account@gmail.com", "account@hotmail.com",
                                                       "not email", "account@yahoo.com"})},
                           {mail}),
                  DataType::Bool, {2, 2}, {1, 0, 0, 1}, {}, 1);
        // The whole text, and characters rather than bytes.
        checkRows(textCase("RegexFullMatch", 20, {words({"ab", "abc", "", "äö"})},
                           {stringAttribute("pattern", "..")}),
                  DataType::Bool, {4}, {1, 0, 0, 1}, {}, 1);
        checkRows(textCase("RegexFullMatch", 20, {words({"", "x"})}, {}), DataType::Bool, {2}, {1, 0}, {}, 1);
        checkRows(textCase("RegexFullMatch", 20, {Tensor::ofStrings({0}, {})}, {mail}), DataType::Bool, {0},
                  {}, {}, 1);
        // Back references are not RE2's; this one would take for ever elsewhere.
        checkAllFail(textCase("RegexFullMatch", 20, {words({"a"})}, {stringAttribute("pattern", R"((a)\1)")}),
                     ErrorCode::InvalidModel, 1);
        checkAllFail(textCase("RegexFullMatch", 20, {words({"a"})}, {stringAttribute("pattern", "(")}),
                     ErrorCode::InvalidModel, 1);
        checkRows(textCase("RegexFullMatch", 20, {words({std::string(5000, 'a') + "b"})},
                           {stringAttribute("pattern", "(a*)*")}),
                  DataType::Bool, {1}, {0}, {}, 1);
    }

    void normalizer()
    {
        const Attribute lower = stringAttribute("case_change_action", "LOWER");
        const Attribute upper = stringAttribute("case_change_action", "UPPER");
        const Attribute stop = stringsAttribute("stopwords", {"Montag", "straße"});
        const Strings days{"Montag", "DIENSTAG", "montag", "STRASSE", "Größe"};
        checkWords(textCase("StringNormalizer", 10, {words(days)}, {}), {5}, days);
        checkWords(textCase("StringNormalizer", 10, {words(days)}, {lower}), {5},
                   {"montag", "dienstag", "montag", "strasse", "größe"});
        checkWords(textCase("StringNormalizer", 10, {Tensor::ofStrings({1, 5}, days)}, {stop, upper}), {1, 2},
                   {"DIENSTAG", "GRÖSSE"});
        checkWords(
            textCase("StringNormalizer", 10, {words(days)}, {stop, intAttribute("is_case_sensitive", 1)}),
            {4}, {"DIENSTAG", "montag", "STRASSE", "Größe"});
        checkWords(textCase("StringNormalizer", 10, {words({"ΣΊΣΥΦΟΣ", "Ѐ"})}, {lower}), {2},
                   {"σίσυφος", "ѐ"});
        checkWords(textCase("StringNormalizer", 10, {words({"IŞIK"})},
                            {lower, stringAttribute("locale", "tr_TR.UTF-8")}),
                   {1}, {"ışık"});
        // All words dropped: one empty word.
        checkWords(textCase("StringNormalizer", 10, {words({"MONTAG"})}, {stop}), {1}, {""});
        checkWords(
            textCase("StringNormalizer", 10, {Tensor::ofStrings({1, 2}, {"montag", "Montag"})}, {stop}),
            {1, 1}, {""});

        checkAllFail(textCase("StringNormalizer", 10, {Tensor::ofStrings({2, 1}, {"a", "b"})}, {}),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(textCase("StringNormalizer", 10, {Tensor::ofStrings({}, {"a"})}, {}),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(textCase("StringNormalizer", 10, {words({"\xC3"})}, {lower}), ErrorCode::InvalidArgument,
                     1);
        checkAllFail(textCase("StringNormalizer", 10, {words({"a"})},
                              {stringAttribute("case_change_action", "TITLE")}),
                     ErrorCode::InvalidModel, 1);
    }

    void split()
    {
        const auto splitCase = [](Tensor x, std::vector<Attribute> attributes) {
            return textCase("StringSplit", 20, {std::move(x)}, std::move(attributes), 2);
        };
        const auto check = [&](const NodeCase& nodeCase, const Dims& dims, const Strings& expected,
                               const std::vector<double>& counts) {
            checkWords(nodeCase, dims, expected);
            checkRowsOutput(nodeCase, 1, DataType::Int64, Dims(dims.begin(), dims.end() - 1), counts, {}, 1);
        };
        const Attribute dot = stringAttribute("delimiter", ".");
        check(splitCase(words({"a.b.c", "x..y", "", "z"}), {dot}), {4, 3},
              {"a", "b", "c", "x", "", "y", "", "", "", "z", "", ""}, {3, 3, 1, 1});
        check(splitCase(words({"a.b.c.", "x"}), {dot, intAttribute("maxsplit", 1)}), {2, 2},
              {"a", "b.c.", "x", ""}, {2, 1});
        check(splitCase(words({"a.b"}), {dot, intAttribute("maxsplit", 0)}), {1, 1}, {"a.b"}, {1});
        check(splitCase(words({"aXYbXYXYc"}), {stringAttribute("delimiter", "XY")}), {1, 4},
              {"a", "b", "", "c"}, {4});
        // Without delimiter: runs of white space, which need not be ASCII.
        for (const auto& none : {std::vector<Attribute>{}, {stringAttribute("delimiter", "")}}) {
            check(splitCase(Tensor::ofStrings({2, 1}, {"  a \t b\n", "c\u00A0\u2003d e"}), none), {2, 1, 3},
                  {"a", "b", "", "c", "d", "e"}, {2, 3});
            check(splitCase(words({"", "  "}), none), {2, 0}, {}, {0, 0});
        }
        check(splitCase(words({"  a  b  c  "}), {intAttribute("maxsplit", 1)}), {1, 2}, {"a", "b  c  "}, {2});
        check(splitCase(words({" a b "}), {intAttribute("maxsplit", 0)}), {1, 1}, {"a b "}, {1});
        check(splitCase(Tensor::ofStrings({0, 2}, {}), {dot}), {0, 2, 0}, {}, {});
        check(splitCase(Tensor::ofStrings({}, {"a.b"}), {dot}), {2}, {"a", "b"}, {2});
        checkAllFail(textCase("StringSplit", 20, {}, {dot}, 2), ErrorCode::InvalidModel, 1);
    }

    void countsNgrams()
    {
        std::mt19937 random(7);
        const auto below = [&](int limit) {
            return std::uniform_int_distribution<int>(0, limit - 1)(random);
        };
        for (int round = 0; round < 60; ++round) {
            const int64_t shortest = below(3) + 1, longest = shortest + below(2), maxSkip = below(4);
            const int64_t length = below(12), rows = below(3) + 1;
            std::map<std::vector<int64_t>, int64_t> pool; // n-gram -> its number; ordered by length below
            std::vector<std::vector<int64_t>> ngrams;
            for (int64_t n = 1; n <= longest; ++n) {
                for (int i = below(6); i > 0; --i) {
                    std::vector<int64_t> ngram;
                    for (int64_t j = 0; j < n; ++j)
                        ngram.push_back(below(3));
                    if (pool.try_emplace(ngram, static_cast<int64_t>(ngrams.size())).second)
                        ngrams.push_back(ngram);
                }
            }
            if (ngrams.empty())
                continue;
            std::vector<int64_t> items, starts, columns;
            std::vector<float> weights;
            for (int64_t n = 1; n <= longest; ++n) {
                starts.push_back(static_cast<int64_t>(items.size()));
                for (const auto& ngram : ngrams) {
                    if (static_cast<int64_t>(ngram.size()) == n)
                        items.insert(items.end(), ngram.begin(), ngram.end());
                }
            }
            for (size_t i = 0; i < ngrams.size(); ++i) {
                columns.push_back(static_cast<int64_t>(ngrams.size() - i)); // column 0 stays empty
                weights.push_back(0.5f + static_cast<float>(i));
            }
            std::vector<double> x;
            for (int64_t i = 0; i < rows * length; ++i)
                x.push_back(below(4));
            const int64_t width = static_cast<int64_t>(ngrams.size()) + 1;
            for (const char* mode : {"TF", "IDF", "TFIDF"}) {
                std::vector<double> expected(static_cast<size_t>(rows * width));
                for (int64_t row = 0; row < rows; ++row) {
                    const auto counts = ngramsOf({x.begin() + row * length, x.begin() + (row + 1) * length},
                                                 shortest, longest, maxSkip);
                    for (const auto& [ngram, count] : counts) {
                        const auto found = pool.find(ngram);
                        if (found == pool.end())
                            continue;
                        const auto number = static_cast<size_t>(found->second);
                        const double weight = mode == std::string("TF") ? 1 : weights[number];
                        expected[static_cast<size_t>(row * width + columns[number])] =
                            weight * (mode == std::string("IDF") ? 1 : count);
                    }
                }
                const std::vector<Attribute> attributes{stringAttribute("mode", mode),
                                                        intAttribute("min_gram_length", shortest),
                                                        intAttribute("max_gram_length", longest),
                                                        intAttribute("max_skip_count", maxSkip),
                                                        intsAttribute("ngram_counts", starts),
                                                        intsAttribute("ngram_indexes", columns),
                                                        floatsAttribute("weights", weights),
                                                        intsAttribute("pool_int64s", items)};
                for (const DataType type : {DataType::Int64, DataType::Int32})
                    checkRows(textCase("TfIdfVectorizer", 9, {tensorOf({rows, length}, x, type)}, attributes),
                              DataType::Float, {rows, width}, expected, {}, 1);
                // The same items as text, one row without a batch dimension.
                auto inText = attributes;
                Strings pooled, row;
                for (const int64_t item : items)
                    pooled.push_back("item " + std::to_string(item));
                for (int64_t i = 0; i < length; ++i)
                    row.push_back("item " + std::to_string(static_cast<int64_t>(x[static_cast<size_t>(i)])));
                inText.back() = stringsAttribute("pool_strings", pooled);
                checkRows(textCase("TfIdfVectorizer", 9, {words(row)}, inText), DataType::Float, {width},
                          {expected.begin(), expected.begin() + width}, {}, 1);
            }
        }
    }

    void badPools()
    {
        const std::vector<Attribute> good{stringAttribute("mode", "TF"),
                                          intAttribute("min_gram_length", 1),
                                          intAttribute("max_gram_length", 2),
                                          intAttribute("max_skip_count", 0),
                                          intsAttribute("ngram_counts", {0, 2}),
                                          intsAttribute("ngram_indexes", {0, 1, 2}),
                                          intsAttribute("pool_int64s", {1, 2, 1, 2})};
        const Tensor x = tensorOf({3}, {1, 2, 1}, DataType::Int64);
        checkRows(textCase("TfIdfVectorizer", 9, {x}, good), DataType::Float, {3}, {2, 1, 1}, {}, 1);
        checkRows(textCase("TfIdfVectorizer", 9, {tensorOf({0}, {}, DataType::Int64)}, good), DataType::Float,
                  {3}, {0, 0, 0}, {}, 1);
        const auto refuse = [&](size_t index, Attribute changed) {
            auto attributes = good;
            attributes[index] = std::move(changed);
            checkAllFail(textCase("TfIdfVectorizer", 9, {x}, attributes), ErrorCode::InvalidModel, 1);
        };
        refuse(0, stringAttribute("mode", "FT"));
        refuse(1, intAttribute("min_gram_length", 0));
        refuse(2, intAttribute("max_gram_length", 3));
        refuse(3, intAttribute("max_skip_count", -1));
        refuse(4, intsAttribute("ngram_counts", {0, 5}));
        refuse(4, intsAttribute("ngram_counts", {2, 0}));
        refuse(4, intsAttribute("ngram_counts", {0, 1})); // three items are no whole bigrams
        refuse(4, intsAttribute("ngram_counts", {-1, 2}));
        refuse(5, intsAttribute("ngram_indexes", {0, 1}));
        refuse(5, intsAttribute("ngram_indexes", {0, 1, -2}));
        refuse(5, intsAttribute("ngram_indexes", {0, 1, INT64_MAX}));
        refuse(6, intsAttribute("pool_int64s", {}));
        checkAllFail(textCase("TfIdfVectorizer", 9, {words({"a"})}, good), ErrorCode::ShapeMismatch, 1);
        checkAllFail(textCase("TfIdfVectorizer", 9, {tensorOf({1, 1, 1}, {1}, DataType::Int64)}, good),
                     ErrorCode::ShapeMismatch, 1);
    }

    void tokenizer()
    {
        const Attribute marked = intAttribute("mark", 1);
        const Attribute atLeastTwo = intAttribute("mincharnum", 2);
        const Attribute characters = stringsAttribute("separators", {""});
        checkWords(tokenizerCase(words({"ab", "é"}), {characters}), {2, 2}, {"a", "b", "é", "#"});
        checkWords(
            tokenizerCase(Tensor::ofStrings({1, 2}, {"ab", ""}), {stringAttribute("tokenexp", "."), marked}),
            {1, 2, 4}, {"\x02", "a", "b", "\x03", "\x02", "\x03", "#", "#"});
        checkWords(tokenizerCase(words({"", ""}), {characters, marked}), {2, 0}, {});
        const Attribute separators = stringsAttribute("separators", {",", "[;:]+"});
        checkWords(tokenizerCase(words({"a,b;:c", ",,d"}), {separators}), {2, 3},
                   {"a", "b", "c", "d", "#", "#"});
        checkWords(tokenizerCase(words({"a,bb;ccc"}), {separators, atLeastTwo}), {1, 2}, {"bb", "ccc"});
        checkWords(tokenizerCase(words({"ä,öö"}), {separators, atLeastTwo}), {1, 1}, {"öö"});
        checkWords(tokenizerCase(words({"ab"}), {stringsAttribute("separators", {"x*"})}), {1, 0}, {});
        const Attribute letters = stringAttribute("tokenexp", "[a-zäöü]+");
        checkWords(tokenizerCase(words({"aä 1b2", "c"}), {letters}), {2, 2}, {"aä", "b", "c", "#"});
        checkWords(tokenizerCase(words({"aä 1b2cd"}), {letters, atLeastTwo}), {1, 2}, {"aä", "cd"});
        checkWords(tokenizerCase(words({"a|ab"}), {stringAttribute("tokenexp", "a|ab")}), {1, 2},
                   {"a", "ab"});
        checkWords(tokenizerCase(Tensor::ofStrings({2, 0}, {}), {letters}), {2, 0}, {});

        checkAllFail(tokenizerCase(words({"\xFF"}), {letters}), ErrorCode::InvalidArgument, 1);
        checkAllFail(tokenizerCase(Tensor::ofStrings({}, {"a"}), {letters}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(tokenizerCase(words({"a"}), {}), ErrorCode::InvalidModel, 1);
        checkAllFail(tokenizerCase(words({"a"}), {characters, atLeastTwo}), ErrorCode::InvalidModel, 1);
        checkAllFail(tokenizerCase(words({"a"}), {letters, intAttribute("mincharnum", 0)}),
                     ErrorCode::InvalidModel, 1);
        checkAllFail(tokenizerCase(words({"a"}), {stringAttribute("tokenexp", "[")}), ErrorCode::InvalidModel,
                     1);
    }
};

std::unique_ptr<QObject> lapidary::createTextTest() { return std::make_unique<TextTest>(); }

#include "text_test.moc"
