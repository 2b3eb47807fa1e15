// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: from what the user chose to the value that the session gets. Pure, for worker threads.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/value.h"
#include "ui/inputs/input_choice.h"

namespace lapidary {

// The checked value. Errors: NotFound, IoError (file), InvalidArgument (file of another kind, wrong
// element type), ShapeMismatch; each names the input.
Result<Value> loadInput(const InputSpec& spec, const InputChoice& choice, const DimSizes& sizes,
                        JobContext& job);

// What a card shows of an input before it is run.
struct InputPreview {
    QString summary; // "float32[1×3×224×224]"
    QImage picture;  // as the model sees it; null when the value is no picture
};
// Loads files to be sure that they are usable; made-up values are described without making them.
Result<InputPreview> previewInput(const InputSpec& spec, const InputChoice& choice, const DimSizes& sizes,
                                  JobContext& job);

// Sizes of the symbols as the values have them. Exporters reuse names such as "None" for sizes that
// differ: a symbol on which two inputs disagree is left out.
DimSizes boundDims(const std::vector<InputSpec>& specs, const std::vector<Value>& values);

} // namespace lapidary
