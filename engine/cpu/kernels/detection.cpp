// SPDX-License-Identifier: GPL-3.0-or-later
// RoiAlign, MaxRoiPool and NonMaxSuppression.
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/parallel.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/type_dispatch.h"

namespace lapidary {

namespace {

using KernelResult = Result<std::unique_ptr<Kernel>>;

// Sampling points of one region along one axis beyond which a region is nonsense.
constexpr int64_t mostSamples = int64_t{1} << 24;

// What both region operators read: an image [N, C, H, W] and regions [count, columns].
struct RegionShape {
    int64_t batch = 0;
    int64_t channels = 0;
    int64_t height = 0;
    int64_t width = 0;
    int64_t regions = 0;
    int64_t outHeight = 1;
    int64_t outWidth = 1;
    Dims output() const { return {regions, channels, outHeight, outWidth}; }
};

Result<RegionShape> regionShape(const KernelContext& context, int64_t columns, int64_t outHeight,
                                int64_t outWidth)
{
    TRY(requireInputs(context, 2));
    TRY(requireTensors(context, {1}, context.tensor(0).type()));
    const Dims& x = context.tensor(0).dims();
    const Dims& regions = context.tensor(1).dims();
    if (x.size() != 4 || regions.size() != 2 || regions[1] != columns)
        return makeError(ErrorCode::ShapeMismatch, "expected an image [N, C, H, W] and regions [count, " +
                                                       std::to_string(columns) + "], found " + toString(x) +
                                                       " and " + toString(regions));
    if (outHeight < 1 || outWidth < 1 || outHeight > mostSamples || outWidth > mostSamples)
        return makeError(ErrorCode::InvalidArgument, "the size of the output must be 1 or more, found " +
                                                         std::to_string(outHeight) + "×" +
                                                         std::to_string(outWidth));
    return RegionShape{x[0], x[1], x[2], x[3], regions[0], outHeight, outWidth};
}

Status requireImage(int64_t index, const RegionShape& shape)
{
    if (index >= 0 && index < shape.batch)
        return {};
    return makeError(ErrorCode::InvalidArgument, "a region names image " + std::to_string(index) +
                                                     " of a batch of " + std::to_string(shape.batch));
}

struct RoiAlignSettings {
    bool average = true;
    bool halfPixel = true;
    int64_t outHeight = 1;
    int64_t outWidth = 1;
    int64_t samplingRatio = 0; // 0: as many samples as the bin has pixels
    float scale = 1;
};

// One sampling point along one axis: two neighbouring pixels and their weights.
template <typename T>
struct Sample {
    bool inside = false;
    int64_t low = 0;
    int64_t high = 0;
    T lowWeight = 0;
    T highWeight = 0;
};

template <typename T>
struct AxisSamples {
    int64_t perBin = 0;
    std::vector<Sample<T>> samples; // bins × perBin
};

template <typename T>
Sample<T> sampleAt(T position, int64_t size)
{
    Sample<T> sample;
    if (!(position >= -1 && position <= static_cast<T>(size)))
        return sample;
    position = std::max(position, T{0});
    sample.inside = true;
    sample.low = static_cast<int64_t>(position);
    if (sample.low >= size - 1) {
        sample.low = sample.high = size - 1;
        position = static_cast<T>(sample.low);
    } else {
        sample.high = sample.low + 1;
    }
    sample.highWeight = position - static_cast<T>(sample.low);
    sample.lowWeight = 1 - sample.highWeight;
    return sample;
}

template <typename T>
Result<AxisSamples<T>> axisSamples(T begin, T end, int64_t bins, int64_t size,
                                   const RoiAlignSettings& settings)
{
    const T offset = settings.halfPixel ? T{0.5} : T{0};
    const T start = begin * static_cast<T>(settings.scale) - offset;
    T length = end * static_cast<T>(settings.scale) - offset - start;
    if (!settings.halfPixel)
        length = std::max(length, T{1}); // malformed regions become one pixel
    const T binSize = length / static_cast<T>(bins);
    const T wanted = settings.samplingRatio > 0 ? static_cast<T>(settings.samplingRatio) : std::ceil(binSize);
    if (!(wanted * static_cast<T>(bins) <= static_cast<T>(mostSamples)) || !std::isfinite(start))
        return makeError(ErrorCode::InvalidArgument, "a region from " + std::to_string(begin) + " to " +
                                                         std::to_string(end) +
                                                         " needs too many sampling points");
    AxisSamples<T> result;
    result.perBin = std::max<int64_t>(0, static_cast<int64_t>(wanted));
    for (int64_t bin = 0; bin < bins; ++bin) {
        for (int64_t i = 0; i < result.perBin; ++i) {
            const T position = start + static_cast<T>(bin) * binSize +
                               (static_cast<T>(i) + T{0.5}) * binSize / static_cast<T>(result.perBin);
            result.samples.push_back(sampleAt(position, size));
        }
    }
    return result;
}

// The mean, or the largest weighted pixel, of the sampling points of one bin.
template <typename T>
T pooledBin(const T* image, int64_t width, const Sample<T>* rows, int64_t rowCount, const Sample<T>* columns,
            int64_t columnCount, bool average)
{
    T sum = 0;
    bool isFirst = true;
    for (int64_t y = 0; y < rowCount; ++y) {
        const Sample<T>& row = rows[y];
        for (int64_t x = 0; x < columnCount; ++x) {
            const Sample<T>& column = columns[x];
            T parts[4] = {};
            if (row.inside && column.inside) {
                const T* low = image + row.low * width;
                const T* high = image + row.high * width;
                parts[0] = row.lowWeight * column.lowWeight * low[column.low];
                parts[1] = row.lowWeight * column.highWeight * low[column.high];
                parts[2] = row.highWeight * column.lowWeight * high[column.low];
                parts[3] = row.highWeight * column.highWeight * high[column.high];
            }
            if (average) {
                sum += parts[0] + parts[1] + parts[2] + parts[3];
            } else {
                const T largest = *std::max_element(parts, parts + 4);
                sum = isFirst ? largest : std::max(sum, largest);
            }
            isFirst = false;
        }
    }
    return average && !isFirst ? sum / static_cast<T>(rowCount * columnCount) : sum;
}

template <typename T>
Status alignRegion(KernelContext& context, const RegionShape& shape, const RoiAlignSettings& settings,
                   int64_t region, int64_t image, T* y)
{
    const T* box = context.tensor(1).data<T>() + region * 4;
    TRY_ASSIGN(const AxisSamples<T> columns,
               axisSamples(box[0], box[2], shape.outWidth, shape.width, settings));
    TRY_ASSIGN(const AxisSamples<T> rows,
               axisSamples(box[1], box[3], shape.outHeight, shape.height, settings));
    const T* x = context.tensor(0).data<T>() + image * shape.channels * shape.height * shape.width;
    const auto poolRow = [&](int64_t row) { // of an output plane
        const int64_t c = row / shape.outHeight;
        const int64_t i = row % shape.outHeight;
        T* to = y + row * shape.outWidth;
        for (int64_t j = 0; j < shape.outWidth; ++j)
            *to++ = pooledBin(x + c * shape.height * shape.width, shape.width,
                              rows.samples.data() + i * rows.perBin, rows.perBin,
                              columns.samples.data() + j * columns.perBin, columns.perBin, settings.average);
    };
    return stoppableFor(context.job(), shape.channels * shape.outHeight, 4 * shape.outHeight, poolRow);
}

Status runRoiAlign(KernelContext& context, const RoiAlignSettings& settings)
{
    TRY_ASSIGN(const RegionShape shape, regionShape(context, 4, settings.outHeight, settings.outWidth));
    TRY_ASSIGN(const Ints images, listInput(context, 2));
    if (static_cast<int64_t>(images.size()) != shape.regions)
        return makeError(ErrorCode::ShapeMismatch, "expected one batch index for each of " +
                                                       std::to_string(shape.regions) + " regions, found " +
                                                       std::to_string(images.size()));
    TRY_ASSIGN(Tensor * y, context.allocate(0, context.tensor(0).type(), shape.output()));
    if (y->count() == 0)
        return {};
    if (shape.height == 0 || shape.width == 0)
        return makeError(ErrorCode::ShapeMismatch, "the image has no pixels");
    return dispatch(FloatTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
        const int64_t regionSize = y->count() / shape.regions;
        for (int64_t region = 0; region < shape.regions; ++region) {
            const int64_t image = images[static_cast<size_t>(region)];
            TRY(requireImage(image, shape));
            TRY(alignRegion(context, shape, settings, region, image,
                            y->mutableData<T>() + region * regionSize));
        }
        return {};
    });
}

KernelResult createRoiAlign(const KernelRequest& request)
{
    const Node& node = *request.node;
    RoiAlignSettings settings;
    const std::string mode = node.stringAttribute("mode", "avg");
    settings.average = mode == "avg";
    if (!settings.average && mode != "max")
        return makeError(ErrorCode::UnsupportedOp, "RoiAlign has no mode '" + mode + "'");
    // Opset 10 had no attribute and did not shift.
    const char* fallback = request.opsetVersion < 16 ? "output_half_pixel" : "half_pixel";
    settings.halfPixel = node.stringAttribute("coordinate_transformation_mode", fallback) == "half_pixel";
    settings.outHeight = node.intAttribute("output_height", 1);
    settings.outWidth = node.intAttribute("output_width", 1);
    settings.samplingRatio = node.intAttribute("sampling_ratio", 0);
    settings.scale = node.floatAttribute("spatial_scale", 1);
    return plainKernel([settings](KernelContext& context) { return runRoiAlign(context, settings); });
}

// The pixels [begin, end) of one bin of MaxRoiPool along one axis, cut to the image.
struct BinRange {
    int64_t begin = 0;
    int64_t end = 0;
};

std::vector<BinRange> binRanges(double first, double last, int64_t bins, int64_t size)
{
    // Far outside is as good as just outside, and fits every integer.
    const auto farAway = static_cast<double>(size) + 0x1p30;
    const double start = std::clamp(std::round(first), -farAway, farAway);
    const double end = std::clamp(std::round(last), -farAway, farAway);
    const double binSize = std::max(end - start + 1, 1.0) / static_cast<double>(bins);
    const auto cut = [&](double at) {
        return static_cast<int64_t>(std::clamp(at + start, 0.0, static_cast<double>(size)));
    };
    std::vector<BinRange> ranges;
    for (int64_t bin = 0; bin < bins; ++bin)
        ranges.push_back({cut(std::floor(static_cast<double>(bin) * binSize)),
                          cut(std::ceil(static_cast<double>(bin + 1) * binSize))});
    return ranges;
}

template <typename T>
void poolRegion(const T* x, const RegionShape& shape, const std::vector<BinRange>& rows,
                const std::vector<BinRange>& columns, T* y)
{
    for (int64_t c = 0; c < shape.channels; ++c) {
        const T* image = x + c * shape.height * shape.width;
        for (const BinRange& row : rows) {
            for (const BinRange& column : columns) {
                const bool empty = row.begin >= row.end || column.begin >= column.end;
                T best = empty ? T{0} : std::numeric_limits<T>::lowest();
                for (int64_t i = row.begin; i < row.end; ++i) {
                    for (int64_t j = column.begin; j < column.end; ++j)
                        best = std::max(best, image[i * shape.width + j]);
                }
                *y++ = best;
            }
        }
    }
}

Status runMaxRoiPool(KernelContext& context, const Ints& pooled, double scale)
{
    TRY_ASSIGN(const RegionShape shape, regionShape(context, 5, pooled[0], pooled[1]));
    TRY_ASSIGN(Tensor * y, context.allocate(0, context.tensor(0).type(), shape.output()));
    if (y->count() == 0)
        return {};
    return dispatch(FloatTypes(), context.tensor(0).type(), [&]<typename T>() -> Status {
        const T* regions = context.tensor(1).data<T>();
        for (int64_t i = 0; i < shape.regions * 5; ++i) {
            if (!std::isfinite(regions[i]))
                return makeError(ErrorCode::InvalidArgument, "a region is not finite");
        }
        for (int64_t region = 0; region < shape.regions; ++region)
            TRY(requireImage(static_cast<int64_t>(std::clamp<T>(regions[region * 5], -1, T(0x1p30))), shape));
        const int64_t regionSize = y->count() / shape.regions;
        return stoppableFor(context.job(), shape.regions, 1, [&](int64_t region) {
            const T* box = regions + region * 5;
            const auto at = [&](int side) { return static_cast<double>(box[side]) * scale; };
            const auto image = static_cast<int64_t>(box[0]);
            poolRegion(context.tensor(0).data<T>() + image * shape.channels * shape.height * shape.width,
                       shape, binRanges(at(2), at(4), shape.outHeight, shape.height),
                       binRanges(at(1), at(3), shape.outWidth, shape.width),
                       y->mutableData<T>() + region * regionSize);
        });
    });
}

KernelResult createMaxRoiPool(const KernelRequest& request)
{
    const Ints pooled = request.node->intsAttribute("pooled_shape");
    if (pooled.size() != 2)
        return makeError(ErrorCode::InvalidModel, "attribute 'pooled_shape': expected 2 values, found " +
                                                      std::to_string(pooled.size()));
    const double scale = request.node->floatAttribute("spatial_scale", 1);
    return plainKernel(
        [pooled, scale](KernelContext& context) { return runMaxRoiPool(context, pooled, scale); });
}

// A box by its corners.
struct Box {
    float left, top, right, bottom;
    float area() const { return (right - left) * (bottom - top); }
};

Box boxOf(const float* values, bool center)
{
    if (center) { // x, y, width, height
        const float halfWidth = values[2] / 2;
        const float halfHeight = values[3] / 2;
        return {values[0] - halfWidth, values[1] - halfHeight, values[0] + halfWidth, values[1] + halfHeight};
    }
    const auto [top, bottom] = std::minmax(values[0], values[2]); // any two opposite corners
    const auto [left, right] = std::minmax(values[1], values[3]);
    return {left, top, right, bottom};
}

bool overlaps(const Box& a, const Box& b, float threshold)
{
    const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
    const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    if (!(width > 0 && height > 0))
        return false;
    const float shared = width * height;
    const float both = a.area() + b.area() - shared;
    return a.area() > 0 && b.area() > 0 && both > 0 && shared / both > threshold;
}

struct SuppressionSettings {
    bool center = false;
    int64_t most = 0; // boxes of one class
    float overlap = 0;
    std::optional<float> score;
};

// The boxes that stay, best first; equal scores in the order of their numbers.
std::vector<int64_t> selectBoxes(const std::vector<Box>& boxes, const float* scores,
                                 const SuppressionSettings& settings)
{
    std::vector<int64_t> order;
    for (int64_t i = 0; i < static_cast<int64_t>(boxes.size()); ++i) {
        if (!std::isnan(scores[i]) && (!settings.score || scores[i] > *settings.score))
            order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return scores[a] > scores[b]; });
    std::vector<int64_t> selected;
    for (const int64_t candidate : order) {
        if (static_cast<int64_t>(selected.size()) >= settings.most)
            break;
        const Box& box = boxes[static_cast<size_t>(candidate)];
        const bool suppressed = std::any_of(selected.begin(), selected.end(), [&](int64_t kept) {
            return overlaps(box, boxes[static_cast<size_t>(kept)], settings.overlap);
        });
        if (!suppressed)
            selected.push_back(candidate);
    }
    return selected;
}

Status runNonMaxSuppression(KernelContext& context, SuppressionSettings settings)
{
    TRY(requireTensors(context, {0, 1}, DataType::Float));
    const Dims& boxes = context.tensor(0).dims();
    const Dims& scores = context.tensor(1).dims();
    if (boxes.size() != 3 || boxes[2] != 4 || scores.size() != 3 || scores[0] != boxes[0] ||
        scores[2] != boxes[1])
        return makeError(ErrorCode::ShapeMismatch,
                         "expected boxes [batch, count, 4] and scores [batch, classes, count], found " +
                             toString(boxes) + " and " + toString(scores));
    if (context.hasInput(2)) {
        TRY_ASSIGN(settings.most, integerInput(context, 2));
    }
    if (context.hasInput(3)) {
        TRY_ASSIGN(const double overlap, numberInput(context, 3));
        settings.overlap = static_cast<float>(overlap);
    }
    if (context.hasInput(4)) {
        TRY_ASSIGN(const double score, numberInput(context, 4));
        settings.score = static_cast<float>(score);
    }
    const int64_t count = boxes[1];
    const int64_t classes = scores[1];
    const int64_t tasks = count == 0 ? 0 : context.tensor(1).count() / count;
    std::vector<std::vector<int64_t>> selected(static_cast<size_t>(tasks));
    parallelFor(tasks, 1, [&](int64_t begin, int64_t end) {
        std::vector<Box> corners(static_cast<size_t>(count));
        for (int64_t task = begin; task < end && !context.stopRequested(); ++task) {
            const float* values = context.tensor(0).data<float>() + task / classes * count * 4;
            for (int64_t i = 0; i < count; ++i)
                corners[static_cast<size_t>(i)] = boxOf(values + i * 4, settings.center);
            selected[static_cast<size_t>(task)] =
                selectBoxes(corners, context.tensor(1).data<float>() + task * count, settings);
        }
    });
    if (context.stopRequested())
        return cancelled();
    std::vector<int64_t> triples;
    for (int64_t task = 0; task < tasks; ++task) {
        for (const int64_t box : selected[static_cast<size_t>(task)])
            triples.insert(triples.end(), {task / classes, task % classes, box});
    }
    context.setOutput(0, Tensor::of<int64_t>({static_cast<int64_t>(triples.size()) / 3, 3}, triples));
    return {};
}

KernelResult createNonMaxSuppression(const KernelRequest& request)
{
    SuppressionSettings settings;
    settings.center = request.node->intAttribute("center_point_box", 0) != 0;
    return plainKernel(
        [settings](KernelContext& context) { return runNonMaxSuppression(context, settings); });
}

constexpr KernelRow rows[] = {
    {"", "RoiAlign", 10, newestOpset, "plain", forFloats<createRoiAlign>},
    {"", "MaxRoiPool", 1, newestOpset, "plain", forFloats<createMaxRoiPool>},
    {"", "NonMaxSuppression", 10, newestOpset, "plain", createNonMaxSuppression},
};

} // namespace

std::span<const KernelRow> detectionKernels() { return rows; }

} // namespace lapidary
