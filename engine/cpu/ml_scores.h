// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what classifiers and regressors of ai.onnx.ml do to raw scores: the attribute post_transform,
// and the two scores that a binary classifier makes from one. Where the specification is silent the
// formulas are those of ONNX Runtime and of ONNX's reference evaluator.
#pragma once

#include "engine/ir/model.h"

#include <span>

namespace lapidary {

// Numbers of TreeEnsemble-5.
enum class PostTransform { None, Softmax, Logistic, SoftmaxZero, Probit };

// The attribute post_transform as text or number; None when absent. Errors: InvalidModel.
Result<PostTransform> postTransform(const Node& node);

// In place, over the scores of one row. SoftmaxZero leaves scores of 0 at 0. Probit is the inverse of the
// normal distribution by Winitzki's approximation (0.147), as all ONNX runtimes compute it.
void transformScores(PostTransform transform, std::span<double> scores);

// What the score of the negative class is when only the positive one, s, was computed.
enum class NegativeScore { Complement /* 1 - s */, Opposite /* -s */ };

// {negative, positive} from the raw score of the positive class. Logistic gives {L(-s), L(s)}, both kinds
// of Softmax are taken over {-s, s}, Probit gives {1 - P(s), P(s)}.
std::pair<double, double> binaryScores(PostTransform transform, NegativeScore kind, double score);

// Index of the largest score, the first of equal ones.
size_t topScore(std::span<const double> scores);

} // namespace lapidary
