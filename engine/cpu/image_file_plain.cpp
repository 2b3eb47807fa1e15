// SPDX-License-Identifier: GPL-3.0-or-later
// BMP and PNM, which are simple enough to need no library.
#include "engine/cpu/image_file.h"

#include <array>
#include <bit>
#include <optional>

namespace lapidary {

namespace {

// Little-endian numbers of a file; what lies behind its end reads as 0, and is noticed.
class Reader {
public:
    explicit Reader(FileBytes file) : m_file(file) {}
    uint32_t number(size_t at, size_t bytes)
    {
        uint32_t value = 0;
        for (size_t i = 0; i < bytes; ++i)
            value |= static_cast<uint32_t>(byte(at + i)) << (8 * i);
        return value;
    }
    uint8_t byte(size_t at)
    {
        if (at >= m_file.size()) {
            m_ended = true;
            return 0;
        }
        return m_file[at];
    }
    bool ended() const { return m_ended; }

private:
    FileBytes m_file;
    bool m_ended = false;
};

using Colour = std::array<uint8_t, 3>;

struct BmpHeader {
    size_t pixelsAt = 0;
    int64_t width = 0;
    int64_t height = 0;
    bool topDown = false;
    uint32_t bits = 0; // of a pixel
    uint32_t compression = 0;
    std::array<uint32_t, 3> masks{}; // red, green, blue of 16 and 32 bits
    std::vector<Colour> palette;
};

constexpr uint32_t runLength8 = 1;
constexpr uint32_t runLength4 = 2;
constexpr uint32_t bitFields = 3;

Result<BmpHeader> readBmpHeader(Reader& file)
{
    BmpHeader header;
    header.pixelsAt = file.number(10, 4);
    const size_t headerSize = file.number(14, 4);
    const bool isOld = headerSize == 12; // OS/2
    if (!isOld && headerSize < 40)
        return brokenPicture("BMP", "the header has an unknown size");
    const auto side = [&](size_t at) -> int64_t { // signed but in old files
        return isOld ? int64_t{file.number(at, 2)} : int64_t{static_cast<int32_t>(file.number(at, 4))};
    };
    header.width = side(18);
    header.height = side(isOld ? 20 : 22);
    header.topDown = header.height < 0;
    header.height = std::abs(header.height);
    header.bits = file.number(isOld ? 24 : 28, 2);
    header.compression = isOld ? 0 : file.number(30, 4);
    if (header.compression == 6) // fields with alpha
        header.compression = bitFields;
    header.masks = header.bits == 16 ? std::array<uint32_t, 3>{0x7c00, 0x3e0, 0x1f}
                                     : std::array<uint32_t, 3>{0xff0000, 0xff00, 0xff};
    if (header.compression == bitFields) {
        for (size_t i = 0; i < 3; ++i)
            header.masks[i] = file.number(54 + 4 * i, 4);
    }
    if (header.bits <= 8) {
        const size_t entrySize = isOld ? 3 : 4;
        const size_t listed = isOld ? 0 : file.number(46, 4);
        const size_t fields = header.compression == bitFields && headerSize == 40 ? 12 : 0;
        const size_t start = 14 + headerSize + fields;
        const size_t count = listed == 0 || listed > 256 ? size_t{1} << header.bits : listed;
        for (size_t i = 0; i < count; ++i) {
            const size_t at = start + i * entrySize;
            header.palette.push_back({file.byte(at + 2), file.byte(at + 1), file.byte(at)});
        }
    }
    if (file.ended())
        return brokenPicture("BMP", "it ends within the header");
    return header;
}

uint8_t maskedSample(uint32_t pixel, uint32_t mask)
{
    if (mask == 0)
        return 0;
    const uint64_t largest = mask >> std::countr_zero(mask);
    const uint64_t value = (pixel & mask) >> std::countr_zero(mask);
    return static_cast<uint8_t>((value * 255 + largest / 2) / largest);
}

// Rows of palette numbers, in the order of the file. False when the data ends early.
bool readRuns(Reader& file, const BmpHeader& header, std::vector<uint8_t>& numbers)
{
    const bool isHalf = header.compression == runLength4;
    size_t at = header.pixelsAt;
    int64_t x = 0;
    int64_t y = 0;
    const auto put = [&](uint8_t number) {
        if (x < header.width && y < header.height)
            numbers[static_cast<size_t>(y * header.width + x)] = number;
        ++x;
    };
    const auto nibble = [&](uint8_t byte, int64_t i) {
        return isHalf ? static_cast<uint8_t>(i % 2 == 0 ? byte >> 4 : byte & 15) : byte;
    };
    while (y < header.height && !file.ended()) {
        const int64_t count = file.byte(at++);
        const uint8_t value = file.byte(at++);
        if (count > 0) {
            for (int64_t i = 0; i < count; ++i)
                put(nibble(value, i));
        } else if (value == 0) { // end of line
            x = 0;
            ++y;
        } else if (value == 1) {
            return true;
        } else if (value == 2) { // move
            x += file.byte(at++);
            y += file.byte(at++);
        } else {
            for (int64_t i = 0; i < value; ++i)
                put(nibble(file.byte(at + static_cast<size_t>(isHalf ? i / 2 : i)), i));
            const size_t bytes = isHalf ? (value + 1u) / 2 : value;
            at += bytes + bytes % 2;
        }
    }
    return !file.ended();
}

Colour bmpPixel(Reader& file, const BmpHeader& header, size_t row, int64_t x)
{
    const auto i = static_cast<size_t>(x);
    if (header.bits == 24)
        return {file.byte(row + 3 * i + 2), file.byte(row + 3 * i + 1), file.byte(row + 3 * i)};
    if (header.bits > 8) {
        const size_t bytes = header.bits / 8;
        const uint32_t pixel = file.number(row + bytes * i, bytes);
        return {maskedSample(pixel, header.masks[0]), maskedSample(pixel, header.masks[1]),
                maskedSample(pixel, header.masks[2])};
    }
    const size_t bit = i * header.bits;
    const uint32_t shift = 8 - header.bits - static_cast<uint32_t>(bit % 8);
    const size_t number = (file.byte(row + bit / 8) >> shift) & ((1u << header.bits) - 1);
    return number < header.palette.size() ? header.palette[number] : Colour{};
}

// Numbers and comments between the tokens of a PNM header.
class PnmReader {
public:
    explicit PnmReader(FileBytes file) : m_file(file) {}

    std::optional<int64_t> number()
    {
        skipSpace();
        int64_t value = 0;
        size_t digits = 0;
        for (; at < m_file.size() && m_file[at] >= '0' && m_file[at] <= '9' && digits < 10; ++at, ++digits)
            value = value * 10 + (m_file[at] - '0');
        return digits == 0 ? std::nullopt : std::optional(value);
    }
    std::optional<int64_t> digit() // P1 may leave out the spaces
    {
        skipSpace();
        if (at >= m_file.size() || (m_file[at] != '0' && m_file[at] != '1'))
            return std::nullopt;
        return m_file[at++] - '0';
    }

    size_t at = 2;

private:
    void skipSpace()
    {
        bool comment = false;
        for (; at < m_file.size(); ++at) {
            const uint8_t c = m_file[at];
            if (comment)
                comment = c != '\n' && c != '\r';
            else if (c == '#')
                comment = true;
            else if (c != ' ' && (c < '\t' || c > '\r'))
                return;
        }
    }

    FileBytes m_file;
};

uint8_t scaledSample(int64_t value, int64_t largest)
{
    return static_cast<uint8_t>((std::min(value, largest) * 255 + largest / 2) / largest);
}

} // namespace

Result<Picture> decodeBmp(FileBytes bytes)
{
    Reader file(bytes);
    TRY_ASSIGN(const BmpHeader header, readBmpHeader(file));
    const bool runs = (header.compression == runLength8 && header.bits == 8) ||
                      (header.compression == runLength4 && header.bits == 4);
    const bool fields = header.compression == bitFields && (header.bits == 16 || header.bits == 32);
    constexpr std::array<uint32_t, 6> depths{1, 4, 8, 16, 24, 32};
    if (std::find(depths.begin(), depths.end(), header.bits) == depths.end() ||
        (header.compression != 0 && !runs && !fields))
        return brokenPicture("BMP", "it has an unknown depth or compression");
    TRY_ASSIGN(Picture picture, blankPicture(header.width, header.height, 3));
    std::vector<uint8_t> numbers;
    if (runs) {
        numbers.resize(static_cast<size_t>(header.width * header.height));
        if (!readRuns(file, header, numbers))
            return brokenPicture("BMP", "it ends too early");
    }
    const size_t rowSize = (static_cast<size_t>(header.width) * header.bits + 31) / 32 * 4;
    if (!runs && header.pixelsAt + rowSize * static_cast<size_t>(header.height) > bytes.size() + 3)
        return brokenPicture("BMP", "it ends too early");
    for (int64_t y = 0; y < header.height; ++y) {
        const int64_t line = header.topDown ? y : header.height - 1 - y; // in the file
        uint8_t* to = picture.pixels.data() + y * header.width * 3;
        for (int64_t x = 0; x < header.width; ++x, to += 3) {
            Colour colour{};
            if (!runs)
                colour = bmpPixel(file, header, header.pixelsAt + rowSize * static_cast<size_t>(line), x);
            else if (const size_t number = numbers[static_cast<size_t>(line * header.width + x)];
                     number < header.palette.size())
                colour = header.palette[number];
            std::copy(colour.begin(), colour.end(), to);
        }
    }
    return picture;
}

Result<Picture> decodePnm(FileBytes bytes)
{
    PnmReader file(bytes);
    const int kind = bytes[1] - '0';
    const bool isBits = kind == 1 || kind == 4;
    const auto width = file.number();
    const auto height = file.number();
    const auto largest = isBits ? std::optional<int64_t>(1) : file.number();
    if (!width || !height || !largest || *largest < 1 || *largest > 65535)
        return brokenPicture("PNM", "its header is not complete");
    TRY_ASSIGN(Picture picture, blankPicture(*width, *height, kind == 3 || kind == 6 ? 3 : 1));
    const bool isText = kind <= 3;
    const size_t sampleSize = *largest > 255 ? 2 : 1;
    const size_t start = file.at + 1; // after one space
    const size_t rowBytes = isBits ? static_cast<size_t>(*width + 7) / 8 : 0;
    const size_t needed =
        isBits ? rowBytes * static_cast<size_t>(*height) : picture.pixels.size() * sampleSize;
    if (!isText && (start > bytes.size() || needed > bytes.size() - start))
        return brokenPicture("PNM", "it ends too early");
    for (size_t i = 0; i < picture.pixels.size(); ++i) {
        std::optional<int64_t> value;
        if (isText) {
            value = isBits ? file.digit() : file.number();
        } else if (isBits) {
            const size_t x = i % static_cast<size_t>(*width);
            const size_t row = i / static_cast<size_t>(*width);
            value = bytes[start + row * rowBytes + x / 8] >> (7 - x % 8) & 1;
        } else {
            const uint8_t* sample = bytes.data() + start + i * sampleSize;
            value = sampleSize == 2 ? sample[0] << 8 | sample[1] : sample[0];
        }
        if (!value)
            return brokenPicture("PNM", "it ends too early");
        picture.pixels[i] = scaledSample(isBits ? 1 - *value : *value, *largest);
    }
    return picture;
}

} // namespace lapidary
