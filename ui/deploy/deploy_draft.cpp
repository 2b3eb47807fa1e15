// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/deploy_draft.h"

#include "engine/deploy/python_image.h"
#include "engine/deploy/server_files.h"
#include "engine/deploy/workspace.h"
#include "ui/document/model_document.h"
#include "ui/settings/settings.h"

#include <QRandomGenerator>

namespace lapidary {

namespace {

// As hard to guess as Azure's own keys.
QString newApiKey()
{
    QByteArray bytes(32, 0);
    QRandomGenerator::system()->fillRange(reinterpret_cast<quint32*>(bytes.data()), bytes.size() / 4);
    return QString::fromLatin1(bytes.toHex());
}

std::string namesOf(const Graph& graph, const std::vector<ValueId>& values)
{
    std::string names;
    for (const ValueId value : values)
        names += (names.empty() ? "" : ", ") + graph.value(value).name;
    return names.substr(0, 250); // of a tag at most 256
}

// What a person would look for in a list of models.
std::map<std::string, std::string> tagsOf(const Model& model)
{
    std::map<std::string, std::string> tags;
    tags["opset"] = std::to_string(model.opsetVersion(""));
    tags["ir_version"] = std::to_string(model.irVersion);
    if (!model.producerName.empty())
        tags["producer"] = model.producerName;
    tags["inputs"] = namesOf(model.graph, model.graph.requiredInputs());
    tags["outputs"] = namesOf(model.graph, model.graph.outputs);
    return tags;
}

} // namespace

DeployDraft::DeployDraft(ModelDocument& document, Deployments& deployments, QObject* parent)
    : QObject(parent), m_document(document), m_deployments(deployments), m_apiKey(newApiKey())
{
    m_choices = deploy::defaultsFor(document.path().toStdString());
    m_choices.modelVersion.clear();
    m_choices.target = readSetting(settings::deployTarget).toStdString();
    if (const auto model = document.model()) {
        m_choices.tags = tagsOf(*model);
        m_choices.description = model->doc.substr(0, 500);
    }
    if (const QStringList workspace = readSetting(settings::azureWorkspace); workspace.size() == 3)
        m_choices.workspace = {workspace[0].toStdString(), workspace[1].toStdString(),
                               workspace[2].toStdString()};
    readFiles();
}

bool DeployDraft::isAzure() const { return deploy::needsAzure(m_choices); }

void DeployDraft::setChoices(const deploy::Choices& choices)
{
    m_choices = choices;
    m_plan.reset();
    emit changed();
}

void DeployDraft::readFiles()
{
    JobOptions options;
    options.title = tr("Read the files of the model").toStdString();
    options.lane = "files";
    options.withOwner(m_alive);
    const auto work = [file = m_choices.modelFile](JobContext& job) { return deploy::modelFiles(file, job); };
    m_deployments.jobs().start(options, work, [this](Result<deploy::ModelFiles> files) {
        if (files.ok())
            m_files = std::move(*files);
        else
            m_error = files.error();
        emit filesRead();
    });
    const auto look = [](JobContext&) -> Result<std::vector<std::pair<std::string, uint64_t>>> {
        TRY_ASSIGN(const auto found, deploy::serverFiles(deploy::serverBesideUs()));
        std::vector<std::pair<std::string, uint64_t>> sized;
        for (const deploy::ImageFile& file : found) {
            std::error_code problem;
            const uint64_t size = std::filesystem::file_size(file.source, problem);
            sized.emplace_back(file.path, problem ? 0 : size);
        }
        return sized;
    };
    m_deployments.jobs().start(options, look, [this](auto found) {
        if (found.ok())
            m_serverFiles = std::move(*found);
        else
            m_error = found.error();
        emit filesRead();
    });
}

void DeployDraft::readImageTexts()
{
    JobOptions options;
    options.title = tr("Write the files of the image").toStdString();
    options.lane = "files";
    options.replaceKey = "image texts";
    options.withOwner(m_alive);
    const auto work = [choices = m_choices](JobContext& job) { return deploy::imageTextsFor(choices, job); };
    m_deployments.jobs().start(options, work, [this](Result<deploy::TextFiles> texts) {
        if (!texts.ok())
            return; // the plan says why
        m_imageTexts = std::move(*texts);
        for (const auto& [name, text] : m_changedTexts)
            m_imageTexts[name] = text;
        emit imageTextsRead();
    });
}

void DeployDraft::changeImageText(const std::string& name, const std::string& text)
{
    m_imageTexts[name] = text;
    m_changedTexts[name] = text;
    m_plan.reset();
}

void DeployDraft::makePlan()
{
    deploy::Choices choices = m_choices;
    const AzureAccess access = this->access();
    if (isAzure())
        choices.cloud = access.cloud;
    m_plan.reset();
    m_error.reset();
    m_findings.reset();
    JobOptions options;
    options.title = tr("Plan the deployment").toStdString();
    options.lane = "azure";
    options.replaceKey = "plan";
    options.withOwner(m_alive);
    const auto work = [choices, access, files = m_files,
                       changed = m_changedTexts](JobContext& job) mutable -> Result<deploy::DeployPlan> {
        if (!files) {
            TRY_ASSIGN(files, deploy::modelFiles(choices.modelFile, job));
        }
        if (deploy::isPython(choices)) {
            TRY_ASSIGN(files->imageTexts, deploy::imageTextsFor(choices, job));
            for (const auto& [name, text] : changed)
                files->imageTexts[name] = text;
        }
        if (access.credentials && choices.target != deploy::kubernetesTarget) {
            TRY_ASSIGN(const auto connection, access.open());
            TRY(deploy::fillFromWorkspace(choices, *connection->arm, job));
        }
        if (choices.modelVersion.empty())
            choices.modelVersion = "1";
        return deploy::makePlan(choices, *files, deploy::newRunId(choices.modelName));
    };
    m_planning = m_deployments.jobs().start(options, work, [this](Result<deploy::DeployPlan> plan) {
        if (!plan.ok() && plan.error().code == ErrorCode::Cancelled)
            return;
        m_planning = 0;
        if (plan.ok())
            m_plan = std::move(*plan);
        else
            m_error = plan.error();
        emit planned();
        if (m_plan && this->access().credentials)
            check();
    });
}

// The account, for a target of Azure; else nobody.
AzureAccess DeployDraft::access() const
{
    AzureAccess access = m_deployments.account().access();
    if (!isAzure())
        access.credentials.reset();
    return access;
}

void DeployDraft::check()
{
    JobOptions options;
    options.title = tr("Check the plan").toStdString();
    options.lane = "azure";
    options.replaceKey = "check";
    options.withOwner(m_alive);
    const auto work = [plan = *m_plan, access = access()](JobContext& job) -> Result<Findings> {
        TRY_ASSIGN(const auto connection, access.open());
        const deploy::Choices choices = deploy::choicesFromJson(plan.choices);
        Findings findings;
        if (choices.target != deploy::kubernetesTarget) {
            TRY_ASSIGN(findings.checks, deploy::preflight(choices, *connection->arm, job));
        }
        // Neither is needed to go on.
        if (auto price = deploy::listPrice(choices, *connection->http, job); price.ok())
            findings.price = *price;
        if (auto found = deploy::planDifferences(plan, *connection->arm, job); found.ok())
            findings.differences = std::move(*found);
        return findings;
    };
    m_checking = m_deployments.jobs().start(options, work, [this](Result<Findings> findings) {
        if (!findings.ok() && findings.error().code == ErrorCode::Cancelled)
            return;
        m_checking = 0;
        if (findings.ok())
            m_findings = std::move(*findings);
        else
            m_error = findings.error();
        emit checked();
    });
    emit checked();
}

void DeployDraft::mend(const deploy::Check& check)
{
    JobOptions options;
    options.title = check.title;
    options.lane = "azure";
    options.withOwner(m_alive);
    const auto work = [check, access = access()](JobContext& job) -> Status {
        TRY_ASSIGN(const auto connection, access.open());
        return deploy::mend(check, *connection->arm, job);
    };
    m_deployments.jobs().start(options, work, [this](const Status& status) {
        m_error = status.ok() ? std::nullopt : std::optional(status.error());
        if (m_plan)
            this->check();
    });
}

void DeployDraft::findSizes()
{
    if (!m_sizes.empty())
        return;
    JobOptions options;
    options.title = tr("List the sizes of machines").toStdString();
    options.lane = "azure";
    options.replaceKey = "sizes";
    options.withOwner(m_alive);
    const auto work = [choices = m_choices, access = access()](
                          JobContext& job) mutable -> Result<std::vector<deploy::InstanceType>> {
        TRY_ASSIGN(const auto connection, access.open());
        choices.cloud = access.cloud;
        if (choices.location.empty())
            TRY(deploy::fillFromWorkspace(choices, *connection->arm, job));
        return deploy::instanceTypes(choices, *connection->arm, job);
    };
    // Whoever cannot list them can still type one.
    m_deployments.jobs().start(options, work, [this](Result<std::vector<deploy::InstanceType>> sizes) {
        if (sizes.ok())
            m_sizes = std::move(*sizes);
        emit sizesFound();
    });
}

} // namespace lapidary
