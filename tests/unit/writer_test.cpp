// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/file_writer.h"
#include "engine/onnx/reader.h"
#include "engine/onnx/writer.h"
#include "tests/engine_tests.h"
#include "tests/support/graph_builder.h"
#include "tests/support/wire_writer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace lapidary;

namespace {

namespace fs = std::filesystem;

QByteArray bytesOf(const fs::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::shared_ptr<const Model> load(const fs::path& path)
{
    JobContext job;
    auto model = loadModel(path, job);
    return model.ok() ? *model : nullptr;
}

WireWriter pair(const char* key, const char* value) { return WireWriter().text(1, key).text(2, value); }

WireWriter dimension(const WireWriter& dim) { return WireWriter().message(1, dim); }

WireWriter tensorType(const WireWriter& shape)
{
    return WireWriter().message(1, WireWriter().number(1, 1).message(2, shape));
}

WireWriter valueInfo(const char* name)
{
    const WireWriter shape = dimension(WireWriter().text(2, "N")).message(1, WireWriter().number(1, 3));
    return WireWriter().text(1, name).message(2, tensorType(shape));
}

WireWriter attribute(const char* name, int type, const WireWriter& value)
{
    return WireWriter().text(1, name).fields(value).number(20, type);
}

// One of everything, fields in the order in which protobuf writes them. 99 is a field of the future.
WireWriter everything()
{
    const WireWriter weight =
        WireWriter().number(1, 2).number(2, 1).text(8, "w").text(9, std::string(8, 'x')).text(12, "a weight");
    const WireWriter inner = WireWriter()
                                 .message(1, WireWriter().text(1, "x").text(2, "b").text(4, "Relu"))
                                 .text(2, "body")
                                 .message(12, valueInfo("b"));
    const WireWriter node = WireWriter()
                                .text(1, "x")
                                .text(1, "")
                                .text(1, "w")
                                .text(2, "y")
                                .text(3, "first")
                                .text(4, "Custom")
                                .message(5, attribute("float", 1, WireWriter().real(2, 1)))
                                .message(5, attribute("int", 2, WireWriter().number(3, -1)))
                                .message(5, attribute("text", 3, WireWriter().text(4, "words")))
                                .message(5, attribute("body", 5, WireWriter().message(6, inner)))
                                .message(5, attribute("floats", 6, WireWriter().real(7, 0).real(7, 2)))
                                .message(5, attribute("ints", 7, WireWriter().number(8, 1).number(8, 2)))
                                .message(5, attribute("texts", 8, WireWriter().text(9, "a").text(9, "b")))
                                .message(5, attribute("bodies", 10, WireWriter().message(11, inner)))
                                .message(5, attribute("type", 13, WireWriter().message(14, tensorType({}))))
                                .text(6, "does something")
                                .text(7, "org.example")
                                .text(8, "overload")
                                .message(9, pair("k", "v"))
                                .text(99, "of a node");
    const WireWriter graph = WireWriter()
                                 .message(1, node)
                                 .message(1, WireWriter().text(1, "y").text(2, "z").text(4, "Relu"))
                                 .text(2, "net")
                                 .message(5, weight)
                                 .text(10, "a graph")
                                 .message(11, valueInfo("x").text(3, "the input").text(99, "of a value"))
                                 .message(12, valueInfo("z"))
                                 .message(13, valueInfo("y"))
                                 .message(14, WireWriter().text(1, "y").message(2, pair("SCALE_TENSOR", "w")))
                                 .message(16, pair("gk", "gv"))
                                 .text(99, "of a graph");
    const WireWriter function =
        WireWriter()
            .text(1, "twice")
            .text(4, "a")
            .text(5, "b")
            .text(6, "alpha")
            .message(7, WireWriter().text(1, "a").text(2, "b").text(4, "Elu").message(
                            5, WireWriter().text(1, "alpha").number(20, 1).text(21, "alpha")))
            .text(8, "a function")
            .message(9, WireWriter().text(1, "").number(2, 17))
            .text(10, "org.example")
            .message(11, attribute("beta", 1, WireWriter().real(2, 0)))
            .text(13, "other")
            .message(14, pair("fk", "fv"))
            .text(99, "of a function");
    return WireWriter()
        .number(1, 10)
        .text(2, "producer")
        .text(3, "1.0")
        .text(4, "org.example")
        .number(5, 3)
        .text(6, "a model")
        .message(7, graph)
        .message(8, WireWriter().text(1, "").number(2, 17))
        .message(8, WireWriter().text(1, "org.example").number(2, 1))
        .message(14, pair("mk", "mv"))
        .message(25, function)
        .text(20, "training");
}

class WriterTest : public QObject {
    Q_OBJECT

    Status save(const Model& model, const fs::path& path, WeightStorage storage = WeightStorage::Inside)
    {
        JobContext job;
        return saveModel(model, path, storage, job);
    }

    fs::path inFolder(const char* name) const { return m_folder.filePath(name).toStdString(); }

    QTemporaryDir m_folder;

private slots:
    // What comes back is what was there, to the byte: also fields that nobody here knows.
    void everyField()
    {
        const std::string bytes = everything().bytes();
        const auto owner = std::make_shared<std::string>(bytes);
        JobContext job;
        const auto model = parseModel(std::as_bytes(std::span(*owner)), owner, job);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().toString().c_str());
        QVERIFY(save(**model, inFolder("all.onnx")).ok());
        QCOMPARE(bytesOf(inFolder("all.onnx")), QByteArray::fromStdString(bytes));
    }

    // protobuf's own serialization of real models.
    void conformanceModels()
    {
        const fs::path data = "/usr/share/libonnx-testdata/data/node";
        if (!fs::exists(data))
            QSKIP("libonnx-testdata is not installed");
        int64_t count = 0, same = 0;
        for (const auto& entry : fs::directory_iterator(data)) {
            const fs::path path = entry.path() / "model.onnx";
            const auto model = load(path);
            QVERIFY2(model, path.c_str());
            QVERIFY(save(*model, inFolder("node.onnx")).ok());
            ++count;
            same += bytesOf(path) == bytesOf(inFolder("node.onnx"));
        }
        // Others have empty names that protobuf writes down and we do not, or numbers not stored as raw
        // bytes.
        QVERIFY2(same * 10 > count * 8, qPrintable(QString("%1 of %2").arg(same).arg(count)));
    }

    void externalWeights()
    {
        GraphBuilder builder;
        builder.input("x", {Dim(256)});
        const std::vector<float> numbers(300, 1.5f);
        builder.constant("large", Tensor::of<float>({300}, numbers));
        builder.constant("larger", Tensor::of<float>({100, 300}, std::vector<float>(30000, 2.5f)));
        builder.constant("small", Tensor::of<float>({2}, std::vector<float>{3, 4}));
        builder.constant("texts", Tensor::ofStrings({400}, std::vector<std::string>(400, "word")));
        builder.node("Custom", {"x", "large", "larger", "small", "texts"}, {"y"});
        const auto model = builder.output("y").build();
        const fs::path path = inFolder("external.onnx");
        QVERIFY(save(*model, path, WeightStorage::External).ok());
        QVERIFY(fs::file_size(path) < 8000);
        QCOMPARE(fs::file_size(externalFile(path)), uintmax_t(4096 + 120000));

        const auto loaded = load(path);
        QVERIFY(loaded);
        for (const Initializer& initializer : model->graph.initializers) {
            const std::string& name = initializer.tensor.name;
            const TensorRef* tensor = loaded->graph.initializerOf(loaded->graph.findValue(name));
            QVERIFY2(tensor, name.c_str());
            const auto elements = tensor->load();
            QVERIFY2(elements.ok(), name.c_str());
            const Tensor before = *initializer.tensor.load();
            if (before.type() == DataType::String)
                QCOMPARE(elements->strings(), before.strings());
            else
                QCOMPARE(QByteArray(reinterpret_cast<const char*>(elements->bytes()), before.sizeBytes()),
                         QByteArray(reinterpret_cast<const char*>(before.bytes()), before.sizeBytes()));
        }
        QCOMPARE(loaded->graph.initializers[0].tensor.location(), "external.onnx.data at byte 0");

        // And back into one file.
        QVERIFY(save(*loaded, inFolder("inside.onnx")).ok());
        QVERIFY(save(*model, inFolder("direct.onnx")).ok());
        QCOMPARE(bytesOf(inFolder("inside.onnx")), bytesOf(inFolder("direct.onnx")));
    }

    void sourceIsNeverChanged()
    {
        const fs::path path = inFolder("source.onnx");
        const auto model = GraphBuilder()
                               .input("x", {Dim(4)})
                               .constant("w", Tensor::of<float>({400}, std::vector<float>(400, 1)))
                               .output("x")
                               .build();
        QVERIFY(save(*model, path, WeightStorage::External).ok());
        const QByteArray before = bytesOf(path);
        const QByteArray weights = bytesOf(externalFile(path));
        const auto loaded = load(path);
        QCOMPARE(save(*loaded, path).error().code, ErrorCode::InvalidArgument);
        // The same file by another way, and the file of its weights.
        QCOMPARE(save(*loaded, inFolder("./source.onnx")).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(save(*loaded, externalFile(path)).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(bytesOf(path), before);
        QCOMPARE(bytesOf(externalFile(path)), weights);
    }

    // Also what is read by a body inside a node, and a file whose name looks like an unfinished one.
    void sourceOfBodiesIsNeverChanged()
    {
        GraphBuilder yes, no;
        yes.constant("w", Tensor::of<float>({400}, std::vector<float>(400, 1)))
            .node("Add", {"x", "w"}, {"a"});
        no.node("Relu", {"x"}, {"b"});
        yes.output("a");
        no.output("b");
        GraphBuilder builder;
        builder.input("x", {Dim(400)}).input("which", TypeInfo::tensor(DataType::Bool, Shape{}));
        builder.node("If", {"which"}, {"y"}).attributes = {yes.body("then_branch"), no.body("else_branch")};
        const fs::path path = inFolder("bodies.onnx");
        QVERIFY(save(*builder.output("y").build(), path, WeightStorage::External).ok());
        const QByteArray weights = bytesOf(externalFile(path));
        QCOMPARE(weights.size(), 1600);
        const auto loaded = load(path);
        QCOMPARE(save(*loaded, externalFile(path)).error().code, ErrorCode::InvalidArgument);
        const fs::path other = inFolder("bodies.onnx.data.onnx");
        QVERIFY(save(*loaded, other, WeightStorage::External).ok());
        QCOMPARE(bytesOf(externalFile(path)), weights);

        fs::copy(inFolder("bodies.onnx"), inFolder("copy.onnx.part"));
        const QByteArray part = bytesOf(inFolder("copy.onnx.part"));
        const auto fromPart = load(inFolder("copy.onnx.part"));
        QVERIFY(save(*fromPart, inFolder("copy.onnx")).ok());
        QCOMPARE(bytesOf(inFolder("copy.onnx.part")), part);
        fs::remove(inFolder("copy.onnx.part"));
    }

    void failureLeavesNothing()
    {
        const auto model = GraphBuilder().input("x", {Dim(4)}).output("x").build();
        const Status missing = save(*model, inFolder("no/such/folder.onnx"));
        QCOMPARE(missing.error().code, ErrorCode::IoError);
        QVERIFY(!missing.error().nextStep.empty());

        // A full disk is found while writing; the file that was there stays.
        const fs::path path = inFolder("kept.onnx");
        QVERIFY(save(*model, path).ok());
        const QByteArray before = bytesOf(path);
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token(), {});
        QCOMPARE(saveModel(*model, path, WeightStorage::Inside, stopped).error().code, ErrorCode::Cancelled);
        QCOMPARE(bytesOf(path), before);
        QVERIFY(QDir(m_folder.path()).entryList({"*.part"}).isEmpty());
    }

    void weightThatCannotBeRead()
    {
        auto model = GraphBuilder().input("x", {Dim(4)}).weight("w", {4}).output("x").build();
        model->graph.initializers[0].tensor.source = nullptr;
        const fs::path path = inFolder("unreadable.onnx");
        QCOMPARE(save(*model, path).error().code, ErrorCode::InvalidModel);
        QVERIFY(!fs::exists(path));
        QVERIFY(QDir(m_folder.path()).entryList({"*.part"}).isEmpty());
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createWriterTest() { return std::make_unique<WriterTest>(); }

#include "writer_test.moc"
