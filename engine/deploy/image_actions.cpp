// SPDX-License-Identifier: GPL-3.0-or-later
// The image of a model: the server, the libraries that it loads, and the model's files.
#include "engine/deploy/action_table.h"
#include "engine/deploy/oci_image.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QProcess>
#include <QTimer>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

fs::path serverProgram(const Services& services)
{
    if (!services.serverProgram.empty())
        return services.serverProgram;
    return fs::path(QCoreApplication::applicationDirPath().toStdString()) / "lapidary-serve";
}

// What the server itself says that it has loaded. Errors: NotFound.
Result<std::vector<fs::path>> librariesOf(const fs::path& program)
{
    QProcess process;
    process.start(QString::fromStdString(program.string()), {QStringLiteral("--libraries")});
    if (!process.waitForFinished(20000) || process.exitCode() != 0)
        return makeError(ErrorCode::NotFound, "the scoring server does not start",
                         "It belongs beside the program lapidary; install it again.")
            .at(program.string());
    std::vector<fs::path> libraries;
    for (const QByteArray& line : process.readAllStandardOutput().split('\n')) {
        if (!line.isEmpty())
            libraries.emplace_back(line.toStdString());
    }
    return libraries;
}

Status writeModelImage(StepContext& context)
{
    const fs::path folder = context.run.folder / "image";
    const fs::path program = serverProgram(context.services);
    TRY_ASSIGN(const std::vector<fs::path> libraries, librariesOf(program));
    ImageLayer server{{{"app/lapidary-serve", program, true}}, true, "lapidary-serve and its libraries"};
    std::string loader;
    for (const fs::path& library : libraries) {
        const std::string name = library.filename().string();
        const bool isLoader = name.rfind("ld-", 0) == 0 || name.rfind("ld.", 0) == 0;
        server.files.push_back({"app/lib/" + name, library, isLoader});
        if (isLoader)
            loader = "/app/lib/" + name;
    }
    if (loader.empty())
        return makeError(ErrorCode::NotFound, "the server names no dynamic loader").at(program.string());
    ImageLayer model{{}, false, "the model"};
    for (const Json& file : at(context.step.input, "files"))
        model.files.push_back({"model/" + textAt(file, "name"), textAt(file, "source"), false});
    ImageConfig config;
    config.entrypoint = {loader, "--library-path", "/app/lib", "/app/lapidary-serve"};
    config.environment = {{"AZUREML_MODEL_DIR", "/model"}};
    config.labels = {{"io.lapidary.model.name", textAt(context.step.input, "modelName")},
                     {"io.lapidary.model.version", textAt(context.step.input, "modelVersion")},
                     {"io.lapidary.model.sha256", textAt(context.step.input, "modelHash")}};
    config.port = 5001;
    config.user = "65532";
    TRY_ASSIGN(const Image image, writeImage({server, model}, config, folder, "latest", context.job));
    context.log("image " + image.manifest.digest + ", " + megabytes(image.sizeBytes()) + " in " +
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

std::span<const Action> imageActions()
{
    static constexpr Action rows[] = {{"write-image", writeModelImage, removeImage}};
    return rows;
}

} // namespace lapidary::deploy
