// SPDX-License-Identifier: GPL-3.0-or-later
// The files of the flavour "python": that Python takes the script, that it says what the model is, and what
// becomes of changed ones. ONNX Runtime itself is stood in for: its session answers with zeros.
#include "engine/deploy/files.h"
#include "engine/deploy/python_image.h"
#include "engine/onnx/reader.h"
#include "tests/engine_tests.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace lapidary;
using namespace lapidary::deploy;
namespace fs = std::filesystem;

namespace {

const fs::path digits = fs::path(LAPIDARY_SOURCE_DIR) / "resources/samples/digits/digits.onnx";

Choices pythonChoices(const char* target = managedTarget)
{
    Choices choices = defaultsFor(digits);
    choices.target = target;
    choices.flavour = "python";
    return choices;
}

TextFiles textsFor(const Choices& choices)
{
    JobContext job;
    return imageTextsFor(choices, job).value();
}

// A Python that has what the test needs; empty: there is none.
QString pythonWith(const char* modules)
{
    for (const char* program : {"python3", "/usr/bin/python3"}) {
        QProcess python;
        python.start(program, {"-c", QString::fromLatin1("import ") + modules});
        if (python.waitForFinished() && python.exitCode() == 0)
            return QString::fromLatin1(program);
    }
    return {};
}

// In place of what the script imports, and of the server that calls it.
struct Stub {
    const char* file;
    const char* text;
};

constexpr Stub stubs[] = {
    {"onnxruntime.py", "import numpy as np\n"
                       "class InferenceSession:\n"
                       "    def __init__(self, path, providers):\n"
                       "        assert path.endswith('model/7/digits.onnx')\n"
                       "    def run(self, outputs, inputs):\n"
                       "        assert all(each.dtype == np.float32 for each in inputs.values())\n"
                       "        return [np.array([[0, float('nan')]], dtype=np.float32) for _ in outputs]\n"},
    {"azureml_inference_server_http/__init__.py", ""},
    {"azureml_inference_server_http/api/__init__.py", ""},
    {"azureml_inference_server_http/api/aml_request.py", "def rawhttp(function): return function\n"},
    {"azureml_inference_server_http/api/aml_response.py",
     "def AMLResponse(message, status, json_str): return f\"{status} {message['error']}\"\n"},
    {"try.py", "import json, score\n"
               "class Request:\n"
               "    headers = {'Authorization': 'Bearer right'}\n"
               "    def get_data(self, as_text): return open('body').read()\n"
               "score.init()\n"
               "answer = score.run(Request() if hasattr(score, 'KEY') else open('body').read())\n"
               "print(answer if isinstance(answer, str) else json.dumps(answer, allow_nan=False))\n"},
    {"model/7/digits.onnx", ""},
};

class PythonImageTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatTheModelIs()
    {
        JobContext job;
        const auto model = loadModel(digits, job);
        const TextFiles texts = textsFor(pythonChoices());
        const std::string& script = texts.at("score.py");
        for (const ValueId id : (*model)->graph.requiredInputs())
            QVERIFY(script.find("\"" + (*model)->graph.value(id).name + "\": (\"float32\", [") !=
                    std::string::npos);
        for (const ValueId id : (*model)->graph.outputs)
            QVERIFY(script.find("\"" + (*model)->graph.value(id).name + "\"") != std::string::npos);
        QVERIFY(script.find("MODEL_FILE = \"digits.onnx\"") != std::string::npos);
        QVERIFY(script.find('@') == std::string::npos);
        QCOMPARE(texts.at("conda.yml"), texts.at("myenv.yml"));
        QVERIFY(condaFileIn(texts).find("- onnxruntime==") != std::string::npos);
        // Online endpoints mount the model, others get it in the image.
        QVERIFY(texts.at("Dockerfile").find("COPY model/") == std::string::npos);
        const TextFiles group = textsFor(pythonChoices(aciTarget));
        QVERIFY(group.at("Dockerfile").find("COPY model/") != std::string::npos);
        QVERIFY(group.at("score.py").find("@rawhttp") != std::string::npos);
    }

    void pythonTakesIt_data()
    {
        QTest::addColumn<QString>("target");
        for (const char* target : {managedTarget, aciTarget})
            QTest::newRow(target) << QString::fromLatin1(target);
    }

    void pythonTakesIt()
    {
        QFETCH(const QString, target);
        const QString program = pythonWith("py_compile");
        if (program.isEmpty())
            QSKIP("python3 is not installed: nobody has read the script");
        const QTemporaryDir folder;
        const fs::path below = folder.path().toStdString();
        QVERIFY(writeImageTexts(textsFor(pythonChoices(target.toLatin1())), below).ok());
        QProcess python;
        python.start(program, {"-m", "py_compile", QString::fromStdString((below / "score.py").string())});
        QVERIFY(python.waitForFinished());
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError());
    }

    void scores_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("body"); // IMAGE: an input of the right shape; NAME: its name
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* body, const char* says,
                            const char* target = managedTarget) {
            QTest::newRow(name) << QString::fromLatin1(target) << QString::fromLatin1(body)
                                << QString::fromLatin1(says);
        };
        row("named", R"({"data": {"NAME": IMAGE}})", "{\"result\": [[");
        row("alone", R"({"data": IMAGE})", "{\"result\": [[");
        row("without data", R"({"NAME": IMAGE})", "{\"result\": [[");
        row("not a number", R"({"data": IMAGE})", "null]]");
        row("no JSON", "{", "400 the body is no JSON");
        row("unknown name", R"({"data": {"NAME": IMAGE, "x": 1}})", "400 missing inputs: [], unknown: ['x']");
        row("shape", R"({"data": [1, 2]})", "400 input 'NAME' has the shape [2]");
        row("texts", R"({"data": ["a"]})", "400 input 'NAME'");
        row("ragged", R"({"data": [[1], [1, 2]]})", "400 input 'NAME'");
        row("key", R"({"data": IMAGE})", "{\"result\": [[", aciTarget);
        row("wrong key", R"({"data": IMAGE})", "401 the key is missing or wrong", aciTarget);
    }

    void scores()
    {
        QFETCH(const QString, target);
        QFETCH(QString, body);
        QFETCH(QString, says);
        const QString program = pythonWith("numpy");
        if (program.isEmpty())
            QSKIP("numpy is not installed: the script is not carried out");
        JobContext job;
        const auto model = loadModel(digits, job);
        const GraphValue& input = (*model)->graph.value((*model)->graph.requiredInputs()[0]);
        QString image = QStringLiteral("0");
        for (auto dim = input.type.shape->rbegin(); dim != input.type.shape->rend(); ++dim)
            image = "[" + QStringList(dim->known() ? dim->value : 1, image).join(",") + "]";
        body.replace("IMAGE", image).replace("NAME", QString::fromStdString(input.name));
        says.replace("NAME", QString::fromStdString(input.name));

        const QTemporaryDir folder;
        const fs::path below = folder.path().toStdString();
        QVERIFY(writeImageTexts(textsFor(pythonChoices(target.toLatin1())), below).ok());
        QVERIFY(writeTextFile(below / "body", body.toStdString()).ok());
        for (const Stub& stub : stubs) {
            fs::create_directories((below / stub.file).parent_path());
            QVERIFY(writeTextFile(below / stub.file, stub.text).ok());
        }
        const bool wrong = QTest::currentDataTag() == QByteArray("wrong key");
        QProcess python;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("AZUREML_MODEL_DIR", folder.filePath("model"));
        environment.insert("LAPIDARY_API_KEY", wrong ? "other" : "right");
        python.setProcessEnvironment(environment);
        python.setWorkingDirectory(folder.path());
        python.start(program, {"try.py"});
        QVERIFY(python.waitForFinished());
        const QByteArray output = python.readAllStandardOutput() + python.readAllStandardError();
        QVERIFY2(output.contains(says.toUtf8()), output);
    }

    void changedFiles()
    {
        const QTemporaryDir folder;
        const fs::path below = folder.path().toStdString();
        Choices choices = pythonChoices();
        QVERIFY(writeImageTexts(textsFor(choices), below).ok());
        QVERIFY(!writeImageTexts(textsFor(choices), below).ok()); // what is there stays
        QVERIFY(writeTextFile(below / "score.py", "# mine\n").ok());
        fs::create_directories(below / "parts");
        QVERIFY(writeTextFile(below / "parts/more.py", "# more\n").ok());
        choices.imageFiles = below.string();
        const TextFiles texts = textsFor(choices);
        QCOMPARE(texts.at("score.py"), std::string("# mine\n"));
        QVERIFY(texts.contains("parts/more.py"));
        JobContext job;
        fs::remove(below / "conda.yml");
        fs::remove(below / "myenv.yml");
        QCOMPARE(imageTextsFor(choices, job).error().code, ErrorCode::NotFound);
        choices.buildRoute = "local";
        QVERIFY(imageTextsFor(choices, job).ok());
        QVERIFY(writeTextFile(below / "weights.bin", std::string("\0\xff", 2)).ok());
        QCOMPARE(imageTextsFor(choices, job).error().code, ErrorCode::InvalidArgument);
        choices.imageFiles = "/nowhere";
        QCOMPARE(imageTextsFor(choices, job).error().code, ErrorCode::NotFound);
    }

    void waysThatDoNotFit()
    {
        JobContext job;
        const auto says = [&](const Choices& choices) {
            const auto plan = makePlan(choices, ModelFiles{}, "run-1");
            return plan.ok() ? std::string() : plan.error().message;
        };
        Choices choices = pythonChoices(localTarget);
        QVERIFY(says(choices).find("only online endpoints") != std::string::npos);
        choices.buildRoute = "local";
        QVERIFY(says(choices).find("in containers only") != std::string::npos);
        choices.engine = "podman";
        QVERIFY(says(choices).find("files of the image are missing") != std::string::npos);
        const auto files = modelFiles(choices, job);
        QVERIFY(files.ok() && makePlan(choices, *files, "run-1").ok());
        choices.flavour = "ruby";
        QVERIFY(says(choices).find("no flavour 'ruby'") != std::string::npos);
    }

    void dockerIgnore_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("ignored");
        QTest::newRow("file") << "README.md" << true;
        QTest::newRow("kept") << "docs/keep.md" << false;
        QTest::newRow("in a folder") << "docs/other.md" << true;
        QTest::newRow("deep") << "a/b/__pycache__/c.pyc" << true;
        QTest::newRow("star stays in its folder") << "a/b.tmp" << false;
        QTest::newRow("star") << "b.tmp" << true;
        QTest::newRow("other") << "score.py" << false;
    }

    void dockerIgnore()
    {
        QFETCH(const QString, name);
        QFETCH(const bool, ignored);
        const std::string text = "# notes\nREADME.md\n/docs/\n!docs/keep.md\n**/__pycache__\n*.tmp\n";
        QCOMPARE(isIgnored(text, name.toStdString()), ignored);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createPythonImageTest() { return std::make_unique<PythonImageTest>(); }

#include "python_image_test.moc"
