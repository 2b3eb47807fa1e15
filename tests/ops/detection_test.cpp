// SPDX-License-Identifier: GPL-3.0-or-later
// RoiAlign, MaxRoiPool and NonMaxSuppression against their definitions.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

// The image between its pixels: 0 beyond one pixel outside, the border's value up to there.
double bilinear(const std::vector<double>& image, int64_t height, int64_t width, double y, double x, bool max)
{
    if (y < -1 || y > static_cast<double>(height) || x < -1 || x > static_cast<double>(width))
        return 0;
    y = std::clamp(y, 0.0, static_cast<double>(height - 1));
    x = std::clamp(x, 0.0, static_cast<double>(width - 1));
    double sum = 0;
    double largest = -1e9;
    for (int corner = 0; corner < 4; ++corner) {
        const double row = std::min(std::floor(y) + corner / 2, static_cast<double>(height - 1));
        const double column = std::min(std::floor(x) + corner % 2, static_cast<double>(width - 1));
        const double fy = y - std::floor(y);
        const double fx = x - std::floor(x);
        const double part = (corner / 2 ? fy : 1 - fy) * (corner % 2 ? fx : 1 - fx) *
                            image[static_cast<size_t>(row * static_cast<double>(width) + column)];
        sum += part;
        largest = std::max(largest, part);
    }
    return max ? largest : sum;
}

Tensor list(const std::vector<int64_t>& values)
{
    return Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values);
}

} // namespace

class DetectionTest : public QObject {
    Q_OBJECT
private slots:
    void roiAlign()
    {
        std::mt19937 random(1);
        const auto real = [&](double low, double high) {
            return std::uniform_real_distribution<double>(low, high)(random);
        };
        for (int round = 0; round < 80; ++round) {
            const int64_t regions = round % 4, channels = 2, height = 5, width = 6;
            const int64_t outHeight = 1 + round % 3, outWidth = 1 + round / 3 % 3;
            const int64_t ratio = round % 5 == 0 ? 0 : round % 3;
            const bool max = round % 2 == 1;
            const int64_t opset = round % 3 == 0 ? 10 : round % 3 == 1 ? 16 : 22;
            const bool half = opset >= 16 && round % 4 < 2;
            const double scale = round % 7 == 0 ? 0.5 : 1;
            const Tensor x =
                randomTensor({2, channels, height, width}, static_cast<uint32_t>(round), DataType::Double);
            std::vector<double> boxes;
            std::vector<int64_t> images;
            for (int64_t r = 0; r < regions; ++r) {
                const double left = real(-3, 5), top = real(-3, 4);
                boxes.insert(boxes.end(), {left, top, left + real(0, 5), top + real(0, 5)});
                images.push_back(r % 2);
            }
            std::vector<double> expected;
            for (int64_t i = 0; i < regions * channels * outHeight * outWidth; ++i) {
                const int64_t r = i / (channels * outHeight * outWidth),
                              c = i / (outHeight * outWidth) % channels;
                const std::vector<double> all = valuesOf(x);
                const auto begin =
                    all.begin() + (images[static_cast<size_t>(r)] * channels + c) * height * width;
                const std::vector<double> image(begin, begin + height * width);
                const double* box = boxes.data() + r * 4;
                const double shift = half ? 0.5 : 0;
                const double left = box[0] * scale - shift, top = box[1] * scale - shift;
                double w = box[2] * scale - shift - left, h = box[3] * scale - shift - top;
                if (!half) {
                    w = std::max(w, 1.0);
                    h = std::max(h, 1.0);
                }
                const double binH = h / static_cast<double>(outHeight),
                             binW = w / static_cast<double>(outWidth);
                const auto ny = ratio > 0 ? ratio : static_cast<int64_t>(std::ceil(binH));
                const auto nx = ratio > 0 ? ratio : static_cast<int64_t>(std::ceil(binW));
                double sum = 0, largest = -1e9;
                for (int64_t s = 0; s < ny * nx; ++s) {
                    const double y = top + (static_cast<double>(i / outWidth % outHeight) +
                                            (static_cast<double>(s / nx) + 0.5) / static_cast<double>(ny)) *
                                               binH;
                    const double z = left + (static_cast<double>(i % outWidth) +
                                             (static_cast<double>(s % nx) + 0.5) / static_cast<double>(nx)) *
                                                binW;
                    const double value = bilinear(image, height, width, y, z, max);
                    sum += value;
                    largest = std::max(largest, value);
                }
                expected.push_back(max ? largest : sum / static_cast<double>(ny * nx));
            }
            NodeCase align{.opType = "RoiAlign",
                           .opset = opset,
                           .inputs = {x, tensorOf({regions, 4}, boxes, DataType::Double), list(images)},
                           .attributes = {intAttribute("output_height", outHeight),
                                          intAttribute("output_width", outWidth),
                                          intAttribute("sampling_ratio", ratio),
                                          floatAttribute("spatial_scale", static_cast<float>(scale)),
                                          stringAttribute("mode", max ? "max" : "avg")}};
            if (opset >= 16 && !half)
                align.attributes.push_back(
                    stringAttribute("coordinate_transformation_mode", "output_half_pixel"));
            checkRows(align, DataType::Double, {regions, channels, outHeight, outWidth}, expected,
                      {1e-9, 1e-9}, 1);
        }
    }

    void roiAlignRefuses()
    {
        const auto align = [](std::vector<double> box, int64_t image, DataType type = DataType::Float) {
            return NodeCase{.opType = "RoiAlign",
                            .opset = 16,
                            .inputs = {tensorOf({1, 1, 2, 2}, {1, 2, 3, 4}, type),
                                       tensorOf({1, 4}, box, type), list({image})}};
        };
        checkRows(align({0, 0, 2, 2}, 0, DataType::Float16), DataType::Float16, {1, 1, 1, 1}, {2.5}, {}, 1);
        checkAllFail(align({0, 0, 2, 2}, 1), ErrorCode::InvalidArgument, 1);
        checkAllFail(align({0, 0, 2, 2}, -1), ErrorCode::InvalidArgument, 1);
        checkAllFail(align({0, 0, 1e30, 2}, 0), ErrorCode::InvalidArgument, 1);
        checkAllFail(align({std::nan(""), 0, 2, 2}, 0), ErrorCode::InvalidArgument, 1);
        NodeCase large = align({0, 0, 2, 2}, 0);
        large.attributes = {intAttribute("output_height", INT64_MAX)};
        checkAllFail(large, ErrorCode::InvalidArgument, 1);
        large.attributes = {intAttribute("sampling_ratio", INT64_MAX)};
        checkAllFail(large, ErrorCode::InvalidArgument, 1);
    }

    void maxRoiPool()
    {
        std::vector<double> pixels(2 * 4 * 6);
        for (size_t i = 0; i < pixels.size(); ++i)
            pixels[i] = static_cast<double>(i);
        const Tensor x = tensorOf({2, 1, 4, 6}, pixels);
        // Image 1, columns 1 to 4, rows 0 to 3 (both ends inside), in 2×2 bins; then outside.
        const Tensor regions = tensorOf({3, 5}, {1, 1, 0, 4, 3, 0, 0, 0, 0, 0, 0, 10, 10, 12, 12});
        checkRows({.opType = "MaxRoiPool",
                   .opset = 1,
                   .inputs = {x, regions},
                   .attributes = {intsAttribute("pooled_shape", {2, 2})}},
                  DataType::Float, {3, 1, 2, 2}, {32, 34, 44, 46, 0, 0, 0, 0, 0, 0, 0, 0}, {}, 1);
        checkRows(
            {.opType = "MaxRoiPool",
             .opset = 22,
             .inputs = {x, tensorOf({1, 5}, {0, 2, 0, 8, 6})},
             .attributes = {intsAttribute("pooled_shape", {1, 1}), floatAttribute("spatial_scale", 0.5f)}},
            DataType::Float, {1, 1, 1, 1}, {22}, {}, 1);
        checkAllFail({.opType = "MaxRoiPool",
                      .inputs = {x, tensorOf({1, 5}, {2, 0, 0, 1, 1})},
                      .attributes = {intsAttribute("pooled_shape", {1, 1})}},
                     ErrorCode::InvalidArgument, 1);
        checkAllFail({.opType = "MaxRoiPool",
                      .inputs = {x, tensorOf({1, 4}, {0, 0, 1, 1})},
                      .attributes = {intsAttribute("pooled_shape", {1, 1})}},
                     ErrorCode::ShapeMismatch, 1);
    }

    void nonMaxSuppression()
    {
        std::mt19937 random(4);
        const auto number = [&](int low, int high) {
            return static_cast<double>(std::uniform_int_distribution<int>(low, high)(random));
        };
        for (int round = 0; round < 60; ++round) {
            const int64_t batch = 1 + round % 2, classes = 1 + round % 3, count = round % 12;
            const bool center = round % 2 == 1;
            std::vector<double> boxes, scores;
            for (int64_t i = 0; i < batch * count; ++i) {
                if (center)
                    boxes.insert(boxes.end(), {number(0, 8), number(0, 8), number(0, 6), number(0, 6)});
                else
                    boxes.insert(boxes.end(), {number(0, 8), number(0, 8), number(0, 8), number(0, 8)});
            }
            for (int64_t i = 0; i < batch * classes * count; ++i)
                scores.push_back(number(0, 6) / 8); // often equal
            const double threshold = 0.45, least = 0.2;
            const int64_t most = round % 5;
            const bool hasLeast = round % 3 != 0;
            const auto corners = [&](int64_t box) {
                const double* b = boxes.data() + box * 4;
                if (center)
                    return std::array{b[0] - b[2] / 2, b[1] - b[3] / 2, b[0] + b[2] / 2, b[1] + b[3] / 2};
                return std::array{std::min(b[1], b[3]), std::min(b[0], b[2]), std::max(b[1], b[3]),
                                  std::max(b[0], b[2])};
            };
            const auto overlap = [&](int64_t i, int64_t j) {
                const auto a = corners(i), b = corners(j);
                const double w = std::min(a[2], b[2]) - std::max(a[0], b[0]);
                const double h = std::min(a[3], b[3]) - std::max(a[1], b[1]);
                const double areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]);
                return w <= 0 || h <= 0 ? 0 : w * h / (areas - w * h);
            };
            std::vector<double> expected;
            for (int64_t task = 0; task < batch * classes; ++task) {
                std::vector<bool> gone(static_cast<size_t>(count));
                for (int64_t taken = 0; taken < most; ++taken) {
                    int64_t best = -1;
                    for (int64_t i = 0; i < count; ++i) {
                        const double score = scores[static_cast<size_t>(task * count + i)];
                        if (!gone[static_cast<size_t>(i)] && (!hasLeast || score > least) &&
                            (best < 0 || score > scores[static_cast<size_t>(task * count + best)]))
                            best = i;
                    }
                    if (best < 0)
                        break;
                    const int64_t first = task / classes * count;
                    for (int64_t i = 0; i < count; ++i)
                        gone[static_cast<size_t>(i)] =
                            gone[static_cast<size_t>(i)] || overlap(first + i, first + best) > threshold;
                    gone[static_cast<size_t>(best)] = true;
                    expected.insert(expected.end(),
                                    {static_cast<double>(task / classes), static_cast<double>(task % classes),
                                     static_cast<double>(best)});
                }
            }
            NodeCase suppress{.opType = "NonMaxSuppression",
                              .opset = round % 2 == 0 ? 10 : 11,
                              .inputs = {tensorOf({batch, count, 4}, boxes),
                                         tensorOf({batch, classes, count}, scores), list({most}),
                                         tensorOf({1}, {threshold})},
                              .attributes = {intAttribute("center_point_box", center)}};
            if (hasLeast)
                suppress.inputs.push_back(tensorOf({1}, {least}));
            checkRows(suppress, DataType::Int64, {static_cast<int64_t>(expected.size()) / 3, 3}, expected, {},
                      1);
        }
    }

    void nonMaxSuppressionDefaults()
    {
        const Tensor boxes = tensorOf({1, 1, 4}, {0, 0, 1, 1});
        const Tensor scores = tensorOf({1, 1, 1}, {0.5});
        checkRows({.opType = "NonMaxSuppression", .opset = 11, .inputs = {boxes, scores}}, DataType::Int64,
                  {0, 3}, {}, {}, 1);
        checkAllFail({.opType = "NonMaxSuppression", .opset = 11, .inputs = {boxes, boxes}},
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail({.opType = "NonMaxSuppression", .opset = 11, .inputs = {boxes}},
                     ErrorCode::ShapeMismatch, 1);
    }
};

std::unique_ptr<QObject> lapidary::createDetectionTest() { return std::make_unique<DetectionTest>(); }

#include "detection_test.moc"
