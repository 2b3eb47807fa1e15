// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/attention_rules.h"
#include "engine/session/work_rules.h"

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

constexpr double softmaxOperations = 5; // highest, subtract, exp, sum, divide

struct AttentionSizes {
    double batch = 0;
    double heads = 0; // of queries
    double queries = 0;
    double keys = 0;
    double headSize = 0;
    double valueSize = 0;
    bool masked = false; // something is added to the scores
};

// softmax(scale · Q Kᵀ + mask) V
double attention(const AttentionSizes& sizes)
{
    const double scores = sizes.batch * sizes.heads * sizes.queries * sizes.keys;
    return scores *
           (2 * sizes.headSize + 2 * sizes.valueSize + softmaxOperations + 1 + (sizes.masked ? 1 : 0));
}

double number(int64_t value) { return static_cast<double>(value); }

// Keys that an earlier run left in a cache; 0 when there is none, nullopt when its length is unknown.
std::optional<double> pastKeys(const WorkContext& context, size_t input, size_t axis)
{
    if (!context.has(input))
        return 0;
    const Shape* shape = context.inputShape(input);
    if (!shape || axis >= shape->size() || !(*shape)[axis].known())
        return std::nullopt;
    return number((*shape)[axis].value);
}

} // namespace

std::optional<double> attended(const WorkContext& context, double)
{
    const Shape* q = context.inputShape(0);
    const Shape* k = context.inputShape(1);
    const Shape* v = context.inputShape(2);
    const bool hasPast = context.has(4);
    const Shape* pastKey = context.inputShape(4);
    const Shape* pastValue = context.inputShape(5);
    if (!q || !k || !v || (hasPast && (!pastKey || !pastValue)))
        return std::nullopt;
    const auto shape =
        attentionShape(context.node, *q, *k, *v, hasPast ? pastKey : nullptr, hasPast ? pastValue : nullptr);
    if (!shape.ok())
        return std::nullopt;
    for (const Dim* dim :
         {&shape->batch, &shape->heads, &shape->queries, &shape->keys, &shape->headSize, &shape->valueSize}) {
        if (!dim->known())
            return std::nullopt;
    }
    return attention({number(shape->batch.value), number(shape->heads.value), number(shape->queries.value),
                      number(shape->keys.value), number(shape->headSize.value),
                      number(shape->valueSize.value), context.has(3)});
}

std::optional<double> attendedPacked(const WorkContext& context, double)
{
    const auto x = context.input(0);       // [B, S, input]
    const auto weights = context.input(1); // [input, Q, K and V side by side]
    const bool isQuantized = context.node.opType == "QAttention";
    const auto past = pastKeys(context, isQuantized ? 8 : 4, 3);
    if (!x || !weights || !past || x->size() != 3 || weights->size() != 2)
        return std::nullopt;
    const int64_t heads = std::max<int64_t>(1, context.node.intAttribute("num_heads", 1));
    std::vector<int64_t> sizes = context.node.intsAttribute("qkv_hidden_sizes");
    if (sizes.size() != 3)
        sizes.assign(3, (*weights)[1] / 3);
    const double projected = product({(*x)[0], (*x)[1], (*weights)[1]});
    const double projection = projected * (2 * number((*x)[2]) + (context.has(2) ? 1 : 0));
    return projection + attention({number((*x)[0]), number(heads), number((*x)[1]), number((*x)[1]) + *past,
                                   number(sizes[1]) / number(heads), number(sizes[2]) / number(heads),
                                   context.has(isQuantized ? 5 : 3)});
}

std::optional<double> attendedHeads(const WorkContext& context, double)
{
    const auto query = context.input(0);
    const auto past = pastKeys(context, 6, 2);
    const auto heads = number(std::max<int64_t>(1, context.node.intAttribute("num_heads", 1)));
    if (!query || !past)
        return std::nullopt;
    const bool masked = context.has(4) || context.has(5);
    if (query->size() == 5) // [B, S, heads, 3, size]: Q, K and V packed
        return attention({number((*query)[0]), number((*query)[2]), number((*query)[1]),
                          number((*query)[1]) + *past, number((*query)[4]), number((*query)[4]), masked});
    const auto key = context.input(1);
    if (query->size() != 3 || !key || key->size() < 3)
        return std::nullopt;
    AttentionSizes sizes{
        number((*query)[0]), heads, number((*query)[1]), 0, number((*query)[2]) / heads, 0, masked};
    sizes.valueSize = sizes.headSize;
    // Keys are [B, L, hidden], packed with values [B, L, heads, 2, size], or [B, heads, L, size].
    sizes.keys = number(key->size() == 4 ? (*key)[2] : (*key)[1]) + *past;
    if (context.has(2)) {
        const auto value = context.input(2);
        if (!value || value->size() < 3)
            return std::nullopt;
        sizes.valueSize = value->size() == 4 ? number((*value)[3]) : number((*value)[2]) / heads;
    }
    return attention(sizes);
}

std::optional<double> attendedGroups(const WorkContext& context, double)
{
    const auto query = context.input(0); // [B, S, heads · size], or with K and V behind
    const auto past = pastKeys(context, 3, 2);
    const int64_t heads = context.node.intAttribute("num_heads", 0);
    const int64_t kvHeads = context.node.intAttribute("kv_num_heads", 0);
    if (!query || !past || query->size() != 3 || heads < 1 || kvHeads < 1)
        return std::nullopt;
    const int64_t parts = context.has(1) ? heads : heads + 2 * kvHeads;
    const double size = number((*query)[2]) / number(parts);
    return attention({number((*query)[0]), number(heads), number((*query)[1]), number((*query)[1]) + *past,
                      size, size, context.has(10)});
}

std::optional<double> recurred(const WorkContext& context, double factor)
{
    const auto x = context.input(0);         // [steps, batch, input] in any order of the first two
    const auto weights = context.input(1);   // [directions, gates · hidden, input] or transposed
    const auto recurrent = context.input(2); // [directions, gates · hidden, hidden] or transposed
    if (!x || !weights || !recurrent || x->size() != 3 || recurrent->size() != 3 || (*recurrent)[0] < 1)
        return std::nullopt;
    const double gates = context.node.opType == "RNN" ? 1 : context.node.opType == "GRU" ? 3 : 4;
    const double directions = number((*recurrent)[0]);
    const double hidden = std::sqrt(product(*recurrent) / (directions * gates));
    double perStep = 2 * (product(*weights) + product(*recurrent)) + factor * directions * hidden;
    if (context.has(3)) // a bias of the input and one of the state for each gate
        perStep += 2 * directions * gates * hidden;
    return number((*x)[0]) * number((*x)[1]) * perStep;
}

} // namespace lapidary
