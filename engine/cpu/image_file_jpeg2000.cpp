// SPDX-License-Identifier: GPL-3.0-or-later
// JPEG 2000 by OpenJPEG: JP2 files and bare code streams.
#include "engine/cpu/image_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <openjpeg.h>

namespace lapidary {

namespace {

struct Stream {
    FileBytes bytes;
    size_t at = 0;
};

OPJ_SIZE_T readBytes(void* to, OPJ_SIZE_T count, void* data)
{
    auto* stream = static_cast<Stream*>(data);
    const size_t taken = std::min(count, stream->bytes.size() - stream->at);
    if (taken == 0)
        return static_cast<OPJ_SIZE_T>(-1);
    std::memcpy(to, stream->bytes.data() + stream->at, taken);
    stream->at += taken;
    return taken;
}

OPJ_BOOL seek(OPJ_OFF_T to, void* data)
{
    auto* stream = static_cast<Stream*>(data);
    if (to < 0 || static_cast<uint64_t>(to) > stream->bytes.size())
        return OPJ_FALSE;
    stream->at = static_cast<size_t>(to);
    return OPJ_TRUE;
}

OPJ_OFF_T skip(OPJ_OFF_T count, void* data)
{
    auto* stream = static_cast<Stream*>(data);
    const auto at = static_cast<OPJ_OFF_T>(stream->at);
    const OPJ_OFF_T to = std::clamp<OPJ_OFF_T>(count, -at, static_cast<OPJ_OFF_T>(stream->bytes.size()) - at);
    stream->at = static_cast<size_t>(at + to);
    return to;
}

using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using OpjStream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

// A sample of the component at a pixel of the picture, as 8 bits.
int sampleAt(const opj_image_t& image, uint32_t component, int64_t x, int64_t y)
{
    const opj_image_comp_t& part = image.comps[component];
    const int64_t column = std::min<int64_t>(x / part.dx, int64_t{part.w} - 1);
    const int64_t row = std::min<int64_t>(y / part.dy, int64_t{part.h} - 1);
    int64_t value = part.data[row * part.w + column];
    if (part.sgnd)
        value += int64_t{1} << (part.prec - 1);
    value = part.prec > 8 ? value >> (part.prec - 8) : value * 255 / ((int64_t{1} << part.prec) - 1);
    return static_cast<int>(std::clamp<int64_t>(value, 0, 255));
}

uint8_t toByte(double value) { return static_cast<uint8_t>(std::clamp(std::lround(value), 0l, 255l)); }

Result<Picture> toPicture(const opj_image_t& image)
{
    const bool colour = image.numcomps >= 3;
    TRY_ASSIGN(Picture picture,
               blankPicture(int64_t{image.x1} - image.x0, int64_t{image.y1} - image.y0, colour ? 3 : 1));
    for (uint32_t c = 0; c < (colour ? 3u : 1u); ++c) {
        const opj_image_comp_t& part = image.comps[c];
        if (!part.data || part.w == 0 || part.h == 0 || part.dx == 0 || part.dy == 0 || part.prec < 1 ||
            part.prec > 31)
            return brokenPicture("JPEG 2000", "a component is missing");
    }
    uint8_t* to = picture.pixels.data();
    for (int64_t y = 0; y < picture.height; ++y) {
        for (int64_t x = 0; x < picture.width; ++x, to += picture.channels) {
            for (int c = 0; c < picture.channels; ++c)
                to[c] = static_cast<uint8_t>(sampleAt(image, static_cast<uint32_t>(c), x, y));
            if (colour && image.color_space == OPJ_CLRSPC_SYCC) {
                const double luma = to[0];
                const double blue = to[1] - 128.0;
                const double red = to[2] - 128.0;
                to[0] = toByte(luma + 1.402 * red);
                to[1] = toByte(luma - 0.344136 * blue - 0.714136 * red);
                to[2] = toByte(luma + 1.772 * blue);
            }
        }
    }
    return picture;
}

} // namespace

Result<Picture> decodeJpeg2000(FileBytes bytes)
{
    Stream source{bytes};
    const OpjStream stream(opj_stream_default_create(OPJ_TRUE), opj_stream_destroy);
    const Codec codec(opj_create_decompress(bytes[0] == 0xff ? OPJ_CODEC_J2K : OPJ_CODEC_JP2),
                      opj_destroy_codec);
    if (!stream || !codec)
        return brokenPicture("JPEG 2000", "no memory");
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), bytes.size());
    opj_stream_set_read_function(stream.get(), readBytes);
    opj_stream_set_skip_function(stream.get(), skip);
    opj_stream_set_seek_function(stream.get(), seek);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t* read = nullptr;
    const bool started =
        opj_setup_decoder(codec.get(), &parameters) && opj_read_header(stream.get(), codec.get(), &read);
    const Image image(read, opj_image_destroy);
    if (!started || !image || image->numcomps == 0 || image->x1 <= image->x0 || image->y1 <= image->y0)
        return brokenPicture("JPEG 2000", "its header is broken");
    const int64_t pixels = (int64_t{image->x1} - image->x0) * (int64_t{image->y1} - image->y0);
    if (image->numcomps > 16 || pixels > mostPixels / std::max<int64_t>(1, image->numcomps))
        return brokenPicture("JPEG 2000", "the picture is too large");
    if (!opj_decode(codec.get(), stream.get(), image.get()))
        return brokenPicture("JPEG 2000", "its data is broken");
    return toPicture(*image);
}

} // namespace lapidary
