// SPDX-License-Identifier: GPL-3.0-or-later
// libpng leaves by longjmp: the functions that it may leave hold nothing that has to be destroyed.
#include "viewers/graph/png_writer.h"

#include <QIODevice>

#include <csetjmp>
#include <png.h>

namespace lapidary {

struct PngWriter::State {
    QIODevice& device;
    QSize size;
    int dotsPerMetre;
    png_structp encoder = nullptr;
    png_infop info = nullptr;
};

namespace {

void writeBytes(png_structp encoder, png_bytep bytes, size_t count)
{
    auto* device = static_cast<QIODevice*>(png_get_io_ptr(encoder));
    if (device->write(reinterpret_cast<const char*>(bytes), static_cast<qint64>(count)) !=
        static_cast<qint64>(count))
        png_error(encoder, "write");
}

void flushNothing(png_structp) {}
[[noreturn]] void leave(png_structp encoder, png_const_charp) { png_longjmp(encoder, 1); }
void keepQuiet(png_structp, png_const_charp) {}

bool writeHeader(png_structp encoder, png_infop info, QIODevice* device, QSize size, int dotsPerMetre)
{
    if (setjmp(png_jmpbuf(encoder)))
        return false;
    png_set_write_fn(encoder, device, writeBytes, flushNothing);
    png_set_user_limits(encoder, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Drawings are flat: most rows are like the one above.
    png_set_filter(encoder, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_compression_level(encoder, 4);
    png_set_IHDR(encoder, info, static_cast<png_uint_32>(size.width()),
                 static_cast<png_uint_32>(size.height()), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(encoder, info, static_cast<png_uint_32>(dotsPerMetre),
                 static_cast<png_uint_32>(dotsPerMetre), PNG_RESOLUTION_METER);
    png_write_info(encoder, info);
    png_set_filler(encoder, 0, PNG_FILLER_AFTER);
    return true;
}

bool writeRows(png_structp encoder, const unsigned char* pixels, size_t stride, int rows)
{
    if (setjmp(png_jmpbuf(encoder)))
        return false;
    for (int row = 0; row < rows; ++row)
        png_write_row(encoder, pixels + static_cast<size_t>(row) * stride);
    return true;
}

bool writeEnd(png_structp encoder, png_infop info)
{
    if (setjmp(png_jmpbuf(encoder)))
        return false;
    png_write_end(encoder, info);
    return true;
}

Error writeError()
{
    return makeError(ErrorCode::IoError, "cannot write the file", "Check the folder and the free space.");
}

} // namespace

PngWriter::PngWriter(QIODevice& device, QSize size, int dotsPerMetre)
    : m_state(new State{device, size, dotsPerMetre})
{
}

PngWriter::~PngWriter() { png_destroy_write_struct(&m_state->encoder, &m_state->info); }

Status PngWriter::write(const unsigned char* pixels, int rows)
{
    State& state = *m_state;
    if (state.encoder == nullptr) {
        state.encoder = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, leave, keepQuiet);
        state.info = state.encoder != nullptr ? png_create_info_struct(state.encoder) : nullptr;
        if (state.info == nullptr)
            return makeError(ErrorCode::OutOfMemory, "There is not enough memory for this.");
        if (!writeHeader(state.encoder, state.info, &state.device, state.size, state.dotsPerMetre))
            return writeError();
    }
    const size_t stride = static_cast<size_t>(state.size.width()) * 4;
    if (!writeRows(state.encoder, pixels, stride, rows))
        return writeError();
    return {};
}

Status PngWriter::finish()
{
    if (!writeEnd(m_state->encoder, m_state->info))
        return writeError();
    return {};
}

} // namespace lapidary
