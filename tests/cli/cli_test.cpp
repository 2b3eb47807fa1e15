// SPDX-License-Identifier: GPL-3.0-or-later
// The program as scripts see it: standard output, standard error, exit code.
#include "tests/engine_tests.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

const QString digits = QStringLiteral(LAPIDARY_SOURCE_DIR "/resources/samples/digits/");

struct Outcome {
    int exitCode = -1;
    QString output;
    QString error;
    QJsonObject json;
};

Outcome runProgram(const QStringList& arguments)
{
    QProcess process;
    // A command must not need a display.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove("DISPLAY");
    environment.remove("WAYLAND_DISPLAY");
    environment.remove("QT_QPA_PLATFORM");
    process.setProcessEnvironment(environment);
    process.start(LAPIDARY_PROGRAM, arguments);
    Outcome outcome;
    if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit)
        return outcome;
    outcome.exitCode = process.exitCode();
    outcome.output = process.readAllStandardOutput();
    outcome.error = process.readAllStandardError();
    outcome.json = QJsonDocument::fromJson(outcome.output.toUtf8()).object();
    return outcome;
}

QString writeFile(const QTemporaryDir& folder, const char* name, const QByteArray& content)
{
    QFile file(folder.filePath(name));
    if (file.open(QIODevice::WriteOnly))
        file.write(content);
    return file.fileName();
}

} // namespace

class CliTest : public QObject {
    Q_OBJECT
private slots:
    void edit()
    {
        const QTemporaryDir folder;
        const QString out = folder.filePath("other.onnx");
        const Outcome edited =
            runProgram({"edit", digits + "digits.onnx", out, "--batch", "4", "--rename-value",
                        "probabilities=scores", "--metadata", "author=me", "--json"});
        QCOMPARE(edited.exitCode, 0);
        const Outcome info = runProgram({"info", out, "--json"});
        QVERIFY(info.output.contains("\"me\""));
        const Outcome diff = runProgram({"diff", digits + "digits.onnx", out, "--run", "--json"});
        QVERIFY2(diff.exitCode == 0, qPrintable(diff.output + diff.error));
        for (const QJsonValue& node : diff.json["errors"].toArray())
            QCOMPARE(node.toObject()["relative"].toDouble(), 0.0);
        QVERIFY(!diff.json["errors"].toArray().isEmpty());
        // Never over the model itself; names that are not there.
        QCOMPARE(runProgram({"edit", out, out}).exitCode, 1);
        QVERIFY(runProgram({"edit", out, out + "2", "--to", "nothing"}).error.contains("nothing"));
    }

    void render()
    {
        const QTemporaryDir folder;
        const Outcome svg =
            runProgram({"render", digits + "digits.onnx", folder.filePath("a.svg"), "--json"});
        QCOMPARE(svg.exitCode, 0);
        QVERIFY(svg.json["width"].toDouble() > 50);
        QVERIFY(QFileInfo(folder.filePath("a.svg")).size() == svg.json["bytes"].toInteger());
        for (const char* name : {"a.png", "a.pdf"}) {
            QCOMPARE(runProgram({"render", digits + "digits.onnx", folder.filePath(name), "--scale", "0.5",
                                 "--theme", "dark", "--level", "1", "--horizontal"})
                         .exitCode,
                     0);
            QVERIFY(QFileInfo(folder.filePath(name)).size() > 1000);
        }
        const Outcome large =
            runProgram({"render", digits + "digits.onnx", folder.filePath("b.png"), "--scale", "5000"});
        QCOMPARE(large.exitCode, 1);
        QVERIFY2(large.error.contains("Choose a scale of at most"), qPrintable(large.error));
        QVERIFY(!QFile::exists(folder.filePath("b.png")));
        QCOMPARE(runProgram({"render", digits + "digits.onnx", folder.filePath("a.jpg")}).exitCode, 2);
        QCOMPARE(runProgram({"render", folder.filePath("no.onnx"), folder.filePath("a.png")}).exitCode, 1);
    }

    void info()
    {
        const Outcome text = runProgram({"info", digits + "digits.onnx", "--nodes"});
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.output.contains("float32[N×1×28×28]"));
        QVERIFY(text.output.contains("/features/conv1/Conv"));
        const QJsonObject json = runProgram({"info", digits + "digits.onnx", "--json"}).json;
        QCOMPARE(json["parameters"].toInt(), 25202); // 25,090 trained ones and 112 running statistics
        QCOMPARE(json["operators"]["Conv"].toInt(), 3);
        QCOMPARE(json["inputs"][0]["name"].toString(), QString("image"));
    }

    void infoCountsForGivenSizes()
    {
        const QJsonObject open = runProgram({"info", digits + "digits.onnx", "--json"}).json;
        QVERIFY(!open["flops_complete"].toBool());
        QVERIFY(open["activation_peak"]["uncounted_values"].toInt() > 0);
        const auto sized = [](const char* size) {
            return runProgram({"info", digits + "digits.onnx", "--json", "--dim", size}).json;
        };
        const QJsonObject one = sized("N=1");
        const QJsonObject four = sized("N=4");
        QVERIFY(one["flops_complete"].toBool());
        QCOMPARE(four["flops"].toDouble(), 4 * one["flops"].toDouble());
        QCOMPARE(four["activation_bytes"].toDouble(), 4 * one["activation_bytes"].toDouble());
        QVERIFY(one["activation_peak"]["values"].toArray().size() > 0);
        QCOMPARE(runProgram({"info", digits + "digits.onnx", "--dim", "N"}).exitCode, 1);
    }

    void check()
    {
        QCOMPARE(runProgram({"check", digits + "digits.onnx"}).exitCode, 0);
        QVERIFY(runProgram({"check", digits + "digits.onnx", "--json"}).json["valid"].toBool());
    }

    void runComparesWithStoredOutputs()
    {
        const QStringList run{"run", digits + "digits.onnx", "--data", digits + "test_data_set_0"};
        const Outcome text = runProgram(run);
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.output.trimmed().endsWith("passed"));
        const QJsonObject json = runProgram(run + QStringList{"--json"}).json;
        QVERIFY(json["comparisons"][0]["equal"].toBool());
        QCOMPARE(json["comparisons"][0]["compared"].toInt(), 160);
    }

    void savedOutputsCanBeFedBack()
    {
        const QTemporaryDir folder;
        const QString out = folder.filePath("out");
        QCOMPARE(runProgram({"run", digits + "digits.onnx", "--dim", "N=2", "--save", out}).exitCode, 0);
        QVERIFY(QFile::exists(out + "/probabilities.npy"));
        // The output is no input of this model: type and shape are wrong, and the message says so.
        const Outcome wrong =
            runProgram({"run", digits + "digits.onnx", "--input", "image=" + out + "/probabilities.npy"});
        QCOMPARE(wrong.exitCode, 1);
        QVERIFY2(wrong.error.contains("input 'image': expected shape N×1×28×28, found 2×10"),
                 qPrintable(wrong.error));
    }

    void bench()
    {
        const QJsonObject json = runProgram({"bench", digits + "digits.onnx", "--runs", "5", "--warmup", "1",
                                             "--threads", "1", "--json"})
                                     .json;
        for (const char* key :
             {"load_ms", "create_ms", "first_run_ms", "p50_ms", "p95_ms", "min_ms", "peak_rss_mb"})
            QVERIFY2(json[key].toDouble() > 0, key);
        QCOMPARE(json["runs"].toInt(), 5);
        QVERIFY(json["min_ms"].toDouble() <= json["p50_ms"].toDouble());
        QVERIFY(json["p50_ms"].toDouble() <= json["p95_ms"].toDouble());
    }

    void badFiles_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("message");
        static const QTemporaryDir folder;
        QTest::newRow("missing") << folder.filePath("no.onnx") << "No such file";
        QTest::newRow("folder") << folder.path() << "found a folder";
        QTest::newRow("empty") << writeFile(folder, "empty.onnx", "") << "is empty";
        QTest::newRow("text") << writeFile(folder, "text.onnx", "this is not a model") << "cannot be decoded";
        QTest::newRow("picture") << digits + "images/0_cantarell.png"
                                 << "this is a picture";
    }

    void badFiles()
    {
        QFETCH(QString, path);
        QFETCH(QString, message);
        for (const char* command : {"info", "check", "run", "bench"}) {
            const Outcome text = runProgram({command, path});
            QCOMPARE(text.exitCode, 1);
            QVERIFY2(text.error.contains(message), qPrintable(text.error));
            QVERIFY2(text.error.contains(path), qPrintable(text.error));
            const Outcome json = runProgram({command, path, "--json"});
            QCOMPARE(json.exitCode, 1);
            QVERIFY(!json.json["error"]["code"].toString().isEmpty());
        }
    }

    void screenshotGivesUpInTime()
    {
        const QTemporaryDir folder;
        const QString image = folder.filePath("window.png");
        // Running the model on its page takes more than a second in which nothing else happens.
        const Outcome late =
            runProgram({"screenshot", digits + "digits.onnx", image, "--execute", "--timeout", "1"});
        QCOMPARE(late.exitCode, 1);
        QVERIFY2(late.error.contains("the time is up"), qPrintable(late.error));
        QVERIFY(!QFile::exists(image));
        QCOMPARE(runProgram({"screenshot", digits + "digits.onnx", image}).exitCode, 0);
        QVERIFY(QFile::exists(image));
    }

    void badArguments()
    {
        const QString model = digits + "digits.onnx";
        QCOMPARE(runProgram({"info"}).exitCode, 2);
        QCOMPARE(runProgram({"run", model, "--no-such-option"}).exitCode, 2);
        QCOMPARE(runProgram({"bench", model, "--runs", "many"}).exitCode, 2);
        QCOMPARE(runProgram({"run", model, "--dim", "N"}).exitCode, 1);
        QCOMPARE(
            runProgram({"run", model, "--input", "nobody=" + digits + "test_data_set_0/input_0.pb"}).exitCode,
            1);
        QCOMPARE(runProgram({"run", model, "--data", digits + "images"}).exitCode, 1);
        const Outcome cuda = runProgram({"run", model, "--device", "abacus"});
        QCOMPARE(cuda.exitCode, 1);
        QVERIFY(cuda.error.contains("'abacus'"));
    }

    void helpOfEveryCommand()
    {
        for (const char* command : {"info", "check", "run", "bench", "conformance"}) {
            const Outcome help = runProgram({command, "--help"});
            QCOMPARE(help.exitCode, 0);
            QVERIFY(help.output.contains("--json"));
        }
    }
};

std::unique_ptr<QObject> lapidary::createCliTest() { return std::make_unique<CliTest>(); }

#include "cli_test.moc"
