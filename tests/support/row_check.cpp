// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/row_check.h"

#include <QTest>

namespace lapidary {

void checkRows(const NodeCase& nodeCase, DataType type, const Dims& dims, const std::vector<double>& expected,
               Tolerance tolerance, size_t rowCount)
{
    checkRowsOutput(nodeCase, 0, type, dims, expected, tolerance, rowCount);
}

void checkRowsOutput(const NodeCase& nodeCase, size_t index, DataType type, const Dims& dims,
                     const std::vector<double>& expected, Tolerance tolerance, size_t rowCount)
{
    const auto results = runOnAllRows(nodeCase);
    QVERIFY2(results.size() >= rowCount, "a row refused the node");
    for (const RowResult& result : results) {
        const std::string problem =
            result.outputs.ok() ? difference((*result.outputs)[index], type, dims, expected, tolerance)
                                : result.outputs.error().toString();
        QVERIFY2(problem.empty(), (result.row + " (" + result.implementation + "), " +
                                   std::string(dataTypeName(type)) + ": " + problem)
                                      .c_str());
    }
}

void checkAllFail(const NodeCase& nodeCase, ErrorCode code, size_t rowCount)
{
    const auto results = runOnAllRows(nodeCase);
    QVERIFY2(results.size() >= rowCount, "a row refused the node");
    for (const RowResult& result : results) {
        QVERIFY2(!result.outputs.ok(), (result.row + " gave a result").c_str());
        QCOMPARE(result.outputs.error().code, code);
        QVERIFY(!result.outputs.error().message.empty());
    }
}

} // namespace lapidary
