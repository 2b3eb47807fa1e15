// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the test classes of engine_tests; each is defined at the end of its file.
#pragma once

#include <QObject>
#include <memory>

namespace lapidary {

std::unique_ptr<QObject> createConvolutionTest();
std::unique_ptr<QObject> createFloatConvertTest();
std::unique_ptr<QObject> createKernelTableTest();
std::unique_ptr<QObject> createNodeDataTest();

} // namespace lapidary
