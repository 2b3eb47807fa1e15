// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/npy.h"
#include "tests/gui_tests.h"
#include "ui/inputs/labels.h"
#include "ui/inputs/load_input.h"
#include "ui/inputs/normalisation.h"

#include <QTemporaryDir>
#include <QTest>

using namespace lapidary;

namespace {

InputSpec specOf(DataType type, Shape shape)
{
    Graph graph;
    const ValueId id = graph.addValue("x");
    graph.values[static_cast<size_t>(id)].type = TypeInfo::tensor(type, std::move(shape));
    graph.values[static_cast<size_t>(id)].isInput = true;
    graph.inputs = {id};
    return inputSpecs(graph).front();
}

Error errorOf(const Result<Value>& value)
{
    return value.ok() ? makeError(ErrorCode::Internal, "no error") : value.error();
}

} // namespace

class InputsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    JobContext m_job;

private slots:
    void sourcesFitTheType()
    {
        const auto picture = specOf(DataType::Float, {Dim("N"), Dim(3), Dim("H"), Dim("W")});
        QCOMPARE(possibleSources(picture).front(), InputSource::Image);
        QVERIFY(looksLikeImageInput(picture));
        QVERIFY(isImageSide(picture, 2) && !isImageSide(picture, 0));
        QVERIFY(!looksLikeImageInput(specOf(DataType::Float, {Dim(1), Dim(128)})));
        QVERIFY(!looksLikeImageInput(specOf(DataType::Int64, {})));
        const auto text = specOf(DataType::String, {Dim(), Dim(1)});
        QCOMPARE(possibleSources(text).front(), InputSource::Constant);
    }

    void openDimensions()
    {
        const auto spec = specOf(DataType::Float, {Dim("N"), Dim(3), Dim("H"), Dim()});
        QCOMPARE(spec.dimKeys, (std::vector<std::string>{"N", "", "H", "x[3]"}));
        const auto layout = ImageLayout::ChannelsFirst;
        QCOMPARE(resolveDims(spec, {}, layout), (Dims{1, 3, 1, 1}));
        QCOMPARE(resolveDims(spec, {}, layout, QSize(40, 30)), (Dims{1, 3, 30, 40}));
        QCOMPARE(resolveDims(spec, {{"N", 2}, {"H", 8}, {"x[3]", 9}}, layout, QSize(40, 30)),
                 (Dims{2, 3, 8, 9}));
    }

    void guessesFromMetadata()
    {
        Model model;
        model.metadata = {{"Image.BitmapPixelFormat", "Bgr8"},
                          {"Image.NominalPixelRange", "NominalRange_0_255"}};
        const auto options =
            guessImageOptions(model, specOf(DataType::Float, {Dim(1), Dim(3), Dim(64), Dim(64)}));
        QCOMPARE(options.order, ChannelOrder::Bgr);
        QCOMPARE(options.range, PixelRange::Bytes);
        model.metadata = {{"mean", "0.485,0.456,0.406"}, {"std", "[0.229 0.224 0.225]"}};
        const auto imagenet =
            guessImageOptions(model, specOf(DataType::Float, {Dim(1), Dim(64), Dim(64), Dim(3)}));
        QCOMPARE(imagenet.layout, ImageLayout::ChannelsLast);
        QCOMPARE(normalisationName(findNormalisation(imagenet)), QStringLiteral("ImageNet"));
        QCOMPARE(guessImageOptions(model, specOf(DataType::Float, {Dim(1), Dim(1), Dim(64), Dim(64)})).order,
                 ChannelOrder::Gray);
    }

    void channelNumbers()
    {
        std::array<double, 4> channels{9, 9, 9, 9};
        QVERIFY(parseChannels(QStringLiteral("0.5"), channels));
        QCOMPARE(channels, (std::array<double, 4>{0.5, 0.5, 0.5, 9}));
        QVERIFY(parseChannels(QStringLiteral("1, 2; 3"), channels));
        QCOMPARE(channels, (std::array<double, 4>{1, 2, 3, 9}));
        QVERIFY(!parseChannels(QStringLiteral("1, 2"), channels));
        QVERIFY(!parseChannels(QStringLiteral("1, x, 3"), channels));
    }

    void madeUpValues()
    {
        const auto spec = specOf(DataType::Float, {Dim("N"), Dim(4)});
        InputChoice choice;
        choice.seed = 7;
        const auto once = loadInput(spec, choice, {{"N", 2}}, m_job);
        const auto again = loadInput(spec, choice, {{"N", 2}}, m_job);
        QVERIFY(once.ok() && again.ok());
        QCOMPARE(once->tensor()->dims(), (Dims{2, 4}));
        QCOMPARE(elementAsDouble(*once->tensor(), 5), elementAsDouble(*again->tensor(), 5));
        choice.source = InputSource::Constant;
        choice.number = 2.5;
        QCOMPARE(elementAsDouble(*loadInput(spec, choice, {}, m_job)->tensor(), 3), 2.5);
        choice.text = QStringLiteral("male");
        const auto text = loadInput(specOf(DataType::String, {Dim(1), Dim(1)}), choice, {}, m_job);
        QCOMPARE(text->tensor()->strings().front(), std::string("male"));
    }

    void wrongShapeSaysWhatWasExpected()
    {
        const QString path = m_folder.filePath(QStringLiteral("wrong.npy"));
        const std::array<float, 6> values{};
        QVERIFY(saveNpy(path.toStdString(), Tensor::of<float>({2, 3}, values)).ok());
        InputChoice choice;
        choice.source = InputSource::Npy;
        choice.file = path;
        const Error shape = errorOf(loadInput(specOf(DataType::Float, {Dim(1), Dim(4)}), choice, {}, m_job));
        QCOMPARE(shape.code, ErrorCode::ShapeMismatch);
        QVERIFY2(QString::fromStdString(shape.toString()).contains(QStringLiteral("1×4")),
                 shape.toString().c_str());
        const Error type = errorOf(loadInput(specOf(DataType::Int64, {Dim(2), Dim(3)}), choice, {}, m_job));
        QCOMPARE(type.code, ErrorCode::InvalidArgument);
    }

    void unreadableFiles()
    {
        const auto spec = specOf(DataType::Float, {Dim(1), Dim(3), Dim(8), Dim(8)});
        QFile file(m_folder.filePath(QStringLiteral("broken.png")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("\x89PNG\r\n\x1a\nnot really");
        file.close();
        for (const InputSource source : {InputSource::Image, InputSource::Npy, InputSource::TensorProto}) {
            InputChoice choice;
            choice.source = source;
            QVERIFY(!loadInput(spec, choice, {}, m_job).ok()); // none chosen
            for (const QString& path : {file.fileName(), m_folder.path(), QStringLiteral("/no/such/file")}) {
                choice.file = path;
                const Error error = errorOf(loadInput(spec, choice, {}, m_job));
                QVERIFY2(error.code != ErrorCode::Internal && !error.message.empty(), qPrintable(path));
            }
        }
    }

    void labels()
    {
        QCOMPARE(parseLabels(QStringLiteral("cat\ndog\n\n")), (QStringList{"cat", "dog"}));
        QCOMPARE(parseLabels(QStringLiteral("n01440764 tench, Tinca tinca\nn01443537 goldfish")),
                 (QStringList{"tench, Tinca tinca", "goldfish"}));
        QCOMPARE(parseLabels(QStringLiteral("0\n1\n2")), (QStringList{"0", "1", "2"}));
        QCOMPARE(parseLabels(QStringLiteral("[\"a\", \"b\"]")), (QStringList{"a", "b"}));
        QCOMPARE(parseLabels(QStringLiteral("{0: 'person', 1: 'car'}")), (QStringList{"person", "car"}));
        Model model;
        model.metadata = {{"labels", "airplane,automobile"}};
        QCOMPARE(labelsInMetadata(model).names, (QStringList{"airplane", "automobile"}));
        QCOMPARE(loadLabels(QStringLiteral("/no/such/file")).error().code, ErrorCode::NotFound);
    }
};

std::unique_ptr<QObject> lapidary::createInputsTest() { return std::make_unique<InputsTest>(); }

#include "inputs_test.moc"
