// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the main function of a binary with many test classes.
#pragma once

#include <QObject>

#include <memory>
#include <span>

namespace lapidary {

struct TestClass {
    const char* name; // as on the command line: "ops.convolution"
    std::unique_ptr<QObject> (*create)();
};

// Runs the classes that the program's arguments name, or all of them; the other arguments ("-v2", a
// test function's name) go to Qt Test. Needs an application. Exit code 0: all passed.
int runTestClasses(std::span<const TestClass> classes);

} // namespace lapidary
