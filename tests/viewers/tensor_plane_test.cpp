// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "viewers/image/colour_map.h"
#include "viewers/tensor/plane_picture.h"
#include "viewers/tensor/tensor_statistics.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>

using namespace lapidary;

namespace {

Tensor counting(Dims dims)
{
    std::vector<float> values(static_cast<size_t>(*elementCount(dims)));
    std::iota(values.begin(), values.end(), 0.0F);
    return Tensor::of<float>(std::move(dims), values);
}

QRectF allOf(const TensorPlane& plane)
{
    return {0, 0, static_cast<double>(plane.columns), static_cast<double>(plane.rows)};
}

QImage pictureOf(const Tensor& tensor, const TensorPlane& plane, QSize pixels, double limit)
{
    return planePicture(tensor, plane, allOf(plane), pixels, limit, false, {})->image;
}

class TensorPlaneTest : public QObject {
    Q_OBJECT
private slots:
    void slicesOfAnyTwoDimensions();
    void kernelsByMapAndChannel();
    void kernelsOfOneChannelInASquare();
    void kernelsOfThreeChannelsAreColours();
    void zeroIsNeutral();
    void whatStandsOutIsKept();
    void onlyThePartIsDrawn();
    void nothingToDraw();
    void limitIgnoresOutliers();
    void statisticsOfEveryElement();
    void statisticsOfUnalignedData();
    void histogramCountsAll();
    void histogramOfEqualElements();
    void histogramOfTheLargestNumbers();
    void cancels();
};

void TensorPlaneTest::slicesOfAnyTwoDimensions()
{
    const Dims dims{2, 3, 4, 5};
    const TensorPlane plane = slicePlane(dims, 3, 1, {1, 0, 2, 0});
    QCOMPARE(plane.rows, 5);
    QCOMPARE(plane.columns, 3);
    QCOMPARE(plane.element(4, 2), 1 * 60 + 2 * 20 + 2 * 5 + 4);
    QCOMPARE(plane.element(5, 0), -1);
    QCOMPARE(plane.element(0, -1), -1);
}

void TensorPlaneTest::kernelsByMapAndChannel()
{
    QVERIFY(isKernel({8, 4, 3, 3}));
    QVERIFY(!isKernel({8, 4, 1, 1}));
    QVERIFY(!isKernel({8, 4, 3}));
    QCOMPARE(kernelPlane({4, 8, 3, 2}).rows, 4 * 4 - 1);
    const TensorPlane plane = kernelPlane({8, 4, 3, 2});
    QCOMPARE(plane.rows, 4 * 4 - 1); // maps lie across: there are more of them
    QCOMPARE(plane.columns, 8 * 3 - 1);
    QCOMPARE(plane.element(3, 0), -1); // the gap
    QCOMPARE(plane.element(0, 2), -1);
    // map 5, channel 2, row 1, column 1
    QCOMPARE(plane.element(2 * 4 + 1, 5 * 3 + 1), ((5 * 4 + 2) * 3 + 1) * 2 + 1);
}

void TensorPlaneTest::kernelsOfOneChannelInASquare()
{
    const TensorPlane plane = kernelPlane({32, 1, 3, 3});
    QVERIFY(plane.columns > 4 && plane.rows > 4);
    int64_t cells = 0;
    for (int64_t row = 0; row < plane.rows; ++row) {
        for (int64_t column = 0; column < plane.columns; ++column)
            cells += plane.element(row, column) >= 0;
    }
    QCOMPARE(cells, 32 * 9); // every element once
}

void TensorPlaneTest::kernelsOfThreeChannelsAreColours()
{
    std::vector<float> values(27, 0);
    values[4] = 1; // red in the middle
    const Tensor tensor = Tensor::of<float>({1, 3, 3, 3}, values);
    const QImage image = pictureOf(tensor, kernelPlane(tensor.dims()), {3, 3}, 1);
    QCOMPARE(image.pixel(1, 1), qRgb(255, 0, 0));
    QCOMPARE(image.pixel(0, 0), qRgb(0, 0, 0));
}

void TensorPlaneTest::zeroIsNeutral()
{
    const float values[] = {-1, 0, 1, NAN};
    const Tensor tensor = Tensor::of<float>({1, 4}, values);
    const QImage image = pictureOf(tensor, slicePlane({1, 4}, 0, 1, {}), {4, 1}, 1);
    QCOMPARE(image.size(), QSize(4, 1));
    QVERIFY(qBlue(image.pixel(0, 0)) > qRed(image.pixel(0, 0)));
    QCOMPARE(qRed(image.pixel(1, 0)), qBlue(image.pixel(1, 0)));
    QVERIFY(qRed(image.pixel(2, 0)) > qBlue(image.pixel(2, 0)));
    QCOMPARE(image.pixel(3, 0), qRgb(255, 0, 255));
    for (const bool dark : {false, true}) {
        const QRgb middle = diverging(0, dark);
        QVERIFY(std::abs(qRed(middle) - qBlue(middle)) < 8);
        QCOMPARE(diverging(-7, dark), diverging(-1, dark));
    }
}

void TensorPlaneTest::whatStandsOutIsKept()
{
    std::vector<float> values(30 * 30, 0.01F);
    for (size_t row = 0; row < 30; ++row)
        values[row * 30 + 4] = -1; // a column that sampling meets: the middle of its pixel
    const Tensor tensor = Tensor::of<float>({30, 30}, values);
    const QImage image = pictureOf(tensor, slicePlane({30, 30}, 0, 1, {}), {10, 10}, 1);
    QCOMPARE(image.size(), QSize(10, 10));
    QCOMPARE(image.pixel(1, 5) & 0xffffff, diverging(-1, false) & 0xffffff);
}

void TensorPlaneTest::onlyThePartIsDrawn()
{
    const Tensor tensor = counting({100, 100});
    const auto picture =
        planePicture(tensor, slicePlane({100, 100}, 0, 1, {}), {10.5, 20, 5, 4}, {400, 400}, 1e4, false, {});
    QVERIFY(picture.ok());
    QCOMPARE(picture->cells, QRectF(10, 20, 6, 4));
    QCOMPARE(picture->image.size(), QSize(6, 4)); // one pixel a cell, made large by the painter
}

void TensorPlaneTest::nothingToDraw()
{
    QVERIFY(slicePlane({0, 4}, 0, 1, {}).empty());
    QVERIFY(kernelPlane({4}).empty());
    QVERIFY(planePicture({}, {}, {}, {10, 10}, 1, false, {})->image.isNull());
    const Tensor scalar = Tensor::scalar(3.0F);
    QCOMPARE(pictureOf(scalar, slicePlane({}, -1, -1, {}), {10, 10}, 3).size(), QSize(1, 1));
}

void TensorPlaneTest::limitIgnoresOutliers()
{
    std::vector<float> values(10'000, 0.5F);
    values[17] = 1e6F;
    values[18] = std::numeric_limits<float>::infinity();
    QCOMPARE(colourLimit(Tensor::of<float>({10'000}, values)), 0.5);
    QCOMPARE(colourLimit(Tensor::of<float>({3}, std::vector<float>(3, 0.0F))), 0.0);
    QCOMPARE(colourLimit(Tensor()), 0.0);
}

void TensorPlaneTest::statisticsOfEveryElement()
{
    std::vector<float> values(10'007);
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 101) - 50;
    values[5000] = NAN;
    values[5001] = -std::numeric_limits<float>::infinity();
    double sum = 0, squares = 0, zeros = 0;
    for (const float value : values) {
        if (std::isfinite(value)) {
            sum += value;
            squares += static_cast<double>(value) * value;
            zeros += value == 0;
        }
    }
    const double mean = sum / 10'005;
    JobContext job;
    const auto found = tensorStatistics(Tensor::of<float>({10'007}, values), job);
    QVERIFY(found.ok());
    QCOMPARE(found->count, 10'007);
    QCOMPARE(found->nans, 1);
    QCOMPARE(found->infinities, 1);
    QCOMPARE(static_cast<double>(found->zeros), zeros);
    QCOMPARE(found->minimum, -50.0);
    QCOMPARE(found->maximum, 50.0);
    QVERIFY(std::abs(found->mean - mean) < 1e-9);
    QVERIFY(std::abs(found->standardDeviation - std::sqrt(squares / 10'005 - mean * mean)) < 1e-9);
}

void TensorPlaneTest::statisticsOfUnalignedData()
{
    const auto bytes = std::make_shared<std::vector<std::byte>>(1 + 3 * 4);
    const float values[] = {1, 2, 6};
    std::memcpy(bytes->data() + 1, values, sizeof values);
    const Tensor tensor = Tensor::view(DataType::Float, {3}, bytes->data() + 1, bytes);
    JobContext job;
    QCOMPARE(tensorStatistics(tensor, job)->mean, 3.0);
    QCOMPARE(tensorStatistics(Tensor::of<int8_t>({2}, std::vector<int8_t>{-3, 5}), job)->minimum, -3.0);
}

void TensorPlaneTest::histogramCountsAll()
{
    std::vector<float> values(5000);
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i) / 1000;
    values[7] = 1e6F; // far out
    values[8] = NAN;
    const Tensor tensor = Tensor::of<float>({5000}, values);
    JobContext job;
    const auto statistics = tensorStatistics(tensor, job);
    const auto found = tensorHistogram(tensor, *statistics, job);
    QVERIFY(found.ok());
    const int64_t inside = std::accumulate(found->bins.counts.begin(), found->bins.counts.end(), int64_t{0});
    QCOMPARE(inside + found->below + found->above, 4999);
    QCOMPARE(found->above, 1);
}

void TensorPlaneTest::histogramOfEqualElements()
{
    for (const float value : {0.0F, -2.5F, 1e30F}) {
        const Tensor tensor = Tensor::of<float>({9}, std::vector<float>(9, value));
        JobContext job;
        const auto found = tensorHistogram(tensor, *tensorStatistics(tensor, job), job);
        QVERIFY(found.ok());
        QCOMPARE(std::accumulate(found->bins.counts.begin(), found->bins.counts.end(), int64_t{0}), 9);
    }
}

void TensorPlaneTest::histogramOfTheLargestNumbers()
{
    const double most = std::numeric_limits<double>::max();
    const std::vector<double> values{-most, 0, 1, most, most};
    const Tensor tensor = Tensor::of<double>({5}, values);
    JobContext job;
    const auto statistics = tensorStatistics(tensor, job);
    QCOMPARE(statistics->maximum, most);
    const auto found = tensorHistogram(tensor, *statistics, job);
    QVERIFY(found.ok());
    QVERIFY(found->bins.counts.size() > 1);
    const int64_t inside = std::accumulate(found->bins.counts.begin(), found->bins.counts.end(), int64_t{0});
    QCOMPARE(inside + found->below + found->above, 5);
}

void TensorPlaneTest::cancels()
{
    std::stop_source stop;
    stop.request_stop();
    JobContext job(stop.get_token(), {});
    const Tensor tensor = counting({64, 64});
    QCOMPARE(tensorStatistics(tensor, job).error().code, ErrorCode::Cancelled);
    const TensorPlane plane = slicePlane({64, 64}, 0, 1, {});
    QCOMPARE(planePicture(tensor, plane, allOf(plane), {8, 8}, 1, false, job).error().code,
             ErrorCode::Cancelled);
}

} // namespace

std::unique_ptr<QObject> lapidary::createTensorPlaneTest() { return std::make_unique<TensorPlaneTest>(); }

#include "tensor_plane_test.moc"
