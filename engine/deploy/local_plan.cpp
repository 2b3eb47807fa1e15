// SPDX-License-Identifier: GPL-3.0-or-later
// The local target: the image that clouds get, unpacked or in a container, on this machine.
#include "engine/deploy/choices.h"

namespace lapidary::deploy {

Step writeImageStep(const Choices& choices, const ModelFiles& files)
{
    Json list = Json::array();
    for (const ModelFiles::File& file : files.files)
        list.push_back({{"source", file.source.string()}, {"name", file.name}});
    return {"image",
            "Write the image",
            "write-image",
            {{"files", list},
             {"modelName", choices.modelName},
             {"modelVersion", choices.modelVersion},
             {"modelHash", files.hash}},
            {}};
}

std::vector<Step> localSteps(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    std::vector<Step> steps = localImageSteps(choices, files, id);
    steps.push_back({"server",
                     choices.engine == "process" ? "Start the server from the image"
                                                 : "Run the image with " + choices.engine,
                     choices.engine == "process" ? "start-process" : "start-container",
                     {{"engine", choices.engine},
                      {"port", choices.port},
                      {"tag", isPython(choices) ? builtTag(choices, id) : ""}},
                     {}});
    steps.push_back(
        {"ready",
         "Wait until it is ready",
         "wait-ready",
         {{"url", "${server.url}"}, {"live", "/"}, {"ready", readyPath(choices)}, {"seconds", 120}},
         {{"GET", "${server.url}/", {}, "until it answers"},
          {"GET", std::string("${server.url}") + readyPath(choices), {}, "until the first run is done"}}});
    steps.push_back({"score",
                     "Send a sample request and compare with the engine",
                     "compare-score",
                     {{"url", "${server.url}/score"}},
                     {{"POST", "${server.url}/score", {}, "a sample of the model's inputs"}}});
    return steps;
}

} // namespace lapidary::deploy
