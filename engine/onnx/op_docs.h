// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the specification of an operator as libonnx has it, for display and for names of inputs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary {

struct OpParameter {
    std::string name;
    std::string typeText;
    std::string doc; // Markdown
    bool optional = false;
    bool variadic = false;
};

struct OpAttributeDoc {
    std::string name;
    std::string typeText;
    std::string doc;
    bool required = false;
    std::string defaultText; // empty: none
};

struct OpDocumentation {
    std::string domain;
    std::string name;
    int sinceVersion = 0; // of the version that the asked opset uses
    std::string doc;      // Markdown
    std::vector<OpAttributeDoc> attributes;
    std::vector<OpParameter> inputs;
    std::vector<OpParameter> outputs;
    bool deprecated = false;
};

// nullopt when libonnx does not know the operator at that opset. Thread safe; the first call builds
// libonnx's registry (about 50 ms): not on the GUI thread.
std::optional<OpDocumentation> opDocumentation(std::string_view domain, std::string_view opType,
                                               int64_t opset);
struct OpVersion {
    std::string domain; // "" is ai.onnx
    std::string name;
    int version = 0;
};
// Every version of every operator that the installed libonnx knows, by domain, name and version.
std::vector<OpVersion> documentedOperators();
// The newest opset of ai.onnx that the installed libonnx knows.
int64_t newestDocumentedOpset();

} // namespace lapidary
