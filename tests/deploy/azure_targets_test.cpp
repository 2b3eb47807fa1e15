// SPDX-License-Identifier: GPL-3.0-or-later
// Online endpoints on Kubernetes, container groups, and divided traffic, against a fake Azure with a real
// registry.
#include "engine/deploy/local_server.h"
#include "engine/deploy/plan_difference.h"
#include "engine/deploy/preflight.h"
#include "engine/deploy/prices.h"
#include "tests/deploy/azure_fixture.h"

#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTest>

using namespace lapidary;
using namespace lapidary::deploy;
namespace fs = std::filesystem;

namespace {

const char digits[] = LAPIDARY_SOURCE_DIR "/resources/samples/digits/digits.onnx";
const char apiKey[] = "test-key-0123456789abcdef";
const char clusterId[] =
    "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg-one/providers/"
    "Microsoft.ContainerService/managedClusters/aks-one";

int freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

class AzureTargetsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<AzureFixture> m_azure;
    std::vector<std::unique_ptr<QProcess>> m_servers;

    // What the container of the group would be: the server, with the key that the group was made with.
    void serve(const std::string& group)
    {
        auto server = std::make_unique<QProcess>();
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("LAPIDARY_API_KEY", apiKey);
        server->setProcessEnvironment(environment);
        const fs::path log = m_azure->below(("server-" + group).c_str());
        server->setStandardErrorFile(QString::fromStdString(log.string()));
        server->start(LAPIDARY_SERVE, {digits, "--host", "127.0.0.1", "--port", "0"});
        QTRY_VERIFY(!addressIn(log).empty());
        m_azure->fake->setBackend("aci", group, addressIn(log));
        m_servers.push_back(std::move(server));
    }

    Choices groupChoices()
    {
        Choices choices = m_azure->choices(aciTarget);
        choices.port = freePort();
        return choices;
    }

    nlohmann::json group(const Choices& choices) const
    {
        return m_azure->fake->resource(containerGroupPath(choices));
    }

private slots:
    void initTestCase()
    {
        fake_azure::Options options;
        options.registry = "start";
        m_azure = std::make_unique<AzureFixture>(options);
        m_azure->apiKey = apiKey;
    }

    void cleanup() { m_azure->fake->clearFaults(); }

    void cleanupTestCase()
    {
        for (const auto& server : m_servers) {
            server->kill();
            server->waitForFinished();
        }
        m_azure.reset();
    }

    void kubernetesEndpoint()
    {
        Choices choices = m_azure->choices(azureKubernetesTarget);
        choices.compute = "aks-one";
        choices.cluster = clusterId;
        choices.cpu = 0.5;
        choices.memoryGb = 1.5;
        choices.mostInstances = 3;
        auto run = m_azure->newRun(choices);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().toString().c_str());
        const auto checks = preflight(choicesFromJson(run->plan.choices), *m_azure->arm, m_azure->job);
        for (const Check& check : *checks)
            QVERIFY2(check.state == Check::State::Good, (check.id + ": " + check.text).c_str());
        const Status status = m_azure->go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        QVERIFY(m_azure->lines.join('\n').contains("the same as the engine's"));
        const auto deployment =
            m_azure->resource("/onlineEndpoints/" + choices.endpoint + "/deployments/blue");
        QVERIFY(deployment["properties"]["containerResourceRequirements"]["containerResourceRequests"] ==
                (nlohmann::json{{"cpu", "500m"}, {"memory", "1536Mi"}}));
        QVERIFY(deployment["properties"]["scaleSettings"]["maxInstances"] == 3);
        // A second run uses the compute, and leaves it.
        Choices second = m_azure->choices(azureKubernetesTarget);
        second.compute = "aks-one";
        second.cluster = clusterId;
        auto other = m_azure->newRun(second);
        QVERIFY(m_azure->go(*other).ok());
        QVERIFY(m_azure->takeAway(*other).ok());
        QVERIFY(!m_azure->resource("/computes/aks-one").is_null());
        m_azure->fake->clearJournal();
        QVERIFY(m_azure->takeAway(*run).ok());
        QVERIFY(m_azure->resource("/computes/aks-one").is_null());
        QVERIFY(m_azure->resource("/onlineEndpoints/" + choices.endpoint).is_null());
        // The cluster itself is never deleted.
        QCOMPARE(m_azure->fake->requestCount("^DELETE .*/computes/aks-one.*underlyingResourceAction=Detach"),
                 size_t{1});
        QCOMPARE(m_azure->fake->requestCount("^DELETE .*underlyingResourceAction=Delete"), size_t{0});
    }

    void containerGroup()
    {
        const Choices choices = groupChoices();
        serve(choices.endpoint);
        auto run = m_azure->newRun(choices);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().toString().c_str());
        const auto checks = preflight(choicesFromJson(run->plan.choices), *m_azure->arm, m_azure->job);
        for (const Check& check : *checks)
            QVERIFY2(check.state == Check::State::Good || check.id == "encryption",
                     (check.id + ": " + check.text).c_str());
        const auto price = listPrice(choicesFromJson(run->plan.choices), *m_azure->http, m_azure->job);
        QVERIFY(price.ok() && qAbs(price->perHour - (0.0405 + 2 * 0.00445)) < 1e-9);
        const Status status = m_azure->go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        QVERIFY(m_azure->lines.join('\n').contains("the same as the engine's"));
        QVERIFY(m_azure->lines.join('\n').contains("Started:"));
        const auto container = group(choices)["properties"]["containers"][0]["properties"];
        QVERIFY(container["environmentVariables"][1]["secureValue"] == apiKey);
        const auto differences = planDifferences(run->plan, *m_azure->arm, m_azure->job);
        QVERIFY2(differences.ok(), differences.ok() ? "" : differences.error().toString().c_str());
        // No secret in what is left on disk.
        const std::string kept =
            readTextFile(run->folder / "run.json").value() + readTextFile(run->folder / "log.txt").value();
        for (const char* secret : {apiKey, "admin-one", "sig="})
            QVERIFY2(kept.find(secret) == std::string::npos, secret);
        QVERIFY(m_azure->takeAway(*run).ok());
        QVERIFY(group(choices).is_null());
    }

    void withoutAKey()
    {
        auto run = m_azure->newRun(groupChoices());
        Services services = m_azure->services();
        services.secret = [](const std::string&) { return Result<std::string>("short"); };
        const Status status = execute(*run, services, m_azure->observer, m_azure->job);
        QVERIFY(!status.ok());
        QVERIFY2(status.error().nextStep.find("LAPIDARY_API_KEY") != std::string::npos,
                 status.error().toString().c_str());
        QVERIFY(m_azure->takeAway(*run).ok());
    }

    void groupFaults_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("says"); // empty: it passes by itself
        QTest::newRow("crash") << "containerCrash"
                               << "again and again";
        QTest::newRow("not pulled") << "imageNotPulled"
                                    << "cannot be pulled";
        QTest::newRow("answer lost") << "lost" << QString();
        QTest::newRow("500") << "serverError" << QString();
    }

    void groupFaults()
    {
        QFETCH(const QString, kind);
        QFETCH(const QString, says);
        const Choices choices = groupChoices();
        serve(choices.endpoint);
        auto run = m_azure->newRun(choices);
        m_azure->fake->addFault(
            {.kind = kind.toStdString(), .method = "PUT", .path = "/containerGroups/", .times = 1});
        const Status status = m_azure->go(*run);
        if (says.isEmpty()) {
            QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        } else {
            QVERIFY(!status.ok());
            QVERIFY2(QString::fromStdString(status.error().toString()).contains(says),
                     status.error().toString().c_str());
            QVERIFY(!status.error().nextStep.empty());
        }
        QVERIFY(m_azure->takeAway(*run).ok());
        QVERIFY(group(choices).is_null());
    }

    void killedAndResumed_data()
    {
        QTest::addColumn<QString>("step");
        for (const char* step : {"group", "containers", "score"})
            QTest::newRow(step) << QString::fromLatin1(step);
    }

    void killedAndResumed()
    {
        QFETCH(const QString, step);
        const Choices choices = groupChoices();
        serve(choices.endpoint);
        auto run = m_azure->newRun(choices);
        const auto wanted = std::find_if(run->plan.steps.begin(), run->plan.steps.end(),
                                         [&](const Step& each) { return each.id == step.toStdString(); });
        const QByteArray title = QByteArray::fromStdString(wanted->title);
        m_azure->fake->clearJournal();
        QProcess process;
        QByteArray output = m_azure->resumeUntil(process, *run, title);
        QVERIFY2(output.contains(title), output.constData());
        process.kill();
        process.waitForFinished();
        output = m_azure->resumeToEnd(process, *run);
        QCOMPARE(process.state(), QProcess::NotRunning);
        QVERIFY2(process.exitCode() == 0, output.constData());
        QCOMPARE(m_azure->fake->requestCount("^PUT .*/containerGroups/"), size_t{1});
        auto ended = loadRun(run->folder);
        QVERIFY(ended.ok() && ended->isDone());
        QVERIFY(m_azure->takeAway(*ended).ok());
    }

    // A stand-in for kubectl writes down what it is told, and knows nothing of a cluster.
    void manifests()
    {
        const fs::path stub = m_azure->below("kubectl");
        const fs::path calls = m_azure->below("kubectl-calls");
        QVERIFY(writeTextFile(stub, "#!/bin/sh\necho \"$*\" >>'" + calls.string() +
                                        "'\ncase \"$*\" in *'get deployment'*) cat '" + calls.string() +
                                        ".others' 2>/dev/null;; esac\nexit 0\n")
                    .ok());
        fs::permissions(stub, fs::perms::owner_all);
        qputenv("LAPIDARY_KUBECTL", QByteArray::fromStdString(stub.string()));
        Choices choices = m_azure->choices(kubernetesTarget);
        choices.registry = m_azure->fake->url().substr(8);
        choices.modelVersion = "1";
        choices.kubeApply = true;
        choices.kubeNamespace = "models";
        choices.kubeContext = "here";
        choices.keySecret = "digits-key";
        choices.instances = 2;
        choices.mostInstances = 4;
        const auto files = modelFiles(choices.modelFile, m_azure->job);
        auto plan = makePlan(choices, *files, "run-kubernetes");
        QVERIFY2(plan.ok(), plan.ok() ? "" : plan.error().toString().c_str());
        auto run = createRun(std::move(*plan), m_azure->below("runs"));
        // A name that others have is left to them.
        QVERIFY(writeTextFile(calls.string() + ".others", "deployment.apps/other\n").ok());
        const Status taken = m_azure->go(*run);
        QVERIFY(!taken.ok());
        QVERIFY2(taken.error().message.find("did not make") != std::string::npos,
                 taken.error().toString().c_str());
        fs::remove(calls.string() + ".others");
        const Status status = m_azure->go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        const std::string yaml = readTextFile(run->folder / "kubernetes.yaml").value();
        QVERIFY2(yaml.find("@" + run->values.at("image.digest")) != std::string::npos, yaml.c_str());
        QVERIFY(yaml.find("${") == std::string::npos);
        QVERIFY(m_azure->takeAway(*run).ok());
        const std::string told = readTextFile(calls).value();
        for (const char* part : {"--namespace models --context here apply --filename ",
                                 "rollout status deployment/", "get secret digits-key",
                                 "delete deployment,service,horizontalpodautoscaler --selector "
                                 "lapidary-run=run-kubernetes --ignore-not-found"})
            QVERIFY2(told.find(part) != std::string::npos, (std::string(part) + " in " + told).c_str());
    }

    // ONNX Runtime in an environment that Azure builds: the script is a resource of its own.
    void pythonEnvironment()
    {
        Choices choices = m_azure->choices(managedTarget);
        choices.flavour = "python";
        auto run = m_azure->newRun(choices);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().toString().c_str());
        const Status status = m_azure->go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        const std::string environment =
            "/environments/" + choices.modelName + "-python/versions/" + run->plan.id;
        const std::string code = "/codes/" + choices.modelName + "-score/versions/" + run->plan.id;
        QVERIFY(m_azure->resource(environment)["properties"]["condaFile"].get<std::string>().find(
                    "onnxruntime==") != std::string::npos);
        const auto deployment =
            m_azure->resource("/onlineEndpoints/" + choices.endpoint + "/deployments/blue");
        QVERIFY(deployment["properties"]["codeConfiguration"]["scoringScript"] == "score.py");
        QCOMPARE(deployment["properties"]["codeConfiguration"]["codeId"].get<std::string>(),
                 run->values.at("code.id"));
        QVERIFY(m_azure->takeAway(*run).ok());
        for (const std::string& left : {environment, code})
            QVERIFY2(m_azure->resource(left).is_null(), left.c_str());
    }

    void pythonByTask_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("says");
        QTest::newRow("well") << QString() << QString();
        QTest::newRow("refused") << "tasksNotAllowed"
                                 << "build the image on this machine";
        QTest::newRow("failed") << "runFailed"
                                << "the build ended as Failed";
    }

    void pythonByTask()
    {
        QFETCH(const QString, fault);
        QFETCH(const QString, says);
        Choices choices = groupChoices();
        choices.flavour = "python";
        choices.buildRoute = "acr-task";
        serve(choices.endpoint);
        auto run = m_azure->newRun(choices);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().toString().c_str());
        if (!fault.isEmpty()) {
            m_azure->fake->addFault({.kind = fault.toStdString(), .method = "POST", .path = "/scheduleRun"});
            const Status refused = m_azure->go(*run);
            QVERIFY(!refused.ok());
            const std::string told = refused.error().toString() + " | " + refused.error().nextStep;
            QVERIFY2(told.find(says.toStdString()) != std::string::npos, told.c_str());
        }
        // Resuming builds anew.
        const Status status = m_azure->go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        QVERIFY(m_azure->lines.join('\n').contains("Successfully tagged lapidary/"));
        QVERIFY(readTextFile(run->folder / "build.log").value().find("was successful") != std::string::npos);
        const std::string kept =
            readTextFile(run->folder / "run.json").value() + readTextFile(run->folder / "log.txt").value();
        QVERIFY(kept.find("sig=") == std::string::npos);
        QVERIFY(m_azure->takeAway(*run).ok());
        QVERIFY(!fs::exists(run->folder / "context"));
    }

    void taskKilledAndResumed()
    {
        m_azure->fake->change([](fake_azure::Options& options) { options.deploymentMs = 3000; });
        Choices choices = m_azure->choices(managedTarget);
        choices.flavour = "python";
        choices.buildRoute = "acr-task";
        auto run = m_azure->newRun(choices);
        m_azure->fake->clearJournal();
        QProcess process;
        QByteArray output = m_azure->resumeUntil(process, *run, "Downloading source code");
        process.kill();
        process.waitForFinished();
        m_azure->fake->change([](fake_azure::Options& options) { options.deploymentMs = 50; });
        output = m_azure->resumeToEnd(process, *run);
        QCOMPARE(process.state(), QProcess::NotRunning);
        QVERIFY2(process.exitCode() == 0, output.constData());
        QCOMPARE(m_azure->fake->requestCount("^POST .*/scheduleRun"), size_t{1});
        // Each line once, also of the log that both have read.
        const QByteArray log = QByteArray::fromStdString(readTextFile(run->folder / "build.log").value());
        QCOMPARE(log.count("Downloading source code"), 1);
        auto ended = loadRun(run->folder);
        QVERIFY(m_azure->takeAway(*ended).ok());
    }

    // A changed Dockerfile, which needs no other image, built by the real engine.
    void pythonBuiltHere()
    {
        if (QStandardPaths::findExecutable("podman").isEmpty())
            QSKIP("podman is not installed: nothing is built here");
        const std::string store = m_azure->below("podman").string();
        qputenv("LAPIDARY_CONTAINER_OPTIONS",
                QByteArray::fromStdString("--storage-driver vfs --root " + store + " --runroot " + store +
                                          "-run"));
        const fs::path files = m_azure->below("files");
        fs::create_directories(files);
        QVERIFY(writeTextFile(files / "Dockerfile", "FROM scratch\nCOPY score.py /\n").ok());
        QVERIFY(writeTextFile(files / "score.py", "# mine\n").ok());
        Choices choices = m_azure->choices(managedTarget);
        choices.flavour = "python";
        choices.buildRoute = "local";
        choices.imageFiles = files.string();
        auto run = m_azure->newRun(choices);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().toString().c_str());
        const Status status = m_azure->go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        const auto environment =
            m_azure->resource("/environments/" + choices.modelName + "-python/versions/" + run->plan.id);
        QVERIFY(environment["properties"]["image"].get<std::string>().find(run->values.at("image.digest")) !=
                std::string::npos);
        QVERIFY(environment["properties"]["inferenceConfig"]["readinessRoute"]["path"] == "/");
        QVERIFY(m_azure->takeAway(*run).ok());
        QVERIFY(!fs::exists(run->folder / "image"));
        qunsetenv("LAPIDARY_CONTAINER_OPTIONS");
    }

    void dividedTraffic()
    {
        auto first = m_azure->newRun(m_azure->choices(managedTarget));
        QVERIFY(m_azure->go(*first).ok());
        Choices choices = choicesFromJson(first->plan.choices);
        const std::string endpoint = "/onlineEndpoints/" + choices.endpoint;
        const auto deploy = [&](const char* name, int percent) {
            choices.deployment = name;
            choices.trafficPercent = percent;
            auto plan = m_azure->plan(choices);
            plan->id += std::string("-") + name;
            return createRun(std::move(*plan), m_azure->below("runs"));
        };
        auto green = deploy("green", 30);
        QVERIFY(m_azure->go(*green).ok());
        QVERIFY(m_azure->resource(endpoint)["properties"]["traffic"] ==
                (nlohmann::json{{"blue", 70}, {"green", 30}}));
        auto dark = deploy("dark", 0);
        const Status status = m_azure->go(*dark);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        QVERIFY(m_azure->resource(endpoint)["properties"]["traffic"].value("dark", 0) == 0);
        auto third = deploy("third", 50);
        QVERIFY(m_azure->go(*third).ok());
        QVERIFY(m_azure->resource(endpoint)["properties"]["traffic"] ==
                (nlohmann::json{{"blue", 35}, {"green", 15}, {"third", 50}}));
        for (auto* run : {&third, &dark, &green, &first}) {
            const Status gone = m_azure->takeAway(**run);
            QVERIFY2(gone.ok(), gone.ok() ? "" : gone.error().toString().c_str());
        }
        QVERIFY(m_azure->resource(endpoint).is_null());
    }
};

} // namespace

QTEST_GUILESS_MAIN(AzureTargetsTest)
#include "azure_targets_test.moc"
