// SPDX-License-Identifier: GPL-3.0-or-later
// The models of a workspace, against a fake Azure: lists, downloads that are cut off, tags, the archive.
#include "engine/deploy/blob_upload.h"
#include "engine/deploy/registered_models.h"
#include "tests/deploy/azure_fixture.h"

#include <QTest>

using namespace lapidary;
using namespace lapidary::deploy;
namespace fs = std::filesystem;

namespace {

const fs::path digits = fs::path(LAPIDARY_SOURCE_DIR) / "resources/samples/digits/digits.onnx";

// Or what went wrong, for QVERIFY2.
template <typename T>
std::string told(const Result<T>& result)
{
    return result.ok() ? std::string() : result.error().toString() + " | " + result.error().nextStep;
}

class RegisteredModelsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<AzureFixture> m_azure;
    Workspace m_workspace;
    std::string m_root; // of the container

    // As the managed target registers it: upload and PUT.
    Choices registerDigits()
    {
        Choices choices = m_azure->choices(managedTarget);
        auto plan = m_azure->plan(choices);
        std::erase_if(plan->steps,
                      [](const Step& step) { return step.id != "upload" && step.id != "model"; });
        auto run = createRun(std::move(*plan), m_azure->below("runs"));
        const Status status = m_azure->go(*run);
        if (!status.ok())
            qFatal("%s", status.error().toString().c_str());
        return choices;
    }

    // files: below the registered folder, by name.
    void registerFolder(const std::string& name, const std::map<std::string, std::string>& files,
                        const Json& tags = Json::object())
    {
        const std::string stores = m_azure->cloud.arm + m_workspace.path() + "/datastores";
        BlobUploader uploader(*m_azure->http, [&](JobContext& job) {
            return datastoreAccess(
                *m_azure->arm, withVersion(stores + "/workspaceblobstore/listSecrets", api::machineLearning),
                m_root, job);
        });
        const std::string root = m_root + "/models/" + name + "/";
        for (const auto& [file, content] : files) {
            const fs::path source = m_azure->below("source.bin");
            QVERIFY(writeTextFile(source, content).ok());
            const auto sent = uploader.upload(source, root + blobPath(file), {}, m_azure->job);
            QVERIFY2(sent.ok(), told(sent).c_str());
        }
        put(name, "azureml://datastores/workspaceblobstore/paths/models/" + name + "/", tags);
    }

    void put(const std::string& name, const std::string& uri, const Json& tags)
    {
        const std::string url =
            withVersion(m_azure->cloud.arm + m_workspace.path() + "/models/" + name + "/versions/1",
                        api::machineLearning);
        const Json body = {{"properties",
                            {{"modelUri", uri},
                             {"modelType", "custom_model"},
                             {"description", "of a test"},
                             {"flavors", {{"onnx", Json::object()}}},
                             {"tags", tags},
                             {"properties", {{"made", "by hand"}}}}}};
        const auto answer = m_azure->arm->send("PUT", url, body, m_azure->job);
        QVERIFY(answer.ok());
        QVERIFY2(answer->ok(), answer->body.constData());
    }

    Result<DownloadedModel> download(const std::string& name, const fs::path& folder)
    {
        TRY_ASSIGN(const ModelVersion version,
                   modelVersion(m_workspace, name, {}, *m_azure->arm, m_azure->job));
        return downloadModel(m_workspace, version, folder, *m_azure->arm, m_azure->job);
    }

    QByteArray commandLine(const QStringList& arguments, int* exitCode = nullptr)
    {
        QProcess process;
        process.setProcessEnvironment(m_azure->environment());
        process.start(LAPIDARY_PROGRAM,
                      m_azure->commandLine(QStringList{"models"} + arguments) +
                          QStringList{"--subscription", QString::fromStdString(m_workspace.subscription),
                                      "--resource-group", "rg-one", "--workspace", "ws-one"});
        process.waitForFinished(60000);
        if (exitCode)
            *exitCode = process.exitCode();
        return process.readAllStandardOutput() + process.readAllStandardError();
    }

    static std::string text(const fs::path& path)
    {
        const auto read = readTextFile(path);
        return read.ok() ? *read : "(none)";
    }

private slots:
    void initTestCase()
    {
        fake_azure::Options options;
        options.blobPageSize = 2;
        options.azurite = qEnvironmentVariable("LAPIDARY_AZURITE").toStdString();
        m_azure = std::make_unique<AzureFixture>(options);
        m_workspace = {"aaaaaaaa-0000-4000-8000-000000000001", "rg-one", "ws-one"};
        Choices choices = m_azure->choices(managedTarget);
        const Status filled = fillFromWorkspace(choices, *m_azure->arm, m_azure->job);
        QVERIFY2(filled.ok(), told(filled).c_str());
        m_root = choices.storageRoot;
    }

    void cleanup() { m_azure->fake->clearFaults(); }
    void cleanupTestCase() { m_azure.reset(); }

    void listsOfSeveralPages()
    {
        for (const char* name : {"page-a", "page-b", "page-c", "page-d", "page-e"})
            put(name, "azureml://datastores/workspaceblobstore/paths/none", {{"stage", "test"}});
        const auto archived = setArchived(m_workspace, "page-c", {}, true, *m_azure->arm, m_azure->job);
        QVERIFY2(archived.ok(), told(archived).c_str());
        const auto names = [&](ModelView view) {
            QStringList list;
            const auto models = registeredModels(m_workspace, view, *m_azure->arm, m_azure->job);
            for (const RegisteredModel& model : models.value()) {
                if (model.name.starts_with("page-"))
                    list << QString::fromStdString(model.name + ":" + model.latestVersion);
            }
            return list.join(' ');
        };
        QCOMPARE(names(ModelView::Active), QString("page-a:1 page-b:1 page-d:1 page-e:1"));
        QCOMPARE(names(ModelView::Archived), QString("page-c:1"));
        QCOMPARE(names(ModelView::All), QString("page-a:1 page-b:1 page-c:1 page-d:1 page-e:1"));
        QVERIFY(setArchived(m_workspace, "page-c", {}, false, *m_azure->arm, m_azure->job).ok());
        QCOMPARE(names(ModelView::Archived), QString());
    }

    void whatWasRegisteredComesBack()
    {
        const Choices choices = registerDigits();
        const fs::path folder = m_azure->below("back");
        const auto got = download(choices.modelName, folder);
        QVERIFY2(got.ok(), told(got).c_str());
        QVERIFY(got->hashIsRight);
        QCOMPARE(got->files.size(), size_t{1});
        QVERIFY(text(folder / "digits.onnx") == text(digits));
        // Once more: nothing moves.
        const auto again = download(choices.modelName, folder);
        QVERIFY2(again.ok(), told(again).c_str());
        QCOMPARE(again->receivedBytes, uint64_t{0});
        // Another file of the name stays.
        QVERIFY(writeTextFile(folder / "digits.onnx", "mine").ok());
        const auto refused = download(choices.modelName, folder);
        QVERIFY(!refused.ok());
        QVERIFY2(told(refused).find("another file of that name") != std::string::npos, told(refused).c_str());
        QCOMPARE(text(folder / "digits.onnx"), std::string("mine"));
    }

    // More files than a page of the list has, with names that URLs cannot hold as they are, beside one whose
    // path begins alike.
    void folders()
    {
        const std::map<std::string, std::string> files{{"model.onnx", "graph"},
                                                       {"weights/a b.bin", "first"},
                                                       {"weights/c+d%.bin", "second"},
                                                       {"weights/\u00e9.bin", "third"},
                                                       {"empty", ""}};
        registerFolder("folder", files);
        registerFolder("folder-two", {{"other.onnx", "other"}});
        const fs::path folder = m_azure->below("folder-back");
        const auto got = download("folder", folder);
        QVERIFY2(got.ok(), told(got).c_str());
        QVERIFY(!got->hashIsRight); // nobody said what it is
        QCOMPARE(got->files.size(), files.size());
        for (const auto& [name, content] : files)
            QCOMPARE(text(folder / name), content);
    }

    void cutOffAndResumed()
    {
        std::string content;
        for (uint64_t i = 0; content.size() < (size_t{20} << 20); ++i)
            content.append(reinterpret_cast<const char*>(&i), sizeof i);
        registerFolder("large", {{"model.onnx", "graph"}, {"weights.bin", content}});
        const fs::path folder = m_azure->below("large-back");
        m_azure->fake->addFault(
            {.kind = "drop", .method = "GET", .path = "weights\\.bin", .after = 1, .times = -1});
        const auto cut = download("large", folder);
        QVERIFY(!cut.ok());
        QVERIFY(!cut.error().nextStep.empty());
        // Not even what is whole has its name: half a model would look like one.
        QVERIFY(!fs::exists(folder / "weights.bin") && !fs::exists(folder / "model.onnx"));
        m_azure->fake->clearFaults();
        const auto got = download("large", folder);
        QVERIFY2(got.ok(), told(got).c_str());
        QCOMPARE(got->receivedBytes, content.size() - (uint64_t{8} << 20));
        QVERIFY(text(folder / "weights.bin") == content);
        QCOMPARE(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), std::ptrdiff_t{2});
    }

    // The blob is another one when it is gone on with: nothing of the first is used.
    void changedMeanwhile()
    {
        const std::string first(size_t{10} << 20, '1'), second(size_t{10} << 20, '2');
        registerFolder("moving", {{"weights.bin", first}});
        const fs::path folder = m_azure->below("moving-back");
        m_azure->fake->addFault(
            {.kind = "drop", .method = "GET", .path = "moving/weights", .after = 1, .times = -1});
        QVERIFY(!download("moving", folder).ok());
        m_azure->fake->clearFaults();
        // Uploads never write over what is whole: the blob goes first.
        const std::string stores = m_azure->cloud.arm + m_workspace.path() + "/datastores";
        BlobUploader uploader(*m_azure->http, [&](JobContext& job) {
            return datastoreAccess(
                *m_azure->arm, withVersion(stores + "/workspaceblobstore/listSecrets", api::machineLearning),
                m_root, job);
        });
        QVERIFY(uploader.remove(m_root + "/models/moving/weights.bin", m_azure->job).ok());
        registerFolder("moving", {{"weights.bin", second}});
        const auto got = download("moving", folder);
        QVERIFY2(got.ok(), told(got).c_str());
        QVERIFY(text(folder / "weights.bin") == second);
    }

    void faults_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("times");
        QTest::addColumn<QString>("says"); // empty: it passes
        const auto row = [](const char* name, const char* kind, const char* path, int times,
                            const char* says) { QTest::newRow(name) << kind << path << times << says; };
        row("signature expired", "sasExpired", "comp=list", 1, "");
        row("signature expired, file", "sasExpired", "devstoreaccount1/.*models/faulty/", 1, "");
        row("signature never right", "sasExpired", "comp=list", -1, "Storage Blob Data Reader");
        row("throttled", "throttled", "comp=list", 2, "");
        row("unavailable", "unavailable", "devstoreaccount1/.*models/faulty/", 2, "");
        row("cut", "cut", "devstoreaccount1/.*models/faulty/", 1, "");
        row("token expired", "expiredToken", "/models/faulty", 1, "");
        row("forbidden", "forbidden", "listSecrets", -1, "Ask an owner");
        row("a page", "htmlPage", "comp=list", -1, "proxy");
    }

    void faults()
    {
        QFETCH(const QString, kind);
        QFETCH(const QString, path);
        QFETCH(const int, times);
        QFETCH(const QString, says);
        if (m_azure->resource("/models/faulty/versions/1").is_null())
            registerFolder("faulty", {{"model.onnx", "graph"}, {"weights.bin", "weights"}});
        const fs::path folder = m_azure->below(QTest::currentDataTag());
        m_azure->fake->addFault({.kind = kind.toStdString(),
                                 .path = path.toStdString(),
                                 .times = times,
                                 .seconds = 0,
                                 .bytes = 2});
        const auto got = download("faulty", folder);
        if (says.isEmpty()) {
            QVERIFY2(got.ok(), told(got).c_str());
            QCOMPARE(text(folder / "weights.bin"), std::string("weights"));
            return;
        }
        QVERIFY(!got.ok());
        QVERIFY2(told(got).find(says.toStdString()) != std::string::npos, told(got).c_str());
        QVERIFY2(told(got).find("sig=") == std::string::npos, told(got).c_str());
    }

    void accessByKeyAndByIdentity()
    {
        registerFolder("kept", {{"model.onnx", "graph"}});
        for (const char* type : {"AccountKey", "None"}) {
            m_azure->fake->change([&](fake_azure::Options& options) { options.secretsType = type; });
            const auto got = download("kept", m_azure->below(type));
            m_azure->fake->change([](fake_azure::Options& options) { options.secretsType = "Sas"; });
            QVERIFY2(got.ok(), told(got).c_str());
        }
    }

    // By the address of a blob, in a datastore of the workspace.
    void byAddress()
    {
        registerFolder("addressed", {{"model.onnx", "graph"}});
        put("by-address", m_root + "/models/addressed/model.onnx", Json::object());
        const auto got = download("by-address", m_azure->below("by-address"));
        QVERIFY2(got.ok(), told(got).c_str());
        QCOMPARE(text(m_azure->below("by-address") / "model.onnx"), std::string("graph"));
    }

    void otherFilesThanRegistered()
    {
        registerFolder("swapped", {{"model.onnx", "graph"}}, {{"sha256", std::string(64, 'a')}});
        const auto got = download("swapped", m_azure->below("swapped"));
        QVERIFY(!got.ok());
        QCOMPARE(got.error().code, ErrorCode::InvalidModel);
        QVERIFY(!fs::exists(m_azure->below("swapped") / "model.onnx"));
        // Others tag with the hash of the one file alone.
        registerFolder(
            "plain", {{"model.onnx", "graph"}},
            {{"sha256",
              QCryptographicHash::hash("graph", QCryptographicHash::Sha256).toHex().toStdString()}});
        const auto plain = download("plain", m_azure->below("plain"));
        QVERIFY2(plain.ok() && plain->hashIsRight, told(plain).c_str());
    }

    void filesThatAreGone()
    {
        put("gone", "azureml://datastores/workspaceblobstore/paths/models/never-there", Json::object());
        const auto gone = download("gone", m_azure->below("gone"));
        QVERIFY(!gone.ok() && gone.error().code == ErrorCode::NotFound && !gone.error().nextStep.empty());
        put("of-a-job", "azureml://jobs/some-run/outputs/artifacts/paths/model", Json::object());
        const auto job = download("of-a-job", m_azure->below("of-a-job"));
        QVERIFY2(told(job).find("az ml model download") != std::string::npos, told(job).c_str());
        const auto none = download("no-such-model", m_azure->below("none"));
        QVERIFY2(told(none).find("has no model 'no-such-model'") != std::string::npos, told(none).c_str());
    }

    // All else of the version stays.
    void tagsAndTheArchive()
    {
        registerFolder("tagged", {{"model.onnx", "graph"}}, {{"stage", "test"}, {"old", "1"}});
        auto before = m_azure->resource("/models/tagged/versions/1")["properties"];
        const auto changed = changeTags(m_workspace, "tagged", "1", {{"stage", "live"}, {"by", "me"}},
                                        {"old"}, *m_azure->arm, m_azure->job);
        QVERIFY2(changed.ok(), told(changed).c_str());
        auto after = m_azure->resource("/models/tagged/versions/1")["properties"];
        QVERIFY(after["tags"] == (nlohmann::json{{"stage", "live"}, {"by", "me"}}));
        before.erase("tags");
        after.erase("tags");
        QCOMPARE(after.dump(), before.dump());
        // What is so already is not sent.
        m_azure->fake->clearJournal();
        QVERIFY(changeTags(m_workspace, "tagged", {}, {{"by", "me"}}, {}, *m_azure->arm, m_azure->job).ok());
        QCOMPARE(m_azure->fake->requestCount("^PUT "), size_t{0});

        QVERIFY(setArchived(m_workspace, "tagged", "1", true, *m_azure->arm, m_azure->job).ok());
        const auto active =
            modelVersions(m_workspace, "tagged", ModelView::Active, *m_azure->arm, m_azure->job);
        QVERIFY(active.ok() && active->empty());
        const auto archived =
            modelVersions(m_workspace, "tagged", ModelView::Archived, *m_azure->arm, m_azure->job);
        QVERIFY(archived.ok() && archived->size() == 1 && archived->front().tags.at("by") == "me");
        QVERIFY(setArchived(m_workspace, "tagged", "1", false, *m_azure->arm, m_azure->job).ok());
        const auto none =
            changeTags(m_workspace, "tagged", "7", {{"a", "b"}}, {}, *m_azure->arm, m_azure->job);
        QVERIFY2(told(none).find("of version 7") != std::string::npos, told(none).c_str());
    }

    void byTheCommandLine()
    {
        const Choices choices = registerDigits();
        const QString name = QString::fromStdString(choices.modelName);
        int code = -1;
        const auto list = Json::parse(commandLine({"list", "--json"}, &code).toStdString(), nullptr, false);
        QCOMPARE(code, 0);
        QVERIFY(std::ranges::any_of(
            list, [&](const Json& model) { return textAt(model, "name") == choices.modelName; }));
        const QString folder = QString::fromStdString(m_azure->below("by-command").string());
        const QByteArray said = commandLine({"download", name, "--out", folder}, &code);
        QVERIFY2(code == 0 && said.contains("as it was registered"), said.constData());
        QVERIFY(text(fs::path(folder.toStdString()) / "digits.onnx") == text(digits));
        const QByteArray tagged = commandLine({"tag", name + ":1", "stage=live", "--json"}, &code);
        QVERIFY2(code == 0, tagged.constData());
        QCOMPARE(textAt(Json::parse(tagged.toStdString()), "tags", "stage"), std::string("live"));
        commandLine({"tag", name, "--remove", "stage"}, &code);
        QCOMPARE(code, 0);
        QVERIFY(commandLine({"archive", name + ":1"}, &code).contains("(archived)"));
        QVERIFY(!commandLine({"show", name}).contains(name.toUtf8() + ":1"));
        QVERIFY(commandLine({"show", name, "--all"}).contains("(archived)"));
        QVERIFY(!commandLine({"restore", name + ":1"}, &code).contains("(archived)"));
        const QByteArray shown = commandLine({"show", name + ":1"}, &code);
        QVERIFY2(shown.contains("sha256=") && !shown.contains("stage=live"), shown.constData());
        const QByteArray none = commandLine({"download", "no-such-model", "--out", folder}, &code);
        QVERIFY2(code != 0 && none.contains("lapidary deploy models list"), none.constData());
    }
};

} // namespace

QTEST_GUILESS_MAIN(RegisteredModelsTest)
#include "registered_models_test.moc"
