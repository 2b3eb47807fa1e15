// SPDX-License-Identifier: GPL-3.0-or-later
// TIFF by libtiff, from memory: the first picture of the file.
#include "engine/cpu/image_file.h"

#include <cstring>
#include <memory>
#include <tiffio.h>

namespace lapidary {

namespace {

struct TiffFile {
    FileBytes bytes;
    uint64_t at = 0;
};

tmsize_t readBytes(thandle_t handle, void* to, tmsize_t count)
{
    auto* file = static_cast<TiffFile*>(handle);
    const uint64_t left = file->at < file->bytes.size() ? file->bytes.size() - file->at : 0;
    const uint64_t taken = std::min(left, static_cast<uint64_t>(std::max<tmsize_t>(count, 0)));
    if (taken > 0)
        std::memcpy(to, file->bytes.data() + file->at, taken);
    file->at += taken;
    return static_cast<tmsize_t>(taken);
}

tmsize_t refuseWrite(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek(thandle_t handle, toff_t offset, int origin)
{
    auto* file = static_cast<TiffFile*>(handle);
    const uint64_t base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? file->at : file->bytes.size();
    file->at = base + offset;
    return file->at;
}

int closeFile(thandle_t) { return 0; }

toff_t sizeOf(thandle_t handle) { return static_cast<TiffFile*>(handle)->bytes.size(); }

int keepQuiet(TIFF*, void*, const char*, const char*, va_list) { return 1; }

using TiffOptions = std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)>;
using Tiff = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

} // namespace

Result<Picture> decodeTiff(FileBytes bytes)
{
    TiffFile file{bytes};
    const TiffOptions options(TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), tmsize_t{1} << 30);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keepQuiet, nullptr);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), keepQuiet, nullptr);
    const Tiff tiff(TIFFClientOpenExt("memory", "rm", &file, readBytes, refuseWrite, seek, closeFile, sizeOf,
                                      nullptr, nullptr, options.get()),
                    TIFFClose);
    uint32_t width = 0;
    uint32_t height = 0;
    if (!tiff || !TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width) ||
        !TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height))
        return brokenPicture("TIFF", "it has no header");
    TRY_ASSIGN(Picture picture, blankPicture(width, height, 3));
    std::vector<uint32_t> pixels(static_cast<size_t>(width) * height);
    if (!TIFFReadRGBAImageOriented(tiff.get(), width, height, pixels.data(), ORIENTATION_TOPLEFT, 1))
        return brokenPicture("TIFF", "its data is broken or of an unknown kind");
    for (size_t i = 0; i < pixels.size(); ++i) {
        picture.pixels[3 * i] = static_cast<uint8_t>(TIFFGetR(pixels[i]));
        picture.pixels[3 * i + 1] = static_cast<uint8_t>(TIFFGetG(pixels[i]));
        picture.pixels[3 * i + 2] = static_cast<uint8_t>(TIFFGetB(pixels[i]));
    }
    return picture;
}

} // namespace lapidary
