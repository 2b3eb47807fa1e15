// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_classes.h"

#include <QCoreApplication>
#include <QTest>

#include <algorithm>

namespace lapidary {

int runTestClasses(std::span<const TestClass> classes)
{
    const QStringList arguments = QCoreApplication::arguments();
    QStringList chosen;
    QStringList passed{arguments.first()};
    for (const QString& argument : arguments.mid(1)) {
        const bool isClass = std::any_of(classes.begin(), classes.end(),
                                         [&](const TestClass& test) { return argument == test.name; });
        (isClass ? chosen : passed) << argument;
    }
    int failures = 0;
    for (const TestClass& test : classes) {
        if (chosen.isEmpty() || chosen.contains(test.name))
            failures += QTest::qExec(test.create().get(), passed);
    }
    return failures == 0 ? 0 : 1;
}

} // namespace lapidary
