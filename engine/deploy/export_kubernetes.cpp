// SPDX-License-Identifier: GPL-3.0-or-later
// The manifests of a plan, as kubectl takes them.
#include "engine/deploy/choices.h"
#include "engine/deploy/export_plan.h"
#include "engine/deploy/yaml.h"

namespace lapidary::deploy {

std::string manifestsOf(const Step& step)
{
    std::string text;
    for (const PlannedRequest& request : step.requests)
        text += (text.empty() ? "" : "---\n") + toYaml(request.body);
    return text;
}

std::string kubernetesManifests(const DeployPlan& plan)
{
    const Choices choices = choicesFromJson(plan.choices);
    std::string manifests;
    for (const Step& step : plan.steps) {
        if (step.action == "write-manifests")
            manifests = manifestsOf(step);
    }
    std::string text = "# " + plan.id + ": " + plan.modelFile + "\n";
    // Manifests have no variables: what is found out on the way is to be put in.
    for (const std::string& name : valuesIn(Json(manifests))) {
        const RunTimeValue value = runTimeValue(name);
        const std::string placeholder = "${" + name + "}";
        for (size_t from = 0; (from = manifests.find(placeholder, from)) != std::string::npos;)
            manifests.replace(from, placeholder.size(), value.shell);
        text += "# Replace " + value.shell + " by " + value.whatItIs + ":\n#   sed \"s/" + value.shell +
                "/$" + value.shell + "/\" deploy.yaml | kubectl apply --filename -\n";
    }
    if (!choices.keySecret.empty())
        text += "# Callers send a key, which is a secret of the cluster:\n#   kubectl --namespace " +
                choices.kubeNamespace + " create secret generic " + choices.keySecret +
                " --from-literal=api-key=\"$API_KEY\"\n";
    return text + manifests;
}

} // namespace lapidary::deploy
