// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the kernel rows of each operator family, defined at the end of kernels/<family>.cpp and
// listed in kernel_table.cpp. Operators of a family: engine/ops/<family>.cpp.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

std::span<const KernelRow> affineKernels();
std::span<const KernelRow> attentionKernels();
std::span<const KernelRow> castKernels();
std::span<const KernelRow> elementwiseBinaryKernels();
std::span<const KernelRow> elementwiseUnaryKernels();
std::span<const KernelRow> convolutionKernels();
std::span<const KernelRow> matmulKernels();
std::span<const KernelRow> fusedKernels();
std::span<const KernelRow> microsoftKernels();
std::span<const KernelRow> mlEncodingKernels();
std::span<const KernelRow> mlFeaturesKernels();
std::span<const KernelRow> mlLinearKernels();
std::span<const KernelRow> mlMapsKernels();
std::span<const KernelRow> mlTreesKernels();
std::span<const KernelRow> normalizationKernels();
std::span<const KernelRow> poolingKernels();
std::span<const KernelRow> softmaxKernels();
std::span<const KernelRow> indexingKernels();
std::span<const KernelRow> quantizationKernels();
std::span<const KernelRow> quantizedProductKernels();
std::span<const KernelRow> detectionKernels();
std::span<const KernelRow> imageKernels();
std::span<const KernelRow> legacyKernels();
std::span<const KernelRow> optionalKernels();
std::span<const KernelRow> qlinearKernels();
std::span<const KernelRow> quantizedTransformerKernels();
std::span<const KernelRow> quantizedWeightsKernels();
std::span<const KernelRow> randomKernels();
std::span<const KernelRow> reductionKernels();
std::span<const KernelRow> resizeKernels();
std::span<const KernelRow> samplingKernels();
std::span<const KernelRow> sequenceKernels();
std::span<const KernelRow> shapeKernels();
std::span<const KernelRow> textKernels();
std::span<const KernelRow> recurrentKernels();
std::span<const KernelRow> signalKernels();
std::span<const KernelRow> einsumKernels();
std::span<const KernelRow> lossKernels();
std::span<const KernelRow> trainingOptimizersKernels();
std::span<const KernelRow> controlFlowKernels();
std::span<const KernelRow> gradientKernels();
std::span<const KernelRow> fusedConvolutionKernels();
std::span<const KernelRow> fusedMatMulKernels();
std::span<const KernelRow> fusedQuantizedKernels();
std::span<const KernelRow> quantizedElementsKernels();

} // namespace lapidary
