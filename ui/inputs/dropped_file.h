// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a file that is dragged over an input would feed it as.
#pragma once

#include "ui/inputs/input_choice.h"

#include <optional>

class QMimeData;

namespace lapidary {

struct DroppedInput {
    InputSource source = InputSource::Image;
    QString path;
};

// nullopt when the data is not one local file that the input can be fed from.
std::optional<DroppedInput> droppedInput(const QMimeData* data, const InputSpec& spec);
// A folder with test data; empty when it is something else.
QString droppedDataFolder(const QMimeData* data);

} // namespace lapidary
