// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/tensor_plane.h"

#include "viewers/image/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace lapidary {

namespace {

std::vector<int64_t> stridesOf(const Dims& dims)
{
    std::vector<int64_t> strides(dims.size(), 1);
    for (size_t axis = dims.size(); axis-- > 1;)
        strides[axis - 1] = strides[axis] * dims[axis];
    return strides;
}

// Colours by number, so that a pixel costs a look-up.
class ColourTable {
public:
    ColourTable(double limit, bool dark) : m_scale(limit > 0 ? half / limit : 0)
    {
        for (int i = 0; i <= 2 * half; ++i)
            m_colours[static_cast<size_t>(i)] =
                diverging(static_cast<double>(i) / half - 1, dark) | 0xff000000;
    }
    QRgb of(double value) const
    {
        if (std::isnan(value))
            return 0xffff00ff;
        const double place =
            std::clamp(value * m_scale, -static_cast<double>(half), static_cast<double>(half));
        return m_colours[static_cast<size_t>(std::lround(place) + half)];
    }

private:
    static constexpr int half = 256;
    std::array<QRgb, 2 * half + 1> m_colours;
    double m_scale;
};

// Where the cells of a line or a column are in the tensor: an element is at offset + row's part + column's
// part, in slices and tiles alike. Gaps have none.
constexpr int64_t gap = -1;

int64_t partOf(int64_t cell, int64_t tileCells, int64_t stride, int64_t tileStride)
{
    if (tileCells == 0)
        return cell * stride;
    const int64_t inside = cell % (tileCells + 1);
    return inside == tileCells ? gap : inside * stride + cell / (tileCells + 1) * tileStride;
}

int64_t rowPart(const TensorPlane& plane, int64_t row)
{
    const int64_t tiles = plane.tileCount > 0 ? plane.tilesAcross : 1;
    return partOf(row, plane.tileRows, plane.rowStride, plane.tileRowStride * tiles);
}

int64_t columnPart(const TensorPlane& plane, int64_t column)
{
    return partOf(column, plane.tileColumns, plane.columnStride,
                  plane.tileCount > 0 ? plane.tileRowStride : plane.tileColumnStride);
}

// Of the cells that one pixel of a line stands for: at most three, evenly spread, no gaps.
struct Samples {
    std::array<int64_t, 3> parts;
    size_t count = 0;
};

template <typename Part>
std::vector<Samples> sampleLine(int64_t first, int64_t cells, int pixels, int64_t most, Part part)
{
    std::vector<Samples> line(static_cast<size_t>(pixels));
    const double step = static_cast<double>(cells) / pixels;
    for (int i = 0; i < pixels; ++i) {
        const auto begin = static_cast<int64_t>(i * step);
        const auto end = std::max(begin + 1, static_cast<int64_t>((i + 1) * step));
        const int64_t wanted = std::min(most, end - begin);
        Samples& samples = line[static_cast<size_t>(i)];
        for (int64_t k = 0; k < wanted; ++k) {
            const int64_t found = part(first + begin + (end - begin) * (2 * k + 1) / (2 * wanted));
            if (found != gap)
                samples.parts[samples.count++] = found;
        }
        // Gaps that only some pixels would meet look like a pattern: where cells are smaller than
        // pixels there are none.
        const int64_t before = first + begin - 1;
        if (samples.count == 0 && pixels < cells && before >= 0 && part(before) != gap)
            samples.parts[samples.count++] = part(before);
    }
    return line;
}

// float32, by far the most frequent, without a call for each element.
struct FloatElements {
    const std::byte* bytes;
    double operator()(int64_t element) const
    {
        float value; // may be unaligned
        std::memcpy(&value, bytes + static_cast<size_t>(element) * sizeof value, sizeof value);
        return static_cast<double>(value);
    }
};

struct AnyElements {
    const Tensor& tensor;
    double operator()(int64_t element) const { return elementAsDouble(tensor, element); }
};

// The largest in size of the elements of one pixel; NaN is larger than all.
template <typename Elements>
double largest(const Elements& elements, int64_t offset, const Samples& rows, const Samples& columns)
{
    double found = 0;
    for (size_t r = 0; r < rows.count; ++r) {
        for (size_t c = 0; c < columns.count; ++c) {
            const double value = elements(offset + rows.parts[r] + columns.parts[c]);
            if (std::isnan(value))
                return value;
            if (std::abs(value) > std::abs(found))
                found = value;
        }
    }
    return found;
}

// Lowest and highest of each filter, to which its colours are stretched.
struct Range {
    double lowest = 0;
    double highest = 1;
};

std::vector<Range> filterRanges(const Tensor& tensor, const TensorPlane& plane)
{
    std::vector<Range> ranges(static_cast<size_t>(plane.tileCount));
    const int64_t perFilter = plane.tileRowStride;
    for (int64_t filter = 0; filter < plane.tileCount; ++filter) {
        Range range{INFINITY, -INFINITY};
        for (int64_t i = 0; i < perFilter; ++i) {
            const double value = elementAsDouble(tensor, plane.offset + filter * perFilter + i);
            range.lowest = std::min(range.lowest, value);
            range.highest = std::max(range.highest, value);
        }
        ranges[static_cast<size_t>(filter)] = range;
    }
    return ranges;
}

QRgb colourOf(const Tensor& tensor, const TensorPlane& plane, int64_t element,
              const std::vector<Range>& ranges)
{
    const Range& range = ranges[static_cast<size_t>((element - plane.offset) / plane.tileRowStride)];
    const auto channel = [&](int64_t index) {
        const double value = elementAsDouble(tensor, element + index * plane.colourStride);
        const double share = (value - range.lowest) / std::max(range.highest - range.lowest, 1e-300);
        return std::isnan(share) ? 0 : static_cast<int>(std::clamp(share * 255, 0.0, 255.0));
    };
    return qRgb(channel(0), channel(1), channel(2));
}

} // namespace

int64_t TensorPlane::element(int64_t row, int64_t column) const
{
    if (row < 0 || column < 0 || row >= rows || column >= columns)
        return -1;
    const int64_t down = rowPart(*this, row);
    const int64_t across = columnPart(*this, column);
    const bool exists =
        tileCount == 0 || row / (tileRows + 1) * tilesAcross + column / (tileColumns + 1) < tileCount;
    return down == gap || across == gap || !exists ? -1 : offset + down + across;
}

TensorPlane slicePlane(const Dims& dims, int rowAxis, int columnAxis, const Dims& position)
{
    const std::vector<int64_t> strides = stridesOf(dims);
    TensorPlane plane;
    for (const int64_t dim : dims) {
        if (dim == 0)
            return plane;
    }
    const auto use = [&](int axis, int64_t& length, int64_t& stride) {
        length = axis < 0 ? 1 : dims[static_cast<size_t>(axis)];
        stride = axis < 0 ? 0 : strides[static_cast<size_t>(axis)];
    };
    use(rowAxis, plane.rows, plane.rowStride);
    use(columnAxis, plane.columns, plane.columnStride);
    for (size_t axis = 0; axis < std::min(dims.size(), position.size()); ++axis) {
        if (static_cast<int>(axis) != rowAxis && static_cast<int>(axis) != columnAxis)
            plane.offset += strides[axis] * std::clamp<int64_t>(position[axis], 0, dims[axis] - 1);
    }
    return plane;
}

bool isKernel(const Dims& dims)
{
    return dims.size() == 4 && dims[0] > 0 && dims[1] > 0 && dims[2] > 0 && dims[3] > 0 &&
           dims[2] * dims[3] > 1 && dims[2] <= 32 && dims[3] <= 32;
}

TensorPlane kernelPlane(const Dims& dims)
{
    TensorPlane plane;
    if (!isKernel(dims))
        return plane;
    const std::vector<int64_t> strides = stridesOf(dims);
    plane.tileRows = dims[2];
    plane.tileColumns = dims[3];
    plane.rowStride = strides[2];
    plane.columnStride = 1;
    plane.tileRowStride = strides[0];
    // There is more width than height: the longer side lies down.
    const bool mapsAcross = dims[0] > dims[1];
    int64_t down = mapsAcross ? dims[1] : dims[0];
    int64_t across = mapsAcross ? dims[0] : dims[1];
    if (dims[1] == 1 || dims[1] == 3) {
        plane.colourStride = dims[1] == 3 ? strides[1] : 0;
        plane.tileCount = dims[0];
        across = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(dims[0]) * 1.6)));
        across = std::clamp<int64_t>(across, 1, dims[0]);
        down = (dims[0] + across - 1) / across;
    } else {
        plane.tileRowStride = strides[mapsAcross ? 1 : 0];
        plane.tileColumnStride = strides[mapsAcross ? 0 : 1];
    }
    plane.tilesAcross = across;
    plane.rows = down * (plane.tileRows + 1) - 1;
    plane.columns = across * (plane.tileColumns + 1) - 1;
    return plane;
}

double colourLimit(const Tensor& tensor)
{
    constexpr int64_t runs = 64; // a file is read in pages: runs of neighbours, spread over the tensor
    constexpr int64_t runLength = 256;
    if (tensor.count() == 0 || tensor.type() == DataType::String || tensor.empty())
        return 0;
    // A step that shares no factor with usual sizes, so that the sample does not keep to some columns.
    const int64_t step = std::max<int64_t>(runLength, tensor.count() / runs | 1);
    std::vector<double> sizes;
    for (int64_t begin = 0; begin < tensor.count(); begin += step) {
        for (int64_t i = begin; i < std::min(begin + runLength, tensor.count()); ++i) {
            const double size = std::abs(elementAsDouble(tensor, i));
            if (std::isfinite(size))
                sizes.push_back(size);
        }
    }
    if (sizes.empty())
        return 0;
    const size_t place = sizes.size() - 1 - sizes.size() / 500;
    std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(place), sizes.end());
    const double limit = sizes[place];
    return limit > 0 ? limit : *std::max_element(sizes.begin(), sizes.end());
}

Result<PlanePicture> planePicture(const Tensor& tensor, const TensorPlane& plane, const QRectF& cells,
                                  QSize mostPixels, double limit, bool dark, const JobContext& job)
{
    PlanePicture picture;
    if (plane.empty() || mostPixels.isEmpty())
        return picture;
    const auto clampTo = [](double value, int64_t most) {
        return static_cast<int64_t>(std::clamp(value, 0.0, static_cast<double>(most)));
    };
    const int64_t left = clampTo(std::floor(cells.left()), plane.columns - 1);
    const int64_t top = clampTo(std::floor(cells.top()), plane.rows - 1);
    const int64_t right = std::max(left + 1, clampTo(std::ceil(cells.right()), plane.columns));
    const int64_t bottom = std::max(top + 1, clampTo(std::ceil(cells.bottom()), plane.rows));
    const auto width = static_cast<int>(std::min<int64_t>(right - left, mostPixels.width()));
    const auto height = static_cast<int>(std::min<int64_t>(bottom - top, mostPixels.height()));
    // Of a file of gigabytes, three lines for each line of the picture are pages that nobody has read yet.
    constexpr int64_t hugeCells = int64_t{1} << 26;
    const int64_t mostRows = (right - left) * (bottom - top) > hugeCells ? 1 : 3;
    const std::vector<Samples> across = sampleLine(
        left, right - left, width, 3, [&plane](int64_t column) { return columnPart(plane, column); });
    const std::vector<Samples> down = sampleLine(top, bottom - top, height, mostRows,
                                                 [&plane](int64_t row) { return rowPart(plane, row); });
    const ColourTable colours(limit, dark);
    const std::vector<Range> ranges =
        plane.colourStride != 0 ? filterRanges(tensor, plane) : std::vector<Range>();
    const int64_t end = plane.tileCount > 0 ? plane.tileCount * plane.tileRowStride : INT64_MAX;

    QImage image(width, height, QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    const auto drawLine = [&](QRgb* line, const Samples& rows, const auto& elements) {
        for (size_t x = 0; x < across.size(); ++x) {
            const Samples& columns = across[x];
            // Tiles that are counted through may end before the last line does.
            if (rows.count == 0 || columns.count == 0 || rows.parts[0] + columns.parts[0] >= end)
                continue;
            line[x] = plane.colourStride != 0
                          ? colourOf(tensor, plane, plane.offset + rows.parts[0] + columns.parts[0], ranges)
                          : colours.of(largest(elements, plane.offset, rows, columns));
        }
    };
    for (int y = 0; y < height; ++y) {
        if (job.stopRequested())
            return cancelled();
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        if (tensor.type() == DataType::Float)
            drawLine(line, down[static_cast<size_t>(y)], FloatElements{tensor.bytes()});
        else
            drawLine(line, down[static_cast<size_t>(y)], AnyElements{tensor});
    }
    picture.image = std::move(image);
    picture.cells = QRectF(static_cast<double>(left), static_cast<double>(top),
                           static_cast<double>(right - left), static_cast<double>(bottom - top));
    return picture;
}

} // namespace lapidary
