// SPDX-License-Identifier: GPL-3.0-or-later
// What a person sees before anything is deployed, against a fake Azure: checks, cost, what would change; and
// the exported script, carried out.
#include "engine/deploy/export_plan.h"
#include "engine/deploy/instance_types.h"
#include "engine/deploy/plan_difference.h"
#include "engine/deploy/preflight.h"
#include "engine/deploy/prices.h"
#include "tests/deploy/azure_fixture.h"

#include <QStandardPaths>
#include <QTest>

using namespace lapidary;
using namespace lapidary::deploy;

namespace {

const Check* checkNamed(const std::vector<Check>& checks, const std::string& id)
{
    const auto found =
        std::find_if(checks.begin(), checks.end(), [&](const Check& check) { return check.id == id; });
    return found == checks.end() ? nullptr : &*found;
}

class BeforeDeployingTest : public QObject {
    Q_OBJECT

    std::unique_ptr<AzureFixture> m_azure;

    Choices filled(const char* target)
    {
        Choices choices = m_azure->choices(target);
        if (!fillFromWorkspace(choices, *m_azure->arm, m_azure->job).ok())
            qFatal("the fake has no workspace");
        return choices;
    }

    std::vector<Check> checksOf(const Choices& choices)
    {
        return preflight(choices, *m_azure->arm, m_azure->job).value();
    }

private slots:
    void initTestCase()
    {
        fake_azure::Options options;
        options.registry = "start";
        options.unregisteredProviders = {"Microsoft.ManagedIdentity"}; // the first test registers it
        m_azure = std::make_unique<AzureFixture>(options);
    }

    void cleanup()
    {
        m_azure->fake->clearFaults();
        m_azure->fake->change([](fake_azure::Options& options) {
            options.deniedActions.clear();
            options.coreLimit = 10000;
        });
    }

    void aProviderIsRegistered()
    {
        const Choices choices = filled(managedTarget);
        const auto checks = checksOf(choices);
        const Check* provider = checkNamed(checks, "provider:Microsoft.ManagedIdentity");
        QVERIFY(provider && provider->state == Check::State::Problem && provider->mend);
        QVERIFY(mend(*provider, *m_azure->arm, m_azure->job).ok());
        QTRY_VERIFY(checkNamed(checksOf(choices), "provider:Microsoft.ManagedIdentity")->state ==
                    Check::State::Good);
    }

    void allIsWell()
    {
        for (const Check& check : checksOf(filled(managedTarget)))
            QVERIFY2(check.state == Check::State::Good, (check.id + ": " + check.text).c_str());
    }

    void quota()
    {
        m_azure->fake->change([](fake_azure::Options& options) { options.coreLimit = 9; });
        Choices choices = filled(managedTarget);
        choices.instances = 2; // 8 cores; with the reserve 10
        auto checks = checksOf(choices);
        QVERIFY(checkNamed(checks, "quota")->state == Check::State::Problem);
        QVERIFY2(checkNamed(checks, "quota")->text.find("need 10 ") != std::string::npos,
                 checkNamed(checks, "quota")->text.c_str());
        choices.instances = 1;
        QVERIFY(checkNamed(checksOf(choices), "quota")->state == Check::State::Good);
        choices.instanceType = "Standard_Nothing";
        QVERIFY(checkNamed(checksOf(choices), "quota")->state == Check::State::Problem);
    }

    void permissions()
    {
        m_azure->fake->change([](fake_azure::Options& options) {
            options.deniedActions = {"Microsoft.MachineLearningServices/workspaces/onlineEndpoints/write"};
        });
        const auto checks = checksOf(filled(managedTarget));
        QVERIFY(checkNamed(checks, "permissions")->state == Check::State::Warning);
        QVERIFY(checkNamed(checks, "permissions")->text.find("onlineEndpoints/write") != std::string::npos);
        const std::vector<Json> rights{{{"actions", {"Microsoft.A/*/read", "Microsoft.B/x/write"}},
                                        {"notActions", {"Microsoft.A/secret/*"}}}};
        QVERIFY(isAllowed(rights, "microsoft.a/thing/deep/READ"));
        QVERIFY(!isAllowed(rights, "Microsoft.A/thing/write"));
        QVERIFY(!isAllowed(rights, "Microsoft.A/secret/read"));
        QVERIFY(isAllowed(rights, "Microsoft.B/x/write"));
    }

    // What cannot be asked is not known, and the rest is.
    void oneCheckFailsAlone()
    {
        m_azure->fake->addFault({.kind = "forbidden", .path = "/usages", .times = -1});
        const auto checks = checksOf(filled(managedTarget));
        QVERIFY(checkNamed(checks, "quota")->state == Check::State::Unknown);
        QVERIFY(!checkNamed(checks, "quota")->text.empty());
        QVERIFY(checkNamed(checks, "endpoint")->state == Check::State::Good);
    }

    void whatIsInTheWay()
    {
        auto run = m_azure->newRun(m_azure->choices(managedTarget));
        m_azure->fake->addFault({.kind = "containerCrash", .method = "PUT", .path = "/deployments/"});
        QVERIFY(!m_azure->go(*run).ok());
        const Choices choices = choicesFromJson(run->plan.choices);
        auto checks = checksOf(choices);
        const Check* deployment = checkNamed(checks, "deployment");
        QVERIFY(deployment->state == Check::State::Problem && deployment->mend);
        QCOMPARE(deployment->mend->method, std::string("DELETE"));
        QVERIFY(checkNamed(checks, "model")->state == Check::State::Warning);
        QVERIFY(mend(*deployment, *m_azure->arm, m_azure->job).ok());
        QVERIFY(checkNamed(checksOf(choices), "deployment")->state == Check::State::Good);
        QVERIFY(m_azure->takeAway(*run).ok());
    }

    void pricesAndMachines()
    {
        Choices choices = filled(managedTarget);
        choices.instances = 3;
        const auto price = listPrice(choices, *m_azure->http, m_azure->job);
        QVERIFY(price.ok());
        // Neither Windows nor spare capacity: 0.057 for each of 4 cores.
        QVERIFY(qAbs(price->perHour - 3 * 4 * 0.057) < 1e-9);
        QVERIFY(qAbs(price->perMonth() - price->perHour * 730) < 1e-9);
        QCOMPARE(price->currency, std::string("USD"));
        choices.instanceType = "Standard_Nothing";
        QVERIFY(listPrice(choices, *m_azure->http, m_azure->job).error().code == ErrorCode::NotFound);
        const auto types = instanceTypes(choices, *m_azure->arm, m_azure->job);
        QVERIFY(types.ok() && types->size() > 3);
        QVERIFY(types->front().vCpus <= types->at(1).vCpus && types->front().memoryGb > 0);
        QCOMPARE(neededCores(4, 1), 5);
        QCOMPARE(neededCores(10, 1), 12);
    }

    void differences()
    {
        const Choices choices = m_azure->choices(managedTarget);
        auto run = m_azure->newRun(choices);
        const auto before = planDifferences(run->plan, *m_azure->arm, m_azure->job);
        QVERIFY(before.ok());
        QCOMPARE(before->size(), size_t{4}); // model, environment, endpoint, deployment
        for (const ResourceDifference& difference : *before)
            QVERIFY(difference.kind == ResourceDifference::Kind::Create);
        const Status status = m_azure->go(*run);
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().toString().c_str());
        const auto after = planDifferences(run->plan, *m_azure->arm, m_azure->job);
        QCOMPARE(after->size(), size_t{5}); // and traffic
        for (const ResourceDifference& difference : *after) {
            QByteArray said = QByteArray::fromStdString(difference.resource);
            for (const ChangedMember& member : difference.members)
                said += ' ' + QByteArray::fromStdString(member.path + "=" + member.now.dump());
            QVERIFY2(difference.kind == ResourceDifference::Kind::NoChange, said);
        }
        Choices other = choicesFromJson(run->plan.choices);
        other.instances = 2;
        other.authMode = "AMLToken";
        const auto changed = planDifferences(*m_azure->plan(other), *m_azure->arm, m_azure->job);
        QStringList paths;
        for (const ResourceDifference& difference : *changed) {
            for (const ChangedMember& member : difference.members)
                paths << QString::fromStdString(difference.step + ":" + member.path);
        }
        QVERIFY2(paths.contains("endpoint:properties.authMode"), qPrintable(paths.join(' ')));
        QVERIFY2(paths.contains("deployment:sku.capacity"), qPrintable(paths.join(' ')));
        QVERIFY(m_azure->takeAway(*run).ok());
    }

    // The script makes the same as the run: it is carried out with a stub in place of Azure's command line,
    // which knows nothing but a token.
    void theScriptDeploys()
    {
        for (const char* program : {"curl", "jq"}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                QSKIP("curl and jq are not installed: the script is not carried out");
        }
        auto run = m_azure->newRun(m_azure->choices(managedTarget));
        // The image is there as a run leaves it.
        Services services = m_azure->services();
        std::stop_source stop;
        JobContext job(stop.get_token(), {});
        RunObserver untilPushed{[&](const DeployRun& now, size_t step) {
                                    if (now.plan.steps[step].id == "environment")
                                        stop.request_stop();
                                },
                                {}};
        QVERIFY(!execute(*run, services, untilPushed, job).ok());

        Choices choices = choicesFromJson(run->plan.choices);
        choices.endpoint += "-script";
        choices.modelName += "-script";
        auto plan = m_azure->plan(choices);
        for (Step& step : plan->steps) {
            if (step.id == "environment") // of the image that was pushed
                step.requests.front().body["properties"]["image"] =
                    run->plan.steps[4].requests.front().body["properties"]["image"];
        }
        const auto script = exportPlan(*plan, ExportFormat::Curl);
        QVERIFY(writeTextFile(m_azure->below("deploy.sh"), *script).ok());
        const auto token =
            m_azure->credentials->token(m_azure->cloud.armScope(), *m_azure->http, m_azure->job);
        std::filesystem::create_directories(m_azure->below("bin"));
        for (const auto& [stub, says] : {std::pair{"az", "echo " + *token},
                                         {"skopeo", std::string("[ $1 != login ] || cat >/dev/null")}}) {
            const auto path = m_azure->below("bin") / stub;
            QVERIFY(writeTextFile(path, "#!/bin/sh\n" + says + "\n").ok());
            std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        }
        QVERIFY(writeTextFile(m_azure->below("sample.json"), R"({"data": {}})").ok());
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        const auto set = [&](const char* name, const std::string& value) {
            environment.insert(name, QString::fromStdString(value));
        };
        set("PATH", m_azure->below("bin").string() + ":" + qEnvironmentVariable("PATH").toStdString());
        set("CURL_CA_BUNDLE", m_azure->fake->caFile());
        set("IMAGE_FOLDER", (run->folder / "image").string());
        set("POLL_SECONDS", "0.1");
        QProcess shell;
        shell.setProcessEnvironment(environment);
        shell.setProcessChannelMode(QProcess::MergedChannels);
        shell.start("bash", {QString::fromStdString(m_azure->below("deploy.sh").string())});
        QVERIFY(shell.waitForFinished(60000));
        const QByteArray output = shell.readAll();
        QVERIFY2(shell.exitCode() == 0, output);
        const auto endpoint = m_azure->resource("/onlineEndpoints/" + choices.endpoint);
        QCOMPARE(endpoint["properties"]["traffic"]["blue"].get<int>(), 100);
        QVERIFY(endpoint["properties"]["authMode"] == "Key");
        const auto made = planDifferences(*plan, *m_azure->arm, m_azure->job);
        for (const ResourceDifference& difference : *made)
            QVERIFY2(difference.kind == ResourceDifference::Kind::NoChange, difference.resource.c_str());
        QVERIFY(m_azure->takeAway(*run).ok());
    }

    void commandLine()
    {
        QProcess process;
        process.setProcessEnvironment(m_azure->environment());
        const QString model = QString::fromUtf8(LAPIDARY_SOURCE_DIR "/resources/samples/digits/digits.onnx");
        const auto plan = [&](const QStringList& more) {
            process.start(
                LAPIDARY_PROGRAM,
                m_azure->commandLine(QStringList{"plan", model, "--target", "azure-managed", "--subscription",
                                                 "aaaaaaaa-0000-4000-8000-000000000001", "--resource-group",
                                                 "rg-one", "--workspace", "ws-one"} +
                                     more));
            process.waitForFinished(60000);
            return process.readAllStandardOutput();
        };
        const QByteArray shown = plan({});
        QVERIFY2(shown.contains("USD an hour"), shown + process.readAllStandardError());
        QVERIFY2(shown.contains("good\tQuota for Standard_DS3_v2"), shown);
        const Json json = Json::parse(plan({"--json"}).toStdString());
        QVERIFY(planFromJson(json).ok());
        QVERIFY(at(json, "cost", "perHour").is_number() && at(json, "checks").size() > 10);
        QVERIFY(plan({"--export", "bicep"}).contains("targetScope"));
        QVERIFY(plan({"--diff"}).contains("Create  onlineEndpoints/digits"));
    }
};

} // namespace

QTEST_GUILESS_MAIN(BeforeDeployingTest)
#include "before_deploying_test.moc"
