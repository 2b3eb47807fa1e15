// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the test classes named on the command line ("ops.convolution"), or all of them. Other
// arguments ("-v2", a test function's name) go to Qt Test.
#include "tests/engine_tests.h"

#include <QCoreApplication>
#include <QTest>

using namespace lapidary;

namespace {

struct TestClass {
    const char* name;
    std::unique_ptr<QObject> (*create)();
};

const TestClass testClasses[] = {
    {"cli", createCliTest},
    {"conformance", createConformanceTests},
    {"models", createModelsTest},
    {"ops.attention", createAttentionTest},
    {"ops.attention_state", createAttentionStateTest},
    {"ops.cast", createCastTest},
    {"ops.convolution", createConvolutionTest},
    {"ops.elementwise", createElementwiseTest},
    {"ops.float_convert", createFloatConvertTest},
    {"ops.hostile_nodes", createHostileNodesTest},
    {"ops.inference", createInferenceTest},
    {"ops.kernel_table", createKernelTableTest},
    {"ops.matmul", createMatMulTest},
    {"ops.node_data", createNodeDataTest},
    {"ops.normalization", createNormalizationTest},
    {"ops.pooling", createPoolingTest},
    {"ops.reduction", createReductionTest},
    {"ops.resize", createResizeTest},
    {"ops.shape", createShapeTest},
    {"ops.softmax", createSoftmaxTest},
    {"ops.window", createWindowTest},
    {"unit.data_type", createDataTypeTest},
    {"unit.job_queue", createJobQueueTest},
    {"unit.npy", createNpyTest},
    {"unit.reader", createReaderTest},
    {"unit.session", createSessionTest},
};

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
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
