// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX's own backend tests (Debian package libonnx-testdata, and newer ones beside the checkout where
// they are). What passes must keep passing: known_failures.txt names the rest, and a test of that
// list that passes fails here too, so that the list stays honest.
#include "engine/session/conformance.h"
#include "tests/engine_tests.h"

#include <QTest>
#include <fstream>
#include <set>

using namespace lapidary;

namespace {

const std::filesystem::path sourceFolder = LAPIDARY_SOURCE_DIR;

std::set<std::string> knownFailures(const char* file)
{
    std::ifstream stream(sourceFolder / "tests" / "conformance" / file);
    std::set<std::string> names;
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty() && line[0] != '#')
            names.insert(line);
    }
    return names;
}

} // namespace

class ConformanceTests : public QObject {
    Q_OBJECT

    void runFolder(const std::filesystem::path& folder, const char* knownFile)
    {
        if (!std::filesystem::exists(folder))
            QSKIP((folder.string() + " is not on this machine").c_str());
        const auto known = knownFailures(knownFile);
        int passed = 0;
        int failedAsKnown = 0;
        std::string surprises;
        JobContext job;
        for (const ConformanceTest& test : findConformanceTests(folder)) {
            const Status status = runConformanceTest(test, {}, job);
            const bool expected = !known.contains(test.name);
            passed += status.ok() ? 1 : 0;
            failedAsKnown += !status.ok() && !expected ? 1 : 0;
            if (status.ok() && !expected)
                surprises += "\npasses now, take it off the list: " + test.name;
            if (!status.ok() && expected)
                surprises += "\n" + test.name + ": " + status.error().toString();
        }
        qInfo("%d passed, %d failed as known", passed, failedAsKnown);
        QVERIFY2(surprises.empty(), surprises.c_str());
        QVERIFY(passed > 0);
    }

private slots:
    void debianTestData() { runFolder("/usr/share/libonnx-testdata/data", "known_failures.txt"); }
    void newerTestData()
    {
        runFolder(sourceFolder / ".." / "shared" / "conformance", "known_failures_newer.txt");
    }
};

std::unique_ptr<QObject> lapidary::createConformanceTests() { return std::make_unique<ConformanceTests>(); }

#include "conformance_test.moc"
