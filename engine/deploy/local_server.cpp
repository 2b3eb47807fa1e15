// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/local_server.h"

#include <algorithm>
#include <deque>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;

namespace lapidary::deploy {

int findServer(const fs::path& rootFolder)
{
    const std::string program = (rootFolder / "app" / "lapidary-serve").string();
    std::error_code problem;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc", problem)) {
        const std::string name = entry.path().filename().string();
        if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); }))
            continue;
        std::ifstream file(entry.path() / "cmdline", std::ios::binary);
        const std::string command{std::istreambuf_iterator<char>(file), {}};
        if (command.find(program + '\0') != std::string::npos)
            return std::stoi(name);
    }
    return 0;
}

std::string lastLines(const fs::path& logFile, int lines)
{
    std::ifstream file(logFile);
    std::deque<std::string> last;
    for (std::string line; std::getline(file, line);) {
        last.push_back(line);
        if (last.size() > static_cast<size_t>(lines))
            last.pop_front();
    }
    std::string text;
    for (const std::string& line : last)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

std::string addressIn(const fs::path& logFile)
{
    std::ifstream file(logFile);
    for (std::string line; std::getline(file, line);) {
        if (const size_t start = line.find(" at http://"); start != std::string::npos)
            return line.substr(start + 4);
    }
    return {};
}

} // namespace lapidary::deploy
