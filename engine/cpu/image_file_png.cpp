// SPDX-License-Identifier: GPL-3.0-or-later
// PNG by libpng. Its errors jump: see image_file_jpeg.cpp.
#include "engine/cpu/image_file.h"

#include <csetjmp>
#include <cstring>
#include <png.h>

namespace lapidary {

namespace {

struct PngState {
    FileBytes rest;
    png_structp decoder = nullptr;
    png_infop info = nullptr;
    char message[128] = {};
};

void readBytes(png_structp decoder, png_bytep to, size_t count)
{
    auto* state = static_cast<PngState*>(png_get_io_ptr(decoder));
    if (count > state->rest.size())
        png_error(decoder, "it ends too early");
    std::memcpy(to, state->rest.data(), count);
    state->rest = state->rest.subspan(count);
}

[[noreturn]] void leave(png_structp decoder, png_const_charp message)
{
    auto* state = static_cast<PngState*>(png_get_error_ptr(decoder));
    std::strncpy(state->message, message, sizeof(state->message) - 1);
    png_longjmp(decoder, 1);
}

void keepQuiet(png_structp, png_const_charp) {}

// False after an error, whose text is in state.message. Whatever the file holds comes as 8-bit samples.
bool readHeader(PngState& state)
{
    if (setjmp(png_jmpbuf(state.decoder)))
        return false;
    png_set_read_fn(state.decoder, &state, readBytes);
    png_set_chunk_malloc_max(state.decoder, png_alloc_size_t{1} << 26);
    png_read_info(state.decoder, state.info);
    png_set_expand(state.decoder);
    png_set_strip_16(state.decoder);
    png_set_strip_alpha(state.decoder);
    png_set_interlace_handling(state.decoder);
    png_read_update_info(state.decoder, state.info);
    return true;
}

bool readPixels(PngState& state, Picture& picture)
{
    if (setjmp(png_jmpbuf(state.decoder)))
        return false;
    const int passes = png_get_interlace_type(state.decoder, state.info) == PNG_INTERLACE_NONE ? 1 : 7;
    const size_t rowSize = png_get_rowbytes(state.decoder, state.info);
    for (int pass = 0; pass < passes; ++pass) {
        for (int64_t y = 0; y < picture.height; ++y)
            png_read_row(state.decoder, picture.pixels.data() + static_cast<size_t>(y) * rowSize, nullptr);
    }
    return true;
}

Result<Picture> decode(PngState& state)
{
    if (!readHeader(state))
        return brokenPicture("PNG", state.message);
    const int channels = png_get_channels(state.decoder, state.info);
    TRY_ASSIGN(Picture picture, blankPicture(png_get_image_width(state.decoder, state.info),
                                             png_get_image_height(state.decoder, state.info), channels));
    if (png_get_rowbytes(state.decoder, state.info) !=
        picture.pixels.size() / static_cast<size_t>(picture.height))
        return brokenPicture("PNG", "its rows have an unexpected size");
    if (!readPixels(state, picture))
        return brokenPicture("PNG", state.message);
    return picture;
}

} // namespace

Result<Picture> decodePng(FileBytes file)
{
    PngState state;
    state.rest = file;
    state.decoder = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, leave, keepQuiet);
    state.info = state.decoder ? png_create_info_struct(state.decoder) : nullptr;
    Result<Picture> picture = state.info ? decode(state) : Result<Picture>(brokenPicture("PNG", "no memory"));
    png_destroy_read_struct(&state.decoder, &state.info, nullptr);
    return picture;
}

} // namespace lapidary
