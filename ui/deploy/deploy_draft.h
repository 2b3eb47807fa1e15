// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a deployment that is being put together: what was chosen so far and, when all is, its plan.
// GUI thread; models are hashed and Azure is asked in jobs.
#pragma once

#include "engine/deploy/choices.h"
#include "engine/deploy/instance_types.h"
#include "engine/deploy/plan_difference.h"
#include "engine/deploy/preflight.h"
#include "engine/deploy/prices.h"
#include "ui/deploy/deployments.h"

#include <QObject>

namespace lapidary {

class ModelDocument;

class DeployDraft : public QObject {
    Q_OBJECT
public:
    // Both outlive it. Begins with what the model itself says.
    DeployDraft(ModelDocument& document, Deployments& deployments, QObject* parent = nullptr);

    ModelDocument& document() const { return m_document; }
    Deployments& deployments() const { return m_deployments; }

    const deploy::Choices& choices() const { return m_choices; }
    void setChoices(const deploy::Choices& choices);
    bool isAzure() const;

    // What callers of a container group send; made up at first, in memory until the deployment begins.
    QString apiKey() const { return m_apiKey; }
    void setApiKey(const QString& key) { m_apiKey = key; }

    // The model's files, read once in the background; null: not yet.
    const deploy::ModelFiles* files() const { return m_files ? &*m_files : nullptr; }
    // Those of the server that go into the image with them, with their sizes; empty: not yet, or not there.
    const std::vector<std::pair<std::string, uint64_t>>& serverFiles() const { return m_serverFiles; }

    // Files of the flavour "python": made for the model and the choices, but for those that the user changed.
    // readImageTexts makes them anew; it ends with imageTextsRead.
    void readImageTexts();
    const std::map<std::string, std::string>& imageTexts() const { return m_imageTexts; }
    void changeImageText(const std::string& name, const std::string& text);

    // Sizes of machines that the workspace's region has; asked for once. Ends with sizesFound.
    void findSizes();
    const std::vector<deploy::InstanceType>& sizes() const { return m_sizes; }

    // Makes the plan anew: asks the workspace for what is not chosen. Ends with planned.
    void makePlan();
    bool isPlanning() const { return m_planning != 0; }
    const deploy::DeployPlan* plan() const { return m_plan ? &*m_plan : nullptr; }
    const std::optional<Error>& error() const { return m_error; }

    // What Azure says to the plan; begins by itself when a plan for Azure is there. Ends with checked.
    struct Findings {
        std::vector<deploy::Check> checks;
        std::optional<deploy::Price> price;
        std::vector<deploy::ResourceDifference> differences;
    };
    const std::optional<Findings>& findings() const { return m_findings; }
    bool isChecking() const { return m_checking != 0; }
    // Puts right what a check found, then checks again.
    void mend(const deploy::Check& check);

signals:
    void changed(); // another choice
    void filesRead();
    void planned();
    void imageTextsRead();
    void sizesFound();
    void checked();

private:
    AzureAccess access() const;
    void readFiles();
    void check();

    ModelDocument& m_document;
    Deployments& m_deployments;
    deploy::Choices m_choices;
    QString m_apiKey;
    std::optional<deploy::ModelFiles> m_files;
    std::vector<std::pair<std::string, uint64_t>> m_serverFiles;
    std::map<std::string, std::string> m_imageTexts;
    std::map<std::string, std::string> m_changedTexts;
    std::optional<deploy::DeployPlan> m_plan;
    std::optional<Error> m_error;
    std::vector<deploy::InstanceType> m_sizes;
    std::optional<Findings> m_findings;
    JobId m_checking = 0;
    JobId m_planning = 0;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

} // namespace lapidary
