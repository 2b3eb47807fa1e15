// SPDX-License-Identifier: GPL-3.0-or-later
// MaxUnpool, Col2Im, CenterCropPad against their definitions; ImageDecoder on files whose pixels are known.
#include "engine/onnx/reader.h"
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <filesystem>
#include <numeric>
#include <random>

using namespace lapidary;

namespace {

using Bytes = std::vector<uint8_t>;

Bytes fromHex(std::string_view digits)
{
    Bytes bytes;
    for (size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    return bytes;
}

Bytes fromText(std::string_view text) { return Bytes(text.begin(), text.end()); }

// 3×2 pixels of 8-bit colour.
constexpr std::string_view colourPng =
    "89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d000000174944415478da63f8"
    "cfc0c000c15c227227528cd8d9d901364904ad13a7efa60000000049454e44ae426082";
// 3×2 numbers of 2 bits in a palette of 4 colours, two of them transparent.
constexpr std::string_view palettePng =
    "89504e470d0a1a0a0000000d4948445200000003000000020203000000e01a8e890000000c504c544501020304"
    "0506070809fafbfcc0a657dd0000000274524e5300809b2b4e180000000c4944415478da639060780200013000"
    "fd6830cfdf0000000049454e44ae426082";
// 2×1 pixels of 16-bit grey: 1234 and fedc.
constexpr std::string_view deepPng =
    "89504e470d0a1a0a0000000d494844520000000200000001100000000081d9fc150000000d4944415478da6310"
    "32f977070003c10221d2bd55220000000049454e44ae426082";
// 2×2 pixels of grey and alpha, interlaced.
constexpr std::string_view interlacedPng =
    "89504e470d0a1a0a0000000d4948445200000002000000020804000001afb8f539000000134944415478da63e0"
    "62601049669063d4f80f00051701c873c46ce20000000049454e44ae426082";
// The pixels of colourPng, lossless.
constexpr std::string_view webp =
    "5249464646000000574542505650384c3a0000002f024000002f40244002c9e437ff9ff18682b66d98be1dfe80"
    "466d6a021060b81458fd939aff007f900f59a967672010a08c150f6c13d1ff182f";
const std::vector<double> colours{255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 200, 100, 50, 7, 7, 7};

NodeCase decoder(const Bytes& file, const std::string& format = "RGB")
{
    return {.opType = "ImageDecoder",
            .opset = 20,
            .inputs = {Tensor::of<uint8_t>({static_cast<int64_t>(file.size())}, file)},
            .attributes = {stringAttribute("pixel_format", format)}};
}

void checkPicture(const Bytes& file, const Dims& dims, const std::vector<double>& pixels,
                  const std::string& format = "RGB")
{
    checkRows(decoder(file, format), DataType::UInt8, dims, pixels, {}, 1);
}

void append(Bytes& bytes, uint32_t number, int count)
{
    for (int i = 0; i < count; ++i)
        bytes.push_back(static_cast<uint8_t>(number >> (8 * i)));
}

Bytes bmp(int32_t width, int32_t height, uint32_t bits, uint32_t compression, const Bytes& palette,
          const Bytes& pixels)
{
    Bytes file = fromText("BM");
    append(file, 0, 8);
    append(file, static_cast<uint32_t>(54 + palette.size()), 4);
    append(file, 40, 4);
    append(file, static_cast<uint32_t>(width), 4);
    append(file, static_cast<uint32_t>(height), 4);
    append(file, 1, 2);
    append(file, bits, 2);
    append(file, compression, 4);
    append(file, 0, 12);
    append(file, static_cast<uint32_t>(palette.size() / 4), 4);
    append(file, 0, 4);
    file.insert(file.end(), palette.begin(), palette.end());
    file.insert(file.end(), pixels.begin(), pixels.end());
    return file;
}

} // namespace

class ImageTest : public QObject {
    Q_OBJECT
private slots:
    void maxUnpool()
    {
        std::mt19937 random(2);
        for (const DataType type :
             {DataType::Float, DataType::Double, DataType::Float16, DataType::BFloat16}) {
            const Tensor x = randomTensor({2, 3, 2, 3}, 1, type);
            std::vector<int64_t> places(2 * 3 * 5 * 6);
            std::iota(places.begin(), places.end(), 0);
            std::shuffle(places.begin(), places.end(), random);
            places.resize(36);
            std::vector<double> expected(2 * 3 * 5 * 6), larger(2 * 3 * 7 * 6);
            for (size_t i = 0; i < places.size(); ++i) {
                const auto at = static_cast<size_t>(places[i]);
                expected[at] = elementAsDouble(x, static_cast<int64_t>(i));
                larger[at / 30 * 42 + at % 30] = expected[at];
            }
            NodeCase unpool{.opType = "MaxUnpool",
                            .opset = type == DataType::BFloat16 ? 22 : 9,
                            .inputs = {x, Tensor::of<int64_t>({2, 3, 2, 3}, places)},
                            .attributes = {intsAttribute("kernel_shape", {3, 2}),
                                           intsAttribute("strides", {3, 2}),
                                           intsAttribute("pads", {1, 0, 0, 0})}};
            checkRows(unpool, type, {2, 3, 5, 6}, expected, {}, 1);
            unpool.inputs.push_back(Tensor::of<int64_t>({4}, std::vector<int64_t>{2, 3, 7, 6}));
            checkRows(unpool, type, {2, 3, 7, 6}, larger, {}, 1);
            unpool.inputs[2] = Tensor::of<int64_t>({4}, std::vector<int64_t>{2, 3, 4, 6});
            checkAllFail(unpool, ErrorCode::ShapeMismatch, 1);
        }
        for (const int64_t index : {int64_t{-1}, int64_t{4}, INT64_MAX})
            checkAllFail({.opType = "MaxUnpool",
                          .opset = 11,
                          .inputs = {tensorOf({1, 1, 1}, {1}),
                                     Tensor::of<int64_t>({1, 1, 1}, std::vector<int64_t>{index})},
                          .attributes = {intsAttribute("kernel_shape", {4})}},
                         ErrorCode::InvalidArgument, 1);
    }

    // Each element of the columns goes where the tap of its block lies.
    void col2Im()
    {
        std::mt19937 random(3);
        const auto between = [&](int64_t low, int64_t high) {
            return std::uniform_int_distribution<int64_t>(low, high)(random);
        };
        for (int round = 0; round < 60; ++round) {
            const auto rank = static_cast<size_t>(between(1, 3));
            std::vector<int64_t> image, block, strides, dilations, pads(2 * rank), counts;
            for (size_t i = 0; i < rank; ++i) {
                block.push_back(between(1, 3));
                strides.push_back(between(1, 2));
                dilations.push_back(between(1, 2));
                pads[i] = between(0, 1);
                pads[rank + i] = between(0, 1);
                const int64_t span = (block[i] - 1) * dilations[i] + 1;
                image.push_back(std::max<int64_t>(1, span + between(0, 3) - pads[i] - pads[rank + i]));
                counts.push_back((image[i] + pads[i] + pads[rank + i] - span) / strides[i] + 1);
            }
            const int64_t taps = *elementCount(block), blocks = *elementCount(counts), n = 2, c = 2;
            const DataType type = round % 3 == 0 ? DataType::Int32 : DataType::Double;
            std::vector<double> values(static_cast<size_t>(n * c * taps * blocks));
            for (double& value : values)
                value = static_cast<double>(between(-9, 9));
            const int64_t pixels = *elementCount(image);
            std::vector<double> expected(static_cast<size_t>(n * c * pixels));
            for (size_t i = 0; i < values.size(); ++i) {
                int64_t rest = static_cast<int64_t>(i);
                int64_t at = rest % blocks;
                int64_t tap = rest / blocks % taps;
                int64_t place = 0, step = 1;
                bool inside = true;
                for (size_t axis = rank; axis-- > 0;) {
                    const int64_t p =
                        at % counts[axis] * strides[axis] + tap % block[axis] * dilations[axis] - pads[axis];
                    inside = inside && p >= 0 && p < image[axis];
                    place += p * step;
                    step *= image[axis];
                    at /= counts[axis];
                    tap /= block[axis];
                }
                if (inside)
                    expected[static_cast<size_t>(rest / blocks / taps * pixels + place)] += values[i];
            }
            Dims out{n, c};
            out.insert(out.end(), image.begin(), image.end());
            const auto rankSize = static_cast<int64_t>(rank);
            const NodeCase fold{.opType = "Col2Im",
                                .opset = 18,
                                .inputs = {tensorOf({n, c * taps, blocks}, values, type),
                                           Tensor::of<int64_t>({rankSize}, image),
                                           Tensor::of<int64_t>({rankSize}, block)},
                                .attributes = {intsAttribute("strides", strides), intsAttribute("pads", pads),
                                               intsAttribute("dilations", dilations)}};
            checkRows(fold, type, out, expected, {}, 1);
        }
        const auto fold = [](Dims columns, const std::vector<int64_t>& image,
                             const std::vector<int64_t>& block) {
            return NodeCase{.opType = "Col2Im",
                            .opset = 18,
                            .inputs = {randomTensor(std::move(columns), 1),
                                       Tensor::of<int64_t>({static_cast<int64_t>(image.size())}, image),
                                       Tensor::of<int64_t>({static_cast<int64_t>(block.size())}, block)}};
        };
        checkAllFail(fold({1, 4, 5}, {3, 3}, {2, 2}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(fold({1, 5, 4}, {3, 3}, {2, 2}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(fold({1, 4, 4}, {3, 3}, {2}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(fold({1, 4, 4}, {-3, 3}, {2, 2}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(fold({1, 4, 4}, {INT64_MAX, 3}, {2, 2}), ErrorCode::ShapeMismatch, 1);
    }

    void centerCropPad()
    {
        const auto row = [](int64_t size, std::vector<double> values) {
            return NodeCase{
                .opType = "CenterCropPad",
                .opset = 18,
                .inputs = {tensorOf({static_cast<int64_t>(values.size())}, values, DataType::Int16),
                           Tensor::of<int64_t>({1}, std::vector<int64_t>{size})}};
        };
        const DataType type = DataType::Int16;
        checkRows(row(3, {1, 2, 3, 4, 5, 6}), type, {3}, {2, 3, 4}, {}, 1);
        checkRows(row(2, {1, 2, 3, 4, 5, 6}), type, {2}, {3, 4}, {}, 1);
        checkRows(row(6, {1, 2, 3}), type, {6}, {0, 1, 2, 3, 0, 0}, {}, 1);
        checkRows(row(5, {1, 2, 3}), type, {5}, {0, 1, 2, 3, 0}, {}, 1);
        checkRows(row(0, {1, 2, 3}), type, {0}, {}, {}, 1);
        checkRows(row(2, {}), type, {2}, {0, 0}, {}, 1);
        checkAllFail(row(-1, {1}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(row(INT64_MAX, {1}), ErrorCode::InvalidArgument, 1);
        NodeCase both{.opType = "CenterCropPad",
                      .opset = 18,
                      .inputs = {tensorOf({1, 3, 2}, {1, 2, 3, 4, 5, 6}),
                                 Tensor::of<int32_t>({2}, std::vector<int32_t>{4, 1})},
                      .attributes = {intsAttribute("axes", {-1, 1})}};
        checkRows(both, DataType::Float, {1, 1, 4}, {0, 3, 4, 0}, {}, 1);
        both.attributes = {};
        checkAllFail(both, ErrorCode::ShapeMismatch, 1);
        both.attributes = {intsAttribute("axes", {1, 1})};
        checkAllFail(both, ErrorCode::ShapeMismatch, 1);
    }

    void compressedFiles()
    {
        for (const std::string_view file : {colourPng, webp}) {
            checkPicture(fromHex(file), {2, 3, 3}, colours);
            checkPicture(fromHex(file), {2, 3, 3},
                         {0, 0, 255, 0, 255, 0, 255, 0, 0, 30, 20, 10, 50, 100, 200, 7, 7, 7}, "BGR");
            checkPicture(fromHex(file), {2, 3, 1}, {76, 150, 29, 18, 124, 7}, "Grayscale");
        }
        checkPicture(fromHex(palettePng), {2, 3, 3},
                     {1, 2, 3, 4, 5, 6, 7, 8, 9, 250, 251, 252, 7, 8, 9, 4, 5, 6});
        checkPicture(fromHex(deepPng), {1, 2, 1}, {0x12, 0xfe}, "Grayscale");
        checkPicture(fromHex(interlacedPng), {2, 2, 3}, {10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40});
    }

    void portableAnymaps()
    {
        checkPicture(fromText("P3 #c\n3 2\n255\n255 0 0 0 255 0 0 0 255 10 20 30 200 100 50 7 7 7"),
                     {2, 3, 3}, colours);
        checkPicture(fromText("P1\n3 1\n10 1"), {1, 3, 1}, {0, 255, 0}, "Grayscale");
        checkPicture(fromText("P2 2 1 3 1 3 "), {1, 2, 1}, {85, 255}, "Grayscale");
        checkPicture(fromText("P4 9 2 \x80\x80\x7f\xff"), {2, 9, 1},
                     {0, 255, 255, 255, 255, 255, 255, 255, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0}, "Grayscale");
        checkPicture(fromText("P5 2 1 255 AZ"), {1, 2, 3}, {65, 65, 65, 90, 90, 90});
        checkPicture(fromText(std::string_view("P5 1 1 65535 \xff\0", 15)), {1, 1, 1}, {254}, "Grayscale");
        checkPicture(fromText("P6 1 1 255 abc"), {1, 1, 3}, {97, 98, 99});
    }

    void bitmaps()
    {
        checkPicture(bmp(1, 2, 24, 0, {}, {1, 2, 3, 0, 4, 5, 6, 0}), {2, 1, 3}, {6, 5, 4, 3, 2, 1});
        checkPicture(bmp(1, -2, 24, 0, {}, {1, 2, 3, 0, 4, 5, 6, 0}), {2, 1, 3}, {3, 2, 1, 6, 5, 4});
        checkPicture(bmp(1, 1, 32, 0, {}, {1, 2, 3, 0}), {1, 1, 3}, {3, 2, 1});
        checkPicture(bmp(1, 1, 16, 0, {}, {0x1f, 0x7c, 0, 0}), {1, 1, 3}, {255, 0, 255});
        const Bytes palette{1, 2, 3, 0, 4, 5, 6, 0};
        checkPicture(bmp(2, 1, 8, 0, palette, {1, 0, 0, 0}), {1, 2, 3}, {6, 5, 4, 3, 2, 1});
        checkPicture(bmp(2, 1, 4, 0, palette, {0x10, 0, 0, 0}), {1, 2, 3}, {6, 5, 4, 3, 2, 1});
        checkPicture(bmp(2, 1, 1, 0, palette, {0x80, 0, 0, 0}), {1, 2, 3}, {6, 5, 4, 3, 2, 1});
        const std::vector<double> runs{3, 2, 1, 3, 2, 1, 6, 5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 4};
        checkPicture(bmp(3, 2, 8, 1, palette, {3, 1, 0, 0, 0, 3, 0, 0, 1, 0, 0, 1}), {2, 3, 3}, runs);
        checkPicture(bmp(3, 2, 4, 2, palette, {3, 0x11, 0, 0, 2, 0, 1, 0x10, 0, 1}), {2, 3, 3}, runs);
    }

    // Cut short and changed anywhere: an answer, never a crash, never a size that the bytes do not bear.
    void brokenFiles()
    {
        std::vector<Bytes> files{
            fromHex(colourPng),
            fromHex(palettePng),
            fromHex(webp),
            fromHex(interlacedPng),
            bmp(3, 2, 8, 1, {1, 2, 3, 0, 4, 5, 6, 0}, {3, 1, 0, 0, 0, 3, 0, 0, 1, 0, 0, 1}),
            bmp(1, 2, 24, 0, {}, {1, 2, 3, 0, 4, 5, 6, 0}),
            fromText("P6 2 1 255 abcdef")};
        const std::filesystem::path data = LAPIDARY_SOURCE_DIR "/../shared/conformance/node";
        for (const char* name : {"jpeg_rgb", "jpeg2k_rgb", "tiff_rgb"}) {
            const auto file =
                data / ("test_image_decoder_decode_" + std::string(name)) / "test_data_set_0/input_0.pb";
            if (!std::filesystem::exists(file))
                continue;
            const auto stored = loadValueFile(file, TypeInfo::tensor(DataType::UInt8));
            QVERIFY(stored.ok());
            const std::span<const uint8_t> bytes = stored->tensor()->values<uint8_t>();
            files.emplace_back(bytes.begin(), bytes.end());
        }
        std::mt19937 random(8);
        for (const Bytes& file : files) {
            QVERIFY(runOnAllRows(decoder(file)).at(0).outputs.ok());
            for (int round = 0; round < 200; ++round) {
                Bytes broken = file;
                if (round % 4 == 0)
                    broken.resize(random() % file.size());
                for (int i = round % 4; i > 0; --i)
                    broken[random() % broken.size()] = static_cast<uint8_t>(random());
                for (const RowResult& result : runOnAllRows(decoder(broken)))
                    QVERIFY(result.outputs.ok() || !result.outputs.error().message.empty());
            }
        }
        for (const char* text :
             {"", "B", "BM", "P6", "P5 99999 99999 255 a", "P5 1 1 0 a", "P3 1 1 255 1 2", "hello"})
            checkAllFail(decoder(fromText(text)), ErrorCode::InvalidArgument, 1);
        checkAllFail(decoder(bmp(1 << 30, 1 << 30, 24, 0, {}, {})), ErrorCode::InvalidArgument, 1);
        checkAllFail(decoder(bmp(4, 4, 8, 1, {1, 2, 3, 0}, {3})), ErrorCode::InvalidArgument, 1);
        checkAllFail(decoder(bmp(4, 4, 5, 0, {}, {3})), ErrorCode::InvalidArgument, 1);
        checkAllFail({.opType = "ImageDecoder", .opset = 20, .inputs = {tensorOf({2}, {1, 2})}},
                     ErrorCode::ShapeMismatch, 1);
    }
};

std::unique_ptr<QObject> lapidary::createImageTest() { return std::make_unique<ImageTest>(); }

#include "image_test.moc"
