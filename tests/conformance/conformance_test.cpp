// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX's own backend tests: Debian package libonnx-testdata, and newer ones beside the checkout where
// they are. All of them pass.
#include "engine/session/conformance.h"
#include "tests/engine_tests.h"

#include <QTest>

using namespace lapidary;

namespace {

const std::filesystem::path sourceFolder = LAPIDARY_SOURCE_DIR;

} // namespace

class ConformanceTests : public QObject {
    Q_OBJECT

    void runFolder(const std::filesystem::path& folder, int count, const SessionOptions& options = {})
    {
        if (!std::filesystem::exists(folder))
            QSKIP((folder.string() + " is not on this machine").c_str());
        int passed = 0;
        std::string failures;
        JobContext job;
        for (const ConformanceTest& test : findConformanceTests(folder)) {
            const Status status = runConformanceTest(test, options, job);
            passed += status.ok() ? 1 : 0;
            if (!status.ok())
                failures += "\n" + test.name + ": " + status.error().toString();
        }
        qInfo("%d passed", passed);
        QVERIFY2(failures.empty(), failures.c_str());
        QVERIFY2(passed >= count, std::to_string(passed).c_str());
    }

private slots:
    // Versions of the package differ in how many tests they hold.
    void debianTestData() { runFolder("/usr/share/libonnx-testdata/data", 1000); }
    void newerTestData() { runFolder(sourceFolder / ".." / "shared" / "conformance", 400); }

    // Nothing is wrong, or right, only because passes rewrote it.
    void withoutPasses()
    {
        SessionOptions options;
        options.passes = PassSelection::none();
        runFolder("/usr/share/libonnx-testdata/data", 1000, options);
    }

    // One test contradicts itself; whoever reads the count must learn how it was run.
    void correctionsAreNamed()
    {
        QVERIFY(!correctionOf({"node/test_adam_multiple", "node/test_adam_multiple"}).empty());
        QVERIFY(correctionOf({"node/test_adam", "node/test_adam"}).empty());
    }
};

std::unique_ptr<QObject> lapidary::createConformanceTests() { return std::make_unique<ConformanceTests>(); }

#include "conformance_test.moc"
