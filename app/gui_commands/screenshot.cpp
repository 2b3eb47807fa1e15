// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/gui_commands/gui_commands.h"
#include "app/gui_commands/gui_process.h"
#include "ui/deploy/deploy_page.h"
#include "ui/deploy/deploy_wizard.h"
#include "ui/deploy/test_step.h"
#include "ui/docks/search_panel.h"
#include "ui/docks/weight_panel.h"
#include "ui/errors/error_panel.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/graph_page.h"
#include "ui/pages/side_by_side.h"
#include "ui/settings/language.h"
#include "ui/theme/theme.h"
#include "ui/window/window_actions.h"
#include "ui/window/window_docks.h"
#include "ui/window/workbench.h"
#include "viewers/graph/graph_view.h"

#include <cstdio>

namespace lapidary {

namespace {

struct Request {
    std::string model; // empty: the window without a model
    std::string image;
    std::string size = "1280x820";
    std::string page = "graph";
    std::string theme = "light";
    std::string language = "en";
    std::string selected;
    std::vector<std::string> open; // groups and nodes
    int level = -1;                // of groups; -1: as the window does it by itself
    std::string colour = "operator";
    std::string trace;
    bool foldQuantization = false;
    bool fit = false;
    std::optional<std::string> search; // the query
    std::string with;                  // the model to compare with
    bool errors = false;
    bool sideBySide = false;
    std::string weight;            // empty: its panel is not shown
    std::vector<std::string> tabs; // other models, in tabs of their own
    std::string dialog;            // empty: the window
    std::string step;              // of a deployment; empty: none is open
    std::string deployments;       // their folder
    bool execute = false;
};

const std::vector<std::string> stepNames{"connect", "register", "image", "size",
                                         "review",  "deploy",   "test",  "watch"};

// A node or value by its name, or a node by its number: "#12". None when there is no such thing.
Selection findThing(const Graph& graph, const std::string& name)
{
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].name == name || "#" + std::to_string(i) == name)
            return Selection::ofNode(static_cast<NodeId>(i));
    }
    const ValueId value = graph.findValue(name);
    return value == noValue ? Selection{} : Selection::ofValue(value);
}

// False when the model could not be opened; the window then says why.
bool openModel(Workbench& workbench, const std::string& path)
{
    bool failed = false;
    QObject::connect(&workbench.document(), &ModelDocument::openFailed,
                     [&failed](const QString&, const Error& error) {
                         failed = true;
                         std::fprintf(stderr, "lapidary: %s\n", error.toString().c_str());
                     });
    workbench.document().open(QString::fromStdString(path));
    waitUntil(
        [&] { return failed || (workbench.document().model() && workbench.window().graphPage().isDrawn()); },
        "the graph to be drawn");
    return !failed;
}

// Lets jobs and animations come to rest, so that the picture is the same every time.
void settle(Workbench& workbench)
{
    QElapsedTimer quiet;
    quiet.start();
    const auto isQuiet = [&] {
        if (workbench.window().isBusy())
            quiet.restart();
        return quiet.elapsed() > 500;
    };
    waitUntil(isQuiet, "the jobs to end");
}

// By the names that the cards show: the first group, or node with a body, of that name.
bool openPlace(Workbench& workbench, const std::string& name)
{
    GraphView& view = workbench.window().graphPage().view();
    const QString place = view.placeNamed(QString::fromStdString(name));
    if (place.isEmpty()) {
        std::fprintf(stderr, "lapidary: nothing that can be opened is called '%s'\n", name.c_str());
        return false;
    }
    view.togglePlace(place);
    settle(workbench);
    return true;
}

// With execute the deployment is carried out, on this computer; without, the newest one is shown at the steps
// that need one.
bool showStep(Workbench& workbench, const Request& request)
{
    const std::vector<std::string>& names = stepNames;
    const int wanted = static_cast<int>(std::find(names.begin(), names.end(), request.step) - names.begin());
    DeployPage& page = workbench.window().deployPage();
    settle(workbench);
    const auto& runs = workbench.tabs.deployments().runs();
    if (wanted >= static_cast<int>(WizardStep::Deploy) && !request.execute && !runs.empty())
        page.showRun(QString::fromStdString(runs.front().plan.id));
    else
        page.begin();
    for (int guard = 0; page.wizard() && page.wizard()->currentId() < wanted && guard < wizardSteps;
         ++guard) {
        settle(workbench);
        page.wizard()->next();
        settle(workbench);
    }
    if (page.wizard() && page.wizard()->currentId() == wanted) {
        if (request.step == "test" && request.execute) {
            page.wizard()->testStep().send();
            settle(workbench);
        }
        return true;
    }
    std::fprintf(stderr, "lapidary: the step '%s' cannot be reached\n", request.step.c_str());
    return false;
}

bool arrange(Workbench& workbench, const Request& request)
{
    GraphView& view = workbench.window().graphPage().view();
    if (request.foldQuantization) {
        view.setFoldQuantization(true);
        settle(workbench);
    }
    if (request.level >= 0) {
        view.setGroupLevel(request.level);
        settle(workbench);
    }
    for (const std::string& name : request.open) {
        if (!openPlace(workbench, name))
            return false;
    }
    if (request.fit)
        view.fit();
    if (!request.selected.empty()) {
        const Selection selection = findThing(workbench.document().model()->graph, request.selected);
        if (selection.kind == Selection::Kind::None) {
            std::fprintf(stderr, "lapidary: the model has no node or value '%s'\n", request.selected.c_str());
            return false;
        }
        workbench.document().select(selection);
        workbench.window().graphPage().revealSelection();
    }
    const std::map<std::string, void (GraphView::*)()> traces{{"up", &GraphView::traceUpstream},
                                                              {"down", &GraphView::traceDownstream}};
    if (!request.trace.empty())
        (view.*traces.at(request.trace))();
    const std::map<std::string, Page> pages{{"graph", Page::Graph},
                                            {"run", Page::Run},
                                            {"benchmark", Page::Benchmark},
                                            {"compare", Page::Compare},
                                            {"deploy", Page::Deploy}};
    workbench.window().showPage(pages.at(request.page));
    const std::map<std::string, ColourBy> colours{{"operator", ColourBy::Operator},
                                                  {"type", ColourBy::Type},
                                                  {"memory", ColourBy::Memory},
                                                  {"time", ColourBy::Time},
                                                  {"device", ColourBy::Device}};
    workbench.window().graphPage().colourBy(colours.at(request.colour));
    if (request.search) {
        workbench.window().actions().find->trigger();
        workbench.window().docks().searchPanel->setText(QString::fromStdString(*request.search));
        settle(workbench);
    }
    if (!request.weight.empty()) {
        const std::map<std::string, WeightPanel::View> views{{"kernels", WeightPanel::View::Kernels},
                                                             {"heatmap", WeightPanel::View::HeatMap},
                                                             {"table", WeightPanel::View::Table}};
        workbench.window().docks().showWeight();
        settle(workbench);
        workbench.window().docks().weightPanel->showView(views.at(request.weight));
    }
    if (!request.with.empty()) {
        ComparePage& page = workbench.window().comparePage();
        page.setSideBySide(request.sideBySide);
        page.compareWith(QString::fromStdString(request.with));
        settle(workbench);
        if (!page.comparison())
            return false;
        page.colourByErrors(request.errors);
        settle(workbench);
        if (request.fit)
            (request.sideBySide ? page.sideBySide()->before() : page.oneGraph()).fit();
    }
    if (!request.step.empty())
        return showStep(workbench, request);
    if (!request.execute)
        return true;
    bool failed = false;
    const auto onFailure = [&failed](const Error& error) {
        failed = true;
        std::fprintf(stderr, "lapidary: %s\n", error.toString().c_str());
    };
    QObject::connect(&workbench.document(), &ModelDocument::runFailed, onFailure);
    QObject::connect(&workbench.document(), &ModelDocument::benchmarkFailed, onFailure);
    settle(workbench); // the page looks for samples beside the model first
    workbench.window().actions().run->trigger();
    settle(workbench);
    workbench.window().showPage(pages.at(request.page)); // a run shows its own
    return !failed;
}

QWidget* openDialog(Workbench& workbench, const std::string& name)
{
    const WindowActions& actions = workbench.window().actions();
    const std::map<std::string, QAction*> commands{{"rename", actions.rename},
                                                   {"sizes", actions.sizes},
                                                   {"properties", actions.properties},
                                                   {"extract", actions.extract},
                                                   {"save", actions.saveAs}};
    commands.at(name)->trigger();
    settle(workbench);
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (widget->isVisible() && qobject_cast<QDialog*>(widget) != nullptr)
            return widget;
    }
    std::fprintf(stderr, "lapidary: the dialog '%s' did not open\n", name.c_str());
    return &workbench.tabs;
}

std::vector<std::string> languageCodes()
{
    std::vector<std::string> codes;
    for (const Language& language : languages())
        codes.emplace_back(language.code);
    return codes;
}

bool parseSize(const std::string& text, QSize& size)
{
    int width = 0, height = 0;
    if (std::sscanf(text.c_str(), "%dx%d", &width, &height) != 2 || width < 200 || height < 150 ||
        width > 16000 || height > 16000)
        return false;
    size = QSize(width, height);
    return true;
}

int takePicture(const Request& request, QSize size)
{
    OffscreenApplication application;
    writeSetting(settings::language, QString::fromStdString(request.language));
    writeSetting(settings::theme,
                 static_cast<int>(request.theme == "dark" ? ThemeChoice::Dark : ThemeChoice::Light));
    writeSetting(settings::deploymentsFolder, QString::fromStdString(request.deployments));
    applyAppearance();
    Workbench workbench;
    workbench.tabs.resize(size);
    workbench.tabs.show();
    bool good = true;
    if (!request.model.empty())
        good = openModel(workbench, request.model) && arrange(workbench, request);
    for (const std::string& path : request.tabs)
        workbench.tabs.open(QString::fromStdString(path));
    settle(workbench);
    workbench.tabs.setCurrent(0);
    settle(workbench);
    QWidget* shown = &workbench.tabs;
    if (good && !request.dialog.empty())
        shown = openDialog(workbench, request.dialog);
    if (!shown->grab().save(QString::fromStdString(request.image))) {
        std::fprintf(stderr, "lapidary: cannot write %s\n", request.image.c_str());
        return cli::exitFailed;
    }
    return good ? cli::exitOk : cli::exitFailed;
}

} // namespace

int runScreenshot(const cli::Arguments& arguments)
{
    Request request;
    bool empty = false;
    std::vector<std::string> files;
    cli::CommandLine line("screenshot", "Saves a picture of the real window, drawn into memory.");
    CLI::App& app = line.app();
    app.add_option("files", files, "MODEL OUT.png, or OUT.png alone with --empty")
        ->required()
        ->expected(1, 2);
    app.add_option("--size", request.size, "width and height of the window, in pixels")
        ->capture_default_str();
    app.add_option("--page", request.page, "the page to show")
        ->check(CLI::IsMember({"graph", "run", "benchmark", "compare", "deploy"}))
        ->capture_default_str();
    app.add_option("--theme", request.theme, "the colours")
        ->check(CLI::IsMember({"light", "dark"}))
        ->capture_default_str();
    app.add_option("--language", request.language, "language of the window")
        ->check(CLI::IsMember(languageCodes()))
        ->capture_default_str();
    app.add_option("--select", request.selected, "a node or value by name, or a node by number: #12");
    app.add_option("--level", request.level, "of groups: 0 none, 1 all closed, 2 one level open, ...");
    app.add_option("--open", request.open, "a group, or a node with a body, to open; may be repeated");
    app.add_option("--colour", request.colour, "what the graph is coloured by")
        ->check(CLI::IsMember({"operator", "type", "memory", "time", "device"}))
        ->capture_default_str();
    app.add_option("--trace", request.trace, "what the selected thing comes from, or goes into")
        ->check(CLI::IsMember({"up", "down"}));
    app.add_flag("--fold-quantization", request.foldQuantization,
                 "no cards for QuantizeLinear and DequantizeLinear");
    app.add_flag("--fit", request.fit, "the whole graph");
    app.add_option("--search", request.search, "open the search with this query; \"\" for the empty field");
    app.add_option("--with", request.with, "on the page compare: the model to compare with");
    app.add_flag("--errors", request.errors, "with --with: coloured by how far apart the results are");
    app.add_flag("--side-by-side", request.sideBySide, "with --with: each model drawn by itself");
    app.add_option("--weight", request.weight, "shows the selected weight in its panel")
        ->check(CLI::IsMember({"kernels", "heatmap", "table"}));
    app.add_option("--step", request.step, "on the page deploy: the step of the wizard to show")
        ->check(CLI::IsMember(stepNames));
    app.add_option("--deployments", request.deployments, "folder of deployments; else the user's");
    app.add_flag("--execute", request.execute,
                 "run the model, the benchmark on its page, or the deployment on this computer, first");
    app.add_option("--tab", request.tabs, "another model, in a tab of its own; may be repeated");
    app.add_option("--dialog", request.dialog, "the dialog of a command instead of the window")
        ->check(CLI::IsMember({"rename", "sizes", "properties", "extract", "save"}));
    app.add_flag("--empty", empty, "no model: the first thing a user sees");
    addTimeLimit(app);
    if (!line.parse(arguments))
        return line.exitCode();
    QSize size;
    if (files.size() != (empty ? 1u : 2u) || !parseSize(request.size, size)) {
        std::fprintf(stderr, "lapidary screenshot: give MODEL OUT.png, and a size such as 1280x820\n");
        return cli::exitUsage;
    }
    request.image = files.back();
    if (!empty)
        request.model = files.front();
    const int code = takePicture(request, size);
    if (line.json())
        cli::print({{"image", request.image},
                    {"width", size.width()},
                    {"height", size.height()},
                    {"ok", code == 0}});
    return code;
}

} // namespace lapidary
