// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what is selected, as text for a note, a mail or a bug report.
#pragma once

#include "engine/ops/inference.h"
#include "viewers/graph/selection.h"

#include <QString>

namespace lapidary {

// Name, operator, inputs and outputs with their types, attributes. types: of the model; may be null. Empty
// when nothing is selected.
QString selectionText(const Model& model, const InferredTypes* types, const Selection& selection);

} // namespace lapidary
