// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: pictures out of files that stand in memory, 8 bits a sample: what ImageDecoder runs. Each
// format has a decoder; the libraries behind them are named nowhere else.
// Source: ONNX ImageDecoder-20; conversions as Pillow does them, which made ONNX's test data.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary {

using FileBytes = std::span<const uint8_t>;

// Rows from the top, samples side by side.
struct Picture {
    int64_t width = 0;
    int64_t height = 0;
    int channels = 3; // 1: grey, 3: red, green, blue
    std::vector<uint8_t> pixels;
};

// BMP, JPEG, JPEG 2000, PNM, PNG, TIFF or WebP, told by the first bytes. Transparency is left out.
// Errors: InvalidArgument (none of these formats, a broken file, more pixels than mostPixels).
Result<Picture> decodePicture(FileBytes file);

constexpr int64_t mostPixels = int64_t{1} << 27; // a small file may claim any size

// The picture of this size, black. Errors: InvalidArgument (no pixels, or too many).
Result<Picture> blankPicture(int64_t width, int64_t height, int channels);
Error brokenPicture(std::string_view format, std::string_view problem);

Result<Picture> decodeBmp(FileBytes file);
Result<Picture> decodeJpeg(FileBytes file);
Result<Picture> decodeJpeg2000(FileBytes file);
Result<Picture> decodePnm(FileBytes file);
Result<Picture> decodePng(FileBytes file);
Result<Picture> decodeTiff(FileBytes file);
Result<Picture> decodeWebp(FileBytes file);

} // namespace lapidary
