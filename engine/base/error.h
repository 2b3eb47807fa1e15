// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the one error value of the project. It is data: made where a thing fails, given a trail
// on its way up, shown by one presenter (ui/errors) or printed by one function (app/cli).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lapidary {

enum class ErrorCode {
    InvalidArgument, // the caller or the user gave something that cannot be used
    NotFound,        // a file, name or device that does not exist
    IoError,         // the operating system refused to read or write
    InvalidModel,    // the file breaks the ONNX specification
    UnsupportedOp,   // valid, but no kernel here runs it
    ShapeMismatch,   // dimensions or types of tensors do not fit each other
    OutOfMemory,
    BackendUnavailable, // the device, driver or module is not there
    BackendFailure,     // the device or its library failed at work
    NetworkFailure,
    AuthFailure,
    Cancelled, // the user asked to stop: a result, never an error dialog
    Internal,  // a bug of ours
};

// The stable name that scripts see in --json, for example "InvalidModel".
std::string_view errorCodeName(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::Internal;
    // One or two sentences in English: what failed, what was expected, what was found.
    std::string message;
    // Trail from the outermost place inwards: "model.onnx", "node 'conv1' (Conv)", "input 'W'".
    std::vector<std::string> where;
    // What the reader can do next. May be empty.
    std::string nextStep;

    // Adds an outer place; returned by value so that it can be chained in a return statement.
    Error at(std::string outerPlace) &&;
    // "model.onnx: node 'conv1' (Conv): message"
    std::string toString() const;
};

Error makeError(ErrorCode code, std::string message, std::string nextStep = {});

} // namespace lapidary
