// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/families.h"

#include <algorithm>

namespace lapidary {

std::span<const std::span<const OpDef>> opTable()
{
    static const auto table = std::to_array<std::span<const OpDef>>({
        elementwiseUnaryOps(),
        elementwiseBinaryOps(),
        castOps(),
        convolutionOps(),
        fusedOps(),
        microsoftOps(),
        attentionOps(),
        matmulOps(),
        normalizationOps(),
        poolingOps(),
        softmaxOps(),
        shapeOps(),
        indexingOps(),
        quantizationOps(),
        quantizedProductOps(),
        qlinearOps(),
        quantizedTransformerOps(),
        quantizedWeightsOps(),
        randomOps(),
        reductionOps(),
        resizeOps(),
        sequenceOps(),
        optionalOps(),
        mlEncodingOps(),
        mlFeaturesOps(),
        mlLinearOps(),
        mlMapsOps(),
        mlTreesOps(),
        textOps(),
        recurrentOps(),
        signalOps(),
        einsumOps(),
        lossOps(),
        trainingOptimizersOps(),
        samplingOps(),
        detectionOps(),
        imageOps(),
        legacyOps(),
        controlFlowOps(),
        gradientOps(),
        rewrittenOps(),
    });
    return table;
}

const OpDef* findOp(std::string_view domain, std::string_view name)
{
    static const auto index = [] {
        std::unordered_map<std::string_view, std::vector<const OpDef*>> byName;
        for (const std::span<const OpDef> family : opTable()) {
            for (const OpDef& op : family)
                byName[op.name].push_back(&op);
        }
        return byName;
    }();
    const auto found = index.find(name);
    if (found == index.end())
        return nullptr;
    for (const OpDef* op : found->second) {
        if (domainName(op->domain) == domainName(domain))
            return op;
    }
    return nullptr;
}

int OpDef::versionAt(int64_t opset) const
{
    const auto younger = std::upper_bound(versions.begin(), versions.end(), opset);
    return younger == versions.begin() ? 0 : *(younger - 1);
}

} // namespace lapidary
