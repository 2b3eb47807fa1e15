// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/action_table.h"

namespace lapidary::deploy {

const Action* findAction(std::string_view name)
{
    for (const auto table : {imageActions(), localActions(), endpointActions(), azureActions()}) {
        for (const Action& action : table) {
            if (action.name == name)
                return &action;
        }
    }
    return nullptr;
}

} // namespace lapidary::deploy
