// SPDX-License-Identifier: GPL-3.0-or-later
// Access tokens that were given out. Not safe to use from two threads: Cloud::mutex guards it.
#pragma once

#include "call.h"

namespace fake_azure {

struct AccessToken {
    std::string tenant;
    std::string audience; // https://management.azure.com
    std::string principal;
    int64_t expires = 0;
    int usesLeft = -1;
};

class Tokens {
public:
    void add(const std::string& text, AccessToken token) { m_tokens[text] = std::move(token); }
    // The token of an Authorization header, one use of it counted. Throws ArmError 401, with a challenge that
    // names `authority`, unless it is one of ours, alive, and for one of the audiences.
    const AccessToken& check(const Call& call, const std::vector<std::string>& audiences,
                             const std::string& authority);
    void expireAll();

private:
    std::map<std::string, AccessToken> m_tokens;
};

} // namespace fake_azure
