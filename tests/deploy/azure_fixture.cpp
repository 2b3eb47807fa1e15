// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/deploy/azure_fixture.h"

#include <QElapsedTimer>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

const fs::path digits = fs::path(LAPIDARY_SOURCE_DIR) / "resources/samples/digits/digits.onnx";

} // namespace

AzureFixture::AzureFixture(fake_azure::Options options)
{
    options.folder = below("fake").string();
    options.coreLimit = 10000; // what a failed test leaves must not fail the next
    options.backendCommand = {LAPIDARY_SERVE, "{model}", "--host", "127.0.0.1", "--port", "{port}"};
    fake = std::make_unique<fake_azure::FakeAzure>(options);
    fake->start();
    const auto addresses = fake->addresses();
    cloud.arm = cloud.authority = cloud.prices = fake->url();
    if (!writeTextFile(below("cloud.json"), toJson(cloud).dump()).ok())
        qFatal("cannot write cloud.json");
    HttpOptions httpOptions;
    httpOptions.extraCaFile = fake->caFile();
    httpOptions.firstPause = std::chrono::milliseconds(10);
    http = HttpClient::create(httpOptions).value();
    credentials = servicePrincipalCredentials(cloud, {addresses["tenant"].get<std::string>(),
                                                      addresses["clientId"].get<std::string>(),
                                                      addresses["clientSecret"].get<std::string>()});
    arm = std::make_unique<ArmClient>(*http, *credentials, cloud);
}

AzureFixture::~AzureFixture()
{
    const QString journal = qEnvironmentVariable("LAPIDARY_JOURNAL");
    if (journal.isEmpty())
        return;
    fake->stop();
    std::error_code problem;
    fs::copy_file(below("fake") / "journal.jsonl", journal.toStdString(),
                  fs::copy_options::overwrite_existing, problem);
}

Services AzureFixture::services()
{
    return {.http = *http,
            .arm = arm.get(),
            .serverProgram = LAPIDARY_SERVE,
            .secret = [this](const std::string&) { return Result<std::string>(apiKey); }};
}

fs::path AzureFixture::below(const char* name) const { return fs::path(folder.path().toStdString()) / name; }

Choices AzureFixture::choices(const char* target)
{
    Choices choices = defaultsFor(digits);
    choices.target = target;
    choices.cloud = cloud;
    choices.modelVersion.clear();
    choices.workspace = {"aaaaaaaa-0000-4000-8000-000000000001", "rg-one", "ws-one"};
    choices.modelName = "digits-" + std::to_string(++m_runs);
    choices.endpoint = choices.modelName;
    return choices;
}

Result<DeployPlan> AzureFixture::plan(const Choices& chosen)
{
    Choices filled = chosen;
    TRY(fillFromWorkspace(filled, *arm, job));
    TRY_ASSIGN(const ModelFiles files, modelFiles(filled, job));
    return makePlan(filled, files, "run-" + filled.modelName);
}

Result<DeployRun> AzureFixture::newRun(const Choices& chosen)
{
    TRY_ASSIGN(DeployPlan made, plan(chosen));
    return createRun(std::move(made), below("runs"));
}

Status AzureFixture::go(DeployRun& run)
{
    Services use = services();
    return execute(run, use, observer, job);
}

Status AzureFixture::takeAway(DeployRun& run)
{
    Services use = services();
    return deleteCreated(run, use, observer, job);
}

nlohmann::json AzureFixture::resource(const std::string& belowWorkspace) const
{
    return fake->resource(fake->workspaceId() + belowWorkspace);
}

QProcessEnvironment AzureFixture::environment() const
{
    const auto addresses = fake->addresses();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const auto set = [&](const char* name, const char* member) {
        environment.insert(name, QString::fromStdString(addresses[member].get<std::string>()));
    };
    set("AZURE_TENANT_ID", "tenant");
    set("AZURE_CLIENT_ID", "clientId");
    set("AZURE_CLIENT_SECRET", "clientSecret");
    if (!apiKey.empty())
        environment.insert("LAPIDARY_API_KEY", QString::fromStdString(apiKey));
    return environment;
}

QStringList AzureFixture::commandLine(const QStringList& arguments) const
{
    const auto path = [this](const char* name) { return QString::fromStdString(below(name).string()); };
    return QStringList{"deploy",
                       "--runs",
                       path("runs"),
                       "--cloud",
                       path("cloud.json"),
                       "--ca",
                       QString::fromStdString(fake->caFile())} +
           arguments;
}

void AzureFixture::startResuming(QProcess& process, const DeployRun& run) const
{
    process.setProcessEnvironment(environment());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(LAPIDARY_PROGRAM, commandLine({"run", "--resume", QString::fromStdString(run.plan.id)}));
}

QByteArray AzureFixture::resumeUntil(QProcess& process, const DeployRun& run, const QByteArray& text) const
{
    startResuming(process, run);
    QByteArray output;
    QElapsedTimer time;
    time.start();
    while (!output.contains(text) && process.state() != QProcess::NotRunning && time.elapsed() < 60000) {
        process.waitForReadyRead(1000);
        output += process.readAll();
    }
    return output;
}

QByteArray AzureFixture::resumeToEnd(QProcess& process, const DeployRun& run) const
{
    startResuming(process, run);
    process.waitForFinished(60000);
    return process.readAll();
}

} // namespace lapidary::deploy
