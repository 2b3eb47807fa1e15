// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: Qt Test checks over every kernel row that takes a node.
#pragma once

#include "tests/support/node_runner.h"
#include "tests/support/tensor_check.h"

#include <QMetaType>

namespace lapidary {

// Output 0 of every row has this type and shape and these values; at least rowCount rows took the node.
void checkRows(const NodeCase& nodeCase, DataType type, const Dims& dims, const std::vector<double>& expected,
               Tolerance tolerance, size_t rowCount);
// The same for output number index.
void checkRowsOutput(const NodeCase& nodeCase, size_t index, DataType type, const Dims& dims,
                     const std::vector<double>& expected, Tolerance tolerance, size_t rowCount);
// Every row fails with this code; at least rowCount rows took the node.
void checkAllFail(const NodeCase& nodeCase, ErrorCode code, size_t rowCount);

} // namespace lapidary

Q_DECLARE_METATYPE(lapidary::Dims)
