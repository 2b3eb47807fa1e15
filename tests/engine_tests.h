// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the test classes of engine_tests; each is defined at the end of its file.
#pragma once

#include <QObject>
#include <memory>

namespace lapidary {

std::unique_ptr<QObject> createAttentionStateTest();
std::unique_ptr<QObject> createAttentionTest();
std::unique_ptr<QObject> createArithmeticTest();
std::unique_ptr<QObject> createBadNodesTest();
std::unique_ptr<QObject> createCastTest();
std::unique_ptr<QObject> createControlFlowTest();
std::unique_ptr<QObject> createCliTest();
std::unique_ptr<QObject> createConformanceTests();
std::unique_ptr<QObject> createDeployTest();
std::unique_ptr<QObject> createExportTest();
std::unique_ptr<QObject> createPythonImageTest();
std::unique_ptr<QObject> createConvolutionTest();
std::unique_ptr<QObject> createDataMovementTest();
std::unique_ptr<QObject> createDataTypeTest();
std::unique_ptr<QObject> createElementwiseTest();
std::unique_ptr<QObject> createFloatConvertTest();
std::unique_ptr<QObject> createFoldQuantizationTest();
std::unique_ptr<QObject> createFusedTest();
std::unique_ptr<QObject> createGradientTest();
std::unique_ptr<QObject> createHostileNodesTest();
std::unique_ptr<QObject> createInferenceTest();
std::unique_ptr<QObject> createJobQueueTest();
std::unique_ptr<QObject> createKernelTableTest();
std::unique_ptr<QObject> createMatMulTest();
std::unique_ptr<QObject> createMicrosoftAttentionTest();
std::unique_ptr<QObject> createMicrosoftTest();
std::unique_ptr<QObject> createMlEncodingTest();
std::unique_ptr<QObject> createMlFeaturesTest();
std::unique_ptr<QObject> createMlLinearTest();
std::unique_ptr<QObject> createMlTreesTest();
std::unique_ptr<QObject> createModelsTest();
std::unique_ptr<QObject> createNodeDataTest();
std::unique_ptr<QObject> createNormalizationTest();
std::unique_ptr<QObject> createNpyTest();
std::unique_ptr<QObject> createDetectionTest();
std::unique_ptr<QObject> createImageTest();
std::unique_ptr<QObject> createIndexingTest();
std::unique_ptr<QObject> createLegacyTest();
std::unique_ptr<QObject> createOptionalTest();
std::unique_ptr<QObject> createOldOpsetsTest();
std::unique_ptr<QObject> createPoolingTest();
std::unique_ptr<QObject> createQuantizationTest();
std::unique_ptr<QObject> createQLinearTest();
std::unique_ptr<QObject> createQuantizedProductTest();
std::unique_ptr<QObject> createQuantizedTransformerTest();
std::unique_ptr<QObject> createQuantizedWeightsTest();
std::unique_ptr<QObject> createRandomTest();
std::unique_ptr<QObject> createFormatsTest();
std::unique_ptr<QObject> createCompareRunsTest();
std::unique_ptr<QObject> createServeTest();
std::unique_ptr<QObject> createReaderTest();
std::unique_ptr<QObject> createWriterTest();
std::unique_ptr<QObject> createEditTest();
std::unique_ptr<QObject> createExecutorTest();
std::unique_ptr<QObject> createPassesTest();
std::unique_ptr<QObject> createReductionTest();
std::unique_ptr<QObject> createResizeTest();
std::unique_ptr<QObject> createSamplingTest();
std::unique_ptr<QObject> createSequenceTest();
std::unique_ptr<QObject> createGraphDiffTest();
std::unique_ptr<QObject> createModelSummaryTest();
std::unique_ptr<QObject> createSessionTest();
std::unique_ptr<QObject> createShapeTest();
std::unique_ptr<QObject> createSoftmaxTest();
std::unique_ptr<QObject> createTextTest();
std::unique_ptr<QObject> createWindowTest();
std::unique_ptr<QObject> createWinogradTest();
std::unique_ptr<QObject> createRecurrentTest();
std::unique_ptr<QObject> createSignalTest();
std::unique_ptr<QObject> createEinsumTest();
std::unique_ptr<QObject> createLossTest();
std::unique_ptr<QObject> createTrainingOptimizersTest();

} // namespace lapidary
