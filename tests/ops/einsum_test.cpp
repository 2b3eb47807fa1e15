// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <numeric>
#include <random>

using namespace lapidary;

namespace {

// One operand as the reference sees it: a letter for each axis ('.' ones are spelled out by the test).
struct Operand {
    std::string labels;
    Dims dims;
};

// The definition: a loop over all values of all letters.
std::vector<double> reference(const std::vector<Operand>& operands, const std::vector<Tensor>& tensors,
                              const std::string& output, Dims& dims)
{
    std::map<char, int64_t> sizes;
    for (const Operand& operand : operands) {
        for (size_t i = 0; i < operand.labels.size(); ++i) {
            int64_t& size = sizes.try_emplace(operand.labels[i], 1).first->second;
            size = size == 1 ? operand.dims[i] : size;
        }
    }
    std::vector<std::vector<double>> values;
    for (const Tensor& tensor : tensors)
        values.push_back(valuesOf(tensor));
    dims.clear();
    for (const char letter : output)
        dims.push_back(sizes.at(letter));
    std::vector<double> y(static_cast<size_t>(*elementCount(dims)));
    int64_t total = 1;
    for (const auto& [letter, size] : sizes)
        total *= size;
    for (int64_t n = 0; n < total; ++n) {
        std::map<char, int64_t> at;
        int64_t rest = n;
        for (const auto& [letter, size] : sizes) {
            at[letter] = rest % size;
            rest /= size;
        }
        double product = 1;
        for (size_t i = 0; i < operands.size(); ++i) {
            int64_t index = 0;
            for (size_t axis = 0; axis < operands[i].dims.size(); ++axis)
                index = index * operands[i].dims[axis] +
                        (operands[i].dims[axis] == 1 ? 0 : at[operands[i].labels[axis]]);
            product *= values[i][static_cast<size_t>(index)];
        }
        int64_t index = 0;
        for (size_t axis = 0; axis < dims.size(); ++axis)
            index = index * dims[axis] + at[output[axis]];
        y[static_cast<size_t>(index)] += product;
    }
    return y;
}

NodeCase einsum(const std::string& equation, const std::vector<Tensor>& tensors)
{
    NodeCase node{.opType = "Einsum", .opset = 12, .inputs = {}};
    node.inputs.assign(tensors.begin(), tensors.end());
    node.attributes = {stringAttribute("equation", equation)};
    return node;
}

double determinant(std::vector<double> a, size_t n) // by the first row, minors of minors
{
    if (n == 0)
        return 1;
    double sum = 0;
    for (size_t k = 0; k < n; ++k) {
        std::vector<double> minor;
        for (size_t row = 1; row < n; ++row) {
            for (size_t column = 0; column < n; ++column) {
                if (column != k)
                    minor.push_back(a[row * n + column]);
            }
        }
        sum += (k % 2 ? -1 : 1) * a[k] * determinant(std::move(minor), n - 1);
    }
    return sum;
}

} // namespace

class EinsumTest : public QObject {
    Q_OBJECT

    // output and labels: what the equation means, without ellipses.
    static void check(const std::string& equation, const std::vector<Operand>& operands,
                      const std::string& output, DataType type = DataType::Float)
    {
        std::vector<Tensor> tensors;
        for (const Operand& operand : operands) {
            const double limit = isInteger(type) ? 100 : 1;
            tensors.push_back(randomTensor(operand.dims, static_cast<uint32_t>(tensors.size()) + 1, type,
                                           type == DataType::UInt8 ? 0 : -limit, limit));
        }
        Dims dims;
        std::vector<double> expected = reference(operands, tensors, output, dims);
        if (isInteger(type) && bitWidth(type) == 8) { // they wrap around
            for (double& value : expected) {
                const auto wrapped = static_cast<int64_t>(value);
                value = type == DataType::Int8 ? static_cast<int8_t>(wrapped) : static_cast<uint8_t>(wrapped);
            }
        }
        const double rounding = type == DataType::Double ? 1e-13 : 4e-6 + 2 * roundingOf(type);
        checkRows(einsum(equation, tensors), type, dims, expected,
                  isInteger(type) ? Tolerance{0, 0} : Tolerance{rounding, rounding}, 1);
    }

private slots:
    void oneOperand()
    {
        check("ij->ji", {{"ij", {3, 4}}}, "ji");
        check("ij->i", {{"ij", {3, 4}}}, "i");
        check("ij->", {{"ij", {3, 4}}}, "");
        check("ij", {{"ij", {3, 4}}}, "ij");
        check("ba", {{"ba", {3, 4}}}, "ab"); // implicit outputs are sorted
        check("aB", {{"aB", {3, 4}}}, "Ba"); // capitals first
        check("ii->i", {{"ii", {4, 4}}}, "i");
        check("ii", {{"ii", {4, 4}}}, "");
        check("iji->j", {{"iji", {3, 2, 3}}}, "j");
        check("iii->i", {{"iii", {3, 3, 3}}}, "i");
        check("...ii->...i", {{"abii", {2, 3, 4, 4}}}, "abi");
        check("...->...", {{"abc", {2, 3, 4}}}, "abc");
        check("i...->...", {{"iab", {2, 3, 4}}}, "ab");
        check("...i->", {{"abi", {2, 3, 4}}}, "");
        check("->", {{"", {}}}, "");
        check("", {{"", {}}}, "");
        check(" i j  -> j i ", {{"ij", {3, 4}}}, "ji");
        check("abcdefgh->hgfedcba", {{"abcdefgh", {1, 2, 3, 2, 1, 2, 1, 2}}}, "hgfedcba");
        check("...", {{"abcdefghk", {1, 2, 1, 2, 1, 2, 1, 2, 2}}}, "abcdefghk");
    }

    void twoOperands()
    {
        check("ij,jk->ik", {{"ij", {3, 4}}, {"jk", {4, 5}}}, "ik");
        check("ij,jk", {{"ij", {3, 4}}, {"jk", {4, 5}}}, "ik");
        check("ij,jk->ki", {{"ij", {3, 4}}, {"jk", {4, 5}}}, "ki");
        check("bij,bjk->bik", {{"bij", {2, 3, 4}}, {"bjk", {2, 4, 5}}}, "bik");
        check("bhid,bhjd->bhij", {{"bhid", {2, 3, 4, 5}}, {"bhjd", {2, 3, 6, 5}}}, "bhij");
        check("i,j->ij", {{"i", {3}}, {"j", {4}}}, "ij");
        check("i,i->", {{"i", {300}}, {"i", {300}}}, "");
        check("i,i->i", {{"i", {3}}, {"i", {3}}}, "i");
        check("bi,bi->b", {{"bi", {3, 7}}, {"bi", {3, 7}}}, "b");
        check("ij,ji->", {{"ij", {3, 4}}, {"ji", {4, 3}}}, "");
        check("ijk,jil->kl", {{"ijk", {3, 4, 2}}, {"jil", {4, 3, 5}}}, "kl");
        check("ab,cd->", {{"ab", {3, 4}}, {"cd", {2, 5}}}, "");
        check("ab,b->a", {{"ab", {3, 4}}, {"b", {4}}}, "a");
        check(",ab->ab", {{"", {}}, {"ab", {3, 4}}}, "ab");
        check("ii,ij->j", {{"ii", {3, 3}}, {"ij", {3, 4}}}, "j");
    }

    void stretching()
    {
        check("...ij,...jk->...ik", {{"bcij", {2, 1, 3, 4}}, {"cjk", {5, 4, 2}}}, "bcik");
        check("...ij,...jk", {{"bcij", {2, 1, 3, 4}}, {"cjk", {5, 4, 2}}}, "bcik");
        check("...,...->...", {{"ab", {3, 4}}, {"b", {4}}}, "ab");
        check("...i,i...->...", {{"abi", {3, 4, 2}}, {"iab", {2, 1, 4}}}, "ab");
        check("...a,...->a", {{"bca", {3, 4, 2}}, {"bc", {3, 1}}}, "a");
        check("ij,jk->ik", {{"ij", {3, 1}}, {"jk", {4, 5}}}, "ik");
        check("ij,ij->ij", {{"ij", {1, 4}}, {"ij", {3, 1}}}, "ij");
    }

    void manyOperands()
    {
        check("ij,jk,kl->il", {{"ij", {3, 4}}, {"jk", {4, 5}}, {"kl", {5, 2}}}, "il");
        check("a,b,c,d->dcba", {{"a", {2}}, {"b", {3}}, {"c", {2}}, {"d", {2}}}, "dcba");
        check("ab,ab,ab->b", {{"ab", {2, 3}}, {"ab", {2, 3}}, {"ab", {2, 3}}}, "b");
        check("bi,ij,bj->b", {{"bi", {2, 3}}, {"ij", {3, 4}}, {"bj", {2, 4}}}, "b");
        check("ab,cb,db,a->", {{"ab", {2, 3}}, {"cb", {4, 3}}, {"db", {2, 3}}, {"a", {2}}}, "");
    }

    void types()
    {
        for (const DataType type :
             {DataType::Double, DataType::Float16, DataType::BFloat16, DataType::Int8, DataType::UInt8,
              DataType::Int16, DataType::Int32, DataType::Int64, DataType::UInt32, DataType::UInt64}) {
            if (type == DataType::UInt32 || type == DataType::UInt64) {
                const Tensor a = tensorOf({2, 2}, {1, 2, 3, 4}, type);
                checkRows(einsum("ij,jk->ik", {a, a}), type, {2, 2}, {7, 10, 15, 22}, {0, 0}, 1);
                checkRows(einsum("ij->j", {a}), type, {2}, {4, 6}, {0, 0}, 1);
                continue;
            }
            if (type == DataType::Int16) {
                const Tensor a = tensorOf({2, 2}, {1, -2, 3, 300}, type);
                checkRows(einsum("ij,jk->ik", {a, a}), type, {2, 2}, {-5, -602, 903, 24458}, {0, 0}, 1);
                continue;
            }
            check("ij,jk->ik", {{"ij", {3, 4}}, {"jk", {4, 5}}}, "ik", type);
            check("ij,ij->j", {{"ij", {3, 4}}, {"ij", {3, 4}}}, "j", type);
            check("ii->i", {{"ii", {3, 3}}}, "i", type);
        }
    }

    void emptyOperands()
    {
        check("ij,jk->ik", {{"ij", {3, 0}}, {"jk", {0, 5}}}, "ik");
        check("ij,jk->ik", {{"ij", {0, 3}}, {"jk", {3, 5}}}, "ik");
        check("i->", {{"i", {0}}}, "");
        check("i,i->", {{"i", {0}}, {"i", {0}}}, "");
    }

    // Random equations of two to four operands over five letters.
    void random()
    {
        std::mt19937 generator(5);
        const auto below = [&](size_t limit) {
            return std::uniform_int_distribution<size_t>(0, limit - 1)(generator);
        };
        for (int round = 0; round < 150; ++round) {
            const Dims sizes{static_cast<int64_t>(below(4)) + 1, 2, 3, static_cast<int64_t>(below(5)), 1};
            std::vector<Operand> operands(below(3) + 2);
            std::string equation;
            std::string seen;
            for (Operand& operand : operands) {
                for (size_t axes = below(5); axes > 0; --axes) {
                    const size_t letter = below(5);
                    operand.labels += static_cast<char>('p' + letter);
                    operand.dims.push_back(sizes[letter]);
                }
                equation += (equation.empty() ? "" : ",") + operand.labels;
                seen += operand.labels;
            }
            if (operands[0].labels.empty())
                equation = equation.empty() ? "" : equation;
            std::string output;
            for (const char letter : std::string("tprsq")) {
                if (seen.find(letter) != std::string::npos && below(2) == 0)
                    output += letter;
            }
            equation.clear();
            for (size_t i = 0; i < operands.size(); ++i)
                equation += (i ? "," : "") + operands[i].labels;
            check(equation + "->" + output, operands, output, DataType::Double);
        }
    }

    void wrongEquations()
    {
        const Tensor m = randomTensor({3, 4}, 1);
        for (const char* equation : {"i->i", "ijk->i", "ij,jk->ik", "ii->i", "...ijk->i"})
            checkAllFail(einsum(equation, {m}), ErrorCode::ShapeMismatch, 1);
        for (const char* equation :
             {"i1->i", "ij->k", "ij->ii", "ij->i->j", "i.j", "......->", "i-j", "ij->i>"})
            checkAllFail(einsum(equation, {m}), ErrorCode::InvalidArgument, 1);
        checkAllFail(einsum("ij,jk->ik", {m, m}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(einsum("ij,ij", {m, randomTensor({3, 4}, 1, DataType::Double)}),
                     ErrorCode::ShapeMismatch, 1);
    }

    void determinants()
    {
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16}) {
            for (const int64_t n : {0, 1, 2, 3, 5, 7}) {
                for (const Dims& batch : {Dims{}, Dims{3}, Dims{2, 0}, Dims{2, 1, 2}}) {
                    Dims dims = batch;
                    dims.insert(dims.end(), {n, n});
                    const Tensor x = randomTensor(dims, 3, type, -2, 2);
                    const std::vector<double> values = valuesOf(x);
                    std::vector<double> expected;
                    for (int64_t i = 0; i < *elementCount(batch); ++i)
                        expected.push_back(
                            determinant({values.begin() + i * n * n, values.begin() + (i + 1) * n * n},
                                        static_cast<size_t>(n)));
                    const double rounding = 2 * roundingOf(type);
                    checkRows({.opType = "Det", .opset = 11, .inputs = {x}}, type, batch, expected,
                              {rounding + 1e-13, 1e-12}, 1);
                }
            }
        }
        const auto det = [](Tensor x) {
            return NodeCase{.opType = "Det", .opset = 22, .inputs = {std::move(x)}};
        };
        checkRows(det(tensorOf({3, 3}, {0, 1, 2, 0, 3, 4, 0, 5, 6})), DataType::Float, {}, {0}, {0, 0}, 1);
        checkRows(det(tensorOf({2, 2}, {0, 1, 1, 0})), DataType::Float, {}, {-1}, {0, 0}, 1);
        checkRows(det(tensorOf({2, 2}, {1e-30, 1, 1, 1})), DataType::Float, {}, {-1}, {1e-6, 0}, 1);
        checkRows(det(tensorOf({1, 1}, {NAN})), DataType::Float, {}, {NAN}, {0, 0}, 1);
        checkAllFail(det(randomTensor({2, 3}, 1)), ErrorCode::ShapeMismatch, 1);
        checkAllFail(det(randomTensor({3}, 1)), ErrorCode::ShapeMismatch, 1);
    }
};

std::unique_ptr<QObject> lapidary::createEinsumTest() { return std::make_unique<EinsumTest>(); }

#include "einsum_test.moc"
