// SPDX-License-Identifier: GPL-3.0-or-later
// The image of a model: the server, the libraries that it loads, and the model's files.
#include "engine/deploy/action_table.h"
#include "engine/deploy/server_files.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

Status writeModelImage(StepContext& context)
{
    const fs::path folder = context.run.folder / "image";
    const fs::path program =
        context.services.serverProgram.empty() ? serverBesideUs() : context.services.serverProgram;
    TRY_ASSIGN(std::vector<ImageFile> files, serverFiles(program));
    const auto isLoader = [](const ImageFile& file) {
        return file.executable && file.path.starts_with("app/lib/");
    };
    const auto loader = std::find_if(files.begin(), files.end(), isLoader);
    if (loader == files.end())
        return makeError(ErrorCode::NotFound, "the server names no dynamic loader").at(program.string());
    const std::string loaderPath = "/" + loader->path;
    const ImageLayer server{std::move(files), true, "lapidary-serve and its libraries"};
    ImageLayer model{{}, false, "the model"};
    for (const Json& file : at(context.step.input, "files"))
        model.files.push_back({"model/" + textAt(file, "name"), textAt(file, "source"), false});
    ImageConfig config;
    config.entrypoint = {loaderPath, "--library-path", "/app/lib", "/app/lapidary-serve"};
    config.environment = {{"AZUREML_MODEL_DIR", "/model"}};
    config.labels = {{"io.lapidary.model.name", textAt(context.step.input, "modelName")},
                     {"io.lapidary.model.version", textAt(context.step.input, "modelVersion")},
                     {"io.lapidary.model.sha256", textAt(context.step.input, "modelHash")}};
    config.port = 5001;
    config.user = "65532";
    TRY_ASSIGN(const Image image,
               writeImage({server, model}, config, folder, "latest", context.job, dockerName(context.run)));
    context.log("image " + image.manifest.digest + ", " + sizeText(image.sizeBytes()) + " in " +
                std::to_string(image.layers.size()) + " layers");
    TRY(context.keep("image.digest", image.manifest.digest));
    return context.keep("image.sizeBytes", std::to_string(image.sizeBytes()));
}

Status removeImage(StepContext& context)
{
    std::error_code problem;
    fs::remove_all(context.run.folder / "image", problem);
    return {};
}

} // namespace

std::string dockerName(const DeployRun& run)
{
    constexpr size_t longest = 128;
    const std::string& id = run.plan.id;
    return "localhost/lapidary:" + id.substr(0, longest);
}

std::span<const Action> imageActions()
{
    static constexpr Action rows[] = {{"write-image", writeModelImage, removeImage}};
    return rows;
}

} // namespace lapidary::deploy
