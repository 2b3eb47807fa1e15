// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/backends.h"

#include "engine/cpu/cpu_backend.h"

namespace lapidary {

const std::vector<BackendStatus>& backends()
{
    static const std::vector<BackendStatus> all = {
        {"cpu", &cpuBackend(), {}},
        {"cuda", nullptr,
         "this build has no CUDA backend module. Models run on the CPU; a build with the CUDA Toolkit and "
         "cuDNN "
         "is needed for GPU runs"},
    };
    return all;
}

Result<const Backend*> findBackend(std::string_view name)
{
    std::string known;
    for (const BackendStatus& status : backends()) {
        if (status.name == name) {
            if (status.backend)
                return status.backend;
            return makeError(ErrorCode::BackendUnavailable,
                             "the device '" + status.name + "' cannot be used: " + status.reason,
                             "Choose the device 'cpu'.");
        }
        known += (known.empty() ? "'" : ", '") + status.name + "'";
    }
    return makeError(ErrorCode::InvalidArgument,
                     "there is no device '" + std::string(name) + "'; known are " + known);
}

} // namespace lapidary
