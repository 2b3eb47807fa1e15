// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/error.h"

namespace lapidary {

std::string_view errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument: return "InvalidArgument";
    case ErrorCode::NotFound: return "NotFound";
    case ErrorCode::IoError: return "IoError";
    case ErrorCode::InvalidModel: return "InvalidModel";
    case ErrorCode::UnsupportedOp: return "UnsupportedOp";
    case ErrorCode::ShapeMismatch: return "ShapeMismatch";
    case ErrorCode::OutOfMemory: return "OutOfMemory";
    case ErrorCode::BackendUnavailable: return "BackendUnavailable";
    case ErrorCode::BackendFailure: return "BackendFailure";
    case ErrorCode::NetworkFailure: return "NetworkFailure";
    case ErrorCode::AuthFailure: return "AuthFailure";
    case ErrorCode::Cancelled: return "Cancelled";
    case ErrorCode::Internal: return "Internal";
    }
    return "Internal";
}

Error Error::at(std::string outerPlace) &&
{
    where.insert(where.begin(), std::move(outerPlace));
    return std::move(*this);
}

std::string Error::toString() const
{
    std::string text;
    for (const std::string& place : where) {
        text += place;
        text += ':';
        text += ' ';
    }
    text += message;
    return text;
}

Error makeError(ErrorCode code, std::string message, std::string nextStep)
{
    return Error{code, std::move(message), {}, std::move(nextStep)};
}

} // namespace lapidary
