// SPDX-License-Identifier: GPL-3.0-or-later
// The areas of Azure: one file and one function each, which adds the area's routes.
#pragma once

#include "cloud.h"
#include "router.h"

namespace fake_azure {

void addControl(Router& router, Cloud& cloud);     // control.cpp: /_fake/...
void addEntra(Router& router, Cloud& cloud);       // entra.cpp: sign-in pages
void addEntraTokens(Router& router, Cloud& cloud); // entra_tokens.cpp: token endpoint, managed identity
void addArmCore(Router& router, Cloud& cloud);     // arm_core.cpp: tenants, subscriptions, providers, groups
void addOperations(Router& router, Cloud& cloud);  // arm_operations.cpp: state of long-running operations
void addWorkspaces(Router& router, Cloud& cloud);  // ml_workspaces.cpp: workspaces, quota, sizes
void addDatastores(Router& router, Cloud& cloud);  // ml_datastores.cpp
void addAssets(Router& router, Cloud& cloud);      // ml_assets.cpp: models, environments, codes
void addEndpoints(Router& router, Cloud& cloud);   // ml_endpoints.cpp
void addDeployments(Router& router, Cloud& cloud); // ml_deployments.cpp
void addBlobs(Router& router, Cloud& cloud);       // blobs.cpp: storage behind the fake
void addScoring(Router& router, Cloud& cloud);     // scoring.cpp: calls of deployed models
void addComputes(Router& router, Cloud& cloud);    // ml_computes.cpp: attached clusters
void addContainerGroups(Router& router, Cloud& cloud); // container_groups.cpp
void addRegistries(Router& router, Cloud& cloud);      // registries.cpp: as ARM resources
void addRegistryTasks(Router& router, Cloud& cloud);   // registry_tasks.cpp: builds
void addRegistryTokens(Router& router, Cloud& cloud);  // registry_tokens.cpp: the registry itself
void addMetrics(Router& router, Cloud& cloud);         // metrics.cpp
void addPrices(Router& router, Cloud& cloud);          // prices.cpp
void addTemplates(Router& router, Cloud& cloud);       // templates.cpp: validate, what-if

} // namespace fake_azure
