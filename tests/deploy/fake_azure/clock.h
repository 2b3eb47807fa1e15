// SPDX-License-Identifier: GPL-3.0-or-later
// Time of the fake: milliseconds since 1970, and Azure's texts of it.
#pragma once

#include <cstdint>
#include <string>

namespace fake_azure {

int64_t now();
std::string isoTime(int64_t milliseconds);    // 2026-01-31T12:00:00.123Z
std::string httpTime(int64_t milliseconds);   // Sat, 31 Jan 2026 12:00:00 GMT
std::string isoSeconds(int64_t milliseconds); // 2026-01-31T12:00:00Z, the form of shared access signatures

} // namespace fake_azure
