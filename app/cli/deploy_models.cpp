// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/deploy_models.h"

#include "engine/deploy/registered_models.h"

#include <iostream>

namespace lapidary::cli {

namespace {

using namespace deploy;
using Json = cli::Json;

// What every command of the group needs.
struct Use {
    const ModelsArguments& arguments;
    Workspace workspace;
    ArmClient& arm;
    std::string name;
    std::string version; // empty: none is named
    bool json = false;
    JobContext& job;
};

ModelView viewOf(const ModelsArguments& arguments)
{
    if (arguments.all)
        return ModelView::All;
    return arguments.archived ? ModelView::Archived : ModelView::Active;
}

std::string tagsText(const std::map<std::string, std::string>& tags)
{
    std::string text;
    for (const auto& [name, value] : tags)
        text.append(text.empty() ? "" : ", ").append(name).append("=").append(value);
    return text;
}

Json toJson(const ModelVersion& version)
{
    return {{"name", version.name},           {"version", version.version},
            {"type", version.type},           {"uri", version.uri},
            {"stage", version.stage},         {"description", version.description},
            {"tags", version.tags},           {"properties", version.properties},
            {"archived", version.isArchived}, {"createdAt", version.createdAt},
            {"createdBy", version.createdBy}};
}

Json toJson(const RegisteredModel& model)
{
    return {{"name", model.name}, {"latestVersion", model.latestVersion}, {"description", model.description},
            {"tags", model.tags}, {"archived", model.isArchived},         {"changedAt", model.changedAt}};
}

Status list(const Use& use)
{
    TRY_ASSIGN(const auto models, registeredModels(use.workspace, viewOf(use.arguments), use.arm, use.job));
    Json all = Json::array();
    for (const RegisteredModel& model : models) {
        all.push_back(toJson(model));
        if (!use.json)
            std::cout << model.name << "\t" << (model.latestVersion.empty() ? "-" : model.latestVersion)
                      << (model.isArchived ? "\tarchived" : "") << "\n";
    }
    if (use.json)
        print(all);
    return {};
}

void printVersion(const ModelVersion& version)
{
    std::cout << version.name << ":" << version.version << (version.isArchived ? "  (archived)" : "") << "\n";
    for (const auto& [label, text] :
         {std::pair<const char*, const std::string&>{"created", version.createdAt},
          {"by", version.createdBy},
          {"type", version.type},
          {"stage", version.stage},
          {"description", version.description},
          {"files", version.uri}}) {
        if (!text.empty())
            std::cout << "  " << label << "\t" << text << "\n";
    }
    if (!version.tags.empty())
        std::cout << "  tags\t" << tagsText(version.tags) << "\n";
}

// One version, or all of them.
Status show(const Use& use)
{
    std::vector<ModelVersion> versions;
    if (use.version.empty()) {
        TRY_ASSIGN(versions, modelVersions(use.workspace, use.name, viewOf(use.arguments), use.arm, use.job));
    } else {
        TRY_ASSIGN(ModelVersion version,
                   modelVersion(use.workspace, use.name, use.version, use.arm, use.job));
        versions.push_back(std::move(version));
    }
    Json all = Json::array();
    for (const ModelVersion& version : versions) {
        all.push_back(toJson(version));
        if (!use.json)
            printVersion(version);
    }
    if (use.json)
        print(use.version.empty() ? all : all.front());
    return {};
}

Status download(const Use& use)
{
    TRY_ASSIGN(const ModelVersion version,
               modelVersion(use.workspace, use.name, use.version, use.arm, use.job));
    TRY_ASSIGN(const DownloadedModel got,
               downloadModel(use.workspace, version, use.arguments.folder, use.arm, use.job));
    Json files = Json::array();
    for (const auto& file : got.files) {
        files.push_back(file.string());
        if (!use.json)
            std::cout << file.string() << "\n";
    }
    if (use.json)
        print({{"name", version.name},
               {"version", version.version},
               {"files", files},
               {"sizeBytes", got.sizeBytes},
               {"receivedBytes", got.receivedBytes},
               {"hashIsRight", got.hashIsRight}});
    else
        std::cout << version.name << ":" << version.version << ", " << sizeText(got.sizeBytes) << ", "
                  << sizeText(got.receivedBytes) << " received, "
                  << (got.hashIsRight ? "as it was registered" : "no tag sha256 to compare with") << "\n";
    return {};
}

// What Azure has after a change.
Status showChanged(const Use& use)
{
    TRY_ASSIGN(const ModelVersion version,
               modelVersion(use.workspace, use.name, use.version, use.arm, use.job));
    if (use.json)
        print(toJson(version));
    else
        printVersion(version);
    return {};
}

Status tag(const Use& use)
{
    std::map<std::string, std::string> set;
    for (const std::string& text : use.arguments.tags) {
        TRY_ASSIGN(const auto pair, splitPair(text, "TAG"));
        set[pair.first] = pair.second;
    }
    if (set.empty() && use.arguments.removed.empty())
        return makeError(ErrorCode::InvalidArgument, "there is no tag to change",
                         "lapidary deploy models tag NAME:VERSION TAG=TEXT, or --remove TAG");
    TRY(changeTags(use.workspace, use.name, use.version, set, use.arguments.removed, use.arm, use.job));
    return showChanged(use);
}

Status archiveOrRestore(const Use& use, bool archived)
{
    TRY(setArchived(use.workspace, use.name, use.version, archived, use.arm, use.job));
    if (!use.version.empty())
        return showChanged(use);
    if (use.json)
        print({{"name", use.name}, {"archived", archived}});
    else
        std::cout << use.name << (archived ? ": archived" : ": restored") << ", with all versions\n";
    return {};
}

Status archive(const Use& use) { return archiveOrRestore(use, true); }
Status restore(const Use& use) { return archiveOrRestore(use, false); }

struct ModelsCommand {
    const char* name;
    const char* summary;
    Status (*work)(const Use& use);
    bool wantsModel;
};

constexpr ModelsCommand modelsCommands[] = {
    {"list", "the models of the workspace, with their latest versions", list, false},
    {"show", "the versions of a model, or all of one", show, true},
    {"download", "the files of a version (else of the latest); goes on with a half one", download, true},
    {"tag", "sets tags of a version (else of the latest), or removes them", tag, true},
    {"archive", "out of lists; endpoints go on with it", archive, true},
    {"restore", "into lists again", restore, true},
};

} // namespace

CLI::App* addModelsTo(CLI::App& deploy, ModelsArguments& arguments, ConnectionArguments& connection)
{
    CLI::App* group = deploy.add_subcommand("models", "the models that are registered in a workspace");
    group->require_subcommand(1);
    group->fallthrough();
    connection.addWorkspaceTo(*group);
    for (const ModelsCommand& each : modelsCommands) {
        const std::string_view name = each.name;
        CLI::App* command = group->add_subcommand(each.name, each.summary);
        if (each.wantsModel)
            command->add_option("MODEL", arguments.model, "NAME or NAME:VERSION")->required();
        if (name == "list" || name == "show") {
            auto* all = command->add_flag("--all", arguments.all, "archived ones too");
            command->add_flag("--archived", arguments.archived, "only archived ones")->excludes(all);
        }
        if (name == "download")
            command->add_option("--out", arguments.folder, "folder, which is made")->capture_default_str();
        if (name == "tag") {
            command->add_option("TAG", arguments.tags, "NAME=TEXT");
            command->add_option("--remove", arguments.removed, "name of a tag")->allow_extra_args(false);
        }
    }
    return group;
}

Status doModels(const CLI::App& group, const ModelsArguments& arguments,
                const ConnectionArguments& connection, bool json)
{
    JobContext job(stopOnInterrupt(), {});
    TRY_ASSIGN(const Cloud cloud, cloudOf(connection));
    TRY_ASSIGN(const Workspace workspace, workspaceOf(connection));
    TRY_ASSIGN(const auto use, outside(connection, cloud, true, job));
    const size_t colon = std::min(arguments.model.find(':'), arguments.model.size());
    const std::string version = colon < arguments.model.size() ? arguments.model.substr(colon + 1) : "";
    const Use all{arguments, workspace, *use->arm, arguments.model.substr(0, colon), version, json, job};
    for (const ModelsCommand& command : modelsCommands) {
        if (group.got_subcommand(command.name))
            return command.work(all);
    }
    return {};
}

} // namespace lapidary::cli
