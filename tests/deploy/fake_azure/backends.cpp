// SPDX-License-Identifier: GPL-3.0-or-later
#include "backends.h"

#include <arpa/inet.h>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fake_azure {

int freePort()
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const bool bound = bind(socket, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                       getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    close(socket);
    if (!bound)
        throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

Backends::~Backends()
{
    while (!m_containers.empty())
        stop(m_containers.begin()->first);
}

void Backends::setAddress(const std::string& key, const std::string& url)
{
    const std::lock_guard lock(m_mutex);
    m_containers[key].url = url;
}

void Backends::setLog(const std::string& key, const std::string& text)
{
    const std::lock_guard lock(m_mutex);
    m_containers[key].logText = text;
}

void Backends::start(const std::string& key, std::vector<std::string> command, const std::string& log)
{
    const std::lock_guard lock(m_mutex);
    stop(key);
    const std::string port = std::to_string(freePort());
    for (std::string& word : command) {
        for (size_t at = word.find("{port}"); at != std::string::npos; at = word.find("{port}"))
            word.replace(at, 6, port);
    }
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (std::string& word : command)
        words.push_back(word.data());
    words.push_back(nullptr);
    const pid_t process = fork();
    if (process < 0)
        throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
    if (process == 0) {
        setpgid(0, 0); // so that what it starts ends with it
        sigset_t none; // the program fake_azure blocks signals in all its threads; this one must hear them
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        dup2(file, 1);
        dup2(file, 2);
        const long limit = sysconf(_SC_OPEN_MAX);
        for (int descriptor = 3; descriptor < (limit > 0 && limit < 4096 ? limit : 4096); ++descriptor)
            close(descriptor);
        execvp(words[0], words.data());
        std::perror(words[0]);
        _exit(127);
    }
    m_containers[key] = {"http://127.0.0.1:" + port, log, {}, process};
}

void Backends::stop(const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_containers.find(key);
    if (found == m_containers.end())
        return;
    if (const int process = found->second.process) {
        kill(-process, SIGTERM);
        for (int i = 0; i < 100 && waitpid(process, nullptr, WNOHANG) == 0; ++i) {
            usleep(20'000);
            if (i == 98) {
                kill(-process, SIGKILL);
                waitpid(process, nullptr, 0);
                break;
            }
        }
    }
    m_containers.erase(found);
}

std::string Backends::url(const std::string& key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_containers.find(key);
    return found == m_containers.end() ? std::string() : found->second.url;
}

std::string Backends::log(const std::string& key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_containers.find(key);
    if (found == m_containers.end())
        return {};
    if (found->second.logFile.empty())
        return found->second.logText;
    std::ifstream file(found->second.logFile);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

bool Backends::running(const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_containers.find(key);
    if (found == m_containers.end())
        return false;
    if (found->second.process && waitpid(found->second.process, nullptr, WNOHANG) != 0) {
        found->second.process = 0;
        found->second.url.clear();
        return false;
    }
    return true;
}

} // namespace fake_azure
