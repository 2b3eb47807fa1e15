// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the test classes of gui_tests; each is defined at the end of its file.
#pragma once

#include <QObject>
#include <memory>

namespace lapidary {

std::unique_ptr<QObject> createComparePageTest();
std::unique_ptr<QObject> createDeployPageTest();
std::unique_ptr<QObject> createDisplayGraphTest();
std::unique_ptr<QObject> createEditingTest();
std::unique_ptr<QObject> createFilesTest();
std::unique_ptr<QObject> createTabsTest();
std::unique_ptr<QObject> createGraphCanvasTest();
std::unique_ptr<QObject> createGraphGroupsTest();
std::unique_ptr<QObject> createGraphLayoutTest();
std::unique_ptr<QObject> createGroupTreeTest();
std::unique_ptr<QObject> createInspectTest();
std::unique_ptr<QObject> createTensorPlaneTest();
std::unique_ptr<QObject> createGraphPictureTest();
std::unique_ptr<QObject> createInputsTest();
std::unique_ptr<QObject> createLinkedViewTest();
std::unique_ptr<QObject> createMainWindowTest();
std::unique_ptr<QObject> createLayoutQualityTest();
std::unique_ptr<QObject> createModelDocumentTest();
std::unique_ptr<QObject> createImageToTensorTest();
std::unique_ptr<QObject> createNumbersTest();
std::unique_ptr<QObject> createRunPageTest();
std::unique_ptr<QObject> createSearchPanelTest();
std::unique_ptr<QObject> createSearchTest();
std::unique_ptr<QObject> createTensorTableModelTest();

} // namespace lapidary
