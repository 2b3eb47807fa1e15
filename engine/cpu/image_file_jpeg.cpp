// SPDX-License-Identifier: GPL-3.0-or-later
// JPEG by libjpeg. Its errors jump: between setjmp and the end of read() nothing may be constructed that
// has a destructor, so the state is a struct of the caller.
#include "engine/cpu/image_file.h"

#include <csetjmp>
#include <cstdio> // before jpeglib.h, which needs FILE
#include <jpeglib.h>

namespace lapidary {

namespace {

struct JpegState {
    jpeg_error_mgr errors{}; // first: libjpeg hands back its address
    std::jmp_buf escape{};
    char message[JMSG_LENGTH_MAX] = {};
    jpeg_decompress_struct decoder{};
};

[[noreturn]] void leave(j_common_ptr decoder)
{
    auto* state = reinterpret_cast<JpegState*>(decoder->err);
    decoder->err->format_message(decoder, state->message);
    std::longjmp(state->escape, 1);
}

void keepQuiet(j_common_ptr, int) {}

// False after an error, whose text is in state.message.
bool readHeader(JpegState& state, FileBytes file)
{
    if (setjmp(state.escape))
        return false;
    jpeg_create_decompress(&state.decoder);
    state.decoder.mem->max_memory_to_use = long{1} << 30;
    jpeg_mem_src(&state.decoder, file.data(), file.size());
    jpeg_read_header(&state.decoder, TRUE);
    return true;
}

bool readPixels(JpegState& state, Picture& picture)
{
    if (setjmp(state.escape))
        return false;
    jpeg_start_decompress(&state.decoder);
    const auto rowSize = static_cast<size_t>(state.decoder.output_width) *
                         static_cast<size_t>(state.decoder.output_components);
    while (state.decoder.output_scanline < state.decoder.output_height) {
        JSAMPROW row = picture.pixels.data() + rowSize * state.decoder.output_scanline;
        jpeg_read_scanlines(&state.decoder, &row, 1);
    }
    return true; // what follows the last row is of no interest
}

// Four inks, which Adobe's programs write inverted.
Result<Picture> fromInks(const Picture& inks, bool inverted)
{
    TRY_ASSIGN(Picture picture, blankPicture(inks.width, inks.height, 3));
    for (size_t i = 0; i < picture.pixels.size(); ++i) {
        const uint8_t* pixel = inks.pixels.data() + i / 3 * 4;
        const unsigned ink = inverted ? pixel[i % 3] : 255u - pixel[i % 3];
        const unsigned black = inverted ? pixel[3] : 255u - pixel[3];
        picture.pixels[i] = static_cast<uint8_t>((ink * black + 127) / 255);
    }
    return picture;
}

Result<Picture> decode(JpegState& state, FileBytes file)
{
    if (!readHeader(state, file))
        return brokenPicture("JPEG", state.message);
    const bool inks =
        state.decoder.jpeg_color_space == JCS_CMYK || state.decoder.jpeg_color_space == JCS_YCCK;
    const bool grey = state.decoder.jpeg_color_space == JCS_GRAYSCALE;
    state.decoder.out_color_space = inks ? JCS_CMYK : grey ? JCS_GRAYSCALE : JCS_RGB;
    const int channels = inks ? 4 : grey ? 1 : 3;
    TRY_ASSIGN(Picture picture,
               blankPicture(state.decoder.image_width, state.decoder.image_height, channels));
    if (!readPixels(state, picture))
        return brokenPicture("JPEG", state.message);
    if (inks)
        return fromInks(picture, state.decoder.saw_Adobe_marker != FALSE);
    return picture;
}

} // namespace

Result<Picture> decodeJpeg(FileBytes file)
{
    JpegState state;
    state.decoder.err = jpeg_std_error(&state.errors);
    state.errors.error_exit = leave;
    state.errors.emit_message = keepQuiet;
    auto picture = decode(state, file);
    jpeg_destroy_decompress(&state.decoder);
    return picture;
}

} // namespace lapidary
