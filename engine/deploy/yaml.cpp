// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/yaml.h"

#include "engine/base/text.h"

#include <algorithm>

namespace lapidary::deploy {

namespace {

// Letters, and what YAML gives no meaning; never what it would read as a number, a truth or nothing.
bool isPlain(const std::string& text)
{
    if (text.empty() || !(std::isalpha(static_cast<unsigned char>(text.front())) || text.front() == '/'))
        return false;
    for (const char* word : {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}) {
        if (lowerCase(text) == word)
            return false;
    }
    return text.find(": ") == std::string::npos && text.back() != ':' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) ||
                      std::string_view("._/-:@=").find(c) != std::string_view::npos;
           });
}

std::string scalar(const Json& json)
{
    if (!json.is_string())
        return json.empty() && json.is_structured() ? (json.is_array() ? "[]" : "{}") : json.dump();
    // A JSON string is a YAML string in double quotes.
    return isPlain(json.get<std::string>()) ? json.get<std::string>() : json.dump();
}

bool isBlock(const Json& json) { return json.is_structured() && !json.empty(); }

void write(std::string& out, const Json& json, const std::string& indent)
{
    if (json.is_array()) {
        for (const Json& element : json) {
            out += indent + "- ";
            if (!isBlock(element)) {
                out += scalar(element) + "\n";
                continue;
            }
            // The first member stands beside the dash.
            std::string block;
            write(block, element, indent + "  ");
            out += block.substr(indent.size() + 2);
        }
        return;
    }
    for (auto member = json.begin(); member != json.end(); ++member) {
        out += indent + scalar(member.key()) + ":";
        if (!isBlock(member.value())) {
            out += " " + scalar(member.value()) + "\n";
            continue;
        }
        out += "\n";
        write(out, member.value(), indent + (member.value().is_array() ? "" : "  "));
    }
}

} // namespace

std::string toYaml(const Json& json)
{
    if (!isBlock(json))
        return scalar(json) + "\n";
    std::string out;
    write(out, json, "");
    return out;
}

} // namespace lapidary::deploy
