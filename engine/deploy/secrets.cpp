// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/secrets.h"

#include "engine/deploy/action_table.h"
#include "engine/deploy/arm.h"

#include <QString>

#include <algorithm>

namespace lapidary::deploy {

namespace {

std::string fromEnvironment(const std::string& name)
{
    return name == "apiKey" ? qEnvironmentVariable("LAPIDARY_API_KEY").toStdString() : std::string();
}

// It is to stand in a header, and not to be guessed.
bool isGoodKey(const std::string& key)
{
    return key.size() >= 16 && std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; });
}

Result<std::string> fetched(const StepContext& context, const std::string& name, const Json& source)
{
    TRY_ASSIGN(ArmClient * arm, armOf(context));
    TRY_ASSIGN(const Json answer, arm->post(textAt(source, "post"), {}, context.job));
    const Json* found = &answer;
    static const Json none;
    for (const Json& part : at(source, "path")) {
        if (part.is_string())
            found = &at(*found, part.get_ref<const std::string&>().c_str());
        else
            found = found->is_array() && part.get<size_t>() < found->size() ? &(*found)[part.get<size_t>()]
                                                                            : &none;
    }
    if (!found->is_string() || found->get_ref<const std::string&>().empty())
        return makeError(ErrorCode::AuthFailure, "Azure does not tell '" + name + "'");
    return found->get<std::string>();
}

} // namespace

Result<std::string> askedSecret(const Services& services, const std::string& name)
{
    auto secret = services.secret ? services.secret(name) : Result<std::string>(fromEnvironment(name));
    if (!secret.ok() || isGoodKey(*secret))
        return secret;
    return makeError(ErrorCode::InvalidArgument,
                     secret->empty()
                         ? "there is no key for the callers of the endpoint"
                         : "the key for the callers has less than 16 letters, or others than ASCII's",
                     "Choose one and keep it: export LAPIDARY_API_KEY=$(openssl rand -hex 32); then resume.");
}

Result<Values> secretsOf(const StepContext& context)
{
    Values values;
    const Json& secrets = at(context.step.input, "secrets");
    for (auto secret = secrets.begin(); secrets.is_object() && secret != secrets.end(); ++secret) {
        const std::string asked = textAt(secret.value(), "ask");
        auto value = asked.empty() ? fetched(context, secret.key(), secret.value())
                                   : askedSecret(context.services, asked);
        if (!value.ok())
            return std::move(value).error();
        values[secret.key()] = std::move(*value);
    }
    return values;
}

} // namespace lapidary::deploy
