// SPDX-License-Identifier: GPL-3.0-or-later
// A managed endpoint from nothing to a compared answer, against a fake Azure over HTTPS with a real registry;
// killed at each step, and with each fault that Azure is known for. Run by ./dev test --cloud.
#include "engine/deploy/oci_image.h"
#include "tests/deploy/azure_fixture.h"

#include <QElapsedTimer>
#include <QTest>

using namespace lapidary;
using namespace lapidary::deploy;
namespace fs = std::filesystem;

namespace {

const fs::path digits = fs::path(LAPIDARY_SOURCE_DIR) / "resources/samples/digits/digits.onnx";

} // namespace

class AzureTest : public QObject {
    Q_OBJECT

    std::unique_ptr<AzureFixture> m_azure;

    Result<DeployRun> newRun() { return m_azure->newRun(m_azure->choices(managedTarget)); }
    Status go(DeployRun& run) { return m_azure->go(run); }
    Status takeAway(DeployRun& run) { return m_azure->takeAway(run); }

private slots:
    void initTestCase()
    {
        fake_azure::Options options;
        options.registry = "start";
        // Else the fake keeps blobs itself.
        options.azurite = qEnvironmentVariable("LAPIDARY_AZURITE").toStdString();
        m_azure = std::make_unique<AzureFixture>(options);
    }

    void cleanup() { m_azure->fake->clearFaults(); }
    void cleanupTestCase() { m_azure.reset(); }

    void fromNothingToAnAnswer()
    {
        auto run = newRun();
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().toString().c_str());
        const Status status = go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        QVERIFY(m_azure->lines.join('\n').contains("the same as the engine's"));
        // The registry has what was written, whole.
        const auto image = readImage(run->folder / "image");
        QVERIFY(image.ok());
        QCOMPARE(image->manifest.digest, run->values.at("image.digest"));

        QVERIFY(takeAway(*run).ok());
        for (const char* left : {"/onlineEndpoints/digits-1", "/models/digits-1/versions/1"})
            QVERIFY2(m_azure->resource(left).is_null(), left);
    }

    // What others made is neither changed nor deleted.
    void whatIsThereStays()
    {
        auto first = newRun();
        QVERIFY(go(*first).ok());
        Choices choices = choicesFromJson(first->plan.choices);
        choices.deployment = "green";
        choices.modelVersion = "2";
        const auto plan = makePlan(choices, modelFiles(digits, m_azure->job).value(), "second");
        auto second = createRun(*plan, m_azure->below("runs"));
        const Status status = go(*second);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        const std::string endpoint = "/onlineEndpoints/" + choices.endpoint;
        QCOMPARE(m_azure->resource(endpoint)["tags"]["lapidaryRun"].get<std::string>(), first->plan.id);
        QVERIFY(takeAway(*second).ok());
        QVERIFY(!m_azure->resource(endpoint).is_null());
        QVERIFY(!m_azure->resource(endpoint + "/deployments/blue").is_null());
        QVERIFY(m_azure->resource(endpoint + "/deployments/green").is_null());
        QCOMPARE(m_azure->resource(endpoint)["properties"]["traffic"]["blue"].get<int>(), 100);

        // A deployment of that name is somebody else's.
        Choices same = choicesFromJson(first->plan.choices);
        auto third = createRun(*makePlan(same, modelFiles(digits, m_azure->job).value(), "third"),
                               m_azure->below("runs"));
        const Status taken = go(*third);
        QVERIFY(!taken.ok());
        QVERIFY(QString::fromStdString(taken.error().message).contains("there already"));
        QVERIFY(takeAway(*third).ok());
        QVERIFY(!m_azure->resource(endpoint + "/deployments/blue").is_null());
        QVERIFY(takeAway(*first).ok());
    }

    // A file of several blocks: those that arrived before the connection was lost are not sent again.
    void blocksThatArrivedStay()
    {
        auto run = newRun();
        QVERIFY(run.ok());
        const fs::path weights = m_azure->below("weights.bin");
        const std::string content((size_t{8} << 20) + 1000, 'w');
        QVERIFY(writeTextFile(weights, content).ok());
        run->plan.steps.front().input["files"].push_back(
            {{"source", weights.string()}, {"name", "weights.bin"}});
        m_azure->fake->addFault(
            {.kind = "drop", .method = "PUT", .path = "weights.bin", .after = 1, .times = -1});
        QVERIFY(!go(*run).ok());
        m_azure->fake->clearFaults();
        m_azure->fake->clearJournal();
        m_azure->lines.clear();
        const Status resumed = go(*run);
        QVERIFY2(resumed.ok(), resumed.ok() ? "" : resumed.error().toString().c_str());
        QVERIFY2(m_azure->lines.join('\n').contains("weights.bin: 4.2 MB sent, 4.2 MB were there"),
                 qPrintable(m_azure->lines.join('\n')));
        QCOMPARE(m_azure->fake->uploadedBytes("^PUT .*weights.bin.*comp=block&"),
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
        m_azure->fake->clearJournal();
        QProcess process;
        QByteArray output = m_azure->resumeUntil(process, *run, title);
        QVERIFY2(output.contains(title), output.constData());
        QTest::qWait(step * 3); // not always at its first request
        process.kill();
        process.waitForFinished();

        output = m_azure->resumeToEnd(process, *run);
        QCOMPARE(process.state(), QProcess::NotRunning);
        QVERIFY2(process.exitCode() == 0, output.constData());
        auto ended = loadRun(run->folder);
        QVERIFY(ended.ok() && ended->isDone());
        // Nothing twice: one PUT each that made something, and no byte of the image or model that had
        // arrived.
        const std::string name = choicesFromJson(run->plan.choices).modelName;
        QCOMPARE(m_azure->fake->requestCount("^PUT .*/deployments/blue"), size_t{1});
        QCOMPARE(m_azure->fake->requestCount("^PUT .*/environments/"), size_t{1});
        const auto image = readImage(ended->folder / "image");
        const size_t part = size_t{8} << 20;
        const size_t sent = m_azure->fake->uploadedBytes("^PATCH .*/" + name + "/blobs/uploads/");
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
        m_azure->lines.clear();
        const Json rule = Json::parse(fault.toStdString());
        fake_azure::Fault added;
        added.kind = textAt(rule, "kind");
        added.method = textAt(rule, "method");
        added.path = textAt(rule, "path");
        added.times = rule.value("times", 1);
        added.after = rule.value("after", 0);
        added.seconds = rule.value("seconds", 0);
        added.bytes = rule.value("bytes", size_t{0});
        m_azure->fake->clearJournal();
        m_azure->fake->addFault(added);
        const Status status = go(*run);
        const auto journal = m_azure->fake->journal();
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
            m_azure->fake->clearFaults();
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
