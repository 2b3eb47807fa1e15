// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/deploy_connection.h"

#include "engine/deploy/files.h"
#include "engine/deploy/http.h"
#include "engine/deploy/workspace.h"

#include <csignal>
#include <filesystem>
#include <iostream>

namespace lapidary::cli {

namespace {

using namespace deploy;

std::stop_source interrupted;

// The one thing that a handler does.
void interrupt(int) { interrupted.request_stop(); }

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

// The variables are those of Azure's own SDKs.
SignIn signInOf(const ConnectionArguments& arguments, const Cloud& cloud)
{
    static const std::map<std::string, SignInWay> ways{{"cli", SignInWay::AzureCli},
                                                       {"browser", SignInWay::Browser},
                                                       {"device-code", SignInWay::DeviceCode},
                                                       {"secret", SignInWay::ServicePrincipal},
                                                       {"managed-identity", SignInWay::ManagedIdentity}};
    SignIn how{.cloud = cloud,
               .tenant = environment("AZURE_TENANT_ID"),
               .clientId = environment("AZURE_CLIENT_ID"),
               .secret = environment("AZURE_CLIENT_SECRET"),
               .openPage = [](const std::string& url) { std::cerr << "Sign in at: " << url << std::endl; },
               .showCode = [](const DeviceCode& code) { std::cerr << code.message << std::endl; },
               .keepToken = {}};
    if (!arguments.signIn.empty())
        how.way = ways.at(arguments.signIn);
    else if (!how.secret.empty())
        how.way = SignInWay::ServicePrincipal;
    return how;
}

} // namespace

void ConnectionArguments::addTo(CLI::App& app)
{
    app.add_option("--ca", caFile, "PEM file of certificate authorities to trust as well");
    app.add_option("--cloud", cloud, "public, usgov, china, or a JSON file of hosts")->capture_default_str();
    app.add_option("--sign-in", signIn,
                   "cli, device-code, browser, managed-identity, or secret (variables AZURE_TENANT_ID, "
                   "AZURE_CLIENT_ID, AZURE_CLIENT_SECRET)")
        ->check(CLI::IsMember({"cli", "device-code", "browser", "managed-identity", "secret"}));
}

void ConnectionArguments::addWorkspaceTo(CLI::App& app)
{
    app.add_option("--config", configFile, "config.json of an Azure workspace");
    app.add_option("--subscription", workspace.subscription, "Azure: its id");
    app.add_option("--resource-group", workspace.resourceGroup, "Azure");
    app.add_option("--workspace", workspace.name, "Azure Machine Learning workspace");
}

Result<Cloud> cloudOf(const ConnectionArguments& arguments)
{
    if (!std::filesystem::exists(arguments.cloud))
        return cloudNamed(arguments.cloud);
    TRY_ASSIGN(const deploy::Json json, readJsonFile(arguments.cloud));
    return cloudFromJson(json);
}

Result<Workspace> workspaceOf(const ConnectionArguments& arguments)
{
    if (!arguments.configFile.empty())
        return workspaceFromFile(arguments.configFile);
    if (arguments.workspace.path().empty())
        return makeError(ErrorCode::InvalidArgument, "there is no workspace",
                         "Name it with --config FILE, or --subscription, --resource-group and --workspace.");
    return arguments.workspace;
}

Result<std::unique_ptr<Connection>> outside(const ConnectionArguments& arguments, const Cloud& cloud,
                                            bool azure, JobContext& job)
{
    HttpOptions options;
    options.extraCaFile = arguments.caFile;
    std::shared_ptr<Credentials> credentials;
    if (azure) {
        TRY_ASSIGN(const auto http, HttpClient::create(options));
        TRY_ASSIGN(credentials, signIn(signInOf(arguments, cloud), *http, job));
    }
    return connect(std::move(options), cloud, std::move(credentials));
}

std::stop_token stopOnInterrupt()
{
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    return interrupted.get_token();
}

} // namespace lapidary::cli
