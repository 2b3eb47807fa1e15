// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: writes a PNG row by row, so that a picture need never be in memory as a whole.
#pragma once

#include "engine/base/result.h"

#include <QSize>

#include <memory>

class QIODevice;

namespace lapidary {

class PngWriter {
public:
    // device: open, outlives the writer. dotsPerMetre: how large the picture is meant to be.
    PngWriter(QIODevice& device, QSize size, int dotsPerMetre);
    ~PngWriter();

    // rows × size.width() × 4 bytes: red, green, blue and one that is left out.
    // Errors: IoError, OutOfMemory.
    Status write(const unsigned char* pixels, int rows);
    // After the last row. Errors: IoError.
    Status finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace lapidary
