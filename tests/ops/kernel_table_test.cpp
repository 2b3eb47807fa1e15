// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/cpu_backend.h"
#include "engine/cpu/parallel.h"
#include "tests/engine_tests.h"
#include "tests/support/node_runner.h"

#include <QTest>
#include <atomic>

using namespace lapidary;

class KernelTableTest : public QObject {
    Q_OBJECT
private slots:
    void describesItself()
    {
        QCOMPARE(cpuBackend().name(), std::string_view("cpu"));
        QVERIFY(cpuBackend().description().starts_with("CPU, oneDNN "));
    }

    void rowsAreOrderedRanges()
    {
        for (const auto& family : cpuBackend().kernelTable()) {
            QVERIFY(!family.empty());
            for (const KernelRow& row : family) {
                QVERIFY2(row.firstOpset >= 1 && row.firstOpset <= row.lastOpset, row.opType.data());
                QVERIFY2(row.create && !row.implementation.empty(), row.opType.data());
            }
        }
    }

    void unknownOperatorIsNamed()
    {
        const NodeCase unknown{.opType = "NoSuchOperator", .inputs = {}};
        const Model model = makeModel(unknown);
        KernelRequest request;
        request.model = &model;
        request.graph = &model.graph;
        request.node = &model.graph.nodes.front();
        request.opsetVersion = 17;
        const auto kernel = cpuBackend().createKernel(request);
        QVERIFY(!kernel.ok());
        QCOMPARE(kernel.error().code, ErrorCode::UnsupportedOp);
        QVERIFY(kernel.error().message.find("NoSuchOperator") != std::string::npos);
    }

    void parallelForCoversEachItemOnce()
    {
        cpuBackend().setThreads(0);
        for (const int64_t count : {0, 1, 7, 1000}) {
            std::vector<std::atomic<int>> seen(static_cast<size_t>(count));
            parallelFor(count, 3, [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i)
                    ++seen[static_cast<size_t>(i)];
            });
            for (const auto& times : seen)
                QCOMPARE(times.load(), 1);
        }
    }

    void denormalModeIsRestored()
    {
        const unsigned before = floatMode();
        {
            const FlushDenormals flush;
            volatile float tiny = 1e-39f;
            QCOMPARE(tiny * 1.0f, 0.0f);
        }
        QCOMPARE(floatMode(), before);
    }
};

std::unique_ptr<QObject> lapidary::createKernelTableTest() { return std::make_unique<KernelTableTest>(); }

#include "kernel_table_test.moc"
