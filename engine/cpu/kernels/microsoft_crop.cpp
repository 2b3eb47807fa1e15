// SPDX-License-Identifier: GPL-3.0-or-later
// CropAndResize of com.microsoft: boxes of images, resized with their corners aligned.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/microsoft.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

#include <cmath>

namespace lapidary {

namespace {

Error shapeError(std::string message) { return makeError(ErrorCode::ShapeMismatch, std::move(message)); }

struct CropShape {
    int64_t boxes = 0;
    int64_t channels = 0;
    int64_t height = 0; // of the image
    int64_t width = 0;
    int64_t cropHeight = 0;
    int64_t cropWidth = 0;
    std::vector<int64_t> images; // of each box
};

struct CropAttributes {
    bool nearest = false;
    double outside = 0;
};

template <typename T>
Result<CropShape> cropShape(const KernelContext& context)
{
    TRY(requireTensors(context, {0, 1}, typeOf<T>()));
    const Dims& x = context.tensor(0).dims();
    const Dims& boxes = context.tensor(1).dims();
    if (x.size() != 4 || boxes.size() != 2 || boxes[1] != 4)
        return shapeError("X and rois: expected N×C×H×W and boxes×4, found " + toString(x) + " and " +
                          toString(boxes));
    CropShape shape{boxes[0], x[1], x[2], x[3], 0, 0, {}};
    TRY_ASSIGN(shape.images, listInput(context, 2));
    TRY_ASSIGN(const Ints size, listInput(context, 3));
    if (size.size() != 2 || size[0] < 1 || size[1] < 1)
        return shapeError("crop_size: expected two positive numbers");
    if (static_cast<int64_t>(shape.images.size()) != boxes[0])
        return shapeError("batch_indices: expected one for each of " + std::to_string(boxes[0]) +
                          " boxes, found " + std::to_string(shape.images.size()));
    for (const int64_t image : shape.images) {
        if (image < 0 || image >= x[0])
            return shapeError("batch_indices: " + std::to_string(image) + " is outside of " +
                              std::to_string(x[0]) + " images");
    }
    shape.cropHeight = size[0];
    shape.cropWidth = size[1];
    return shape;
}

// Where row or column i of a crop lies in the image.
double placeOf(double first, double last, int64_t size, int64_t cropSize, int64_t i)
{
    const auto span = static_cast<double>(size - 1);
    if (cropSize == 1)
        return 0.5 * (first + last) * span;
    return first * span + static_cast<double>(i) * (last - first) * span / static_cast<double>(cropSize - 1);
}

template <typename T>
T sample(const T* plane, const CropShape& shape, bool nearest, double y, double x)
{
    const auto at = [&](double row, double column) {
        return static_cast<double>(
            plane[static_cast<int64_t>(row) * shape.width + static_cast<int64_t>(column)]);
    };
    if (nearest)
        return static_cast<T>(at(std::round(y), std::round(x)));
    const double top = std::floor(y);
    const double left = std::floor(x);
    const double bottom = std::ceil(y);
    const double right = std::ceil(x);
    const double upper = at(top, left) + (at(top, right) - at(top, left)) * (x - left);
    const double lower = at(bottom, left) + (at(bottom, right) - at(bottom, left)) * (x - left);
    return static_cast<T>(upper + (lower - upper) * (y - top));
}

template <typename T>
void cropPlane(const T* plane, const T* box, const CropShape& shape, const CropAttributes& attributes, T* out)
{
    const auto edge = [&](int64_t i) { return static_cast<double>(box[i]); };
    for (int64_t row = 0; row < shape.cropHeight; ++row) {
        const double y = placeOf(edge(0), edge(2), shape.height, shape.cropHeight, row);
        for (int64_t column = 0; column < shape.cropWidth; ++column) {
            const double x = placeOf(edge(1), edge(3), shape.width, shape.cropWidth, column);
            const bool inside = y >= 0 && y <= static_cast<double>(shape.height - 1) && x >= 0 &&
                                x <= static_cast<double>(shape.width - 1);
            *out++ =
                inside ? sample(plane, shape, attributes.nearest, y, x) : static_cast<T>(attributes.outside);
        }
    }
}

template <typename T>
Status runCrop(const CropAttributes& attributes, KernelContext& context)
{
    TRY_ASSIGN(const CropShape shape, cropShape<T>(context));
    TRY_ASSIGN(
        Tensor * y,
        context.allocate(0, typeOf<T>(), {shape.boxes, shape.channels, shape.cropHeight, shape.cropWidth}));
    if (y->count() == 0)
        return {};
    const int64_t crop = shape.cropHeight * shape.cropWidth;
    const int64_t plane = shape.height * shape.width;
    parallelFor(shape.boxes * shape.channels, 1 + (1 << 12) / crop, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end && !context.stopRequested(); ++i) {
            const int64_t box = i / shape.channels;
            const int64_t image = shape.images[static_cast<size_t>(box)];
            cropPlane(context.tensor(0).template data<T>() +
                          (image * shape.channels + i % shape.channels) * plane,
                      context.tensor(1).template data<T>() + box * 4, shape, attributes,
                      y->template mutableData<T>() + i * crop);
        }
    });
    return context.stopRequested() ? Status(cancelled()) : Status();
}

Result<std::unique_ptr<Kernel>> createForRequest(const KernelRequest& request)
{
    TRY(acceptTypes(FloatTypes(), request));
    const std::string mode = request.node->stringAttribute("mode", "bilinear");
    if (mode != "bilinear" && mode != "nearest")
        return makeError(ErrorCode::UnsupportedOp,
                         "attribute 'mode': expected 'bilinear' or 'nearest', found '" + mode + "'");
    const CropAttributes attributes{
        mode == "nearest", static_cast<double>(request.node->floatAttribute("extrapolation_value", 0))};
    return plainKernel([attributes](KernelContext& context) {
        return dispatch(FloatTypes(), context.tensor(0).type(),
                        [&]<typename T>() { return runCrop<T>(attributes, context); });
    });
}

} // namespace

Result<std::unique_ptr<Kernel>> createCropAndResize(const KernelRequest& request)
{
    return createForFloats(request, createForRequest);
}

} // namespace lapidary
