// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the shapes of the attention operators, known or symbolic, for inference and kernels.
// Source: ONNX Attention-23..25, RotaryEmbedding-23.
#pragma once

#include "engine/ops/op_def.h"

namespace lapidary {

// A dimension that must be both: the known or named one. Errors: ShapeMismatch when two numbers differ.
Result<Dim> sameDim(const Dim& a, const Dim& b, std::string_view what);
Dim sumOfDims(const Dim& a, const Dim& b);
// Errors: ShapeMismatch when the product does not fit 63 bits.
Result<Dim> productOfDims(const Dim& a, const Dim& b);
// Errors: ShapeMismatch when parts is below 1 or does not divide a known dimension.
Result<Dim> dividedDim(const Dim& dim, int64_t parts, std::string_view what);

struct AttentionShape {
    bool packed = false; // rank 3: heads lie beside each other in the last dimension
    Dim batch;
    Dim heads;   // of queries
    Dim kvHeads; // of keys and values
    Dim queries;
    Dim newKeys; // given by K
    Dim pastKeys = 0;
    Dim keys; // past and new
    Dim headSize;
    Dim valueSize;
    Dim hidden; // heads * valueSize, the last dimension of a packed output

    Shape output() const;
    Shape presentKey() const;
    Shape presentValue() const;
    Shape scores() const;
};

// pastKey, pastValue: null when absent. Errors: ShapeMismatch with what was expected and found.
Result<AttentionShape> attentionShape(const Node& node, const Shape& q, const Shape& k, const Shape& v,
                                      const Shape* pastKey, const Shape* pastValue);

} // namespace lapidary
