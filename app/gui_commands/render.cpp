// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/gui_commands/gui_commands.h"
#include "app/gui_commands/gui_process.h"
#include "engine/onnx/reader.h"
#include "engine/ops/inference.h"
#include "viewers/graph/card_metrics.h"
#include "viewers/graph/graph_picture.h"

#include <QApplication>
#include <QFileInfo>

#include <cstdio>

namespace lapidary {

namespace {

struct Request {
    std::string model;
    std::string picture;
    std::string theme = "light";
    double scale = 1;
    int level = 0;
    bool horizontal = false;
};

Result<cli::Json> render(const Request& request, PictureFormat format)
{
    OffscreenApplication application;
    JobContext job;
    TRY_ASSIGN(const auto model, loadModel(request.model, job));
    GraphDrawing drawing;
    drawing.font = QApplication::font();
    // A graph whose shapes cannot be found is drawn without them.
    if (auto types = inferTypes(*model, {}, job); types.ok())
        drawing.types = std::make_shared<const InferredTypes>(std::move(types).value());
    DisplayOptions display;
    display.open = OpenPlaces::atLevel(request.level);
    const auto direction = request.horizontal ? LayoutDirection::Horizontal : LayoutDirection::Vertical;
    TRY_ASSIGN(drawing.scene, GraphScene::build(model, model->graph, CardMetrics::of(drawing.font), display,
                                                LayoutOptions::along(direction), job));
    const PictureOptions options{format, request.scale, request.theme == "dark", pictureArea(drawing)};
    const QString path = QString::fromStdString(request.picture);
    TRY(savePicture(drawing, options, path, job));
    cli::Json result{{"image", request.picture}, {"bytes", QFileInfo(path).size()}};
    result["width"] = format == PictureFormat::Png ? pictureSize(options.area, options.scale).width()
                                                   : options.area.width() * options.scale;
    result["height"] = format == PictureFormat::Png ? pictureSize(options.area, options.scale).height()
                                                    : options.area.height() * options.scale;
    result["boxes"] = drawing.scene->display().boxes.size();
    return result;
}

} // namespace

int runRender(const cli::Arguments& arguments)
{
    Request request;
    cli::CommandLine line("render", "Saves the whole graph of a model as a picture: PNG, SVG or PDF, by the "
                                    "ending of OUT.");
    CLI::App& app = line.app();
    app.add_option("MODEL", request.model, "the .onnx file")->required();
    app.add_option("OUT", request.picture, "the picture: .png, .svg or .pdf")->required();
    app.add_option("--scale", request.scale, "1: as large as in the window at 100 %")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--theme", request.theme, "the colours")
        ->check(CLI::IsMember({"light", "dark"}))
        ->capture_default_str();
    app.add_option("--level", request.level, "of groups: 0 none, 1 all closed, 2 one level open, ...")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_flag("--horizontal", request.horizontal, "from left to right");
    if (!line.parse(arguments))
        return line.exitCode();
    const auto format = pictureFormatOf(QString::fromStdString(request.picture));
    if (!format) {
        std::fprintf(stderr, "lapidary render: '%s' must end in .png, .svg or .pdf\n",
                     request.picture.c_str());
        return cli::exitUsage;
    }
    const Result<cli::Json> result = render(request, *format);
    if (!result.ok())
        return cli::fail(result.error(), line.json());
    if (line.json())
        cli::print(*result);
    return cli::exitOk;
}

} // namespace lapidary
