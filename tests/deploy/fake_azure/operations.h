// SPDX-License-Identifier: GPL-3.0-or-later
// Long-running operations. They need no thread: what is due happens when somebody next asks anything.
#pragma once

#include "call.h"

#include <functional>
#include <memory>

namespace fake_azure {

struct OperationPlan {
    std::string resourceId; // what it works on: other operations on it, or below it, conflict
    std::string provider;   // Microsoft.MachineLearningServices
    std::string location;
    std::string prefix; // oeidp, odidp, ...: first part of the id
    int milliseconds = 50;
    // Called once at the end, with the error or null.
    std::function<void(const Json& error)> finish = {};
    // What GET of the Location answers after success; 204 if there is none.
    std::function<Reply()> result = {};
};

struct Operation {
    OperationPlan plan;
    std::string id;
    std::string version; // api-version of the request
    int64_t start = 0;
    int64_t end = 0;
    bool finished = false;
    std::string status = "InProgress"; // Succeeded, Failed, Canceled at the end
    Json error;                        // what it will end with, or ended with
    std::string faultKind;
    double fraction() const; // of its time
};

class Operations {
public:
    // The fault of the call decides how it ends.
    std::shared_ptr<Operation> start(const Call& call, OperationPlan plan);
    void settle(); // ends those that are due
    std::shared_ptr<Operation> find(const std::string& id) const;
    std::shared_ptr<Operation> running(const std::string& resourceId) const; // on it, or below it

private:
    std::map<std::string, std::shared_ptr<Operation>> m_operations;
};

} // namespace fake_azure
