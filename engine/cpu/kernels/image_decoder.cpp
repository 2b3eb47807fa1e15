// SPDX-License-Identifier: GPL-3.0-or-later
// ImageDecoder: a file in memory as pixels [height, width, channels].
#include "engine/cpu/image_file.h"
#include "engine/cpu/kernels/image.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/plain_kernel.h"

namespace lapidary {

namespace {

enum class PixelFormat { Rgb, Bgr, Grey };

// ITU-R 601 luma in 16-bit fixed point, as Pillow computes it.
uint8_t luma(const uint8_t* rgb)
{
    return static_cast<uint8_t>((rgb[0] * 19595u + rgb[1] * 38470u + rgb[2] * 7471u + 0x8000u) >> 16);
}

void convertPixels(const Picture& picture, PixelFormat format, uint8_t* to)
{
    const uint8_t* from = picture.pixels.data();
    const bool grey = picture.channels == 1;
    for (int64_t i = 0; i < picture.width * picture.height; ++i, from += picture.channels) {
        if (format == PixelFormat::Grey) {
            *to++ = grey ? *from : luma(from);
            continue;
        }
        for (int channel = 0; channel < 3; ++channel)
            *to++ = from[grey ? 0 : format == PixelFormat::Rgb ? channel : 2 - channel];
    }
}

} // namespace

Result<std::unique_ptr<Kernel>> createImageDecoder(const KernelRequest& request)
{
    const std::string name = request.node->stringAttribute("pixel_format", "RGB");
    if (name != "RGB" && name != "BGR" && name != "Grayscale")
        return makeError(ErrorCode::UnsupportedOp, "ImageDecoder has no pixel_format '" + name + "'");
    const PixelFormat format = name == "RGB"   ? PixelFormat::Rgb
                               : name == "BGR" ? PixelFormat::Bgr
                                               : PixelFormat::Grey;
    return plainKernel([format](KernelContext& context) -> Status {
        TRY(requireTensors(context, {0}, DataType::UInt8));
        const Tensor& file = context.tensor(0);
        if (file.rank() != 1)
            return makeError(ErrorCode::ShapeMismatch,
                             "expected the bytes of a file, found shape " + toString(file.dims()));
        TRY_ASSIGN(const Picture picture, decodePicture(file.values<uint8_t>()));
        TRY_ASSIGN(Tensor * y,
                   context.allocate(0, DataType::UInt8,
                                    {picture.height, picture.width, format == PixelFormat::Grey ? 1 : 3}));
        convertPixels(picture, format, y->mutableData<uint8_t>());
        return {};
    });
}

} // namespace lapidary
