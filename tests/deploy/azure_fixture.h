// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a fake Azure with somebody signed in, and runs against it, for tests.
#pragma once

#include "engine/deploy/actions.h"
#include "engine/deploy/arm.h"
#include "engine/deploy/files.h"
#include "engine/deploy/http.h"
#include "engine/deploy/run.h"
#include "engine/deploy/workspace.h"
#include "tests/deploy/fake_azure/fake_azure.h"

#include <QProcess>
#include <QTemporaryDir>

namespace lapidary::deploy {

struct AzureFixture {
    QTemporaryDir folder;
    std::unique_ptr<fake_azure::FakeAzure> fake;
    std::unique_ptr<HttpClient> http;
    std::unique_ptr<Credentials> credentials;
    std::unique_ptr<ArmClient> arm;
    Cloud cloud;
    JobContext job;
    std::string apiKey; // of container groups
    QStringList lines;  // of the log
    RunObserver observer{{}, [this](const std::string& line) { lines << QString::fromStdString(line); }};
    Services services();

    // options: of the fake; folder and backend are set here.
    explicit AzureFixture(fake_azure::Options options = {});
    // Leaves the journal where LAPIDARY_JOURNAL says: its bodies are checked against Azure's schemas.
    ~AzureFixture();

    std::filesystem::path below(const char* name) const;
    // Of the digits sample, for the workspace; names of its own, so that the same run never meets what
    // another left.
    Choices choices(const char* target);
    Result<DeployPlan> plan(const Choices& choices);
    Result<DeployRun> newRun(const Choices& choices);
    Status go(DeployRun& run);
    Status takeAway(DeployRun& run);
    nlohmann::json resource(const std::string& belowWorkspace) const;

    // The command line against the fake, with apiKey.
    QProcessEnvironment environment() const;
    QStringList commandLine(const QStringList& arguments) const;
    // Goes on with the run in a program of its own until that says text, or ends, or a minute is over.
    // Returns what it said.
    QByteArray resumeUntil(QProcess& process, const DeployRun& run, const QByteArray& text) const;
    // The same to its end.
    QByteArray resumeToEnd(QProcess& process, const DeployRun& run) const;

private:
    void startResuming(QProcess& process, const DeployRun& run) const;

    int m_runs = 0;
};

} // namespace lapidary::deploy
