// SPDX-License-Identifier: GPL-3.0-or-later
// What the bodies of asset versions must hold.
#pragma once

#include "body_check.h"

namespace fake_azure {

void checkCommonProperties(BodyCheck& check); // description, tags, properties, isArchived, isAnonymous
void checkModelVersion(BodyCheck& check);
void checkEnvironmentVersion(BodyCheck& check);
void checkCodeVersion(BodyCheck& check);

// Stored addresses of data name subscription, group and workspace, even if they were sent in the short form.
void makeUrisLong(Json& properties, const Call& call);
// `tags` as in the query: k1,k2=v2
bool hasTags(const Json& resource, const std::string& tags);

} // namespace fake_azure
