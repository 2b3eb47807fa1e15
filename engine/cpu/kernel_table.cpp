// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernel_table.h"

#include "engine/cpu/kernels/families.h"

namespace lapidary {

std::span<const std::span<const KernelRow>> cpuKernelTable()
{
    static const std::vector<std::span<const KernelRow>> families{
        elementwiseUnaryKernels(),
        elementwiseBinaryKernels(),
        castKernels(),
        convolutionKernels(),
        fusedKernels(),
        microsoftKernels(),
        attentionKernels(),
        matmulKernels(),
        normalizationKernels(),
        poolingKernels(),
        softmaxKernels(),
        shapeKernels(),
        indexingKernels(),
        quantizationKernels(),
        quantizedProductKernels(),
        qlinearKernels(),
        quantizedTransformerKernels(),
        quantizedWeightsKernels(),
        randomKernels(),
        reductionKernels(),
        resizeKernels(),
        sequenceKernels(),
        optionalKernels(),
        mlEncodingKernels(),
        mlFeaturesKernels(),
        mlLinearKernels(),
        mlMapsKernels(),
        mlTreesKernels(),
        textKernels(),
        recurrentKernels(),
        signalKernels(),
        einsumKernels(),
        lossKernels(),
        trainingOptimizersKernels(),
        samplingKernels(),
        detectionKernels(),
        imageKernels(),
        legacyKernels(),
        controlFlowKernels(),
        gradientKernels(),
        affineKernels(),
        fusedConvolutionKernels(),
        fusedMatMulKernels(),
        fusedQuantizedKernels(),
        quantizedElementsKernels(),
    };
    return families;
}

} // namespace lapidary
