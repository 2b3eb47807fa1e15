// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: input X and the labels of ai.onnx.ml operators, at run time.
#pragma once

#include "engine/backend/kernel.h"
#include "engine/ops/ml_rules.h"

namespace lapidary {

struct MlRows {
    int64_t rows = 0;
    int64_t features = 0;
};

// Input 0, [N, F] or [F]. Errors: ShapeMismatch.
Result<MlRows> mlRows(const KernelContext& context);

// Output 0 of a classifier: one label for each row.
class LabelOutput {
public:
    static Result<LabelOutput> allocate(const ClassLabels& labels, int64_t rows);

    // The label with this index, which must exist.
    void set(int64_t row, size_t index);
    // One score decides: the second and first of two labels; 1 and 0 where there are not two.
    void setBySign(int64_t row, bool isPositive);
    Tensor take() { return std::move(m_tensor); }

private:
    LabelOutput(const ClassLabels& labels, Tensor tensor) : m_labels(&labels), m_tensor(std::move(tensor)) {}
    const ClassLabels* m_labels;
    Tensor m_tensor;
};

} // namespace lapidary
