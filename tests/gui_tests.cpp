// SPDX-License-Identifier: GPL-3.0-or-later
// Tests that need Qt's GUI or widgets. Runs the test classes named on the command line
// ("viewers.layout"), or all of them. Other arguments ("-v2", a test function's name) go to Qt Test.
#include "tests/gui_tests.h"

#include <QApplication>
#include <QTest>

using namespace lapidary;

namespace {

struct TestClass {
    const char* name;
    std::unique_ptr<QObject> (*create)();
};

const TestClass testClasses[] = {
    {"ui.document", createModelDocumentTest},
    {"ui.inputs", createInputsTest},
    {"ui.run", createRunPageTest},
    {"ui.window", createMainWindowTest},
    {"viewers.canvas", createGraphCanvasTest},
    {"viewers.display_graph", createDisplayGraphTest},
    {"viewers.image_to_tensor", createImageToTensorTest},
    {"viewers.layout", createGraphLayoutTest},
    {"viewers.numbers", createNumbersTest},
    {"viewers.tensor_table_model", createTensorTableModelTest},
};

} // namespace

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QStringList chosen;
    QStringList passed{application.arguments().first()};
    for (const QString& argument : application.arguments().mid(1)) {
        const bool isClass = std::any_of(std::begin(testClasses), std::end(testClasses),
                                         [&](const TestClass& test) { return argument == test.name; });
        (isClass ? chosen : passed) << argument;
    }
    int failures = 0;
    for (const TestClass& test : testClasses) {
        if (chosen.isEmpty() || chosen.contains(test.name))
            failures += QTest::qExec(test.create().get(), passed);
    }
    return failures == 0 ? 0 : 1;
}
