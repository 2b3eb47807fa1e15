// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: an Error in the words of the window: the engine's message stays as it is, what kind of
// failure it is and what to do next are said in the user's language.
#pragma once

#include "engine/base/error.h"

#include <QString>

namespace lapidary {

QString errorTitle(ErrorCode code);           // "This is not a valid ONNX model"
QString errorMessage(const Error& error);     // the engine's words as a sentence
QString errorNextStep(const Error& error);    // the engine's own advice, else that for the code
QString errorPlace(const Error& error);       // "model.onnx › node 'conv1' (Conv)"; may be empty
QString errorAsPlainText(const Error& error); // all of it, for the clipboard

} // namespace lapidary
