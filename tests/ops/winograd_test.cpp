// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/parallel.h"
#include "engine/cpu/winograd.h"
#include "tests/engine_tests.h"

#include <QTest>
#include <cmath>
#include <hwy/targets.h>
#include <random>

using namespace lapidary;
using Kind = Activation::Kind;

namespace {

constexpr WinogradTile allTiles[] = {WinogradTile::Two, WinogradTile::Four};

std::vector<float> randomNumbers(int64_t count, uint32_t seed)
{
    std::mt19937 generator(seed);
    std::uniform_real_distribution<float> distribution(-1, 1);
    std::vector<float> result(static_cast<size_t>(count));
    for (float& value : result)
        value = distribution(generator);
    return result;
}

double activated(const Activation& activation, double x)
{
    const double alpha = activation.alpha;
    const double beta = activation.beta;
    const auto sigmoid = [](double value) { return 1 / (1 + std::exp(-value)); };
    switch (activation.kind) {
    case Kind::None: return x;
    case Kind::Relu: return std::max(x, 0.0);
    case Kind::LeakyRelu: return x < 0 ? alpha * x : x;
    case Kind::Clip: return std::min(std::max(x, alpha), beta);
    case Kind::Sigmoid: return sigmoid(x);
    case Kind::HardSigmoid: return std::min(std::max(alpha * x + beta, 0.0), 1.0);
    case Kind::Tanh: return std::tanh(x);
    case Kind::Swish: return x * sigmoid(alpha * x);
    case Kind::HardSwish: return x * std::min(std::max(x / 6 + 0.5, 0.0), 1.0);
    case Kind::Mish: return x * std::tanh(std::log1p(std::exp(x)));
    case Kind::GeluErf: return x * (1 + std::erf(x / std::sqrt(2.0))) / 2;
    case Kind::GeluTanh: return x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))) / 2;
    }
    return 0;
}

// A convolution by its definition, in double, and by Winograd.
struct Case {
    WinogradShape shape;
    Activation activation = {};
    bool bias = false;
    bool residual = false;

    std::vector<float> x = randomNumbers(shape.batch * shape.height * shape.width * shape.inputChannels, 1);
    std::vector<float> weights = randomNumbers(shape.outputChannels * shape.inputChannels * 9, 2);
    std::vector<float> biases = randomNumbers(shape.outputChannels, 3);
    std::vector<float> residuals = randomNumbers(outputCount(), 4);

    int64_t outputCount() const
    {
        return shape.batch * shape.outputHeight() * shape.outputWidth() * shape.outputChannels;
    }

    double sumAt(int64_t image, int64_t row, int64_t column, int64_t output) const
    {
        double sum = 0;
        for (int64_t tap = 0; tap < 9; ++tap) {
            const int64_t y = row + tap / 3 - shape.padTop;
            const int64_t at = column + tap % 3 - shape.padLeft;
            if (y < 0 || y >= shape.height || at < 0 || at >= shape.width)
                continue;
            const int64_t pixel = ((image * shape.height + y) * shape.width + at) * shape.inputChannels;
            const int64_t kernel = output * shape.inputChannels * 9 + tap;
            for (int64_t input = 0; input < shape.inputChannels; ++input)
                sum += static_cast<double>(x[static_cast<size_t>(pixel + input)]) *
                       weights[static_cast<size_t>(kernel + input * 9)];
        }
        return sum;
    }

    std::vector<double> expected() const
    {
        std::vector<double> result;
        for (int64_t i = 0; i < outputCount(); ++i) {
            const int64_t output = i % shape.outputChannels;
            const int64_t pixel = i / shape.outputChannels;
            const int64_t row = pixel / shape.outputWidth();
            double sum = sumAt(row / shape.outputHeight(), row % shape.outputHeight(),
                               pixel % shape.outputWidth(), output);
            if (bias)
                sum += biases[static_cast<size_t>(output)];
            if (residual)
                sum += residuals[static_cast<size_t>(i)];
            result.push_back(activated(activation, sum));
        }
        return result;
    }

    // inPlace: the residual is where the result goes. Numbers outside the result stay.
    std::vector<float> found(WinogradTile tile, bool inPlace = false) const
    {
        constexpr float untouched = 123;
        const Result<WinogradConvolution> convolution =
            WinogradConvolution::create(weights.data(), shape.outputChannels, shape.inputChannels, tile);
        std::vector<float> y(static_cast<size_t>(outputCount() + 2), untouched);
        float* result = y.data() + 1;
        if (inPlace)
            std::copy(residuals.begin(), residuals.end(), result);
        Epilogue epilogue{bias ? biases.data() : nullptr, nullptr, activation};
        if (residual)
            epilogue.residual = inPlace ? result : residuals.data();
        if (!convolution.ok() || !convolution->run(x.data(), shape, epilogue, result).ok() ||
            y.front() != untouched || y.back() != untouched)
            return {};
        return {y.begin() + 1, y.end() - 1};
    }

    // Rounding, relative to the size of the sums: 2e-4 is 20 times what F(4x4, 3x3) shows.
    void check(const std::vector<float>& result, const std::vector<double>& exact) const
    {
        QCOMPARE(result.size(), exact.size());
        const double tolerance = 2e-5 * std::sqrt(static_cast<double>(shape.inputChannels) * 9);
        for (size_t i = 0; i < result.size(); ++i) {
            if (!(std::abs(result[i] - exact[i]) <= tolerance + 1e-6 * std::abs(exact[i])))
                QFAIL(qPrintable(QString("at %1: %2, expected %3").arg(i).arg(result[i]).arg(exact[i])));
        }
    }

    void checkAll() const
    {
        const std::vector<double> exact = expected();
        for (const WinogradTile tile : allTiles)
            check(found(tile), exact);
    }
};

// Highway answers as if the machine had only one of its instruction sets.
class OnlyTarget {
public:
    explicit OnlyTarget(int64_t target) { set(target); }
    ~OnlyTarget() { set(0); }
    OnlyTarget(const OnlyTarget&) = delete;
    OnlyTarget& operator=(const OnlyTarget&) = delete;

private:
    static void set(int64_t targets)
    {
        hwy::SetSupportedTargetsForTest(targets);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
};

} // namespace

class WinogradTest : public QObject {
    Q_OBJECT

    std::vector<int64_t> m_targets = hwy::SupportedAndGeneratedTargets();

    static void shapes()
    {
        QTest::addColumn<QList<qlonglong>>("sizes");
        const auto row = [](const char* name, QList<qlonglong> sizes) { QTest::newRow(name) << sizes; };
        // batch, height, width, input channels, output channels, pads: top, left, bottom, right
        row("whole tiles", {1, 14, 14, 32, 64, 1, 1, 1, 1});
        row("many tiles", {1, 41, 43, 16, 32, 1, 1, 1, 1});
        row("no pads", {1, 9, 11, 16, 16, 0, 0, 0, 0});
        row("uneven pads", {1, 7, 6, 16, 16, 0, 2, 3, 1});
        row("pads of several tiles", {1, 3, 3, 8, 8, 9, 0, 7, 11});
        row("odd sizes", {2, 7, 13, 24, 40, 1, 1, 1, 1});
        row("one output", {1, 3, 3, 20, 17, 0, 0, 0, 0});
        row("one pixel", {3, 1, 1, 48, 33, 1, 1, 1, 1});
        row("one channel", {1, 8, 8, 1, 1, 1, 1, 1, 1});
        row("three channels", {2, 10, 9, 3, 5, 1, 1, 1, 1});
        row("channels past a vector", {1, 6, 6, 65, 71, 1, 1, 1, 1});
        row("many channels, few tiles", {1, 7, 7, 160, 256, 1, 1, 1, 1});
        row("several images", {5, 5, 6, 31, 16, 1, 0, 1, 0});
    }

    static WinogradShape shapeOf(const QList<qlonglong>& sizes)
    {
        return {sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6], sizes[7], sizes[8]};
    }

private slots:
    void shape_data() { shapes(); }
    void shape()
    {
        QFETCH(QList<qlonglong>, sizes);
        const Case plain{.shape = shapeOf(sizes)};
        plain.checkAll();
        const Case full{.shape = shapeOf(sizes),
                        .activation = {Kind::LeakyRelu, 0.25f, 0},
                        .bias = true,
                        .residual = true};
        full.checkAll();
    }

    void everyInstructionSet_data() { shapes(); }
    void everyInstructionSet()
    {
        QFETCH(QList<qlonglong>, sizes);
        const Case full{
            .shape = shapeOf(sizes), .activation = {Kind::Tanh, 0, 0}, .bias = true, .residual = true};
        const std::vector<double> exact = full.expected();
        for (const int64_t target : m_targets) {
            const OnlyTarget scope(target);
            for (const WinogradTile tile : allTiles)
                full.check(full.found(tile), exact);
        }
    }

    void activation_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<float>("alpha");
        QTest::addColumn<float>("beta");
        const auto row = [](const char* name, Kind kind, float alpha = 0, float beta = 0) {
            QTest::newRow(name) << static_cast<int>(kind) << alpha << beta;
        };
        row("None", Kind::None);
        row("Relu", Kind::Relu);
        row("LeakyRelu", Kind::LeakyRelu, 0.1f);
        row("Clip", Kind::Clip, -0.5f, 2);
        row("Sigmoid", Kind::Sigmoid);
        row("HardSigmoid", Kind::HardSigmoid, 0.2f, 0.5f);
        row("Tanh", Kind::Tanh);
        row("Swish", Kind::Swish, 1.5f);
        row("HardSwish", Kind::HardSwish);
        row("Mish", Kind::Mish);
        row("GeluErf", Kind::GeluErf);
        row("GeluTanh", Kind::GeluTanh);
    }
    void activation()
    {
        QFETCH(int, kind);
        QFETCH(float, alpha);
        QFETCH(float, beta);
        const Activation function{static_cast<Kind>(kind), alpha, beta};
        const Case example{
            .shape = {1, 9, 9, 16, 40, 1, 1, 1, 1}, .activation = function, .bias = true, .residual = true};
        const std::vector<double> exact = example.expected();
        for (const int64_t target : m_targets) {
            const OnlyTarget scope(target);
            example.check(example.found(WinogradTile::Four), exact);
        }
    }

    void activationsPassNanOn()
    {
        Case example{.shape = {1, 2, 2, 16, 16, 1, 1, 1, 1}, .bias = true};
        example.biases[3] = NAN;
        for (int kind = 0; kind <= static_cast<int>(Kind::GeluTanh); ++kind) {
            example.activation = {static_cast<Kind>(kind), 0.5f, 1};
            const std::vector<float> result = example.found(WinogradTile::Four);
            QCOMPARE(result.size(), 64u);
            for (size_t i = 0; i < result.size(); ++i)
                QCOMPARE(std::isnan(result[i]), i % 16 == 3);
        }
    }

    void residualInPlace()
    {
        for (const int64_t channels : {32, 19}) {
            const Case example{.shape = {1, 10, 7, 16, channels, 1, 1, 1, 1}, .residual = true};
            for (const WinogradTile tile : allTiles)
                QCOMPARE(example.found(tile, true), example.found(tile));
        }
    }

    // The same bits, however the work is spread.
    void threadsDoNotMatter()
    {
        const Case many{.shape = {1, 40, 40, 32, 64, 1, 1, 1, 1}};
        const Case few{.shape = {1, 7, 7, 64, 128, 1, 1, 1, 1}};
        for (const Case* example : {&many, &few}) {
            setParallelThreads(1);
            const std::vector<float> one = example->found(WinogradTile::Four);
            for (const int threads : {2, 3, 8}) {
                setParallelThreads(threads);
                QCOMPARE(example->found(WinogradTile::Four), one);
            }
            setParallelThreads(0);
        }
    }

    void nothingToDo()
    {
        const Case empty{.shape = {0, 7, 7, 16, 16, 1, 1, 1, 1}};
        QVERIFY(empty.found(WinogradTile::Four).empty());
        const Case small{.shape = {1, 2, 7, 16, 16, 0, 0, 0, 0}};
        QVERIFY(small.found(WinogradTile::Four).empty());
    }

    // Share of the largest error in the root mean square of the outputs; see winograd.h.
    void accuracy()
    {
        const Case example{.shape = {1, 14, 14, 256, 8, 1, 1, 1, 1}};
        const std::vector<double> exact = example.expected();
        double squares = 0;
        for (const double value : exact)
            squares += value * value;
        const double size = std::sqrt(squares / static_cast<double>(exact.size()));
        const double limits[] = {1e-5, 3e-5};
        for (size_t i = 0; i < 2; ++i) {
            const std::vector<float> result = example.found(allTiles[i]);
            double largest = 0;
            for (size_t j = 0; j < exact.size(); ++j)
                largest = std::max(largest, std::abs(result[j] - exact[j]));
            QVERIFY2(largest / size < limits[i], qPrintable(QString::number(largest / size)));
        }
    }
};

std::unique_ptr<QObject> lapidary::createWinogradTest() { return std::make_unique<WinogradTest>(); }

#include "winograd_test.moc"
