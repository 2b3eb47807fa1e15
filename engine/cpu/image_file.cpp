// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/image_file.h"

namespace lapidary {

namespace {

struct Format {
    std::string_view start; // of the file
    size_t at;              // where it stands
    Result<Picture> (*decode)(FileBytes);
};

using namespace std::string_view_literals;

constexpr Format formats[] = {
    {"BM"sv, 0, decodeBmp},
    {"\xff\xd8\xff"sv, 0, decodeJpeg},
    {"\0\0\0\x0cjP  \r\n\x87\n"sv, 0, decodeJpeg2000},
    {"\xff\x4f\xff\x51"sv, 0, decodeJpeg2000},
    {"P1"sv, 0, decodePnm},
    {"P2"sv, 0, decodePnm},
    {"P3"sv, 0, decodePnm},
    {"P4"sv, 0, decodePnm},
    {"P5"sv, 0, decodePnm},
    {"P6"sv, 0, decodePnm},
    {"\x89PNG\r\n\x1a\n"sv, 0, decodePng},
    {"II*\0"sv, 0, decodeTiff},
    {"MM\0*"sv, 0, decodeTiff},
    {"II+\0"sv, 0, decodeTiff},
    {"MM\0+"sv, 0, decodeTiff},
    {"WEBP"sv, 8, decodeWebp},
};

} // namespace

Error brokenPicture(std::string_view format, std::string_view problem)
{
    return makeError(ErrorCode::InvalidArgument,
                     "the " + std::string(format) + " file cannot be read: " + std::string(problem));
}

Result<Picture> blankPicture(int64_t width, int64_t height, int channels)
{
    if (width < 1 || height < 1 || width > mostPixels / height)
        return makeError(ErrorCode::InvalidArgument, "a picture of " + std::to_string(width) + "×" +
                                                         std::to_string(height) + " cannot be decoded");
    Picture picture{width, height, channels, {}};
    picture.pixels.resize(static_cast<size_t>(width * height * channels));
    return picture;
}

Result<Picture> decodePicture(FileBytes file)
{
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    for (const Format& format : formats) {
        if (text.size() > format.at && text.substr(format.at).starts_with(format.start))
            return format.decode(file);
    }
    return makeError(ErrorCode::InvalidArgument,
                     "the bytes are no picture in a known format: expected BMP, JPEG, JPEG 2000, PNM, PNG, "
                     "TIFF or WebP");
}

} // namespace lapidary
