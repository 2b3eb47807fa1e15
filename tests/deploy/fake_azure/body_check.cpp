// SPDX-License-Identifier: GPL-3.0-or-later
#include "body_check.h"

#include <regex>

namespace fake_azure {

namespace {
const Json nothing;
}

const Json& BodyCheck::at(const std::string& path) const
{
    const Json* value = &m_body;
    size_t start = 0;
    while (start <= path.size()) {
        const size_t end = std::min(path.find('.', start), path.size());
        const std::string member = path.substr(start, end - start);
        if (!value->is_object() || !value->contains(member))
            return nothing;
        value = &(*value)[member];
        start = end + 1;
    }
    return *value;
}

void BodyCheck::problem(const std::string& path, const std::string& text)
{
    m_problems.push_back({{"code", "InvalidField"}, {"message", text}, {"target", path}});
}

const Json& BodyCheck::checked(const std::string& path, Need need, const char* type, bool (*is)(const Json&))
{
    const Json& value = at(path);
    if (value.is_null()) {
        if (need == Need::Required)
            problem(path, "The " + path + " field is required.");
        return nothing;
    }
    if (is(value))
        return value;
    problem(path, "The value of " + path + " is not " + type + ": " + value.dump());
    return nothing;
}

const Json& BodyCheck::object(const std::string& path, Need need)
{
    return checked(path, need, "an object", [](const Json& value) { return value.is_object(); });
}

const Json& BodyCheck::array(const std::string& path, Need need)
{
    return checked(path, need, "an array", [](const Json& value) { return value.is_array(); });
}

const Json& BodyCheck::text(const std::string& path, Need need)
{
    const Json& value = checked(path, need, "a string", [](const Json& v) { return v.is_string(); });
    if (need == Need::Required && value.is_string() && value.get_ref<const std::string&>().empty())
        problem(path, "The " + path + " field must not be empty.");
    return value;
}

const Json& BodyCheck::word(const std::string& path, std::initializer_list<const char*> allowed, Need need)
{
    const Json& value = text(path, need);
    if (value.is_null())
        return nothing;
    std::string list;
    for (const char* each : allowed) {
        if (sameText(value.get_ref<const std::string&>(), each))
            return value;
        list += (list.empty() ? "" : ", ") + std::string(each);
    }
    problem(path, "The value of " + path + " must be one of " + list + "; it is " + value.dump() + ".");
    return nothing;
}

const Json& BodyCheck::integer(const std::string& path, int64_t least, int64_t most, Need need)
{
    const Json& value =
        checked(path, need, "an integer", [](const Json& v) { return v.is_number_integer(); });
    if (value.is_null())
        return nothing;
    if (value.get<int64_t>() < least || value.get<int64_t>() > most)
        problem(path, "The value of " + path + " must be between " + std::to_string(least) + " and " +
                          std::to_string(most) + ".");
    return value;
}

const Json& BodyCheck::number(const std::string& path, Need need)
{
    return checked(path, need, "a number", [](const Json& value) { return value.is_number(); });
}

const Json& BodyCheck::boolean(const std::string& path, Need need)
{
    return checked(path, need, "a boolean", [](const Json& value) { return value.is_boolean(); });
}

const Json& BodyCheck::duration(const std::string& path, Need need)
{
    const Json& value = text(path, need);
    if (value.is_string() && durationSeconds(value) < 0)
        problem(path, "The value of " + path + " is not an ISO 8601 duration: " + value.dump());
    return value;
}

void BodyCheck::textMap(const std::string& path, Need need)
{
    const Json& map = object(path, need);
    if (map.is_null())
        return;
    for (const auto& [name, value] : map.items()) {
        if (!value.is_string() && !value.is_null())
            problem(path + '.' + name,
                    "The value of " + path + '.' + name + " is not a string: " + value.dump());
    }
}

void BodyCheck::done(const std::string& code) const
{
    if (m_problems.empty())
        return;
    ArmError error(400, code, m_problems[0]["message"], m_problems[0]["target"]);
    error.details = m_problems;
    throw error;
}

bool isEndpointName(const std::string& name)
{
    static const std::regex pattern("[A-Za-z](-?[A-Za-z0-9])+");
    return name.size() >= 3 && name.size() <= 32 && std::regex_match(name, pattern);
}

bool isAssetName(const std::string& name)
{
    static const std::regex pattern("[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");
    return std::regex_match(name, pattern);
}

double durationSeconds(const std::string& text)
{
    static const std::regex pattern(R"(P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?)");
    std::smatch parts;
    if (!std::regex_match(text, parts, pattern) || text == "P" || text.back() == 'T')
        return -1;
    double seconds = 0;
    const double units[]{86400, 3600, 60, 1};
    for (size_t i = 0; i < 4; ++i) {
        if (parts[i + 1].matched)
            seconds += std::stod(parts[i + 1]) * units[i];
    }
    return seconds;
}

void checkOnlineName(BodyCheck& check, const std::string& kind, const std::string& name)
{
    if (!isEndpointName(name))
        check.problem("name",
                      "The " + kind + " name '" + name +
                          "' is not valid: 3 to 32 letters, digits and single dashes, a letter first.");
}

} // namespace fake_azure
