// SPDX-License-Identifier: GPL-3.0-or-later
// fake_azure --folder DIR [--port N] [--azurite URL] [--registry URL] [--config FILE] [--set NAME=JSON]...
// Prints its addresses as one line of JSON when it is ready; runs until it is told to stop.
#include "fake_azure.h"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

using namespace fake_azure;

namespace {

int usage(const char* why)
{
    std::cerr << why
              << "\nfake_azure --folder DIR [--port N] [--azurite URL] [--registry URL] [--config FILE]"
                 " [--set NAME=JSON]...\n";
    return 2;
}

} // namespace

int main(int argc, char** argv)
{
    // Blocked before any thread starts, so that all threads inherit it and sigwait gets the signals.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    try {
        nlohmann::json options = nlohmann::json::object();
        for (int i = 1; i < argc; ++i) {
            const std::string option = argv[i];
            if (i + 1 == argc)
                return usage("An option without a value, or an unknown word.");
            const std::string value = argv[++i];
            if (option == "--folder" || option == "--azurite" || option == "--registry") {
                options[option.substr(2)] = value;
            } else if (option == "--port") {
                options["port"] = std::stoi(value);
            } else if (option == "--config") {
                std::ifstream file(value);
                options.update(nlohmann::json::parse(file));
            } else if (option == "--set" && value.find('=') != std::string::npos) {
                options[value.substr(0, value.find('='))] =
                    nlohmann::json::parse(value.substr(value.find('=') + 1));
            } else {
                return usage(("Unknown option " + option).c_str());
            }
        }
        FakeAzure fake(optionsFromJson(options));
        fake.start();
        std::cout << fake.addresses().dump() << std::endl;
        int signal = 0;
        sigwait(&signals, &signal);
        fake.stop();
    } catch (const std::exception& error) {
        std::cerr << "fake_azure: " << error.what() << '\n';
        return 1;
    }
}
