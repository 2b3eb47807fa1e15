// SPDX-License-Identifier: GPL-3.0-or-later
// Plans as scripts and templates, and beside what is there: all without a cloud.
#include "engine/deploy/choices.h"
#include "engine/deploy/export_plan.h"
#include "engine/deploy/files.h"
#include "engine/deploy/plan_difference.h"
#include "engine/deploy/traffic.h"
#include "engine/deploy/yaml.h"
#include "tests/engine_tests.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace lapidary;
using namespace lapidary::deploy;
namespace fs = std::filesystem;

namespace {

const fs::path digits = fs::path(LAPIDARY_SOURCE_DIR) / "resources/samples/digits/digits.onnx";

// target: "azure-managed", or with a way to build the flavour python: "azure-managed:local".
Result<DeployPlan> planFor(const QString& wanted)
{
    JobContext job;
    Choices choices = defaultsFor(digits);
    choices.target = wanted.section(':', 0, 0).toStdString();
    if (wanted.contains(':')) {
        choices.flavour = "python";
        choices.buildRoute = wanted.section(':', 1).toStdString();
    }
    choices.description = "costs $5 and `more`, \"quoted\" and 'so'";
    choices.workspace = {"aaaaaaaa-0000-4000-8000-000000000001", "rg", "ws"};
    choices.location = "westeurope";
    choices.datastore = "workspaceblobstore";
    choices.storageRoot = "https://account.blob.core.windows.net/container";
    choices.registry = "name.azurecr.io";
    choices.registryId = choices.workspace.path() + "/../registries/name";
    choices.compute = "aks";
    choices.cluster =
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks";
    choices.cpu = 0.5;
    choices.mostInstances = 3;
    choices.trafficPercent = 40;
    choices.keySecret = "digits-key";
    TRY_ASSIGN(const ModelFiles files, modelFiles(choices, job));
    return makePlan(choices, files, "run-1");
}

bool isInstalled(const char* program)
{
    return !QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty();
}

class ExportTest : public QObject {
    Q_OBJECT
private slots:
    void valuesHaveNames()
    {
        QCOMPARE(runTimeValue("image.digest").shell, std::string("IMAGE_DIGEST"));
        QCOMPARE(runTimeValue("endpoint.scoringUri").shell, std::string("ENDPOINT_SCORING_URI"));
        QCOMPARE(runTimeValue("endpoint.scoringUri").bicep, std::string("endpointScoringUri"));
        QCOMPARE(runTimeValue("secret.apiKey").shell, std::string("API_KEY"));
        QVERIFY(runTimeValue("secret.apiKey").isSecret);
        QCOMPARE(valuesIn(Json::parse(R"({"a":["x${b.c}y${d}"],"e":"${b.c}"})")),
                 (std::vector<std::string>{"b.c", "d"}));
    }

    void scripts_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("format");
        for (const QString target :
             {"azure-managed", "azure-kubernetes", "azure-aci", "azure-managed:environment",
              "azure-managed:acr-task", "azure-aci:local"}) {
            for (const ExportFormat format : exportFormatsOf(target.section(':', 0, 0).toStdString())) {
                const QString name = QString::fromStdString(exportFormatName(format));
                QTest::newRow(qPrintable(target + " " + name)) << target << name;
            }
        }
    }

    // A shell reads the script without complaint; every step and every address of ARM is in it, nothing is
    // left unfilled.
    void scripts()
    {
        QFETCH(const QString, target);
        QFETCH(const QString, format);
        const auto plan = planFor(target);
        QVERIFY(plan.ok());
        const auto text = exportPlan(*plan, *exportFormatNamed(format.toStdString()));
        QVERIFY(text.ok());
        for (const Step& step : plan->steps)
            QVERIFY2(text->find(step.title) != std::string::npos || step.action == "set-traffic",
                     step.title.c_str());
        QVERIFY(text->find("${image.") == std::string::npos);
        QVERIFY(text->find("${secret.") == std::string::npos);
        QVERIFY(text->find("${context.") == std::string::npos);
        QVERIFY(text->find("${environment.id}") == std::string::npos || format == "bicep");
        if (format == "bicep")
            return;
        const QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / "deploy.sh";
        QVERIFY(writeTextFile(file, *text).ok());
        const QString path = QString::fromStdString(file.string());
        QProcess shell;
        shell.start("bash", {"-n", path});
        QVERIFY(shell.waitForFinished());
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError());
        if (!isInstalled("shellcheck"))
            QSKIP("shellcheck is not installed: only bash has read the script");
        shell.start("shellcheck", {path});
        QVERIFY(shell.waitForFinished());
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardOutput());
    }

    void bicep()
    {
        const auto text = exportPlan(planFor(managedTarget).value(), ExportFormat::Bicep);
        QVERIFY(text.ok());
        for (const char* part :
             {"param imageDigest string", "param traffic object = {}", "traffic: traffic",
              "resource endpoint 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2025-12-01'",
              "name: 'ws/digits/blue'", "'${environment.id}'", "@${imageDigest}'", "\\'so\\'",
              "output endpointScoringUri string = endpoint.properties.scoringUri",
              "dependsOn: [\n    endpoint\n  ]"})
            QVERIFY2(text->find(part) != std::string::npos, part);
    }

    // Secrets are parameters that are not shown, and variables that must be set.
    void secretsAreAskedFor()
    {
        const auto plan = planFor(aciTarget);
        const auto bicep = exportPlan(*plan, ExportFormat::Bicep);
        QVERIFY2(bicep->find("@secure()\nparam apiKey string") != std::string::npos, bicep->c_str());
        QVERIFY(bicep->find("secureValue: '${apiKey}'") != std::string::npos);
        QVERIFY(bicep->find("cpu: json('0.5')") != std::string::npos);
        const auto script = exportPlan(*plan, ExportFormat::Curl);
        QVERIFY(script->find(": \"${API_KEY:?") != std::string::npos);
        QVERIFY(script->find("REGISTRY_PASSWORD=$(arm POST") != std::string::npos);
    }

    void manifests()
    {
        const auto plan = planFor(kubernetesTarget);
        QVERIFY2(plan.ok(), plan.ok() ? "" : plan.error().toString().c_str());
        const auto text = exportPlan(*plan, ExportFormat::Kubernetes);
        QVERIFY(text.ok());
        for (const char* part : {"kind: Deployment", "kind: Service", "kind: HorizontalPodAutoscaler",
                                 "maxReplicas: 3", "image: \"name.azurecr.io/lapidary/digits@IMAGE_DIGEST\"",
                                 "cpu: \"500m\"", "memory: \"2Gi\"", "path: /ready", "name: digits-key",
                                 "# Replace IMAGE_DIGEST", "create secret generic digits-key"})
            QVERIFY2(text->find(part) != std::string::npos, (part + (" in\n" + *text)).c_str());
        if (!isInstalled("kubectl"))
            QSKIP("kubectl is not installed: nobody else has read the manifests");
        const QTemporaryDir folder;
        const fs::path below = folder.path().toStdString();
        QVERIFY(writeTextFile(below / "deploy.yaml", *text).ok());
        QVERIFY(writeTextFile(below / "kustomization.yaml", "resources: [deploy.yaml]\n").ok());
        QProcess reader;
        reader.start("kubectl", {"kustomize", folder.path()});
        QVERIFY(reader.waitForFinished());
        QVERIFY2(reader.exitCode() == 0, reader.readAllStandardError());
        QCOMPARE(reader.readAllStandardOutput().count("\nkind: "), 3);
    }

    void yaml()
    {
        const Json json =
            Json::parse(R"({"a": {"b": [{"c": 1, "d": ["x", "no"]}, [], {}]}, "e": "1", "f": "x: y",
            "g": true, "h": "", "i": [[1, 2]], "j": "two\nlines"})");
        QCOMPARE(toYaml(json),
                 std::string("a:\n  b:\n  - c: 1\n    d:\n    - x\n    - \"no\"\n  - []\n  - {}\ne: \"1\"\n"
                             "f: \"x: y\"\ng: true\nh: \"\"\ni:\n- - 1\n  - 2\nj: \"two\\nlines\"\n"));
    }

    void traffic()
    {
        const Json before = {{"blue", 90}, {"green", 10}, {"dark", 0}};
        QVERIFY(trafficWith(before, "new", 50) == (Json{{"new", 50}, {"blue", 45}, {"green", 5}}));
        QVERIFY(trafficWith(before, "blue", 100) == (Json{{"blue", 100}}));
        QVERIFY(trafficWith({}, "new", 20) == (Json{{"new", 100}}));
        const Json thirds = trafficWith({{"a", 34}, {"b", 33}, {"c", 33}}, "d", 33);
        QCOMPARE(thirds["a"].get<int>() + thirds["b"].get<int>() + thirds["c"].get<int>(), 67);
        QCOMPARE(thirds["d"].get<int>(), 33);
    }

    void onlyWhatFits()
    {
        JobContext job;
        const auto files = modelFiles(digits, job);
        const auto local = makePlan(defaultsFor(digits), *files, "run-1");
        for (const ExportFormat format : {ExportFormat::Curl, ExportFormat::Bicep, ExportFormat::Kubernetes})
            QVERIFY(!exportPlan(*local, format).ok());
        const auto managed = planFor(managedTarget);
        QVERIFY(!exportPlan(*managed, ExportFormat::Kubernetes).ok());
        QVERIFY(!exportFormatNamed("word"));
    }

    void differences()
    {
        const Json now = Json::parse(R"({"id": "/subscriptions/S/x", "location": "West Europe", "state": "on",
            "list": [1, 2], "env": "reg/repo@sha256:12", "model": "/subscriptions/s/RG/m"})");
        const auto changed = [&](const char* planned) {
            QStringList paths;
            for (const ChangedMember& member : changedMembers(now, Json::parse(planned)))
                paths << QString::fromStdString(member.path);
            return paths.join(' ');
        };
        QCOMPARE(changed(R"({"location": "westeurope", "tags": {"lapidaryRun": "r"}, "description": ""})"),
                 QString());
        QCOMPARE(changed(R"({"model": "/subscriptions/S/rg/m", "env": "reg/repo@${image.digest}"})"),
                 QString());
        QCOMPARE(changed(R"({"env": "other/repo@${image.digest}", "list": [1], "deep": {"er": true}})"),
                 QString("env list deep.er"));
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createExportTest() { return std::make_unique<ExportTest>(); }

#include "export_test.moc"
