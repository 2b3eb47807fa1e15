// SPDX-License-Identifier: GPL-3.0-or-later
// The target kubernetes: manifests for any cluster, written down and, if it is wanted, applied by kubectl.
#include "engine/deploy/azure_steps.h"
#include "engine/deploy/kubernetes_amounts.h"

namespace lapidary::deploy {

namespace {

// A label's value has at most 63 letters. The start of an id is its time, the end a chance number.
std::string labelOf(const std::string& id)
{
    std::string label = id;
    if (label.size() > 63)
        label.erase(58, label.size() - 63);
    return label;
}

Json metadata(const Choices& choices, const std::string& id)
{
    return {{"name", choices.endpoint},
            {"namespace", choices.kubeNamespace},
            {"labels",
             {{"app.kubernetes.io/name", choices.endpoint},
              {"app.kubernetes.io/managed-by", "lapidary"},
              {"lapidary-run", labelOf(id)}}}};
}

Json selector(const Choices& choices) { return {{"app.kubernetes.io/name", choices.endpoint}}; }

Json probe(const char* path, int failures)
{
    return {{"httpGet", {{"path", path}, {"port", "http"}}},
            {"periodSeconds", 10},
            {"timeoutSeconds", 2},
            {"failureThreshold", failures}};
}

Json container(const Choices& choices)
{
    const Json amounts = {{"cpu", kubernetesCpu(choices.cpu)},
                          {"memory", kubernetesMemory(choices.memoryGb)}};
    const Json port = {{"name", "http"}, {"containerPort", 5001}};
    Json made = {{"name", "lapidary"},
                 {"image", imageReference(choices)},
                 {"ports", Json::array({port})},
                 {"resources", {{"requests", amounts}, {"limits", amounts}}},
                 // A large model may take minutes to its first run; only then the other probes begin.
                 {"startupProbe", probe(readyPath(choices), 60)},
                 {"livenessProbe", probe("/", 3)},
                 {"readinessProbe", probe(readyPath(choices), 3)},
                 {"securityContext",
                  {{"runAsNonRoot", true},
                   {"runAsUser", 65532},
                   {"allowPrivilegeEscalation", false},
                   {"readOnlyRootFilesystem", !isPython(choices)},
                   {"capabilities", {{"drop", Json::array({"ALL"})}}}}}};
    if (!choices.keySecret.empty()) {
        const Json reference = {{"secretKeyRef", {{"name", choices.keySecret}, {"key", "api-key"}}}};
        const Json key = {{"name", "LAPIDARY_API_KEY"}, {"valueFrom", reference}};
        made["env"] = Json::array({key});
    }
    return made;
}

Json deployment(const Choices& choices, const std::string& id)
{
    Json pod;
    pod["metadata"]["labels"] = metadata(choices, id)["labels"];
    pod["spec"]["containers"] = Json::array({container(choices)});
    pod["spec"]["terminationGracePeriodSeconds"] = 30;
    if (!choices.pullSecret.empty())
        pod["spec"]["imagePullSecrets"][0]["name"] = choices.pullSecret;
    Json spec;
    // The autoscaler decides where there is one.
    if (choices.mostInstances <= choices.instances)
        spec["replicas"] = choices.instances;
    spec["selector"]["matchLabels"] = selector(choices);
    spec["template"] = pod;
    return {{"apiVersion", "apps/v1"},
            {"kind", "Deployment"},
            {"metadata", metadata(choices, id)},
            {"spec", spec}};
}

Json service(const Choices& choices, const std::string& id)
{
    const Json port = {{"name", "http"}, {"port", 80}, {"targetPort", "http"}};
    return {
        {"apiVersion", "v1"},
        {"kind", "Service"},
        {"metadata", metadata(choices, id)},
        {"spec", {{"type", "ClusterIP"}, {"selector", selector(choices)}, {"ports", Json::array({port})}}}};
}

Json autoscaler(const Choices& choices, const std::string& id)
{
    const Json target = {{"type", "Utilization"}, {"averageUtilization", 70}};
    const Json metric = {{"type", "Resource"}, {"resource", {{"name", "cpu"}, {"target", target}}}};
    return {
        {"apiVersion", "autoscaling/v2"},
        {"kind", "HorizontalPodAutoscaler"},
        {"metadata", metadata(choices, id)},
        {"spec",
         {{"scaleTargetRef", {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", choices.endpoint}}},
          {"minReplicas", choices.instances},
          {"maxReplicas", choices.mostInstances},
          {"metrics", Json::array({metric})}}}};
}

PlannedRequest apply(const Json& manifest)
{
    return {"APPLY",
            textAt(manifest, "metadata", "namespace") + "/" + textAt(manifest, "kind") + "/" +
                textAt(manifest, "metadata", "name"),
            manifest,
            {}};
}

} // namespace

std::vector<Step> kubernetesSteps(const Choices& choices, const ModelFiles& files, const std::string& id)
{
    std::vector<Step> steps = imageSteps(choices, files, id);
    Step manifests{"manifests", "Write the manifests", "write-manifests", {{"file", "kubernetes.yaml"}}, {}};
    manifests.requests = {apply(deployment(choices, id)), apply(service(choices, id))};
    if (choices.mostInstances > choices.instances)
        manifests.requests.push_back(apply(autoscaler(choices, id)));
    steps.push_back(std::move(manifests));
    if (choices.kubeApply)
        steps.push_back({"apply",
                         "Apply them to the cluster and wait until the pods are ready",
                         "apply-manifests",
                         {{"file", "kubernetes.yaml"},
                          {"context", choices.kubeContext},
                          {"namespace", choices.kubeNamespace},
                          {"name", choices.endpoint},
                          {"label", labelOf(id)},
                          {"keySecret", choices.keySecret},
                          {"seconds", 900}},
                         {}});
    return steps;
}

} // namespace lapidary::deploy
