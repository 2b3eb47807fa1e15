// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "viewers/plot/histogram.h"
#include "viewers/tensor/element_text.h"
#include "viewers/tensor/tensor_statistics.h"
#include "viewers/tensor/top_k.h"

#include <QLocale>
#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>

using namespace lapidary;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

std::vector<int64_t> indices(const std::vector<RankedClass>& ranked)
{
    std::vector<int64_t> result;
    for (const RankedClass& entry : ranked)
        result.push_back(entry.index);
    return result;
}

} // namespace

class NumbersTest : public QObject {
    Q_OBJECT

private slots:
    void topKOrder()
    {
        const std::vector<double> scores{0.1, notANumber, 0.7, 0.1, 0.9};
        QCOMPARE(indices(topK(scores, 3)), (std::vector<int64_t>{4, 2, 0}));
        QCOMPARE(indices(topK(scores, 99)), (std::vector<int64_t>{4, 2, 0, 3, 1}));
        QVERIFY(topK(scores, 0).empty());
        QVERIFY(topK({}, 5).empty());
    }

    void numbersInTheLanguage()
    {
        const QLocale before;
        QLocale::setDefault(QLocale::English);
        QCOMPARE(numberText(12345.5), "12345.5");
        QCOMPARE(numberText(-1.25e-8), "−1.25e−08");
        QCOMPARE(listSeparator(), ", ");
        QLocale::setDefault(QLocale::Spanish);
        QCOMPARE(numberText(12345.5), "12345,5");
        QCOMPARE(numberText(-1.25e-8), "−1,25e−08");
        QCOMPARE(listSeparator(), "; ");
        QLocale::setDefault(before);
    }

    void softmaxIsADistribution()
    {
        const std::vector<double> logits{1000, 1001, 999};
        const auto shares = softmax(logits);
        QVERIFY(isDistribution(shares));
        QVERIFY(!isDistribution(logits));
        QVERIFY(std::abs(shares[1] / shares[0] - std::exp(1)) < 1e-9);
    }

    void classesInShapes()
    {
        QCOMPARE(classLayout(DataType::Float, {1, 1000, 1, 1})->classes, 1000);
        QCOMPARE(classLayout(DataType::Float, {4, 10})->rows, 4);
        QVERIFY(!classLayout(DataType::Float, {1, 3, 8, 8}));
        QVERIFY(!classLayout(DataType::Int64, {1, 10}));
        QVERIFY(!classLayout(DataType::Float, {1, 1}));
    }

    void statisticsOfOddValues()
    {
        const std::array<float, 6> values{
            0, 2, 4, -2, std::numeric_limits<float>::infinity(), static_cast<float>(notANumber)};
        JobContext job;
        const auto statistics = tensorStatistics(Tensor::of<float>({6}, values), job);
        QVERIFY(statistics.ok());
        QCOMPARE(statistics->minimum, -2.0);
        QCOMPARE(statistics->maximum, 4.0);
        QCOMPARE(statistics->mean, 1.0);
        QCOMPARE(statistics->standardDeviation, std::sqrt(5.0));
        QCOMPARE(statistics->zeros, 1);
        QCOMPARE(statistics->nans, 1);
        QCOMPARE(statistics->infinities, 1);
        QVERIFY(!tensorStatistics(Tensor::ofStrings({1}, {"a"}), job).ok());
    }

    void statisticsFarFromZero()
    {
        std::vector<double> values(1000, 1e9);
        values[0] = 1e9 + 1;
        JobContext job;
        const auto statistics = tensorStatistics(Tensor::of<double>({1000}, values), job);
        QVERIFY(std::abs(statistics->standardDeviation - std::sqrt(0.001 * 0.999)) < 1e-9);
    }

    void histogramCountsEachValueOnce()
    {
        std::vector<double> values(1000);
        for (size_t i = 0; i < values.size(); ++i)
            values[i] = 5 + std::sin(static_cast<double>(i));
        const Histogram bins = histogram(values);
        QCOMPARE(std::accumulate(bins.counts.begin(), bins.counts.end(), 0), 1000);
        QVERIFY(bins.start <= 4.0 &&
                bins.start + bins.binWidth * static_cast<double>(bins.counts.size()) >= 5.999);
        QVERIFY(bins.counts.size() <= 60 && bins.counts.front() > 0 && bins.counts.back() > 0);
    }

    void histogramOfWholeNumbers()
    {
        std::vector<double> values;
        for (int i = 0; i < 8; ++i)
            values.insert(values.end(), static_cast<size_t>(i + 1), i);
        const Histogram bins = histogram(values, 8);
        QCOMPARE(bins.start, 0.0);
        QCOMPARE(std::accumulate(bins.counts.begin(), bins.counts.end(), 0), 36);
    }

    void histogramOfOneValue()
    {
        const std::vector<double> same(5, 3.25);
        const Histogram bins = histogram(same);
        QCOMPARE(bins.counts, (std::vector<int64_t>{5}));
        QVERIFY(bins.binWidth > 0);
        QVERIFY(histogram({}).counts.empty());
        const std::vector<double> none{notANumber};
        QVERIFY(histogram(none).counts.empty());
    }
};

std::unique_ptr<QObject> lapidary::createNumbersTest() { return std::make_unique<NumbersTest>(); }

#include "numbers_test.moc"
