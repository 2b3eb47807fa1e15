// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>

using namespace lapidary;

namespace {

// Sums of up to 300 products of numbers below 1: rounding of float adds up to about 1e-6.
Tolerance toleranceOf(DataType type) { return {1e-5 + roundingOf(type), 4e-6 + roundingOf(type)}; }

// numpy.matmul on stacks whose batch dims are given already stretched: offsets of each matrix.
std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b, int64_t m, int64_t k,
                            int64_t n, const std::vector<std::pair<int64_t, int64_t>>& matrices)
{
    std::vector<double> result;
    for (const auto& [left, right] : matrices) {
        for (int64_t row = 0; row < m; ++row) {
            for (int64_t column = 0; column < n; ++column) {
                double sum = 0;
                for (int64_t i = 0; i < k; ++i)
                    sum += a[static_cast<size_t>((left * m + row) * k + i)] *
                           b[static_cast<size_t>((right * k + i) * n + column)];
                result.push_back(sum);
            }
        }
    }
    return result;
}

} // namespace

class MatMulTest : public QObject {
    Q_OBJECT

    using Pairs = std::vector<std::pair<int64_t, int64_t>>;

    static void check(const Dims& a, const Dims& b, const Dims& y, int64_t m, int64_t k, int64_t n,
                      const Pairs& matrices, DataType type = DataType::Float)
    {
        for (const bool constant : {false, true}) {
            const Tensor left = randomTensor(a, 1, type);
            const Tensor right = randomTensor(b, 2, type);
            NodeCase nodeCase{.opType = "MatMul", .inputs = {left, right}};
            if (constant)
                nodeCase.constants = {1};
            checkRows(nodeCase, type, y, product(valuesOf(left), valuesOf(right), m, k, n, matrices),
                      toleranceOf(type), type == DataType::Double ? 1 : 2);
        }
    }

    // alpha * a' * b' + beta * c with c stretched by hand to [m, n].
    static void checkGemm(bool transA, bool transB, float alpha, float beta, const std::optional<Dims>& c,
                          DataType type = DataType::Float, int64_t opset = 13, int64_t m = 5, int64_t k = 37,
                          int64_t n = 7)
    {
        const Tensor a = randomTensor(transA ? Dims{k, m} : Dims{m, k}, 1, type);
        const Tensor b = randomTensor(transB ? Dims{n, k} : Dims{k, n}, 2, type);
        const auto as = valuesOf(a);
        const auto bs = valuesOf(b);
        NodeCase nodeCase{.opType = "Gemm", .opset = opset, .inputs = {a, b}};
        std::vector<double> cs;
        if (c) {
            nodeCase.inputs.emplace_back(randomTensor(*c, 3, type));
            cs = valuesOf(*nodeCase.inputs[2].tensor());
        }
        nodeCase.attributes = {intAttribute("transA", transA), intAttribute("transB", transB),
                               floatAttribute("alpha", alpha), floatAttribute("beta", beta)};
        if (opset < 7)
            nodeCase.attributes.push_back(intAttribute("broadcast", 1));
        std::vector<double> expected;
        for (int64_t row = 0; row < m; ++row) {
            for (int64_t column = 0; column < n; ++column) {
                double sum = 0;
                for (int64_t i = 0; i < k; ++i)
                    sum += as[static_cast<size_t>(transA ? i * m + row : row * k + i)] *
                           bs[static_cast<size_t>(transB ? column * k + i : i * n + column)];
                double added = 0;
                if (c) {
                    const int64_t columns = c->empty() ? 1 : c->back();
                    const int64_t rows = c->size() < 2 ? 1 : c->front();
                    added = cs[static_cast<size_t>((rows == 1 ? 0 : row) * columns +
                                                   (columns == 1 ? 0 : column))];
                }
                expected.push_back(static_cast<double>(alpha) * sum + static_cast<double>(beta) * added);
            }
        }
        checkRows(nodeCase, type, {m, n}, expected, toleranceOf(type), 2);
        nodeCase.constants = {1, 2};
        checkRows(nodeCase, type, {m, n}, expected, toleranceOf(type), 2);
    }

private slots:
    void matrices()
    {
        check({5, 37}, {37, 7}, {5, 7}, 5, 37, 7, {{0, 0}});
        check({1, 300}, {300, 65}, {1, 65}, 1, 300, 65, {{0, 0}});
        check({64, 64}, {64, 64}, {64, 64}, 64, 64, 64, {{0, 0}});
        check({1, 1}, {1, 1}, {1, 1}, 1, 1, 1, {{0, 0}});
        for (const DataType type : {DataType::Float16, DataType::BFloat16})
            check({5, 37}, {37, 7}, {5, 7}, 5, 37, 7, {{0, 0}}, type);
        check({5, 3}, {3, 7}, {5, 7}, 5, 3, 7, {{0, 0}}, DataType::Double);
    }

    // Few rows go another way than many, with all kinds of odd columns.
    void fewRows()
    {
        for (const int64_t m : {1, 2, 3, 4}) {
            for (const int64_t n : {1, 10, 16, 17, 64, 131, 272}) {
                check({m, 29}, {29, n}, {m, n}, m, 29, n, {{0, 0}});
                for (const bool transB : {false, true}) {
                    checkGemm(false, transB, 1, 1, Dims{n}, DataType::Float, 13, m, 67, n);
                    checkGemm(false, transB, 0.5f, 2, Dims{m, n}, DataType::Float, 13, m, 32, n);
                    checkGemm(false, transB, 0.5f, 1, Dims{m, 1}, DataType::Float, 13, m, 5, n);
                }
            }
        }
        checkGemm(true, true, 1, 1, std::nullopt, DataType::Float, 13, 1, 300, 20);
        check({2, 300}, {300, 1003}, {2, 1003}, 2, 300, 1003, {{0, 0}}); // more than is padded
        checkGemm(false, true, 1, 1, Dims{1003}, DataType::Float, 13, 3, 300, 1003);
    }

    void vectors()
    {
        check({4}, {4}, {}, 1, 4, 1, {{0, 0}});
        check({4}, {4, 3}, {3}, 1, 4, 3, {{0, 0}});
        check({3, 4}, {4}, {3}, 3, 4, 1, {{0, 0}});
        check({4}, {2, 4, 3}, {2, 3}, 1, 4, 3, {{0, 0}, {0, 1}});
        check({2, 3, 4}, {4}, {2, 3}, 3, 4, 1, {{0, 0}, {1, 0}});
    }

    void batches()
    {
        check({2, 3, 4}, {2, 4, 5}, {2, 3, 5}, 3, 4, 5, {{0, 0}, {1, 1}});
        check({2, 3, 4}, {4, 5}, {2, 3, 5}, 3, 4, 5, {{0, 0}, {1, 0}});
        check({3, 4}, {2, 4, 5}, {2, 3, 5}, 3, 4, 5, {{0, 0}, {0, 1}});
        check({2, 1, 3, 4}, {2, 4, 5}, {2, 2, 3, 5}, 3, 4, 5, {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
        check({1, 2, 3, 4}, {2, 1, 4, 5}, {2, 2, 3, 5}, 3, 4, 5, {{0, 0}, {1, 0}, {0, 1}, {1, 1}});
    }

    void emptyOperands()
    {
        check({0, 4}, {4, 3}, {0, 3}, 0, 4, 3, {{0, 0}});
        check({2, 0}, {0, 3}, {2, 3}, 2, 0, 3, {{0, 0}});
        check({0, 2, 4}, {4, 3}, {0, 2, 3}, 2, 4, 3, {});
    }

    void integersWrapAround()
    {
        const NodeCase nodeCase{.opType = "MatMul",
                                .inputs = {tensorOf({1, 2}, {2147483647, 2}, DataType::Int32),
                                           tensorOf({2, 1}, {2, 1}, DataType::Int32)}};
        checkRows(nodeCase, DataType::Int32, {1, 1}, {0}, {0, 0}, 1);
    }

    void gemm()
    {
        for (const bool transA : {false, true}) {
            for (const bool transB : {false, true}) {
                checkGemm(transA, transB, 1, 1, Dims{7});
                checkGemm(transA, transB, 0.5f, 0.25f, Dims{5, 7});
            }
        }
        checkGemm(false, false, 1, 1, std::nullopt);
        checkGemm(false, true, 2, 1, std::nullopt);
        checkGemm(false, true, 1, 0, Dims{7});
        checkGemm(false, true, 1, 1, Dims{});
        checkGemm(false, true, 1, 1, Dims{1});
        checkGemm(false, true, 1, 1, Dims{1, 7});
        checkGemm(false, true, 1, 2, Dims{5, 1});
        checkGemm(false, true, 1, 1, Dims{7}, DataType::Float16);
        checkGemm(true, false, 1, 1, Dims{7}, DataType::BFloat16);
        checkGemm(false, false, 1, 1, Dims{7}, DataType::Float, 6);
    }

    void wrongShapes()
    {
        const auto fails = [](const char* opType, std::vector<Dims> inputs) {
            NodeCase nodeCase{.opType = opType, .inputs = {}};
            for (const Dims& dims : inputs)
                nodeCase.inputs.emplace_back(randomTensor(dims, 1));
            checkAllFail(nodeCase, ErrorCode::ShapeMismatch, 2);
        };
        fails("MatMul", {{2, 3}, {4, 5}});
        fails("MatMul", {{}, {4}});
        fails("MatMul", {{2, 2, 3}, {3, 3, 4}});
        fails("Gemm", {{2, 3}, {4, 5}});
        fails("Gemm", {{3}, {3, 5}});
        fails("Gemm", {{2, 3}, {3, 5}, {2}});
        fails("Gemm", {{2, 3}, {3, 5}, {1, 2, 5}});
    }
};

std::unique_ptr<QObject> lapidary::createMatMulTest() { return std::make_unique<MatMulTest>(); }

#include "matmul_test.moc"
