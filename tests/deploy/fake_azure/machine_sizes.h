// SPDX-License-Identifier: GPL-3.0-or-later
// The virtual machines that the fake cloud has.
#pragma once

#include <string>
#include <vector>

namespace fake_azure {

struct Cloud;

struct MachineSize {
    std::string name;
    std::string family;
    int cores;
    double memoryGb;
    int gpus;
};

const std::vector<MachineSize>& machineSizes(); // by family
const MachineSize* machineSize(const std::string& name);
int usedCores(Cloud& cloud, const std::string& family); // of all deployments

} // namespace fake_azure
