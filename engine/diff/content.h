// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: whether attributes and tensors of two models are the same, and if not, by how much.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"

#include <optional>

namespace lapidary {

// Of its type and shape.
uint64_t tensorTypeHash(const TensorRef& tensor);
// Without reading tensors: their types and shapes count, not their elements. The same for attributes that
// sameAttribute() calls the same.
uint64_t attributeHash(const Attribute& attribute);
// Reads tensors of both. Bodies count as the same when their nodes, attributes and weights' shapes are.
// An attribute that cannot be read is not the same as any.
bool sameAttribute(const Attribute& a, const Attribute& b);

// How far apart two tensors of one shape are.
struct TensorDifference {
    double relative = 0;    // |after - before| / |before|, Euclidean; infinity when before is all zero
    double maxAbsolute = 0; // largest difference of two elements
    int64_t changed = 0;    // elements
    int64_t notFinite = 0;  // of those: infinite or NaN in one of the two; they count in nothing above
    int64_t count = 0;
};

// nullopt: the same elements. Errors: of reading; Cancelled. Precondition: same shape.
Result<std::optional<TensorDifference>> compareTensors(const TensorRef& before, const TensorRef& after,
                                                       JobContext& job);
Result<std::optional<TensorDifference>> compareTensors(const Tensor& before, const Tensor& after,
                                                       JobContext& job);

} // namespace lapidary
