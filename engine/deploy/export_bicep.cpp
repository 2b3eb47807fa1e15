// SPDX-License-Identifier: GPL-3.0-or-later
// The resources of a plan as a Bicep template. What is no resource (files, images, calls) is told in
// comments.
#include "engine/deploy/choices.h"
#include "engine/deploy/export_plan.h"

#include <algorithm>
#include <sstream>

namespace lapidary::deploy {

namespace {

struct Resource {
    std::string symbol; // the step's id
    std::string type;   // "Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2025-12-01"
    std::string name;   // "ws/digits"
    const Step* step = nullptr;
};

// A resource of the group from its address; nothing for other addresses.
std::optional<Resource> resourceAt(const Step& step)
{
    if (step.requests.empty() || step.requests.front().method != "PUT" ||
        step.requests.front().body.is_null())
        return {};
    const std::string& url = step.requests.front().url;
    const size_t providers = url.rfind("/providers/");
    const size_t query = url.find('?');
    const size_t version = url.find("api-version=");
    if (providers == std::string::npos || version == std::string::npos)
        return {};
    Resource resource{.symbol = step.id, .type = {}, .name = {}, .step = &step};
    std::istringstream parts(url.substr(providers + 11, query - providers - 11));
    std::string part;
    for (int i = 0; std::getline(parts, part, '/'); ++i) {
        std::string& into = i == 0 || i % 2 == 1 ? resource.type : resource.name;
        into += (into.empty() ? "" : "/") + part;
    }
    resource.type += "@" + url.substr(version + 12, url.find('&', version) - version - 12);
    return resource;
}

struct Writer {
    std::vector<Resource> resources;
    std::map<std::string, std::string> expressions; // of values: "environment.id" -> "environment.id"
    std::vector<std::string> parameters;            // values that have to be given
};

std::string bicepText(Writer& writer, const std::string& text)
{
    std::string result = "'";
    for (const TextPart& part : partsOf(text)) {
        if (part.isValue) {
            std::string& expression = writer.expressions[part.text];
            if (expression.empty()) {
                expression = runTimeValue(part.text).bicep;
                writer.parameters.push_back(part.text);
            }
            result += "${" + expression + "}";
            continue;
        }
        for (const char c : part.text) {
            if (c == '\n')
                result += "\\n";
            else if (c == '\r')
                result += "\\r";
            else if (c == '\t')
                result += "\\t";
            else
                result += std::string(c == '\'' || c == '\\' ? "\\" : "") + c;
        }
    }
    return result + "'";
}

bool isIdentifier(const std::string& name)
{
    return !name.empty() && !std::isdigit(static_cast<unsigned char>(name.front())) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
}

void writeValue(Writer& writer, std::ostream& out, const Json& json, size_t indent)
{
    const std::string inner(indent + 2, ' ');
    if (json.is_string()) {
        out << bicepText(writer, json.get<std::string>());
    } else if (json.is_number_float()) {
        // Bicep has whole numbers only.
        out << "json('" << json.dump() << "')";
    } else if (json.is_array()) {
        out << "[";
        for (const Json& element : json) {
            out << "\n" << inner;
            writeValue(writer, out, element, indent + 2);
        }
        out << (json.empty() ? "]" : "\n" + std::string(indent, ' ') + "]");
    } else if (json.is_object()) {
        out << "{";
        for (auto member = json.begin(); member != json.end(); ++member) {
            out << "\n"
                << inner << (isIdentifier(member.key()) ? member.key() : bicepText(writer, member.key()))
                << ": ";
            writeValue(writer, out, member.value(), indent + 2);
        }
        out << (json.empty() ? "}" : "\n" + std::string(indent, ' ') + "}");
    } else {
        out << json.dump();
    }
}

void writeResource(Writer& writer, std::ostream& out, const Resource& resource, bool hasTraffic)
{
    const Json& body = resource.step->requests.front().body;
    out << "\n// " << resource.step->title << "\nresource " << resource.symbol << " '" << resource.type
        << "' = {\n  name: " << bicepText(writer, resource.name) << "\n";
    for (auto member = body.begin(); member != body.end(); ++member) {
        out << "  " << member.key() << ": ";
        Json value = member.value();
        if (hasTraffic && member.key() == "properties" && value.contains("traffic")) {
            value["traffic"] = "TRAFFIC";
            std::ostringstream text;
            writeValue(writer, text, value, 2);
            std::string properties = text.str();
            properties.replace(properties.find("'TRAFFIC'"), 9, "traffic");
            out << properties << "\n";
            continue;
        }
        writeValue(writer, out, value, 2);
        out << "\n";
    }
    // In the order of the plan, whether or not one names the other.
    if (const auto before =
            std::find_if(writer.resources.begin(), writer.resources.end(),
                         [&](const Resource& each) { return each.symbol == resource.symbol; });
        before != writer.resources.begin())
        out << "  dependsOn: [\n    " << std::prev(before)->symbol << "\n  ]\n";
    out << "}\n";
}

} // namespace

std::string bicepTemplate(const DeployPlan& plan)
{
    const Choices choices = choicesFromJson(plan.choices);
    Writer writer;
    const Step* traffic = nullptr;
    std::ostringstream outputs;
    std::ostringstream byHand;
    for (const Step& step : plan.steps) {
        if (step.action == "set-traffic") {
            traffic = &step;
            continue;
        }
        const auto resource = resourceAt(step);
        if (!resource) {
            byHand << "//   " << step.title << "\n";
            continue;
        }
        writer.resources.push_back(*resource);
        if (const std::string name = textAt(step.input, "keepId"); !name.empty())
            writer.expressions[name] = step.id + ".id";
        const Json& keep = at(step.input, "keep");
        for (auto value = keep.begin(); keep.is_object() && value != keep.end(); ++value) {
            std::string path = step.id;
            for (const Json& member : value.value())
                path += "." + member.get<std::string>();
            writer.expressions[value.key()] = path;
            outputs << "output " << runTimeValue(value.key()).bicep << " string = " << path << "\n";
        }
    }
    std::ostringstream body;
    for (const Resource& resource : writer.resources)
        writeResource(writer, body, resource, traffic && resource.symbol == "endpoint");

    std::ostringstream text;
    text << "// " << plan.id << ": " << plan.modelFile << " to " << plan.target
         << ".\n// What is no resource must be there before; lapidary deploy run does it:\n"
         << byHand.str() << "// Deploy it with:\n//   az deployment group create --resource-group "
         << choices.workspace.resourceGroup << " --template-file deploy.bicep";
    for (const std::string& name : writer.parameters)
        text << " --parameters " << runTimeValue(name).bicep << "=...";
    text << "\n";
    if (traffic)
        text << "// Traffic can only go to a deployment that is there: deploy it once more afterwards, with\n"
             << "//   --parameters traffic='"
             << at(traffic->requests.front().body, "properties", "traffic").dump() << "'\n";
    text << "\ntargetScope = 'resourceGroup'\n";
    for (const std::string& name : writer.parameters) {
        const RunTimeValue value = runTimeValue(name);
        Writer plain;
        text << "\n@description(" << bicepText(plain, value.whatItIs) << ")\n"
             << (value.isSecret ? "@secure()\n" : "") << "param " << value.bicep << " string\n";
    }
    if (traffic)
        text << "\n@description('Percent of the calls for each deployment; empty until they are there.')\n"
                "param traffic object = {}\n";
    text << body.str() << (outputs.str().empty() ? "" : "\n") << outputs.str();
    return text.str();
}

} // namespace lapidary::deploy
