// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a plan as something that others can carry out: a script, a template, manifests. None of them holds
// a secret: what is secret is fetched where the script runs, or asked for.
#pragma once

#include "engine/deploy/plan.h"

#include <optional>

namespace lapidary::deploy {

enum class ExportFormat { Curl, AzureCli, Bicep, Kubernetes };

// "curl", "azure-cli", "bicep", "kubernetes"; nothing for another name.
std::optional<ExportFormat> exportFormatNamed(const std::string& name);
std::string exportFormatName(ExportFormat format);
// "deploy.sh", "deploy.bicep", "deploy.yaml".
std::string exportFileName(ExportFormat format);
// What can be made of plans for the target, in the order to offer them.
std::vector<ExportFormat> exportFormatsOf(const std::string& target);

// Errors: InvalidArgument: the format is none for the plan's target.
Result<std::string> exportPlan(const DeployPlan& plan, ExportFormat format);

// For the files export_*.cpp.

// A value that only exists when the plan is carried out, as an export names it and says where it comes from.
struct RunTimeValue {
    std::string name;     // "image.digest"; those of "secret." are secret
    std::string shell;    // "IMAGE_DIGEST"
    std::string bicep;    // "imageDigest"
    std::string whatItIs; // "the digest of the pushed image, sha256:..."
    bool isSecret = false;
};
RunTimeValue runTimeValue(const std::string& name);
// The names of the values in a text or in the texts of a body, each once.
std::vector<std::string> valuesIn(const Json& json);
// The parts of a text: literal ones, and names of values.
struct TextPart {
    bool isValue = false;
    std::string text;
};
std::vector<TextPart> partsOf(const std::string& text);

std::string shellScript(const DeployPlan& plan, bool azureCli);
std::string bicepTemplate(const DeployPlan& plan);
std::string kubernetesManifests(const DeployPlan& plan);
// Of a step "write-manifests": values are not filled in.
std::string manifestsOf(const Step& step);

} // namespace lapidary::deploy
