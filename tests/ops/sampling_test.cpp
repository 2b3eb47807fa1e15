// SPDX-License-Identifier: GPL-3.0-or-later
// GridSample, AffineGrid and DeformConv against their definitions, one output element at a time.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace lapidary;

namespace {

class Dice {
public:
    explicit Dice(uint32_t seed) : m_random(seed) {}
    int64_t between(int64_t low, int64_t high)
    {
        return std::uniform_int_distribution<int64_t>(low, high)(m_random);
    }
    template <typename T>
    T anyOf(std::initializer_list<T> list)
    {
        return *(list.begin() + between(0, static_cast<int64_t>(list.size()) - 1));
    }

private:
    std::mt19937 m_random;
};

// Values on a grid of 1/8, so that float32 computes coordinates exactly.
std::vector<double> eighths(Dice& dice, int64_t count, int64_t low, int64_t high)
{
    std::vector<double> values(static_cast<size_t>(count));
    for (double& value : values)
        value = static_cast<double>(dice.between(low, high)) / 8;
    return values;
}

struct Sampling {
    std::string mode, padding;
    bool align;
};

// One pixel, the image continued by zeros, its border or mirrors at low and high.
double mirrored(double x, double low, double high)
{
    while (high > low && (x < low || x > high))
        x = x < low ? 2 * low - x : 2 * high - x;
    return high > low ? x : low;
}

double sampleReference(const std::vector<double>& image, const Dims& dims,
                       const std::vector<double>& position, const Sampling& how, size_t axis = 0,
                       int64_t offset = 0)
{
    if (axis == dims.size())
        return image[static_cast<size_t>(offset)];
    const auto size = static_cast<double>(dims[axis]);
    const double low = how.align ? 0 : -0.5;
    const double high = how.align ? size - 1 : size - 0.5;
    double x = how.align ? (position[axis] + 1) / 2 * (size - 1) : ((position[axis] + 1) * size - 1) / 2;
    if (how.mode == "nearest")
        x = std::nearbyint(x);
    if (x < low || x > high) {
        if (how.padding == "border")
            x = std::clamp(x, 0.0, size - 1);
        else if (how.padding == "reflection")
            x = mirrored(x, low, high);
    }
    const auto value = [&](double place) {
        if (how.padding == "zeros" && (place < 0 || place >= size))
            return 0.0;
        if (how.padding == "border")
            place = std::clamp(place, 0.0, size - 1);
        if (how.padding == "reflection" && (place < 0 || place >= size))
            place = std::trunc(mirrored(place, low, high));
        return sampleReference(image, dims, position, how, axis + 1,
                               offset * dims[axis] + static_cast<int64_t>(place));
    };
    if (how.mode == "nearest")
        return value(x);
    const double floor = std::floor(x);
    const double t = x - floor;
    if (how.mode == "linear")
        return (1 - t) * value(floor) + t * value(floor + 1);
    const double a = -0.75;
    const auto near = [a](double d) { return (a + 2) * d * d * d - (a + 3) * d * d + 1; };
    const auto far = [a](double d) { return a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a; };
    return far(t + 1) * value(floor - 1) + near(t) * value(floor) + near(1 - t) * value(floor + 1) +
           far(2 - t) * value(floor + 2);
}

NodeCase gridSample(Tensor x, Tensor grid, const Sampling& how, int64_t opset)
{
    std::string mode = how.mode;
    if (opset < 20 && mode != "nearest")
        mode = "bi" + mode;
    return {.opType = "GridSample",
            .opset = opset,
            .inputs = {std::move(x), std::move(grid)},
            .attributes = {stringAttribute("mode", mode), stringAttribute("padding_mode", how.padding),
                           intAttribute("align_corners", how.align)}};
}

} // namespace

class SamplingTest : public QObject {
    Q_OBJECT
private slots:
    void gridSampleIsItsDefinition()
    {
        Dice dice(3);
        for (int round = 0; round < 400; ++round) {
            const auto rank = static_cast<size_t>(dice.between(1, 3));
            const Sampling how{dice.anyOf({"nearest", "linear", "cubic"}),
                               dice.anyOf({"zeros", "border", "reflection"}), dice.between(0, 1) == 1};
            Dims x{dice.between(1, 2), dice.between(1, 3)};
            Dims grid{x[0]};
            for (size_t i = 0; i < rank; ++i) {
                x.push_back(dice.between(1, 5));
                grid.push_back(dice.between(0, 4));
            }
            Dims out{x[0], x[1]};
            out.insert(out.end(), grid.begin() + 1, grid.end());
            grid.push_back(static_cast<int64_t>(rank));
            const DataType type = dice.anyOf({DataType::Float, DataType::Double});
            const Tensor image = randomTensor(x, static_cast<uint32_t>(round), type);
            const std::vector<double> positions = eighths(dice, *elementCount(grid), -20, 20);
            const Tensor points = tensorOf(grid, positions, dice.anyOf({DataType::Float, DataType::Double}));
            const std::vector<double> pixels = valuesOf(image);
            const Dims spatial(x.begin() + 2, x.end());
            const int64_t plane = *elementCount(spatial);
            const int64_t count = *elementCount(out) / (x[0] * x[1]);
            std::vector<double> expected;
            for (int64_t c = 0; c < x[0] * x[1]; ++c) {
                const std::vector<double> channel(pixels.begin() + c * plane,
                                                  pixels.begin() + (c + 1) * plane);
                for (int64_t i = 0; i < count; ++i) {
                    const auto first =
                        positions.begin() + (c / x[1] * count + i) * static_cast<int64_t>(rank);
                    std::vector<double> position(first, first + static_cast<int64_t>(rank));
                    std::reverse(position.begin(), position.end());
                    expected.push_back(sampleReference(channel, spatial, position, how));
                }
            }
            const int64_t opset = rank == 2 ? dice.anyOf({16, 20, 22}) : dice.anyOf({20, 22});
            checkRows(gridSample(image, points, how, opset), type, out, expected, {1e-5, 1e-5}, 1);
        }
    }

    void gridSampleTypes()
    {
        const Tensor grid = tensorOf({1, 1, 2, 2}, {-1, -1, 0, 0});
        const Sampling nearest{"nearest", "zeros", true};
        const Sampling linear{"linear", "border", true};
        for (const DataType type : {DataType::Int8, DataType::UInt8, DataType::Int16, DataType::Int64,
                                    DataType::Float16, DataType::BFloat16, DataType::Double}) {
            const Tensor x = tensorOf({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, type);
            checkRows(gridSample(x, grid, nearest, 22), type, {1, 1, 1, 2}, {1, 5}, {}, 1);
            checkRows(gridSample(x, grid, linear, 22), type, {1, 1, 1, 2}, {1, 5}, {}, 1);
        }
        const Tensor words = Tensor::ofStrings({1, 1, 1, 2}, {"a", "b"});
        const auto results = runOnAllRows(gridSample(words, tensorOf({1, 1, 1, 2}, {1, 0}), nearest, 20));
        QVERIFY(results.size() == 1 && results[0].outputs.ok());
        QCOMPARE((*results[0].outputs)[0].tensor()->strings()[0], std::string("b"));
        checkAllFail(gridSample(words, grid, linear, 20), ErrorCode::UnsupportedOp, 1);
        const Tensor half = tensorOf({1, 1, 1, 2}, {0, 0}, DataType::Float16);
        checkRows(gridSample(tensorOf({1, 1, 1, 3}, {1, 2, 3}), half, linear, 20), DataType::Float,
                  {1, 1, 1, 1}, {2}, {}, 1);
    }

    void gridSampleOddPlaces()
    {
        const double nan = std::nan("");
        const double inf = std::numeric_limits<double>::infinity();
        const Tensor x = tensorOf({1, 1, 1, 3}, {1, 2, 3});
        const Tensor grid = tensorOf({1, 1, 4, 2}, {nan, 0, inf, 0, -inf, 0, 1e30, 0});
        const Dims out{1, 1, 1, 4};
        for (const char* mode : {"nearest", "linear", "cubic"}) {
            checkRows(gridSample(x, grid, {mode, "zeros", false}, 20), DataType::Float, out, {0, 0, 0, 0}, {},
                      1);
            checkRows(gridSample(x, grid, {mode, "border", false}, 20), DataType::Float, out, {1, 3, 1, 3},
                      {1e-5, 0}, 1);
        }
        checkAllFail(gridSample(x, tensorOf({1, 1, 1, 3}, {0, 0, 0}), {"linear", "zeros", false}, 20),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(gridSample(x, tensorOf({2, 1, 1, 2}, {0, 0, 0, 0}), {"linear", "zeros", false}, 20),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(gridSample(tensorOf({1, 1, 0, 3}, {}), grid, {"linear", "zeros", false}, 20),
                     ErrorCode::ShapeMismatch, 1);
        checkAllFail(gridSample(x, grid, {"sharp", "zeros", false}, 20), ErrorCode::UnsupportedOp, 0);
    }

    void affineGrids()
    {
        Dice dice(5);
        for (int round = 0; round < 60; ++round) {
            const int64_t axes = dice.between(2, 3);
            const bool align = dice.between(0, 1) == 1;
            const int64_t batch = dice.between(0, 3);
            std::vector<int64_t> size{batch, dice.between(1, 3)};
            Dims out{batch};
            for (int64_t i = 0; i < axes; ++i) {
                size.push_back(dice.between(0, 4));
                out.push_back(size.back());
            }
            out.push_back(axes);
            const DataType type = dice.anyOf({DataType::Float, DataType::Double, DataType::Float16});
            const Tensor theta = randomTensor({batch, axes, axes + 1}, static_cast<uint32_t>(round), type);
            std::vector<double> expected;
            const int64_t points = *elementCount(Dims(size.begin() + 2, size.end()));
            for (int64_t i = 0; i < batch * points; ++i) {
                std::vector<double> place; // x, y, z, 1
                for (int64_t rest = i % points, axis = axes; axis-- > 0;) {
                    const int64_t length = size[static_cast<size_t>(axis + 2)];
                    const auto at = static_cast<double>(rest % length);
                    const auto count = static_cast<double>(length);
                    rest /= length;
                    if (align)
                        place.push_back(length == 1 ? 0 : -1 + at * 2 / (count - 1));
                    else
                        place.push_back(-1 + (at + 0.5) * 2 / count);
                }
                place.push_back(1);
                for (int64_t row = 0; row < axes; ++row) {
                    double sum = 0;
                    for (int64_t k = 0; k <= axes; ++k)
                        sum += elementAsDouble(theta, (i / points * axes + row) * (axes + 1) + k) *
                               place[static_cast<size_t>(k)];
                    expected.push_back(sum);
                }
            }
            const double rounding = 4 * roundingOf(type);
            checkRows({.opType = "AffineGrid",
                       .opset = 20,
                       .inputs = {theta, Tensor::of<int64_t>({axes + 2}, size)},
                       .attributes = {intAttribute("align_corners", align)}},
                      type, out, expected, {rounding, rounding}, 1);
        }
        const Tensor theta = randomTensor({1, 2, 3}, 1);
        const auto grid = [&](const std::vector<int64_t>& size) {
            return NodeCase{
                .opType = "AffineGrid",
                .opset = 20,
                .inputs = {theta, Tensor::of<int64_t>({static_cast<int64_t>(size.size())}, size)}};
        };
        checkAllFail(grid({1, 1, 2, 2, 2}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(grid({2, 1, 2, 2}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(grid({1, 1, -2, 2}), ErrorCode::InvalidArgument, 1);
        checkAllFail(grid({1, 1, INT64_MAX, INT64_MAX}), ErrorCode::InvalidArgument, 1);
    }

    void deformConvIsItsDefinition()
    {
        Dice dice(9);
        for (int round = 0; round < 60; ++round) {
            const int64_t groups = dice.between(1, 2);
            const int64_t offsetGroups = dice.between(1, 2);
            const int64_t batch = dice.between(1, 2);
            const int64_t channels = 4;
            const int64_t outputs = 2 * groups;
            const int64_t kh = dice.between(1, 3), kw = dice.between(1, 3);
            const int64_t sh = dice.between(1, 2), sw = dice.between(1, 2);
            const int64_t dh = dice.between(1, 2), dw = dice.between(1, 2);
            const std::vector<int64_t> pads{dice.between(0, 2), dice.between(0, 2), dice.between(0, 2),
                                            dice.between(0, 2)};
            const int64_t ih = 6, iw = 7;
            const int64_t oh = (ih + pads[0] + pads[2] - (kh - 1) * dh - 1) / sh + 1;
            const int64_t ow = (iw + pads[1] + pads[3] - (kw - 1) * dw - 1) / sw + 1;
            const auto seed = static_cast<uint32_t>(round * 10);
            const DataType type = dice.anyOf({DataType::Float, DataType::Double});
            const Tensor x = randomTensor({batch, channels, ih, iw}, seed, type);
            const Tensor w = randomTensor({outputs, channels / groups, kh, kw}, seed + 1, type);
            const Tensor offset =
                randomTensor({batch, offsetGroups * kh * kw * 2, oh, ow}, seed + 2, type, -3, 3);
            const bool hasBias = dice.between(0, 1) == 1;
            const bool hasMask = dice.between(0, 1) == 1;
            const Tensor bias = randomTensor({outputs}, seed + 3, type);
            const Tensor mask = randomTensor({batch, offsetGroups * kh * kw, oh, ow}, seed + 4, type);
            const auto pixel = [&](int64_t n, int64_t c, double h, double v) { // 0 outside
                const auto row = static_cast<int64_t>(h);
                const auto column = static_cast<int64_t>(v);
                if (h < 0 || v < 0 || row >= ih || column >= iw)
                    return 0.0;
                return elementAsDouble(x, ((n * channels + c) * ih + row) * iw + column);
            };
            std::vector<double> expected;
            for (int64_t i = 0; i < batch * outputs * oh * ow; ++i) {
                const int64_t n = i / (outputs * oh * ow), m = i / (oh * ow) % outputs;
                const int64_t y = i / ow % oh, z = i % ow;
                double sum = hasBias ? elementAsDouble(bias, m) : 0;
                for (int64_t c = 0; c < channels / groups; ++c) {
                    const int64_t in = m / (outputs / groups) * (channels / groups) + c;
                    const int64_t og = in / (channels / offsetGroups);
                    for (int64_t k = 0; k < kh * kw; ++k) {
                        const int64_t tap = (n * offsetGroups + og) * kh * kw + k;
                        const double h = static_cast<double>(y * sh - pads[0] + k / kw * dh) +
                                         elementAsDouble(offset, (tap * 2 * oh + y) * ow + z);
                        const double v = static_cast<double>(z * sw - pads[1] + k % kw * dw) +
                                         elementAsDouble(offset, ((tap * 2 + 1) * oh + y) * ow + z);
                        const double h0 = std::floor(h), v0 = std::floor(v);
                        const double value = (h0 + 1 - h) * ((v0 + 1 - v) * pixel(n, in, h0, v0) +
                                                             (v - v0) * pixel(n, in, h0, v0 + 1)) +
                                             (h - h0) * ((v0 + 1 - v) * pixel(n, in, h0 + 1, v0) +
                                                         (v - v0) * pixel(n, in, h0 + 1, v0 + 1));
                        const double scale = hasMask ? elementAsDouble(mask, (tap * oh + y) * ow + z) : 1;
                        sum +=
                            value * scale * elementAsDouble(w, (m * (channels / groups) + c) * kh * kw + k);
                    }
                }
                expected.push_back(sum);
            }
            checkRows(
                {.opType = "DeformConv",
                 .opset = dice.anyOf({19, 22}),
                 .inputs = {x, w, offset, hasBias ? Value(bias) : Value(), hasMask ? Value(mask) : Value()},
                 .attributes = {intAttribute("group", groups), intAttribute("offset_group", offsetGroups),
                                intsAttribute("strides", {sh, sw}), intsAttribute("dilations", {dh, dw}),
                                intsAttribute("pads", pads)}},
                type, {batch, outputs, oh, ow}, expected, {1e-5, 1e-5}, 1);
        }
    }

    void deformConvRefuses()
    {
        const auto conv = [](Dims offset, int64_t group) {
            return NodeCase{.opType = "DeformConv",
                            .opset = 19,
                            .inputs = {randomTensor({1, 2, 3, 3}, 1), randomTensor({1, 2, 2, 2}, 2),
                                       randomTensor(std::move(offset), 3)},
                            .attributes = {intAttribute("offset_group", group)}};
        };
        QVERIFY(runOnAllRows(conv({1, 8, 2, 2}, 1)).at(0).outputs.ok());
        checkAllFail(conv({1, 7, 2, 2}, 1), ErrorCode::ShapeMismatch, 1);
        checkAllFail(conv({1, 8, 2, 3}, 1), ErrorCode::ShapeMismatch, 1);
        checkAllFail(conv({1, 24, 2, 2}, 3), ErrorCode::ShapeMismatch, 1);
        checkAllFail(conv({1, 8, 2, 2}, 0), ErrorCode::ShapeMismatch, 1);
    }
};

std::unique_ptr<QObject> lapidary::createSamplingTest() { return std::make_unique<SamplingTest>(); }

#include "sampling_test.moc"
