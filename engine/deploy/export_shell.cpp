// SPDX-License-Identifier: GPL-3.0-or-later
// A plan as a shell script, with curl or with Azure's command line. Nothing secret is an argument of a
// program: everybody on a machine can read those.
#include "engine/deploy/choices.h"
#include "engine/deploy/export_plan.h"

#include <algorithm>
#include <sstream>

namespace lapidary::deploy {

namespace {

struct Script {
    const DeployPlan& plan;
    Choices choices;
    bool azureCli = false;
    std::ostringstream text;
    std::vector<std::string> known; // values that the script has found out
};

std::string quotedValue(const std::string& name) { return "${" + runTimeValue(name).shell + "}"; }

// A text between double quotes, or in a here-document: values are variables, the rest is as it is.
std::string escaped(const std::string& text, const char* special)
{
    std::string result;
    for (const TextPart& part : partsOf(text)) {
        if (part.isValue) {
            result += quotedValue(part.text);
            continue;
        }
        for (const char c : part.text) {
            if (std::string_view(special).find(c) != std::string_view::npos)
                result += '\\';
            result += c;
        }
    }
    return result;
}

std::string quoted(const std::string& text) { return '"' + escaped(text, "\\\"$`") + '"'; }

// As an argument: the body through a here-document, so that it can be read and changed.
void writeBody(std::ostream& out, const std::string& call, const Json& body)
{
    out << call << " \"$(\n    cat <<JSON\n" << escaped(body.dump(2), "\\$`") << "\nJSON\n)\"\n";
}

const char* const common = R"sh(
# URL: waits until what is there is made.
wait_for() {
    local state
    while true; do
        state=$(arm GET "$1" | jq -r '.properties.provisioningState // "Succeeded"')
        case $state in
        Succeeded) return ;;
        Failed | Canceled)
            echo "$1: $state" >&2
            arm GET "$1" | jq '.properties' >&2
            return 1
            ;;
        esac
        echo "  $state" >&2
        sleep "${POLL_SECONDS:-10}"
    done
}

# URL BODY: makes it, and waits.
put() {
    arm PUT "$1" "$2" | jq '.error // empty' >&2
    wait_for "$1"
}

# URL: whether something is there.
exists() {
    arm GET "$1" >/dev/null 2>&1
}
)sh";

const char* const azUpload = R"sh(
# FILE ACCOUNT CONTAINER NAME. Without a signature: by the rights of who is signed in.
upload() {
    local way=(--auth-mode login)
    [ -z "$SAS" ] || way=()
    AZURE_STORAGE_SAS_TOKEN=$SAS az storage blob upload --overwrite "${way[@]}" \
        --file "$1" --account-name "$2" --container-name "$3" --name "$4"
}
)sh";

const char* const curlUpload = R"sh(
# FILE URL. Without a signature: by the rights of who is signed in.
upload() {
    local access
    if [ -n "$SAS" ]; then
        access=$(printf 'url = "%s?%s"' "$2" "$SAS")
    else
        access=$(printf 'url = "%s"\nheader = "Authorization: Bearer %s"' "$2" "$(
            az account get-access-token --resource https://storage.azure.com/ --query accessToken --output tsv
        )")
    fi
    curl --silent --show-error --fail-with-body --retry 5 --header 'x-ms-blob-type: BlockBlob' \
        --header "x-ms-version: $STORAGE_VERSION" --upload-file "$1" --config <(printf '%s\n' "$access")
}
)sh";

void writeStart(Script& script)
{
    const std::string tools = script.azureCli ? "az (signed in by: az login), jq, skopeo"
                                              : "curl, jq, az (signed in by: az login), skopeo";
    script.text << "#!/usr/bin/env bash\n# " << script.plan.id << ": " << script.plan.modelFile << " to "
                << script.plan.target << ".\n# Needs: " << tools << ".\nset -euo pipefail\n";
    if (script.azureCli) {
        script.text << R"sh(
# METHOD URL [BODY]: a request to Azure Resource Manager; prints the answer.
arm() {
    if [ $# -gt 2 ]; then
        az rest --method "$1" --url "$2" --resource )sh"
                    << quoted(script.choices.cloud.arm + "/") << R"sh( --output json --body @- \
            --headers Content-Type=application/json <<<"$3"
    else
        az rest --method "$1" --url "$2" --resource )sh"
                    << quoted(script.choices.cloud.arm + "/") << R"sh( --output json
    fi
}
)sh";
    } else {
        script.text << "\nTOKEN=$(az account get-access-token --resource "
                    << quoted(script.choices.cloud.arm + "/") << " --query accessToken --output tsv)\n"
                    << R"sh(
# METHOD URL [BODY]: a request to Azure Resource Manager; prints the answer.
arm() {
    local body=()
    [ $# -lt 3 ] || body=(--data-binary @-)
    curl --silent --show-error --fail-with-body --retry 5 --request "$1" --url "$2" \
        --config <(printf 'header = "Authorization: Bearer %s"\n' "$TOKEN") \
        --header 'Content-Type: application/json' "${body[@]}" <<<"${3:-}"
}
)sh";
    }
    script.text << common;
    const bool uploads = std::any_of(script.plan.steps.begin(), script.plan.steps.end(),
                                     [](const Step& step) { return step.action == "upload-files"; });
    if (uploads && script.azureCli)
        script.text << azUpload;
    else if (uploads)
        script.text << "\nSTORAGE_VERSION=" << api::storage << curlUpload;
}

// The variable must be set by who runs the script.
void ask(Script& script, const std::string& name)
{
    if (std::find(script.known.begin(), script.known.end(), name) != script.known.end())
        return;
    script.known.push_back(name);
    const RunTimeValue value = runTimeValue(name);
    std::string what = value.whatItIs;
    what.erase(std::remove(what.begin(), what.end(), '\''), what.end());
    script.text << ": \"${" << value.shell << ":?" << what << "}\"\n";
}

void askForAll(Script& script, const Step& step)
{
    for (const PlannedRequest& request : step.requests) {
        for (const std::string& name : valuesIn(Json::array({request.url, request.body})))
            ask(script, name);
    }
}

// {"secret.registryUser": {"post": URL, "path": ["username"]}}: fetched when it is needed.
void fetchSecrets(Script& script, const Step& step)
{
    const Json& secrets = at(step.input, "secrets");
    for (auto secret = secrets.begin(); secrets.is_object() && secret != secrets.end(); ++secret) {
        const std::string url = textAt(secret.value(), "post");
        if (url.empty())
            continue;
        std::string path;
        for (const Json& name : at(secret.value(), "path"))
            path += name.is_string() ? "." + name.get<std::string>() : "[" + name.dump() + "]";
        script.text << runTimeValue(secret.key()).shell << "=$(arm POST " << quoted(url) << " '{}' | jq -r '"
                    << path << "')\n";
        script.known.push_back(secret.key());
    }
}

void putResource(Script& script, const Step& step)
{
    const PlannedRequest& request = step.requests.front();
    fetchSecrets(script, step);
    askForAll(script, step);
    // What others made is not changed, as the run does not.
    const std::string rule = textAt(step.input, "whenThere");
    if (rule == "refuse")
        script.text
            << "if exists " << quoted(request.url)
            << "; then\n    echo \"  it is there already: choose another name\" >&2\n    exit 1\nfi\n";
    const bool reuse = rule == "reuse";
    if (reuse)
        script.text << "if exists " << quoted(request.url)
                    << "; then\n    echo \"  it is there already, and is used as it is\" >&2\nelse\n";
    writeBody(script.text, "put " + quoted(request.url), request.body);
    if (reuse)
        script.text << "fi\n";
    if (const std::string name = textAt(step.input, "keepId"); !name.empty()) {
        const std::string& arm = script.choices.cloud.arm;
        std::string path = request.url.substr(0, request.url.find('?'));
        if (path.rfind(arm, 0) == 0)
            path.erase(0, arm.size());
        script.text << runTimeValue(name).shell << "=" << quoted(path) << "\n";
        script.known.push_back(name);
    }
    const Json& keep = at(step.input, "keep");
    for (auto value = keep.begin(); keep.is_object() && value != keep.end(); ++value) {
        std::string path;
        for (const Json& member : value.value())
            path += "." + member.get<std::string>();
        script.text << runTimeValue(value.key()).shell << "=$(arm GET " << quoted(request.url) << " | jq -r '"
                    << path << "')\necho \"  " << quotedValue(value.key()) << "\" >&2\n";
        script.known.push_back(value.key());
    }
}

struct BlobPlace {
    std::string account;
    std::string container;
    std::string path;
};

// "https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH".
BlobPlace placeOf(const std::string& root)
{
    const size_t host = root.find("//") + 2;
    const size_t container = std::min(root.find('/', host), root.size() - 1) + 1;
    const size_t path = std::min(root.find('/', container), root.size() - 1) + 1;
    return {root.substr(host, root.find('.', host) - host), root.substr(container, path - container - 1),
            root.substr(path)};
}

void uploadFiles(Script& script, const Step& step)
{
    const std::string root = textAt(step.input, "root");
    script.text << "SAS=$(arm POST " << quoted(textAt(step.input, "secrets"))
                << " '{\"expirableSecret\":true,\"expireAfterHours\":1}' | jq -r '.sasToken // empty')\n";
    const BlobPlace place = placeOf(root);
    for (const Json& file : at(step.input, "files")) {
        const std::string name = textAt(file, "name");
        const std::string below = std::string(root).append("/").append(name);
        script.text << "upload " << quoted(textAt(file, "source")) << " ";
        if (script.azureCli)
            script.text << quoted(place.account) << " " << quoted(place.container) << " "
                        << quoted(std::string(place.path).append("/").append(name)) << "\n";
        else
            script.text << quoted(below) << "\n";
    }
}

void pushImage(Script& script, const Step& step)
{
    const std::string url = textAt(step.input, "registry");
    const std::string host = url.substr(url.find("://") + 3);
    script.text
        << R"sh(# The image is a folder in OCI layout: "image" in the folder of a run, such as one with --target local.
: "${IMAGE_FOLDER:?the folder of the image, in OCI layout}"
IMAGE_DIGEST=$(jq -r '.manifests[0].digest' "$IMAGE_FOLDER/index.json")
az acr login --name )sh"
        << quoted(host.substr(0, host.find('.'))) << R"sh( --expose-token --query accessToken --output tsv |
    skopeo login --username 00000000-0000-0000-0000-000000000000 --password-stdin )sh"
        << quoted(host) << "\nskopeo copy --preserve-digests \"oci:$IMAGE_FOLDER\" "
        << quoted("docker://" + host + "/" + textAt(step.input, "repository") + ":" + script.plan.id) << "\n";
    script.known.push_back("image.digest");
}

// Every file of the image, to be read and changed here too.
void writeContext(Script& script, const Step& step)
{
    script.text << "CONTEXT_FOLDER=$(mktemp --directory)\n";
    const Json& texts = at(step.input, "texts");
    for (auto text = texts.begin(); texts.is_object() && text != texts.end(); ++text) {
        const std::string content = text.value().get<std::string>();
        const std::string path = "\"$CONTEXT_FOLDER\"/" + quoted(text.key());
        script.text << "mkdir --parents \"$(dirname " << path << ")\"\ncat >" << path << " <<'END_OF_FILE'\n"
                    << content << (content.empty() || content.back() == '\n' ? "" : "\n") << "END_OF_FILE\n";
    }
    for (const Json& file : at(step.input, "files")) {
        const std::string path = "\"$CONTEXT_FOLDER\"/" + quoted("model/" + textAt(file, "name"));
        script.text << "mkdir --parents \"$(dirname " << path << ")\"\ncp " << quoted(textAt(file, "source"))
                    << " " << path << "\n";
    }
    script.known.push_back("context.folder");
}

void buildImage(Script& script, const Step& step)
{
    const std::string engine = textAt(step.input, "engine");
    const std::string tag = quoted(textAt(step.input, "tag"));
    script.text << "IMAGE_FOLDER=$CONTEXT_FOLDER.image\n"
                << engine << " build --tag " << tag << " \"$CONTEXT_FOLDER\"\n";
    if (engine == "docker")
        script.text << "mkdir \"$IMAGE_FOLDER\"\ndocker save " << tag
                    << " | tar --extract --directory \"$IMAGE_FOLDER\"\n";
    else
        script.text << engine << " save --format oci-dir --output \"$IMAGE_FOLDER\" " << tag << "\n";
}

void buildInRegistry(Script& script, const Step& step)
{
    const Json& names = at(step.requests[1].body, "imageNames");
    const std::string url = textAt(step.input, "registry");
    const std::string host = url.substr(url.find("://") + 3);
    const std::string registry = quoted(host.substr(0, host.find('.')));
    const std::string image = quoted(names[0].get<std::string>());
    script.text << "az acr build --registry " << registry << " --image " << image
                << " \"$CONTEXT_FOLDER\"\nIMAGE_DIGEST=$(az acr repository show --name " << registry
                << " --image " << image << " --query digest --output tsv)\n";
    script.known.push_back("image.digest");
}

std::string endpointOptions(const Script& script)
{
    const Workspace& workspace = script.choices.workspace;
    return " --name " + quoted(script.choices.endpoint) + " --subscription " +
           quoted(workspace.subscription) + " \\\n    --resource-group " + quoted(workspace.resourceGroup) +
           " --workspace-name " + quoted(workspace.name);
}

// The others share the rest as they did; what rounding takes from them goes to this one.
constexpr const char* sharesOfTraffic = R"sh((
            (.properties.traffic // {} | del(.[$name]) | with_entries(select(.value > 0))) as $others
            | ($others | add // 0) as $sum
            | ($others | map_values(. * (100 - $percent) / $sum | floor)) as $scaled
            | if $sum == 0 or $percent == 100 then {($name): 100}
              else $scaled + {($name): (100 - ($scaled | add))} end))sh";

void setTraffic(Script& script, const Step& step)
{
    const PlannedRequest& request = step.requests.front();
    const std::string name = textAt(step.input, "deployment");
    const std::string percent = at(step.input, "percent").dump();
    if (script.azureCli && percent == "100") {
        script.text << "az ml online-endpoint update" << endpointOptions(script) << " --traffic "
                    << quoted(name + "=100") << "\n";
        return;
    }
    script.text << "put " << quoted(request.url) << " \"$(\n    arm GET " << quoted(request.url)
                << " | jq --arg name " << quoted(name) << " --argjson percent " << percent << R"sh( '{
        location, tags, identity: {type: .identity.type},
        properties: (.properties | {authMode, description, publicNetworkAccess, compute}
            | with_entries(select(.value != null)))} * {properties: {traffic: )sh"
                << sharesOfTraffic << "}}'\n)\"\n";
}

void waitContainers(Script& script, const Step& step)
{
    script.text << "while GROUP=$(arm GET " << quoted(textAt(step.input, "group")) << ");\n    STATE=$(jq -r "
                << "'.properties.containers[0].properties.instanceView.currentState.state' <<<\"$GROUP\")\n"
                << R"sh(    [ "$STATE" != Running ]; do
    jq -r '.properties.containers[0].properties.instanceView.events[]? | "  \(.name): \(.message)"' <<<"$GROUP" >&2
    sleep "${POLL_SECONDS:-10}"
done
SERVER_URL=http://$(jq -r '.properties.ipAddress | .fqdn // .ip' <<<"$GROUP"):)sh"
                << at(step.input, "port").dump() << "\n";
    script.known.push_back("server.url");
}

void waitReady(Script& script, const Step& step)
{
    const std::string url = quoted(textAt(step.input, "url") + textAt(step.input, "ready"));
    script.text << "until curl --silent --fail --output /dev/null " << url
                << "; do\n    sleep \"${POLL_SECONDS:-10}\"\ndone\n";
}

void compareScore(Script& script, const Step& step)
{
    const std::string mode = textAt(step.input, "authMode");
    const std::string keys = textAt(step.input, "keys");
    script.text << "# SAMPLE_FILE: a request, {\"data\": ...}. Without one, nothing is sent.\n"
                   "if [ -n \"${SAMPLE_FILE:-}\" ]; then\n";
    if (script.azureCli && !keys.empty()) {
        script.text << "    az ml online-endpoint invoke" << endpointOptions(script)
                    << " \\\n    --deployment-name " << quoted(textAt(step.input, "deployment"))
                    << " --request-file \"$SAMPLE_FILE\"\nfi\n";
        return;
    }
    if (mode == "AADToken") {
        std::string resource = script.choices.cloud.endpointScope;
        resource.resize(std::min(resource.size(), resource.rfind("/.default")));
        script.text << "    ENDPOINT_KEY=$(az account get-access-token --resource " << quoted(resource)
                    << " --query accessToken --output tsv)\n";
    } else if (!keys.empty()) {
        script.text << "    ENDPOINT_KEY=${ENDPOINT_KEY:-$(arm POST " << quoted(keys)
                    << " '{}' | jq -r '.primaryKey // .accessToken')}\n";
    } else {
        script.text << "    ENDPOINT_KEY=$API_KEY\n";
    }
    // This deployment, whatever the traffic of the others.
    const std::string name = textAt(step.input, "deployment");
    script.text
        << "    curl --silent --show-error --fail-with-body --header 'Content-Type: application/json' \\\n"
        << (name.empty() ? "" : "        --header " + quoted("azureml-model-deployment: " + name) + " \\\n")
        << "        --config <(printf 'header = \"Authorization: Bearer %s\"\\n' \"$ENDPOINT_KEY\") \\\n"
           "        --data-binary \"@$SAMPLE_FILE\" "
        << quoted(textAt(step.input, "url")) << "\nfi\n";
}

void nothingToSend(Script& script, const Step&)
{
    script.text << "# lapidary does this on its own machine; see the next steps for what they need of it.\n";
}

struct Row {
    const char* action;
    void (*write)(Script& script, const Step& step);
};

constexpr Row rows[] = {
    {"put-resource", putResource},  {"upload-files", uploadFiles},
    {"push-image", pushImage},      {"write-context", writeContext},
    {"build-image", buildImage},    {"build-in-registry", buildInRegistry},
    {"set-traffic", setTraffic},    {"wait-containers", waitContainers},
    {"wait-ready", waitReady},      {"compare-score", compareScore},
    {"write-image", nothingToSend},
};

// What has no form of its own is told.
void writeOther(Script& script, const Step& step)
{
    for (const PlannedRequest& request : step.requests)
        script.text << "# " << request.method << " " << request.url
                    << (request.note.empty() ? "" : "   (" + request.note + ")") << "\n";
}

} // namespace

std::string shellScript(const DeployPlan& plan, bool azureCli)
{
    Script script{.plan = plan,
                  .choices = choicesFromJson(plan.choices),
                  .azureCli = azureCli,
                  .text = {},
                  .known = {}};
    writeStart(script);
    for (const Step& step : plan.steps) {
        script.text << "\n# " << step.title << "\necho " << quoted(step.title) << " >&2\n";
        const auto* const row = std::find_if(std::begin(rows), std::end(rows),
                                             [&](const Row& each) { return each.action == step.action; });
        (row != std::end(rows) ? row->write : writeOther)(script, step);
    }
    return script.text.str();
}

} // namespace lapidary::deploy
