// SPDX-License-Identifier: GPL-3.0-or-later
// Checks request bodies as a service would: all problems of a body are collected, then reported together.
#pragma once

#include "call.h"

#include <initializer_list>

namespace fake_azure {

enum class Need { Required, Optional };

class BodyCheck {
public:
    explicit BodyCheck(const Json& body) : m_body(body) {}

    // Paths are members joined by dots. A member that is null counts as absent. The functions return the
    // value, or null if it is absent or wrong.
    const Json& object(const std::string& path, Need need = Need::Required);
    const Json& array(const std::string& path, Need need = Need::Required);
    const Json& text(const std::string& path, Need need = Need::Required);
    const Json& word(const std::string& path, std::initializer_list<const char*> allowed,
                     Need need = Need::Required);
    const Json& integer(const std::string& path, int64_t least, int64_t most, Need need = Need::Required);
    const Json& number(const std::string& path, Need need = Need::Required);
    const Json& boolean(const std::string& path, Need need = Need::Optional);
    const Json& duration(const std::string& path, Need need = Need::Optional); // ISO 8601: PT5S
    void textMap(const std::string& path, Need need = Need::Optional);         // string -> string
    void problem(const std::string& path, const std::string& text);
    bool has(const std::string& path) const { return !at(path).is_null(); }
    const Json& at(const std::string& path) const;

    // Throws ArmError 400 if there were problems: the first as message, all in details.
    void done(const std::string& code = "ValidationError") const;

private:
    const Json& checked(const std::string& path, Need need, const char* type, bool (*is)(const Json&));
    const Json& m_body;
    Json m_problems = Json::array();
};

// Endpoint and deployment names: a letter first, 3-32 letters, digits and single dashes.
bool isEndpointName(const std::string& name);
// kind: "endpoint", "deployment".
void checkOnlineName(BodyCheck& check, const std::string& kind, const std::string& name);
// Asset names: 1-255 letters, digits, _ - . ; a letter, digit or underscore first.
bool isAssetName(const std::string& name);
// Seconds of PT1H30M5S; negative if it is no duration.
double durationSeconds(const std::string& text);

} // namespace fake_azure
