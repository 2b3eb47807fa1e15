// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: every pass, each in a file of its name. What they do is in pass_table.cpp.
#pragma once

#include "engine/passes/rewriter.h"

namespace lapidary {

Status removeIdentityNodes(Rewriter& rewriter);
Status foldQuantization(Rewriter& rewriter);
Status widenHalves(Rewriter& rewriter);
Status recogniseActivations(Rewriter& rewriter);
Status recogniseLayerNormalization(Rewriter& rewriter);
Status foldAffine(Rewriter& rewriter);
Status fuseConvolution(Rewriter& rewriter);
Status fuseProducts(Rewriter& rewriter);
Status channelsLastLayout(Rewriter& rewriter);

} // namespace lapidary
