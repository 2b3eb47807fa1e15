// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the test classes named on the command line ("ops.convolution"), or all of them. Other
// arguments ("-v2", a test function's name) go to Qt Test.
#include "tests/engine_tests.h"
#include "tests/support/test_classes.h"

#include <QCoreApplication>

using namespace lapidary;

namespace {

const TestClass testClasses[] = {
    {"cli", createCliTest},
    {"conformance", createConformanceTests},
    {"deploy", createDeployTest},
    {"deploy.export", createExportTest},
    {"deploy.python", createPythonImageTest},
    {"models", createModelsTest},
    {"ops.attention", createAttentionTest},
    {"ops.attention_state", createAttentionStateTest},
    {"ops.arithmetic", createArithmeticTest},
    {"ops.bad_nodes", createBadNodesTest},
    {"ops.cast", createCastTest},
    {"ops.control_flow", createControlFlowTest},
    {"ops.convolution", createConvolutionTest},
    {"ops.einsum", createEinsumTest},
    {"ops.elementwise", createElementwiseTest},
    {"ops.float_convert", createFloatConvertTest},
    {"ops.fold_quantization", createFoldQuantizationTest},
    {"ops.fused", createFusedTest},
    {"ops.gradient", createGradientTest},
    {"ops.hostile_nodes", createHostileNodesTest},
    {"ops.inference", createInferenceTest},
    {"ops.kernel_table", createKernelTableTest},
    {"ops.loss", createLossTest},
    {"ops.matmul", createMatMulTest},
    {"ops.microsoft", createMicrosoftTest},
    {"ops.microsoft_attention", createMicrosoftAttentionTest},
    {"ops.ml_encoding", createMlEncodingTest},
    {"ops.ml_features", createMlFeaturesTest},
    {"ops.ml_linear", createMlLinearTest},
    {"ops.ml_trees", createMlTreesTest},
    {"ops.node_data", createNodeDataTest},
    {"ops.normalization", createNormalizationTest},
    {"ops.data_movement", createDataMovementTest},
    {"ops.detection", createDetectionTest},
    {"ops.image", createImageTest},
    {"ops.indexing", createIndexingTest},
    {"ops.legacy", createLegacyTest},
    {"ops.optional", createOptionalTest},
    {"ops.old_opsets", createOldOpsetsTest},
    {"ops.pooling", createPoolingTest},
    {"ops.qlinear", createQLinearTest},
    {"ops.quantization", createQuantizationTest},
    {"ops.quantized_product", createQuantizedProductTest},
    {"ops.quantized_transformer", createQuantizedTransformerTest},
    {"ops.quantized_weights", createQuantizedWeightsTest},
    {"ops.recurrent", createRecurrentTest},
    {"ops.random", createRandomTest},
    {"ops.reduction", createReductionTest},
    {"ops.resize", createResizeTest},
    {"ops.sampling", createSamplingTest},
    {"ops.sequence", createSequenceTest},
    {"ops.shape", createShapeTest},
    {"ops.signal", createSignalTest},
    {"ops.softmax", createSoftmaxTest},
    {"ops.text", createTextTest},
    {"ops.training_optimizers", createTrainingOptimizersTest},
    {"ops.window", createWindowTest},
    {"ops.winograd", createWinogradTest},
    {"unit.data_type", createDataTypeTest},
    {"unit.formats", createFormatsTest},
    {"unit.job_queue", createJobQueueTest},
    {"unit.graph_diff", createGraphDiffTest},
    {"unit.model_summary", createModelSummaryTest},
    {"unit.npy", createNpyTest},
    {"unit.compare_runs", createCompareRunsTest},
    {"serve", createServeTest},
    {"unit.reader", createReaderTest},
    {"unit.writer", createWriterTest},
    {"unit.edit", createEditTest},
    {"unit.executor", createExecutorTest},
    {"unit.passes", createPassesTest},
    {"unit.session", createSessionTest},
};

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    return runTestClasses(testClasses);
}
