// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/kernels/ml_inputs.h"

namespace lapidary {

Result<MlRows> mlRows(const KernelContext& context)
{
    TRY_ASSIGN(const FeatureDims dims, featureDims(toShape(context.tensor(0).dims())));
    return MlRows{dims.rows.value, dims.features.value};
}

Result<LabelOutput> LabelOutput::allocate(const ClassLabels& labels, int64_t rows)
{
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(labels.type(), {rows}));
    return LabelOutput(labels, std::move(tensor));
}

void LabelOutput::set(int64_t row, size_t index)
{
    if (m_tensor.type() == DataType::String)
        m_tensor.mutableStrings()[static_cast<size_t>(row)] = m_labels->strings[index];
    else
        m_tensor.mutableData<int64_t>()[row] = m_labels->ints[index];
}

void LabelOutput::setBySign(int64_t row, bool isPositive)
{
    if (m_labels->count() == 2)
        set(row, isPositive ? 1 : 0);
    else if (m_tensor.type() == DataType::String)
        m_tensor.mutableStrings()[static_cast<size_t>(row)] = isPositive ? "1" : "0";
    else
        m_tensor.mutableData<int64_t>()[row] = isPositive ? 1 : 0;
}

} // namespace lapidary
