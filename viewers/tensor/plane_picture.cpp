// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/plane_picture.h"

#include "viewers/image/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <unordered_map>

namespace lapidary {

namespace {

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
            if (found != TensorPlane::gap)
                samples.parts[samples.count++] = found;
        }
        // Gaps that only some pixels would meet look like a pattern: where cells are smaller than
        // pixels there are none.
        const int64_t before = first + begin - 1;
        if (samples.count == 0 && pixels < cells && before >= 0 && part(before) != TensorPlane::gap)
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

// Filters of three channels as colours, each stretched to its own lowest and highest element.
class FilterColours {
public:
    FilterColours(const Tensor& tensor, const TensorPlane& plane) : m_tensor(tensor), m_plane(plane) {}

    QRgb of(int64_t element)
    {
        const Range& range = rangeOf((element - m_plane.offset) / m_plane.tileRowStride);
        const auto channel = [&](int64_t index) {
            const double value = elementAsDouble(m_tensor, element + index * m_plane.colourStride);
            const double share = (value - range.lowest) / std::max(range.highest - range.lowest, 1e-300);
            return std::isnan(share) ? 0 : static_cast<int>(std::clamp(share * 255, 0.0, 255.0));
        };
        return qRgb(channel(0), channel(1), channel(2));
    }

private:
    struct Range {
        double lowest = 0;
        double highest = 0;
    };

    const Range& rangeOf(int64_t filter)
    {
        const auto [found, isNew] = m_ranges.try_emplace(filter);
        if (isNew) {
            const int64_t first = m_plane.offset + filter * m_plane.tileRowStride;
            found->second = {INFINITY, -INFINITY};
            for (int64_t i = 0; i < m_plane.tileRowStride; ++i) {
                const double value = elementAsDouble(m_tensor, first + i);
                found->second.lowest = std::min(found->second.lowest, value);
                found->second.highest = std::max(found->second.highest, value);
            }
        }
        return found->second;
    }

    const Tensor& m_tensor;
    const TensorPlane& m_plane;
    std::unordered_map<int64_t, Range> m_ranges; // of the filters that were seen
};

} // namespace

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
        left, right - left, width, 3, [&plane](int64_t column) { return plane.columnPart(column); });
    const std::vector<Samples> down =
        sampleLine(top, bottom - top, height, mostRows, [&plane](int64_t row) { return plane.rowPart(row); });
    const ColourTable colours(limit, dark);
    FilterColours filters(tensor, plane);
    const int64_t end = plane.tileCount > 0 ? plane.tileCount * plane.tileRowStride : INT64_MAX;

    QImage image(width, height, QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    const auto drawLine = [&](QRgb* line, const Samples& rows, const auto& elements) {
        for (size_t x = 0; x < across.size(); ++x) {
            const Samples& columns = across[x];
            // Tiles that are counted through may end before the last line does.
            if (rows.count == 0 || columns.count == 0 || rows.parts[0] + columns.parts[0] >= end)
                continue;
            line[x] = plane.colourStride != 0 ? filters.of(plane.offset + rows.parts[0] + columns.parts[0])
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
