// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the families of operators; each is defined in the file of its name.
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

std::span<const OpDef> attentionOps();
std::span<const OpDef> castOps();
std::span<const OpDef> elementwiseBinaryOps();
std::span<const OpDef> elementwiseUnaryOps();
std::span<const OpDef> convolutionOps();
std::span<const OpDef> matmulOps();
std::span<const OpDef> fusedOps();
std::span<const OpDef> microsoftOps();
std::span<const OpDef> mlEncodingOps();
std::span<const OpDef> mlFeaturesOps();
std::span<const OpDef> mlLinearOps();
std::span<const OpDef> mlMapsOps();
std::span<const OpDef> mlTreesOps();
std::span<const OpDef> normalizationOps();
std::span<const OpDef> poolingOps();
std::span<const OpDef> softmaxOps();
std::span<const OpDef> indexingOps();
std::span<const OpDef> quantizationOps();
std::span<const OpDef> quantizedProductOps();
std::span<const OpDef> detectionOps();
std::span<const OpDef> imageOps();
std::span<const OpDef> legacyOps();
std::span<const OpDef> optionalOps();
std::span<const OpDef> qlinearOps();
std::span<const OpDef> quantizedTransformerOps();
std::span<const OpDef> quantizedWeightsOps();
std::span<const OpDef> randomOps();
std::span<const OpDef> reductionOps();
std::span<const OpDef> resizeOps();
std::span<const OpDef> samplingOps();
std::span<const OpDef> sequenceOps();
std::span<const OpDef> shapeOps();
std::span<const OpDef> textOps();
std::span<const OpDef> recurrentOps();
std::span<const OpDef> signalOps();
std::span<const OpDef> einsumOps();
std::span<const OpDef> lossOps();
std::span<const OpDef> trainingOptimizersOps();
std::span<const OpDef> controlFlowOps();
std::span<const OpDef> gradientOps();
std::span<const OpDef> rewrittenOps();

} // namespace lapidary
