// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/recurrent.h"

#include "engine/ops/families.h"

namespace lapidary {

namespace {

Error wrongShape(const char* input, const std::string& expected, const std::string& found)
{
    return makeError(ErrorCode::ShapeMismatch,
                     "input " + std::string(input) + ": expected " + expected + ", found " + found);
}

// The hidden size that an input says, checked against what is known; dimension gates * hidden.
Status mergeHidden(Dim& hidden, const Dim& found, int64_t blocks, const char* input)
{
    if (!found.known())
        return {};
    if (found.value % blocks != 0 || (hidden.known() && hidden.value != found.value / blocks))
        return wrongShape(input,
                          hidden.known() ? std::to_string(blocks) + " blocks of hidden_size " +
                                               std::to_string(hidden.value)
                                         : "a multiple of " + std::to_string(blocks),
                          std::to_string(found.value));
    hidden = Dim(found.value / blocks);
    return {};
}

Status setRecurrentOutputs(InferenceContext& context, const RecurrentAttributes& attributes,
                           const Dim& hidden)
{
    const Shape* x = context.inputShape(0);
    if (x && x->size() != 3)
        return wrongShape("X", "3 dimensions", toString(*x));
    const Dim steps = x ? (*x)[attributes.batchFirst ? 1 : 0] : Dim();
    const Dim batch = x ? (*x)[attributes.batchFirst ? 0 : 1] : Dim();
    const DataType type = context.inputDataType(0);
    context.setOutput(0, type, sequenceSizes<Shape>(attributes, steps, batch, hidden));
    context.setOutput(1, type, stateSizes<Shape>(attributes, batch, hidden));
    if (attributes.cell == RecurrentCell::Lstm)
        context.setOutput(2, type, stateSizes<Shape>(attributes, batch, hidden));
    return {};
}

Status inferRecurrent(InferenceContext& context)
{
    TRY_ASSIGN(const RecurrentAttributes attributes, recurrentAttributes(context.node()));
    Dim hidden = attributes.hidden ? Dim(*attributes.hidden) : Dim();
    if (const Shape* w = context.inputShape(1); w && w->size() == 3)
        TRY(mergeHidden(hidden, (*w)[1], attributes.gates, "W"));
    if (const Shape* r = context.inputShape(2); r && r->size() == 3)
        TRY(mergeHidden(hidden, (*r)[2], 1, "R"));
    return setRecurrentOutputs(context, attributes, hidden);
}

// Its weights are transposed: W [directions, input, 4 * hidden], R [directions, hidden, 4 * hidden].
Status inferDynamicQuantizeLstm(InferenceContext& context)
{
    TRY_ASSIGN(const RecurrentAttributes attributes, recurrentAttributes(context.node()));
    Dim hidden = attributes.hidden ? Dim(*attributes.hidden) : Dim();
    if (const Shape* w = context.inputShape(1); w && w->size() == 3)
        TRY(mergeHidden(hidden, (*w)[2], attributes.gates, "W"));
    if (const Shape* r = context.inputShape(2); r && r->size() == 3)
        TRY(mergeHidden(hidden, (*r)[1], 1, "R"));
    return setRecurrentOutputs(context, attributes, hidden);
}

constexpr int since1And7And14And22[] = {1, 7, 14, 22};
constexpr int gruVersions[] = {1, 3, 7, 14, 22};
constexpr int since1[] = {1};

constexpr OpDef ops[] = {
    {"", "RNN", since1And7And14And22, inferRecurrent},
    {"", "GRU", gruVersions, inferRecurrent},
    {"", "LSTM", since1And7And14And22, inferRecurrent},
    {"com.microsoft", "DynamicQuantizeLSTM", since1, inferDynamicQuantizeLstm},
};

} // namespace

Result<RecurrentAttributes> recurrentAttributes(const Node& node)
{
    RecurrentAttributes attributes;
    if (node.opType != "RNN") {
        attributes.cell = node.opType == "GRU" ? RecurrentCell::Gru : RecurrentCell::Lstm;
        attributes.gates = node.opType == "GRU" ? 3 : 4;
    }
    const std::string direction = node.stringAttribute("direction", "forward");
    attributes.directions = direction == "bidirectional" ? 2 : 1;
    attributes.reverse = direction == "reverse";
    // "foward": the default that old schemas have, and old files may say.
    if (direction != "forward" && direction != "foward" && !attributes.reverse && attributes.directions == 1)
        return makeError(ErrorCode::InvalidArgument,
                         "attribute direction: expected forward, reverse or bidirectional, found '" +
                             direction + "'");
    const int64_t layout = node.intAttribute("layout", 0);
    if (layout != 0 && layout != 1)
        return makeError(ErrorCode::InvalidArgument,
                         "attribute layout: expected 0 or 1, found " + std::to_string(layout));
    attributes.batchFirst = layout == 1;
    const Attribute* hidden = node.attribute("hidden_size");
    if (const int64_t* size = hidden ? hidden->as<int64_t>() : nullptr) {
        if (*size < 0)
            return makeError(ErrorCode::InvalidArgument, "attribute hidden_size must not be negative");
        attributes.hidden = *size;
    }
    return attributes;
}

Result<RecurrentShape> recurrentShape(const RecurrentAttributes& attributes, const Dims& x, const Dims& w,
                                      const Dims& r)
{
    if (x.size() != 3)
        return wrongShape("X", "3 dimensions", toString(x));
    const std::string gates = std::to_string(attributes.gates);
    const std::string blocks = std::to_string(attributes.directions) + "×" + gates + "*hidden_size×";
    const auto isBlocks = [&](const Dims& dims, int64_t hidden) {
        return dims.size() == 3 && dims[0] == attributes.directions && dims[1] % attributes.gates == 0 &&
               dims[1] / attributes.gates == hidden;
    };
    RecurrentShape shape{x[attributes.batchFirst ? 1 : 0], x[attributes.batchFirst ? 0 : 1], x[2], 0};
    shape.hidden = r.size() == 3 ? r[2] : 0;
    if (!isBlocks(r, shape.hidden))
        return wrongShape("R", blocks + "hidden_size", toString(r));
    if (attributes.hidden && *attributes.hidden != shape.hidden)
        return wrongShape("R", "hidden_size " + std::to_string(*attributes.hidden), toString(r));
    if (!isBlocks(w, shape.hidden) || w[2] != shape.input)
        return wrongShape(
            "W", blocks + std::to_string(shape.input) + " with hidden_size " + std::to_string(shape.hidden),
            toString(w));
    return shape;
}

std::span<const OpDef> recurrentOps() { return ops; }

} // namespace lapidary
