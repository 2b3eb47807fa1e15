// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/action_table.h"

namespace lapidary::deploy {

const Action* findAction(std::string_view name)
{
    for (const auto table : {imageActions(), localActions(), endpointActions(), azureActions(),
                             containerActions(), kubernetesActions(), buildActions()}) {
        for (const Action& action : table) {
            if (action.name == name)
                return &action;
        }
    }
    return nullptr;
}

Result<ArmClient*> armOf(const StepContext& context)
{
    if (context.services.arm)
        return context.services.arm;
    return makeError(ErrorCode::AuthFailure, "nobody is signed in to Azure", "Sign in, then resume.");
}

} // namespace lapidary::deploy
