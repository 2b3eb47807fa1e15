// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes are read as a model: an error or a model whose weights can be loaded, never a crash.
#include "engine/onnx/checker.h"
#include "engine/onnx/reader.h"

#include <cstdint>

using namespace lapidary;

namespace {

void loadWeights(const Graph& graph)
{
    for (const Initializer& weight : graph.initializers) {
        // A declared shape may ask for more memory than there is; that has its own test.
        if (elementCount(weight.tensor.dims).value_or(INT64_MAX) <= 1 << 20)
            (void)weight.tensor.load();
    }
    for (const Node& node : graph.nodes) {
        for (const Attribute& attribute : node.attributes) {
            if (const auto* body = std::get_if<std::shared_ptr<const Graph>>(&attribute.data); body && *body)
                loadWeights(**body);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    JobContext job;
    const auto model = parseModel({reinterpret_cast<const std::byte*>(data), size}, nullptr, job);
    if (model.ok())
        loadWeights((*model)->graph);
    return 0;
}
