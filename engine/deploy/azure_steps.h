// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: steps and bodies that the targets in Azure share, for the files azure_*_plan.cpp.
#pragma once

#include "engine/deploy/choices.h"

namespace lapidary::deploy {

// path: from "/subscriptions" on.
std::string armUrl(const Choices& choices, const std::string& path,
                   const char* version = api::machineLearning);
std::string groupPath(const Choices& choices);    // of the workspace's resource group
std::string endpointPath(const Choices& choices); // of the online endpoint

// On everything that a run makes: deleting takes away only what carries them.
Json ownTags(const std::string& id);

// "lapidary/digits": where the image is in the registry.
std::string repositoryOf(const Choices& choices);
// "name.azurecr.io/lapidary/digits@${image.digest}".
std::string imageReference(const Choices& choices);

Step uploadStep(const Choices& choices, const ModelFiles& files);
Step modelStep(const Choices& choices, const ModelFiles& files, const std::string& id);
Step pushStep(const Choices& choices);
Step environmentStep(const Choices& choices, const ModelFiles& files, const std::string& id);

// Of an online endpoint, managed or on Kubernetes (then on choices.compute).
Step endpointStep(const Choices& choices, const std::string& id);
// What deployments of both kinds have; the caller adds what is its own below "properties".
Json deploymentBody(const Choices& choices, const std::string& id);
Step deploymentStep(const Choices& choices, const Json& body);
// None when the deployment gets no traffic.
std::vector<Step> trafficSteps(const Choices& choices, const std::string& id);
Step scoreStep(const Choices& choices);
// All of an online endpoint, from the upload to the test. deployment: its body; compute: what makes the one
// that it runs on, or nothing.
std::vector<Step> onlineSteps(const Choices& choices, const ModelFiles& files, const std::string& id,
                              const Json& deployment, std::vector<Step> compute);

} // namespace lapidary::deploy
