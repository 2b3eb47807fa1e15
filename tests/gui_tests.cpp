// SPDX-License-Identifier: GPL-3.0-or-later
// Tests that need Qt's GUI or widgets. Runs the test classes named on the command line
// ("viewers.layout"), or all of them. Other arguments ("-v2", a test function's name) go to Qt Test.
#include "tests/gui_tests.h"
#include "tests/support/test_classes.h"

#include <QApplication>

using namespace lapidary;

namespace {

const TestClass testClasses[] = {
    {"ui.document", createModelDocumentTest},
    {"ui.deploy", createDeployPageTest},
    {"ui.edit", createEditingTest},
    {"ui.compare", createComparePageTest},
    {"ui.files", createFilesTest},
    {"ui.inputs", createInputsTest},
    {"ui.inspect", createInspectTest},
    {"ui.run", createRunPageTest},
    {"ui.search", createSearchPanelTest},
    {"ui.tabs", createTabsTest},
    {"ui.window", createMainWindowTest},
    {"viewers.canvas", createGraphCanvasTest},
    {"viewers.display_graph", createDisplayGraphTest},
    {"viewers.graph_groups", createGraphGroupsTest},
    {"viewers.groups", createGroupTreeTest},
    {"viewers.graph_picture", createGraphPictureTest},
    {"viewers.image_to_tensor", createImageToTensorTest},
    {"viewers.layout", createGraphLayoutTest},
    {"viewers.layout_quality", createLayoutQualityTest},
    {"viewers.linked_view", createLinkedViewTest},
    {"viewers.numbers", createNumbersTest},
    {"viewers.search", createSearchTest},
    {"viewers.tensor_plane", createTensorPlaneTest},
    {"viewers.tensor_table_model", createTensorTableModelTest},
};

} // namespace

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    return runTestClasses(testClasses);
}
