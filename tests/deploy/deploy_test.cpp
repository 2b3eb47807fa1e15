// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments that need no cloud: plans, images, and the local target with the real server.
#include "engine/deploy/actions.h"
#include "engine/deploy/choices.h"
#include "engine/deploy/files.h"
#include "engine/deploy/http.h"
#include "engine/deploy/oci_image.h"
#include "engine/deploy/redact.h"
#include "engine/deploy/registered_models.h"
#include "engine/deploy/run.h"
#include "tests/engine_tests.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fstream>

using namespace lapidary;
using namespace lapidary::deploy;
namespace fs = std::filesystem;

namespace {

const fs::path digits = fs::path(LAPIDARY_SOURCE_DIR) / "resources/samples/digits/digits.onnx";

fs::path below(const QTemporaryDir& folder, const char* name)
{
    return fs::path(folder.path().toStdString()) / name;
}

DeployPlan localPlan(const std::string& id)
{
    JobContext job;
    const auto files = modelFiles(digits, job);
    Choices choices = defaultsFor(digits);
    return makePlan(choices, files.value(), id).value();
}

Choices azureChoices()
{
    Choices choices = defaultsFor(digits);
    choices.target = managedTarget;
    choices.workspace = {"aaaaaaaa-0000-4000-8000-000000000001", "rg", "ws"};
    choices.location = "westeurope";
    choices.datastore = "workspaceblobstore";
    choices.storageRoot = "https://account.blob.core.windows.net/container";
    choices.registry = "name.azurecr.io";
    return choices;
}

// What execute() needs, with the server that was just built.
struct Fixture {
    std::unique_ptr<HttpClient> http = HttpClient::create({}).value();
    JobContext job;
    QStringList lines;
    RunObserver observer{{}, [this](const std::string& line) { lines << QString::fromStdString(line); }};
    Services services{.http = *http, .arm = nullptr, .serverProgram = LAPIDARY_SERVE};

    Status go(DeployRun& run) { return execute(run, services, observer, job); }
};

QByteArray commandLine(const QTemporaryDir& runs, const QStringList& arguments, int* exitCode = nullptr)
{
    QProcess process;
    process.start(LAPIDARY_PROGRAM, QStringList{"deploy", "--runs", runs.path()} + arguments);
    process.waitForFinished(60000);
    if (exitCode)
        *exitCode = process.exitCode();
    return process.readAllStandardOutput() + process.readAllStandardError();
}

} // namespace

namespace {

class DeployTest : public QObject {
    Q_OBJECT
private slots:
    void aPlanIsData()
    {
        JobContext job;
        const auto files = modelFiles(digits, job);
        QVERIFY(files.ok());
        const auto plan = makePlan(azureChoices(), *files, "run-1");
        QVERIFY(plan.ok());
        const Json json = toJson(*plan);
        const auto again = planFromJson(Json::parse(json.dump()));
        QVERIFY(again.ok());
        QCOMPARE(QString::fromStdString(toJson(*again).dump()), QString::fromStdString(json.dump()));
        QVERIFY(toJson(choicesFromJson(json["choices"])) == json["choices"]);
        for (const Step& step : plan->steps)
            QVERIFY2(findAction(step.action), step.action.c_str());
    }

    void whereAModelIs()
    {
        const auto longForm = placeOf("azureml://subscriptions/S/resourcegroups/RG/workspaces/W/datastores/"
                                      "Store/paths/LocalUpload/ab/digits.onnx");
        QVERIFY(longForm.ok());
        QCOMPARE(longForm->workspace.resourceGroup + "|" + longForm->datastore + "|" + longForm->path,
                 std::string("RG|Store|LocalUpload/ab/digits.onnx"));
        const auto shortForm = placeOf("azureml://datastores/store/paths/a folder/");
        QVERIFY(shortForm.ok() && shortForm->workspace.name.empty());
        QCOMPARE(shortForm->datastore + "|" + shortForm->path, std::string("store|a folder"));
        // A signature is not a part of the address.
        QCOMPARE(placeOf("https://a.blob.core.windows.net/c/m.onnx?sig=x")->url,
                 std::string("https://a.blob.core.windows.net/c/m.onnx"));
        for (const char* other : {"azureml://jobs/run/outputs/artifacts/paths/model", "runs:/run/model",
                                  "azureml://registries/r/models/m/versions/1", ""})
            QVERIFY2(!placeOf(other).ok(), other);
    }

    void choicesThatAzureRefuses_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("says");
        QTest::newRow("name") << "endpoint"
                              << "cannot name an endpoint";
        QTest::newRow("no workspace") << "workspace"
                                      << "the workspace is not chosen";
        QTest::newRow("instances") << "instances"
                                   << "1 to 50 instances";
        QTest::newRow("target") << "target"
                                << "there is no target";
    }

    void choicesThatAzureRefuses()
    {
        QFETCH(const QString, change);
        QFETCH(const QString, says);
        Choices choices = azureChoices();
        if (change == "endpoint")
            choices.endpoint = "2-bad--";
        else if (change == "workspace")
            choices.workspace.name.clear();
        else if (change == "instances")
            choices.instances = 0;
        else
            choices.target = "moon";
        const auto plan = makePlan(choices, {}, "run-1");
        QVERIFY(!plan.ok());
        QVERIFY2(QString::fromStdString(plan.error().message).contains(says), plan.error().message.c_str());
    }

    void namesFromFiles()
    {
        QCOMPARE(defaultsFor("/x/ResNet50 v2!.onnx").endpoint, std::string("resnet50-v2"));
        QCOMPARE(defaultsFor("/x/mnist-8/model.onnx").endpoint, std::string("mnist-8"));
        QCOMPARE(defaultsFor("/x/8.onnx").endpoint, std::string("m-8"));
    }

    void fillReplacesAndRefuses()
    {
        QCOMPARE(fill("a${x}b${y}", {{"x", "1"}, {"y", ""}}).value(), std::string("a1b"));
        QCOMPARE(fill("no ${ end", {}).value(), std::string("no ${ end"));
        QVERIFY(!fill("${z}", {}).ok());
        const Json json = {{"a", {"${x}", 2}}, {"b", true}};
        QCOMPARE(fillTexts(json, {{"x", "1"}}).value().dump(), std::string(R"({"a":["1",2],"b":true})"));
    }

    void secretsAreMasked_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("clean");
        QTest::newRow("signature") << "https://a/b?sv=1&sig=AbC%2B&x=2"
                                   << "https://a/b?sv=1&sig=***&x=2";
        QTest::newRow("header") << "Authorization: Bearer abcdefghijk"
                                << "Authorization: Bearer ***";
        QTest::newRow("json") << R"({"primaryKey": "s3cret", "name": "n"})"
                              << R"({"primaryKey": "***", "name": "n"})";
        QTest::newRow("form") << "client_id=1&client_secret=xyz&code=77"
                              << "client_id=1&client_secret=***&code=***";
        QTest::newRow("token") << "got eyJhbGciOi.eyJzdWIi.c2ln here"
                               << "got *** here";
        QTest::newRow("status") << "HTTP 404 code 7: no key of that name"
                                << "HTTP 404 code 7: no key of that name";
    }

    void secretsAreMasked()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, clean);
        QCOMPARE(QString::fromStdString(redact(text.toStdString())), clean);
    }

    void imagesAreReproducible()
    {
        const QTemporaryDir folder;
        const std::vector<ImageLayer> layers{
            {{{"app/b", digits, true}, {"app/a", digits, false}}, true, "twice"},
            {{{"model/" + std::string(120, 'n') + ".onnx", digits, false}}, false, "a long name"}};
        ImageConfig config{{"/app/b", "x"}, {{"A", "1=2"}}, {{"l", "m"}}, 5001, "65532"};
        JobContext job;
        const auto first = writeImage(layers, config, below(folder, "one"), "v1", job);
        QVERIFY(first.ok());
        std::vector<ImageLayer> turned = layers;
        std::swap(turned[0].files[0], turned[0].files[1]);
        const auto second =
            writeImage(turned, config, below(folder, "two"), "v1", job, "localhost/lapidary:a");
        QCOMPARE(first->manifest.digest, second->manifest.digest);

        // For Docker: the same blobs, in the order of layers, and one file that is the same each time.
        const Json docker = readJsonFile(below(folder, "two") / "manifest.json").value()[0];
        QCOMPARE(docker["RepoTags"].dump(), std::string(R"(["localhost/lapidary:a"])"));
        QCOMPARE(docker["Layers"].size(), size_t{2});
        QCOMPARE(below(folder, "two") / docker["Config"].get<std::string>(), second->fileOf(second->config));
        QCOMPARE(below(folder, "two") / docker["Layers"][1].get<std::string>(),
                 second->fileOf(second->layers[1]));
        QVERIFY(archiveImage(*second, below(folder, "a.tar"), job).ok());
        QVERIFY(archiveImage(*second, below(folder, "b.tar"), job).ok());
        QVERIFY(readTextFile(below(folder, "a.tar")).value() == readTextFile(below(folder, "b.tar")).value());

        const auto read = readImage(below(folder, "one"));
        QVERIFY(read.ok());
        QCOMPARE(read->sizeBytes(), first->sizeBytes());
        const auto readConfig = configOf(*read);
        QVERIFY(readConfig.ok());
        QCOMPARE(readConfig->environment.at("A"), std::string("1=2"));
        QCOMPARE(readConfig->entrypoint, config.entrypoint);
        QCOMPARE(readConfig->port, 5001);
        QVERIFY(unpackImage(*read, below(folder, "root"), job).ok());
        QCOMPARE(readTextFile(below(folder, "root") / "app/b").value(), readTextFile(digits).value());
        const auto mode = fs::status(below(folder, "root") / "app/b").permissions();
        QVERIFY((mode & fs::perms::owner_exec) != fs::perms::none);

        std::ofstream(read->fileOf(read->layers[0]), std::ios::app) << "more";
        QVERIFY(!readImage(below(folder, "one")).ok());
    }

    void localFromStartToEnd()
    {
        const QTemporaryDir folder;
        Fixture fixture;
        auto run = createRun(localPlan("local"), below(folder, "runs"));
        QVERIFY(run.ok());
        const Status status = fixture.go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        QVERIFY(run->isDone());
        QVERIFY(fixture.lines.join('\n').contains("the same as the engine's"));
        QVERIFY(std::stoll(run->values.at("image.sizeBytes")) < 80'000'000);

        // The same from disk; nothing is left to do.
        auto loaded = loadRun(run->folder);
        QVERIFY(loaded.ok() && loaded->isDone());
        QCOMPARE(loaded->values, run->values);
        fixture.lines.clear();
        QVERIFY(fixture.go(*loaded).ok());
        QVERIFY(fixture.lines.isEmpty());

        const std::string url = run->values.at("server.url");
        QVERIFY(fixture.http->send({.url = url + "/"}, fixture.job).ok());
        QVERIFY(deleteCreated(*loaded, fixture.services, fixture.observer, fixture.job).ok());
        QVERIFY(!fixture.http->send({.url = url + "/"}, fixture.job).ok());
        QVERIFY(!fs::exists(run->folder / "image"));
        QVERIFY(loadRun(run->folder)->deleted);
    }

    void aServerThatIsMissing()
    {
        const QTemporaryDir folder;
        Fixture fixture;
        fixture.services.serverProgram = "/nowhere/lapidary-serve";
        auto run = createRun(localPlan("local"), below(folder, "runs"));
        const Status status = fixture.go(*run);
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::NotFound);
        QVERIFY(loadRun(run->folder)->steps[0].state == StepState::Failed);
        // What was wrong is put right: the run goes on.
        fixture.services.serverProgram = LAPIDARY_SERVE;
        QVERIFY(fixture.go(*run).ok());
        QVERIFY(deleteCreated(*run, fixture.services, fixture.observer, fixture.job).ok());
    }

    void aStoppedRunGoesOn()
    {
        const QTemporaryDir folder;
        Fixture fixture;
        auto run = createRun(localPlan("local"), below(folder, "runs"));
        std::stop_source stop;
        fixture.job = JobContext(stop.get_token(), {});
        fixture.observer.stepChanged = [&](const DeployRun& now, size_t step) {
            if (step == 1 && now.steps[1].state == StepState::Running)
                stop.request_stop();
        };
        const Status stopped = fixture.go(*run);
        QVERIFY(!stopped.ok());
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QVERIFY(run->steps[0].state == StepState::Done);
        fixture.job = JobContext();
        fixture.observer.stepChanged = {};
        QVERIFY(fixture.go(*run).ok());
        QVERIFY(deleteCreated(*run, fixture.services, fixture.observer, fixture.job).ok());
    }

    // The program is killed when the step's title appears; what a second one does ends the same.
    void killedAndResumed_data()
    {
        QTest::addColumn<QString>("title");
        for (const Step& step : localPlan("x").steps)
            QTest::newRow(step.id.c_str()) << QString::fromStdString(step.title);
    }

    void killedAndResumed()
    {
        QFETCH(const QString, title);
        const QTemporaryDir runs;
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(LAPIDARY_PROGRAM,
                      {"deploy", "--runs", runs.path(), "run", QString::fromStdString(digits)});
        QByteArray output;
        QElapsedTimer time;
        time.start();
        while (!output.contains(title.toUtf8()) && time.elapsed() < 60000) {
            process.waitForReadyRead(1000);
            output += process.readAll();
        }
        process.kill();
        process.waitForFinished();
        const QByteArray state = commandLine(runs, {"status", "--json"});
        const Json list = Json::parse(state.toStdString());
        QCOMPARE(list.size(), size_t{1});
        int exitCode = -1;
        const QByteArray resumed =
            commandLine(runs, {"run", "--resume", QString::fromStdString(textAt(list[0], "id"))}, &exitCode);
        QVERIFY2(exitCode == 0, resumed.constData());
        QVERIFY(commandLine(runs, {"status", "--json"}).contains("\"state\": \"done\""));
        QVERIFY(commandLine(runs, {"test"}, &exitCode).contains("the same as the engine's"));
        commandLine(runs, {"delete"}, &exitCode);
        QCOMPARE(exitCode, 0);
    }

    void badCommands_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::addColumn<int>("code");
        QTest::newRow("no model") << QStringList{"run"} << "there is no model" << 1;
        QTest::newRow("no run") << QStringList{"status", "nothing"} << "does not exist" << 1;
        QTest::newRow("no runs") << QStringList{"delete"} << "there is no deployment yet" << 1;
        QTest::newRow("no workspace")
            << QStringList{"plan", QString::fromStdString(digits), "--target", "azure-managed"}
            << "there is no workspace" << 1;
        QTest::newRow("no such model") << QStringList{"run", "/nowhere.onnx"} << "/nowhere.onnx" << 1;
        QTest::newRow("nothing") << QStringList{} << "subcommand is required" << 2;
    }

    void badCommands()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, says);
        QFETCH(const int, code);
        const QTemporaryDir runs;
        int exitCode = -1;
        const QByteArray said = commandLine(runs, arguments, &exitCode);
        QVERIFY2(said.contains(says.toUtf8()), said.constData());
        QCOMPARE(exitCode, code);
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createDeployTest() { return std::make_unique<DeployTest>(); }

#include "deploy_test.moc"
