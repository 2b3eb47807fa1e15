// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/passes/pass_table.h"

#include "engine/passes/passes.h"

#include <algorithm>

namespace lapidary {

namespace {

constexpr Pass passes[] = {
    {"remove-identities", "Identity, Cast to the same type, and Dropout outside of training, are left out.",
     removeIdentityNodes, true},
    {"fold-quantization", "Operators between dequantized inputs and a quantized output run on the bytes.",
     foldQuantization, true},
    {"widen-halves", "Nodes of float16, which compute in float32, hand on float32.", widenHalves},
    {"recognise-activations", "Gelu, Swish and HardSwish written as several nodes become one.",
     recogniseActivations},
    {"recognise-layer-normalization", "LayerNormalization written as several nodes becomes one.",
     recogniseLayerNormalization},
    {"fold-affine", "Normalizations, factors and sums by channel become part of a convolution, or one node.",
     foldAffine},
    {"fuse-convolution", "A convolution takes in the sum and the activation that follow.", fuseConvolution},
    {"fuse-products", "A product with a constant matrix takes in bias, sum and activation that follow.",
     fuseProducts},
    {"channels-last", "Convolutions and what lies between them run with channels as the last axis.",
     channelsLastLayout},
};

std::string passNames()
{
    std::string names;
    for (const Pass& pass : passes)
        names += (names.empty() ? "" : ", ") + std::string(pass.name);
    return names;
}

} // namespace

std::span<const Pass> passTable() { return passes; }

Result<PassSelection> parsePasses(std::string_view text)
{
    PassSelection selection;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        if (item.empty() || item == "all")
            continue;
        const std::string_view name = item == "none" ? "all" : item.substr(item.starts_with('-') ? 1 : 0);
        const bool isKnown = std::any_of(std::begin(passes), std::end(passes),
                                         [&](const Pass& pass) { return pass.name == name; });
        if (item != "none" && (!item.starts_with('-') || !isKnown))
            return makeError(ErrorCode::InvalidArgument,
                             "passes: expected 'all', 'none' or '-NAME', found '" + std::string(item) + "'",
                             "Passes are " + passNames() + ".");
        selection.off.emplace(name);
    }
    return selection;
}

Status runPasses(Rewriter& rewriter, const PassSelection& selection, bool seeCodes,
                 std::vector<PassReport>& reports, const JobContext& job)
{
    for (const Pass& pass : passes) {
        if (pass.seesCodes != seeCodes || !selection.runs(pass.name))
            continue;
        if (job.stopRequested())
            return cancelled();
        TRY(pass.run(rewriter));
        rewriter.eraseUnread();
        reports.push_back({std::string(pass.name), rewriter.takeNotes()});
    }
    return {};
}

} // namespace lapidary
