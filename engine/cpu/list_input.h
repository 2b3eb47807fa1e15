// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: small integer inputs of a kernel: axes, sizes, pads, ... that newer opsets moved from
// attributes to inputs.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

using Ints = std::vector<int64_t>;

// Errors: ShapeMismatch (missing, no tensor, rank above 1 or far too long), InvalidArgument (no integers).
Result<Ints> listInput(const KernelContext& context, size_t index);
// nullopt when the input is left out.
Result<std::optional<Ints>> optionalListInput(const KernelContext& context, size_t index);
// A tensor of one element. Errors as above.
Result<int64_t> integerInput(const KernelContext& context, size_t index);
Result<double> numberInput(const KernelContext& context, size_t index);

// A list that is an attribute below opset sinceInput and an input since.
class ListSource {
public:
    ListSource(const KernelRequest& request, std::string_view attribute, size_t input, int64_t sinceInput);
    // nullopt when it is left out.
    Result<std::optional<Ints>> read(const KernelContext& context) const;

private:
    size_t m_input;
    bool m_isInput;
    std::optional<Ints> m_attribute;
};

} // namespace lapidary
