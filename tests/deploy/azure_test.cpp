// SPDX-License-Identifier: GPL-3.0-or-later
// A managed endpoint from nothing to a compared answer, against a fake Azure over HTTPS with a real registry;
// killed at each step, and with each fault that Azure is known for. Run by ./dev test --cloud.
#include "engine/deploy/actions.h"
#include "engine/deploy/arm.h"
#include "engine/deploy/files.h"
#include "engine/deploy/oci_image.h"
#include "engine/deploy/run.h"
#include "engine/deploy/workspace.h"
#include "tests/deploy/fake_azure/fake_azure.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace lapidary;
using namespace lapidary::deploy;
using fake_azure::FakeAzure;
namespace fs = std::filesystem;

namespace {

const fs::path digits = fs::path(LAPIDARY_SOURCE_DIR) / "resources/samples/digits/digits.onnx";

} // namespace

class AzureTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<FakeAzure> m_fake;
    std::unique_ptr<HttpClient> m_http;
    std::unique_ptr<Credentials> m_credentials;
    std::unique_ptr<ArmClient> m_arm;
    Cloud m_cloud;
    JobContext m_job;
    QStringList m_lines;
    RunObserver m_observer{{}, [this](const std::string& line) { m_lines << QString::fromStdString(line); }};
    int m_runs = 0;

    fs::path below(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    Services services() { return {.http = *m_http, .arm = m_arm.get(), .serverProgram = LAPIDARY_SERVE}; }

    Result<DeployRun> newRun()
    {
        Choices choices = defaultsFor(digits);
        choices.target = managedTarget;
        choices.cloud = m_cloud;
        choices.modelVersion.clear();
        choices.workspace = {"aaaaaaaa-0000-4000-8000-000000000001", "rg-one", "ws-one"};
        // A name of its own: the same run never meets what another left.
        const std::string id = "run-" + std::to_string(++m_runs);
        choices.modelName = "digits-" + std::to_string(m_runs);
        choices.endpoint = choices.modelName;
        TRY(fillFromWorkspace(choices, *m_arm, m_job));
        TRY_ASSIGN(const ModelFiles files, modelFiles(digits, m_job));
        TRY_ASSIGN(DeployPlan plan, makePlan(choices, files, id));
        return createRun(std::move(plan), below("runs"));
    }

    Status go(DeployRun& run)
    {
        Services use = services();
        return execute(run, use, m_observer, m_job);
    }

    Status takeAway(DeployRun& run)
    {
        Services use = services();
        return deleteCreated(run, use, m_observer, m_job);
    }

    QProcessEnvironment environment() const
    {
        const auto addresses = m_fake->addresses();
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        const auto set = [&](const char* name, const char* member) {
            environment.insert(name, QString::fromStdString(addresses[member].get<std::string>()));
        };
        set("AZURE_TENANT_ID", "tenant");
        set("AZURE_CLIENT_ID", "clientId");
        set("AZURE_CLIENT_SECRET", "clientSecret");
        return environment;
    }

    QStringList commandLine(const QStringList& arguments) const
    {
        const auto path = [this](const char* name) { return QString::fromStdString(below(name).string()); };
        return QStringList{"deploy",
                           "--runs",
                           path("runs"),
                           "--cloud",
                           path("cloud.json"),
                           "--ca",
                           QString::fromStdString(m_fake->caFile())} +
               arguments;
    }

private slots:
    void initTestCase()
    {
        fake_azure::Options options;
        options.folder = below("fake").string();
        options.registry = "start";
        // Else the fake keeps blobs itself.
        options.azurite = qEnvironmentVariable("LAPIDARY_AZURITE").toStdString();
        options.coreLimit = 10000; // what a failed test leaves must not fail the next
        options.backendCommand = {LAPIDARY_SERVE, "{model}", "--host", "127.0.0.1", "--port", "{port}"};
        m_fake = std::make_unique<FakeAzure>(options);
        m_fake->start();
        const auto addresses = m_fake->addresses();
        m_cloud.arm = m_cloud.authority = m_cloud.prices = m_fake->url();
        QVERIFY(writeTextFile(below("cloud.json"), toJson(m_cloud).dump()).ok());
        HttpOptions http;
        http.extraCaFile = m_fake->caFile();
        http.firstPause = std::chrono::milliseconds(10);
        m_http = HttpClient::create(http).value();
        m_credentials = servicePrincipalCredentials(m_cloud,
                                                    {addresses["tenant"].get<std::string>(),
                                                     addresses["clientId"].get<std::string>(),
                                                     addresses["clientSecret"].get<std::string>()});
        m_arm = std::make_unique<ArmClient>(*m_http, *m_credentials, m_cloud);
    }

    void cleanup() { m_fake->clearFaults(); }

    // Every body that was sent is checked against Azure's schemas after this.
    void cleanupTestCase()
    {
        const QString kept = qEnvironmentVariable("LAPIDARY_JOURNAL");
        if (kept.isEmpty() || !m_fake)
            return;
        QFile::remove(kept);
        QVERIFY(QFile::copy(QString::fromStdString(below("fake").string()) + "/journal.jsonl", kept));
    }

    void fromNothingToAnAnswer()
    {
        auto run = newRun();
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().toString().c_str());
        const Status status = go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        QVERIFY(m_lines.join('\n').contains("the same as the engine's"));
        // The registry has what was written, whole.
        const auto image = readImage(run->folder / "image");
        QVERIFY(image.ok());
        QCOMPARE(image->manifest.digest, run->values.at("image.digest"));

        QVERIFY(takeAway(*run).ok());
        const std::string workspace = m_fake->workspaceId();
        for (const char* left : {"/onlineEndpoints/digits-1", "/models/digits-1/versions/1"})
            QVERIFY2(m_fake->resource(workspace + left).is_null(), left);
    }

    // What others made is neither changed nor deleted.
    void whatIsThereStays()
    {
        auto first = newRun();
        QVERIFY(go(*first).ok());
        Choices choices = choicesFromJson(first->plan.choices);
        choices.deployment = "green";
        choices.modelVersion = "2";
        const auto plan = makePlan(choices, modelFiles(digits, m_job).value(), "second");
        auto second = createRun(*plan, below("runs"));
        const Status status = go(*second);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        const std::string endpoint = m_fake->workspaceId() + "/onlineEndpoints/" + choices.endpoint;
        QCOMPARE(m_fake->resource(endpoint)["tags"]["lapidaryRun"].get<std::string>(), first->plan.id);
        QVERIFY(takeAway(*second).ok());
        QVERIFY(!m_fake->resource(endpoint).is_null());
        QVERIFY(!m_fake->resource(endpoint + "/deployments/blue").is_null());
        QVERIFY(m_fake->resource(endpoint + "/deployments/green").is_null());
        QCOMPARE(m_fake->resource(endpoint)["properties"]["traffic"]["blue"].get<int>(), 100);

        // A deployment of that name is somebody else's.
        Choices same = choicesFromJson(first->plan.choices);
        auto third = createRun(*makePlan(same, modelFiles(digits, m_job).value(), "third"), below("runs"));
        const Status taken = go(*third);
        QVERIFY(!taken.ok());
        QVERIFY(QString::fromStdString(taken.error().message).contains("there already"));
        QVERIFY(takeAway(*third).ok());
        QVERIFY(!m_fake->resource(endpoint + "/deployments/blue").is_null());
        QVERIFY(takeAway(*first).ok());
    }

    // A file of several blocks: those that arrived before the connection was lost are not sent again.
    void blocksThatArrivedStay()
    {
        auto run = newRun();
        QVERIFY(run.ok());
        const fs::path weights = below("weights.bin");
        const std::string content((size_t{8} << 20) + 1000, 'w');
        QVERIFY(writeTextFile(weights, content).ok());
        run->plan.steps.front().input["files"].push_back(
            {{"source", weights.string()}, {"name", "weights.bin"}});
        m_fake->addFault({.kind = "drop", .method = "PUT", .path = "weights.bin", .after = 1, .times = -1});
        QVERIFY(!go(*run).ok());
        m_fake->clearFaults();
        m_fake->clearJournal();
        m_lines.clear();
        const Status resumed = go(*run);
        QVERIFY2(resumed.ok(), resumed.ok() ? "" : resumed.error().toString().c_str());
        QVERIFY2(m_lines.join('\n').contains("weights.bin: 4.2 MB sent, 4.2 MB were there"),
                 qPrintable(m_lines.join('\n')));
        QCOMPARE(m_fake->uploadedBytes("^PUT .*weights.bin.*comp=block&"),
                 content.size() - (size_t{4} << 20));
        QVERIFY(takeAway(*run).ok());
    }

    void killedAndResumed_data()
    {
        QTest::addColumn<int>("step");
        for (int step = 0; step < 9; ++step)
            QTest::addRow("step %d", step + 1) << step;
    }

    void killedAndResumed()
    {
        QFETCH(const int, step);
        auto run = newRun();
        QVERIFY(run.ok());
        QVERIFY(step < static_cast<int>(run->plan.steps.size()));
        const QByteArray title = QByteArray::fromStdString(run->plan.steps[static_cast<size_t>(step)].title);
        m_fake->clearJournal();
        QProcess process;
        process.setProcessEnvironment(environment());
        process.setProcessChannelMode(QProcess::MergedChannels);
        const QStringList arguments = commandLine({"run", "--resume", QString::fromStdString(run->plan.id)});
        process.start(LAPIDARY_PROGRAM, arguments);
        QByteArray output;
        QElapsedTimer time;
        time.start();
        while (!output.contains(title) && process.state() != QProcess::NotRunning && time.elapsed() < 60000) {
            process.waitForReadyRead(1000);
            output += process.readAll();
        }
        QVERIFY2(output.contains(title), output.constData());
        QTest::qWait(step * 3); // not always at its first request
        process.kill();
        process.waitForFinished();

        process.start(LAPIDARY_PROGRAM, arguments);
        QVERIFY(process.waitForFinished(60000));
        output = process.readAll();
        QVERIFY2(process.exitCode() == 0, output.constData());
        auto ended = loadRun(run->folder);
        QVERIFY(ended.ok() && ended->isDone());
        // Nothing twice: one PUT each that made something, and no byte of the image or model that had
        // arrived.
        const std::string name = choicesFromJson(run->plan.choices).modelName;
        QCOMPARE(m_fake->requestCount("^PUT .*/deployments/blue"), size_t{1});
        QCOMPARE(m_fake->requestCount("^PUT .*/environments/"), size_t{1});
        const auto image = readImage(ended->folder / "image");
        const size_t part = size_t{8} << 20;
        const size_t sent = m_fake->uploadedBytes("^PATCH .*/" + name + "/blobs/uploads/");
        QVERIFY2(sent <= image->sizeBytes() + (step == 3 ? part : 0), QByteArray::number(qulonglong(sent)));
        QVERIFY(takeAway(*ended).ok());
    }

    void faults_data()
    {
        QTest::addColumn<QString>("fault"); // JSON, as the fake takes it
        QTest::addColumn<QString>("says");  // empty: nobody but the log notices
        const auto row = [](const char* name, const char* fault, const char* says) {
            QTest::newRow(name) << QString::fromLatin1(fault) << QString::fromLatin1(says);
        };
        // What passes by itself.
        row("throttled", R"({"kind":"throttled","seconds":0,"path":"/onlineEndpoints/","times":3})", "");
        row("throttled without a word", R"({"kind":"throttledSilent","path":"/models/","times":2})", "");
        row("500", R"({"kind":"serverError","method":"PUT","path":"/environments/","times":2})", "");
        row("503", R"({"kind":"unavailable","path":"listSecrets","times":2})", "");
        row("token expired", R"({"kind":"expiredToken","path":"/onlineEndpoints/","times":1})", "");
        row("claims asked for", R"({"kind":"claimsChallenge","path":"/onlineEndpoints/","times":1})", "");
        row("answer lost", R"({"kind":"lost","method":"PUT","path":"/deployments/blue","times":1})", "");
        row("answer lost, endpoint",
            R"({"kind":"lost","method":"PUT","path":"/onlineEndpoints/[^/]*\\?","times":1})", "");
        row("cut", R"({"kind":"cut","method":"GET","path":"/deployments/blue","bytes":20,"times":1})", "");
        row("dropped", R"({"kind":"drop","path":"/datastores/","times":2})", "");
        row("signature expired", R"({"kind":"sasExpired","method":"PUT","path":"/LocalUpload/","times":1})",
            "");
        row("upload cut",
            R"({"kind":"cutUpload","method":"PUT","path":"/LocalUpload/","bytes":1000,"times":1})", "");
        row("push cut", R"({"kind":"cutUpload","method":"PATCH","path":"/v2/","bytes":100000,"times":1})",
            "");
        // What a person must put right; each is gone when the run is resumed.
        row("wrong tenant", R"({"kind":"wrongTenant","path":"/models/","times":1})", "another tenant");
        row("no permission", R"({"kind":"forbidden","method":"PUT","path":"/models/","times":1})",
            "Ask an owner");
        row("not registered",
            R"({"kind":"subscriptionNotRegistered","method":"PUT","path":"/onlineEndpoints/","times":1})",
            "az provider register");
        row("no quota", R"({"kind":"outOfQuota","method":"PUT","path":"/deployments/","times":1})",
            "smaller size");
        row("build failed", R"({"kind":"imageBuildFailure","method":"PUT","path":"/deployments/","times":1})",
            "build");
        row("never ready", R"({"kind":"probeNeverReady","method":"PUT","path":"/deployments/","times":1})",
            "probes never came true");
        row("crashed", R"({"kind":"containerCrash","method":"PUT","path":"/deployments/","times":1})",
            "container");
        row("not pulled", R"({"kind":"imageNotPulled","method":"PUT","path":"/deployments/","times":1})",
            "AcrPull");
        row("cancelled there",
            R"({"kind":"operationCanceled","method":"PUT","path":"/deployments/","times":1})", "cancel");
        row("conflict", R"({"kind":"conflict","method":"PUT","path":"/deployments/","times":1})",
            "Another operation");
        row("a page", R"({"kind":"htmlPage","method":"GET","path":"/models/","times":1})",
            "not in a form that Azure answers in");
        row("malformed",
            R"({"kind":"malformedJson","method":"GET","path":"/deployments/blue","after":1,"times":1})",
            "no JSON object");
    }

    void faults()
    {
        QFETCH(const QString, fault);
        QFETCH(const QString, says);
        auto run = newRun();
        QVERIFY(run.ok());
        m_lines.clear();
        const Json rule = Json::parse(fault.toStdString());
        fake_azure::Fault added;
        added.kind = textAt(rule, "kind");
        added.method = textAt(rule, "method");
        added.path = textAt(rule, "path");
        added.times = rule.value("times", 1);
        added.after = rule.value("after", 0);
        added.seconds = rule.value("seconds", 0);
        added.bytes = rule.value("bytes", size_t{0});
        m_fake->clearJournal();
        m_fake->addFault(added);
        const Status status = go(*run);
        const auto journal = m_fake->journal();
        const bool acted = std::any_of(journal.begin(), journal.end(),
                                       [](const auto& entry) { return !entry.fault.empty(); });
        QVERIFY(acted);
        if (says.isEmpty()) {
            QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        } else {
            QVERIFY(!status.ok());
            const QString told =
                QString::fromStdString(status.error().toString() + " | " + status.error().nextStep);
            QVERIFY2(told.contains(says, Qt::CaseInsensitive), qPrintable(told));
            QVERIFY2(!status.error().nextStep.empty(), qPrintable(told));
            m_fake->clearFaults();
            const Status resumed = go(*run);
            QVERIFY2(resumed.ok(), resumed.ok() ? "" : resumed.error().toString().c_str());
        }
        QVERIFY(takeAway(*run).ok());
        // No secret in what is left on disk.
        const std::string kept =
            readTextFile(run->folder / "run.json").value() + readTextFile(run->folder / "log.txt").value();
        for (const char* secret : {"sig=", "fake-client-secret", "eyJ"})
            QVERIFY2(kept.find(secret) == std::string::npos, secret);
    }
};

QTEST_GUILESS_MAIN(AzureTest)
#include "azure_test.moc"
