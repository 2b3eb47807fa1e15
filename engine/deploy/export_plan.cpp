// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/export_plan.h"

#include "engine/deploy/choices.h"

#include <algorithm>

namespace lapidary::deploy {

namespace {

struct Format {
    ExportFormat format;
    const char* name;
    const char* file;
};

constexpr Format formats[] = {
    {ExportFormat::Curl, "curl", "deploy.sh"},
    {ExportFormat::AzureCli, "azure-cli", "deploy.sh"},
    {ExportFormat::Bicep, "bicep", "deploy.bicep"},
    {ExportFormat::Kubernetes, "kubernetes", "deploy.yaml"},
};

const Format& rowOf(ExportFormat format)
{
    return *std::find_if(std::begin(formats), std::end(formats),
                         [format](const Format& row) { return row.format == format; });
}

struct Meaning {
    const char* value;
    const char* text;
};

constexpr Meaning meanings[] = {
    {"image.digest", "the digest of the image (sha256:...), which its push prints"},
    {"code.id", "the ARM id of the version of the scoring script"},
    {"environment.id", "the ARM id of the environment version"},
    {"endpoint.scoringUri", "where the endpoint takes requests"},
    {"secret.apiKey", "the key that callers send; make one with: openssl rand -hex 32"},
    {"secret.registryUser", "a user of the registry: az acr credential show --query username"},
    {"secret.registryPassword", "its password: az acr credential show --query 'passwords[0].value'"},
};

bool isAzure(const std::string& target) { return target.rfind("azure-", 0) == 0; }

} // namespace

std::optional<ExportFormat> exportFormatNamed(const std::string& name)
{
    for (const Format& row : formats) {
        if (row.name == name)
            return row.format;
    }
    return {};
}

std::string exportFormatName(ExportFormat format) { return rowOf(format).name; }

std::string exportFileName(ExportFormat format) { return rowOf(format).file; }

std::vector<ExportFormat> exportFormatsOf(const std::string& target)
{
    if (target == kubernetesTarget)
        return {ExportFormat::Kubernetes};
    if (isAzure(target))
        return {ExportFormat::AzureCli, ExportFormat::Curl, ExportFormat::Bicep};
    return {};
}

Result<std::string> exportPlan(const DeployPlan& plan, ExportFormat format)
{
    const std::vector<ExportFormat> possible = exportFormatsOf(plan.target);
    if (std::find(possible.begin(), possible.end(), format) == possible.end()) {
        std::string others;
        for (const ExportFormat other : possible)
            others += (others.empty() ? "Possible: " : ", ") + exportFormatName(other);
        return makeError(ErrorCode::InvalidArgument,
                         "a plan for the target '" + plan.target + "' has no form as " +
                             exportFormatName(format),
                         others.empty() ? "Choose a target in Azure or Kubernetes." : others + ".");
    }
    if (format == ExportFormat::Kubernetes)
        return kubernetesManifests(plan);
    if (format == ExportFormat::Bicep)
        return bicepTemplate(plan);
    return shellScript(plan, format == ExportFormat::AzureCli);
}

RunTimeValue runTimeValue(const std::string& name)
{
    RunTimeValue value;
    value.name = name;
    value.isSecret = name.rfind("secret.", 0) == 0;
    const std::string plain = value.isSecret ? name.substr(7) : name;
    bool upper = false;
    for (const char c : plain) {
        if (std::isupper(static_cast<unsigned char>(c)) && !value.shell.empty())
            value.shell += '_';
        const bool isLetter = std::isalnum(static_cast<unsigned char>(c)) != 0;
        value.shell += isLetter ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : '_';
        if (isLetter)
            value.bicep += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = !isLetter;
    }
    value.whatItIs = "a value that is found out on the way";
    for (const Meaning& meaning : meanings) {
        if (meaning.value == name)
            value.whatItIs = meaning.text;
    }
    return value;
}

std::vector<TextPart> partsOf(const std::string& text)
{
    std::vector<TextPart> parts;
    size_t from = 0;
    for (size_t start = 0; (start = text.find("${", from)) != std::string::npos;) {
        const size_t end = text.find('}', start);
        if (end == std::string::npos)
            break;
        if (start > from)
            parts.push_back({false, text.substr(from, start - from)});
        parts.push_back({true, text.substr(start + 2, end - start - 2)});
        from = end + 1;
    }
    if (from < text.size())
        parts.push_back({false, text.substr(from)});
    return parts;
}

std::vector<std::string> valuesIn(const Json& json)
{
    std::vector<std::string> names;
    const auto add = [&names](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    if (json.is_string()) {
        for (const TextPart& part : partsOf(json.get<std::string>())) {
            if (part.isValue)
                add(part.text);
        }
    }
    if (json.is_structured()) {
        for (const Json& member : json) {
            for (const std::string& name : valuesIn(member))
                add(name);
        }
    }
    return names;
}

} // namespace lapidary::deploy
