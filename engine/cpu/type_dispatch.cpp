// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/type_dispatch.h"

namespace lapidary {

Error unsupportedType(DataType type)
{
    return makeError(ErrorCode::UnsupportedOp,
                     "the CPU kernel does not take " + std::string(dataTypeName(type)) + " here");
}

} // namespace lapidary
