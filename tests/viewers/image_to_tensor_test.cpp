// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "viewers/image/image_to_tensor.h"
#include "viewers/image/tensor_to_image.h"

#include <QTest>

using namespace lapidary;

namespace {

// 2 × 2 pixels: red, green / blue, gray.
QImage fourPixels()
{
    QImage image(2, 2, QImage::Format_RGB32);
    image.setPixel(0, 0, qRgb(255, 0, 0));
    image.setPixel(1, 0, qRgb(0, 255, 0));
    image.setPixel(0, 1, qRgb(0, 0, 255));
    image.setPixel(1, 1, qRgb(51, 102, 153));
    return image;
}

std::vector<double> elements(const Result<Tensor>& tensor)
{
    std::vector<double> values;
    for (int64_t i = 0; tensor.ok() && i < tensor->count(); ++i)
        values.push_back(elementAsDouble(*tensor, i));
    return values;
}

std::vector<double> bytesOf(const ImageOptions& options, const Dims& dims)
{
    return elements(imageToTensor(fourPixels(), options, DataType::UInt8, dims));
}

ImageOptions asBytes()
{
    ImageOptions options;
    options.range = PixelRange::Bytes;
    return options;
}

void compareNear(const std::vector<double>& found, const std::vector<double>& expected, double tolerance)
{
    QCOMPARE(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i)
        QVERIFY2(
            std::abs(found[i] - expected[i]) <= tolerance,
            qPrintable(QStringLiteral("element %1: %2, expected %3").arg(i).arg(found[i]).arg(expected[i])));
}

} // namespace

class ImageToTensorTest : public QObject {
    Q_OBJECT

private slots:
    void channelsFirst()
    {
        const std::vector<double> expected{255, 0, 0, 51, 0, 255, 0, 102, 0, 0, 255, 153};
        QCOMPARE(bytesOf(asBytes(), {1, 3, 2, 2}), expected);
        QCOMPARE(bytesOf(asBytes(), {3, 2, 2}), expected);
    }

    void channelsLast()
    {
        ImageOptions options = asBytes();
        options.layout = ImageLayout::ChannelsLast;
        QCOMPARE(bytesOf(options, {1, 2, 2, 3}),
                 (std::vector<double>{255, 0, 0, 0, 255, 0, 0, 0, 255, 51, 102, 153}));
    }

    void blueFirst()
    {
        ImageOptions options = asBytes();
        options.order = ChannelOrder::Bgr;
        QCOMPARE(bytesOf(options, {1, 3, 2, 2}),
                 (std::vector<double>{0, 0, 255, 153, 0, 255, 0, 102, 255, 0, 0, 51}));
    }

    // Rounded 0.299 R + 0.587 G + 0.114 B.
    void lumaForOneChannel()
    {
        const std::vector<double> expected{76, 150, 29, 93};
        QCOMPARE(bytesOf(asBytes(), {1, 1, 2, 2}), expected);
        QCOMPARE(bytesOf(asBytes(), {2, 2}), expected);
    }

    void grayIsRepeatedInThreeChannels()
    {
        ImageOptions options = asBytes();
        options.order = ChannelOrder::Gray;
        QCOMPARE(bytesOf(options, {1, 3, 2, 2}),
                 (std::vector<double>{76, 150, 29, 93, 76, 150, 29, 93, 76, 150, 29, 93}));
    }

    void opaqueFourthChannel()
    {
        const auto found = bytesOf(asBytes(), {1, 4, 2, 2});
        QCOMPARE(std::vector<double>(found.end() - 4, found.end()),
                 (std::vector<double>{255, 255, 255, 255}));
    }

    void batchRepeatsThePicture()
    {
        const auto once = bytesOf(asBytes(), {1, 3, 2, 2});
        auto twice = once;
        twice.insert(twice.end(), once.begin(), once.end());
        QCOMPARE(bytesOf(asBytes(), {2, 3, 2, 2}), twice);
    }

    void inverted()
    {
        ImageOptions options = asBytes();
        options.inverted = true;
        QCOMPARE(bytesOf(options, {1, 1, 2, 2}), (std::vector<double>{179, 105, 226, 162}));
    }

    void meanAndDeviation()
    {
        ImageOptions options;
        options.mean = {0.485, 0.456, 0.406, 0};
        options.deviation = {0.229, 0.224, 0.225, 1};
        const auto found = elements(imageToTensor(fourPixels(), options, DataType::Float, {1, 3, 2, 2}));
        compareNear(found,
                    {(1 - 0.485) / 0.229, -0.485 / 0.229, -0.485 / 0.229, (0.2 - 0.485) / 0.229,
                     -0.456 / 0.224, (1 - 0.456) / 0.224, -0.456 / 0.224, (0.4 - 0.456) / 0.224,
                     -0.406 / 0.225, -0.406 / 0.225, (1 - 0.406) / 0.225, (0.6 - 0.406) / 0.225},
                    1e-6);
    }

    void otherTypes_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("float16") << static_cast<int>(DataType::Float16) << 3e-4;
        QTest::newRow("bfloat16") << static_cast<int>(DataType::BFloat16) << 2e-3;
        QTest::newRow("double") << static_cast<int>(DataType::Double) << 1e-15;
    }

    void otherTypes()
    {
        QFETCH(int, type);
        QFETCH(double, tolerance);
        const auto tensor = imageToTensor(fourPixels(), {}, static_cast<DataType>(type), {1, 1, 2, 2});
        QVERIFY(tensor.ok());
        QCOMPARE(tensor->type(), static_cast<DataType>(type));
        compareNear(elements(tensor), {76 / 255.0, 150 / 255.0, 29 / 255.0, 93 / 255.0}, tolerance);
    }

    void integersRoundAndSaturate()
    {
        ImageOptions options = asBytes();
        options.mean = {100, 100, 100, 0};
        const auto small = elements(imageToTensor(fourPixels(), options, DataType::Int8, {1, 1, 2, 2}));
        QCOMPARE(small, (std::vector<double>{-24, 50, -71, -7}));
        options.mean = {-100, -100, -100, 0};
        const auto large = elements(imageToTensor(fourPixels(), options, DataType::Int8, {1, 1, 2, 2}));
        QCOMPARE(large, (std::vector<double>{127, 127, 127, 127}));
    }

    void fitPadsBothSides()
    {
        QImage wide(4, 2, QImage::Format_RGB32);
        wide.fill(qRgb(200, 200, 200));
        ImageOptions options = asBytes();
        options.resize = ResizeMode::Fit;
        options.padding = 114;
        const auto found = elements(imageToTensor(wide, options, DataType::UInt8, {4, 4}));
        QCOMPARE(found, (std::vector<double>{114, 114, 114, 114, 200, 200, 200, 200, 200, 200, 200, 200, 114,
                                             114, 114, 114}));
    }

    void cropKeepsTheCentre()
    {
        QImage wide(6, 2, QImage::Format_RGB32);
        for (int x = 0; x < 6; ++x) {
            for (int y = 0; y < 2; ++y)
                wide.setPixel(x, y, qRgb(x * 10, x * 10, x * 10));
        }
        QCOMPARE(elements(imageToTensor(wide, asBytes(), DataType::UInt8, {2, 2})),
                 (std::vector<double>{20, 30, 20, 30}));
    }

    void errors()
    {
        const auto codeOf = [](const QImage& image, const ImageOptions& options, DataType type,
                               const Dims& dims) {
            const auto tensor = imageToTensor(image, options, type, dims);
            return tensor.ok() ? ErrorCode::Internal : tensor.error().code;
        };
        QCOMPARE(codeOf({}, {}, DataType::Float, {1, 3, 2, 2}), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf(fourPixels(), {}, DataType::String, {1, 3, 2, 2}), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf(fourPixels(), {}, DataType::Float, {1, 5, 2, 2}), ErrorCode::ShapeMismatch);
        QCOMPARE(codeOf(fourPixels(), {}, DataType::Float, {1, 3, 0, 2}), ErrorCode::ShapeMismatch);
        QCOMPARE(codeOf(fourPixels(), {}, DataType::Float, {7}), ErrorCode::ShapeMismatch);
        ImageOptions noScale;
        noScale.deviation = {0, 1, 1, 1};
        QCOMPARE(codeOf(fourPixels(), noScale, DataType::Float, {1, 3, 2, 2}), ErrorCode::InvalidArgument);
    }

    void thereAndBack()
    {
        const auto tensor = imageToTensor(fourPixels(), {}, DataType::Float, {1, 3, 2, 2});
        ImageDisplay display;
        display.range = ValueRange::Unit;
        const auto image = tensorToImage(*tensor, display);
        QVERIFY(image.ok());
        for (int i = 0; i < 4; ++i)
            QCOMPARE(image->pixel(i % 2, i / 2), fourPixels().pixel(i % 2, i / 2));
    }

    void layoutIsGuessed()
    {
        QCOMPARE(guessImageLayout(toShape({1, 3, 224, 224})), ImageLayout::ChannelsFirst);
        QCOMPARE(guessImageLayout(toShape({1, 224, 224, 3})), ImageLayout::ChannelsLast);
        QCOMPARE(guessImageLayout({Dim("N"), Dim(3), Dim("H"), Dim("W")}), ImageLayout::ChannelsFirst);
        QVERIFY(!guessImageLayout(toShape({1, 25, 13, 13})));
        QVERIFY(!guessImageLayout(toShape({1, 1000})));
    }
};

std::unique_ptr<QObject> lapidary::createImageToTensorTest() { return std::make_unique<ImageToTensorTest>(); }

#include "image_to_tensor_test.moc"
