// SPDX-License-Identifier: GPL-3.0-or-later
#include "clock.h"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace fake_azure {

int64_t now()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

namespace {

std::string utcText(int64_t milliseconds, const char* format)
{
    const std::time_t seconds = milliseconds / 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[40];
    std::strftime(text, sizeof text, format, &utc);
    return text;
}

} // namespace

std::string isoSeconds(int64_t milliseconds) { return utcText(milliseconds, "%Y-%m-%dT%H:%M:%SZ"); }

std::string httpTime(int64_t milliseconds) { return utcText(milliseconds, "%a, %d %b %Y %H:%M:%S GMT"); }

std::string isoTime(int64_t milliseconds)
{
    std::string text = isoSeconds(milliseconds);
    char fraction[8];
    std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(milliseconds % 1000));
    text.replace(text.size() - 1, 1, fraction);
    return text;
}

} // namespace fake_azure
