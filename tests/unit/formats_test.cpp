// SPDX-License-Identifier: GPL-3.0-or-later
// Models that come compressed, in archives or as text; and files that are no models.
#include "engine/onnx/reader.h"
#include "tests/engine_tests.h"
#include "tests/support/wire_writer.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <archive.h>
#include <archive_entry.h>
#include <fstream>

using namespace lapidary;

namespace {

// x -> Add (weight w) -> y; w lies in the file "w.bin" when it is external.
std::string addModel(bool external = false)
{
    WireWriter weight;
    weight.number(1, 2).number(2, 1).text(8, "w");
    if (external)
        weight.message(13, WireWriter().text(1, "location").text(2, "w.bin")).number(14, 1);
    else
        weight.text(9, std::string(8, '\0'));
    WireWriter node;
    node.text(1, "x").text(1, "w").text(2, "y").text(3, "n").text(4, "Add");
    const auto value = [](const char* name) {
        const WireWriter shape = WireWriter().message(1, WireWriter().number(1, 2));
        const WireWriter type = WireWriter().message(1, WireWriter().number(1, 1).message(2, shape));
        return WireWriter().text(1, name).message(2, type);
    };
    WireWriter graph;
    graph.message(1, node).text(2, "g").message(5, weight).message(11, value("x")).message(12, value("y"));
    return WireWriter().number(1, 8).message(7, graph).message(8, WireWriter().number(2, 17)).bytes();
}

using Files = std::vector<std::pair<std::string, std::string>>;

void writeArchive(const QString& path, const Files& files, int format, int filter)
{
    archive* writer = archive_write_new();
    archive_write_set_format(writer, format);
    archive_write_add_filter(writer, filter);
    archive_write_open_filename(writer, path.toLocal8Bit().constData());
    for (const auto& [name, content] : files) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(writer, entry);
        archive_write_data(writer, content.data(), content.size());
        archive_entry_free(entry);
    }
    archive_write_free(writer);
}

void writeZip(const QString& path, const Files& files)
{
    writeArchive(path, files, ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE);
}

size_t temporaryFolders()
{
    return static_cast<size_t>(
        QDir(QDir::tempPath()).entryList({QStringLiteral("lapidary-*")}, QDir::Dirs).size());
}

} // namespace

class FormatsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QDir(m_folder.path()).mkdir("tmp");
        qputenv("TMPDIR", m_folder.filePath("tmp").toLocal8Bit()); // counted below
    }

    void compressedModelOpens_data()
    {
        QTest::addColumn<int>("filter");
        QTest::addRow("gzip") << ARCHIVE_FILTER_GZIP;
        QTest::addRow("bzip2") << ARCHIVE_FILTER_BZIP2;
        QTest::addRow("xz") << ARCHIVE_FILTER_XZ;
        QTest::addRow("zstd") << ARCHIVE_FILTER_ZSTD;
    }
    void compressedModelOpens()
    {
        QFETCH(int, filter);
        const QString path = m_folder.filePath("model.onnx.packed");
        writeArchive(path, {{"model.onnx", addModel()}}, ARCHIVE_FORMAT_RAW, filter);
        const auto model = load(path);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().toString().c_str());
        QCOMPARE((*model)->graph.nodes.at(0).opType, std::string("Add"));
        QCOMPARE((*model)->path, std::filesystem::path(path.toStdString()));
        QVERIFY((*model)->graph.initializers.at(0).tensor.load().ok());
        QCOMPARE(temporaryFolders(), size_t{0});
    }

    void modelInAnArchiveOpens()
    {
        writeZip(m_folder.filePath("one.zip"), {{"model.onnx", addModel()}});
        QVERIFY(load(m_folder.filePath("one.zip")).ok());
        QCOMPARE(temporaryFolders(), size_t{0});
        // As the model zoo has them, with what a Mac adds.
        writeArchive(m_folder.filePath("zoo.tar.gz"),
                     {{"zoo/model.onnx", addModel()},
                      {"zoo/test_data_set_0/input_0.pb", "x"},
                      {"zoo/._model.onnx", "x"}},
                     ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP);
        QVERIFY(load(m_folder.filePath("zoo.tar.gz")).ok());
    }

    void weightsBesideTheModelAreFound()
    {
        const float weights[] = {1.5f, -2};
        writeZip(m_folder.filePath("external.zip"),
                 {{"folder/model.onnx", addModel(true)},
                  {"folder/w.bin", std::string(reinterpret_cast<const char*>(weights), 8)},
                  {"../outside.bin", "x"}});
        {
            const auto model = load(m_folder.filePath("external.zip"));
            QVERIFY2(model.ok(), model.ok() ? "" : model.error().toString().c_str());
            QCOMPARE(temporaryFolders(), size_t{1});
            const auto tensor = (*model)->graph.initializers.at(0).tensor.load();
            QVERIFY2(tensor.ok(), tensor.ok() ? "" : tensor.error().toString().c_str());
            QCOMPARE(tensor->data<float>()[1], -2.0f);
        }
        QCOMPARE(temporaryFolders(), size_t{0});
        QVERIFY(!QFile::exists(m_folder.filePath("tmp/outside.bin")));
    }

    void archivesThatDoNotOpen()
    {
        writeZip(m_folder.filePath("two.zip"), {{"a.onnx", addModel()}, {"b.onnx", addModel()}});
        QVERIFY(messageOf("two.zip").contains("the archive holds several models: a.onnx, b.onnx"));
        writeZip(m_folder.filePath("none.zip"), {{"readme.txt", "x"}});
        QVERIFY(messageOf("none.zip").contains("holds no ONNX model; it holds readme.txt"));
        // Cut off.
        writeArchive(m_folder.filePath("cut.gz"), {{"m", addModel()}}, ARCHIVE_FORMAT_RAW,
                     ARCHIVE_FILTER_GZIP);
        QFile cut(m_folder.filePath("cut.gz"));
        QVERIFY(cut.resize(cut.size() / 2));
        QVERIFY2(messageOf("cut.gz").contains("the archive cannot be unpacked"),
                 qPrintable(messageOf("cut.gz")));
        QCOMPARE(temporaryFolders(), size_t{0});
    }

    // More than a gigabyte in five megabytes.
    void aBombIsRefused()
    {
        const QString path = m_folder.filePath("bomb.onnx.gz");
        archive* writer = archive_write_new();
        archive_write_set_format(writer, ARCHIVE_FORMAT_RAW);
        archive_write_add_filter(writer, ARCHIVE_FILTER_GZIP);
        archive_write_set_filter_option(writer, "gzip", "compression-level", "1");
        archive_write_open_filename(writer, path.toLocal8Bit().constData());
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, "m");
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_write_header(writer, entry);
        const std::string block(size_t{16} << 20, '\1');
        for (int i = 0; i < 72; ++i)
            archive_write_data(writer, block.data(), block.size());
        archive_entry_free(entry);
        archive_write_free(writer);
        QVERIFY2(messageOf("bomb.onnx.gz").contains("unpacks to far more"),
                 qPrintable(messageOf("bomb.onnx.gz")));
    }

    void textOpens_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addRow("protobuf") << QByteArray(
            "# a comment\nir_version: 8\nopset_import { version: 17 }\ngraph {\n  node { input: \"x\" "
            "output: "
            "\"y\" op_type: \"Relu\" }\n  input { name: \"x\" type { tensor_type { elem_type: 1 shape { dim "
            "{ "
            "dim_param: \"N\" } } } } }\n  output { name: \"y\" }\n  field_of_the_future: 3\n}\n");
        QTest::addRow("json") << QByteArray(
            R"({"irVersion": "8", "opsetImport": [{"version": "17"}], "graph": {"node": [{"input": ["x"],
            "output": ["y"], "opType": "Relu"}], "input": [{"name": "x"}], "output": [{"name": "y"}]}})");
        QTest::addRow("onnx") << QByteArray("<ir_version: 8, opset_import: [\"\" : 17]>\n"
                                            "g (float[N] x) => (float[N] y) { y = Relu(x) }\n");
    }
    void textOpens()
    {
        QFETCH(QByteArray, text);
        const auto model = load(write("model.txt", text));
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().toString().c_str());
        QCOMPARE((*model)->graph.nodes.at(0).opType, std::string("Relu"));
        QCOMPARE((*model)->graph.outputs.size(), size_t{1});
        writeZip(m_folder.filePath("text.zip"), {{"model.onnxtxt", text.toStdString()}});
        QVERIFY(load(m_folder.filePath("text.zip")).ok());
    }

    void wrongTextSaysWhere()
    {
        write("wrong.textproto", "ir_version: 8\ngraph {\n  node: }\n");
        QVERIFY2(messageOf("wrong.textproto").contains("line 3, column"),
                 qPrintable(messageOf("wrong.textproto")));
        write("wrong.onnxtxt", "<ir_version: 8>\ng (float[N] x) => (float[N] y) { y = }\n");
        QVERIFY2(messageOf("wrong.onnxtxt").contains("cannot be read as an ONNX model"),
                 qPrintable(messageOf("wrong.onnxtxt")));
        QByteArray deep = "<ir_version: 8>\ng (float[N] x) => (float[N] y) {";
        for (int i = 0; i < 5000; ++i)
            deep += "y = If (x) <then_branch = g () => (float y) {";
        write("deep.onnxtxt", deep);
        QVERIFY(messageOf("deep.onnxtxt").contains("nested too deeply"));
    }

    void othersAreRecognised_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("what");
        const auto row = [](const char* name, const QByteArray& bytes, const char* what) {
            QTest::addRow("%s", name) << QString(name) << bytes << QString(what);
        };
        const QByteArray rest(64, '\x11');
        row("lfs.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n", "Git LFS");
        row("page.onnx", "\n <!DOCTYPE html><html></html>", "web page");
        row("a.ort", QByteArray("\x18\0\0\0ORTM", 8) + rest, "ONNX Runtime");
        row("a.bin", QByteArray("\x1c\0\0\0TFL3", 8) + rest, "TensorFlow Lite");
        row("b.bin", "GGUF" + rest, "GGUF");
        row("c.bin", QByteArray("\x20\0\0\0\0\0\0\0", 8) + R"({"w":{"data_offsets":[0,4]}})", "safetensors");
        row("d.bin", "\x89HDF\r\n\x1a\n" + rest, "Keras");
        row("e.bin", "\x93NUMPY" + rest, "NumPy");
        row("f.onnx", "\x89PNG\r\n\x1a\n" + rest, "picture");
        row("g.onnx", "\xff\xd8\xff\xe0" + rest, "picture");
        row("h.bin", QByteArray("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e") + rest,
            "PyTorch");
        row("i.bin", QByteArray("\x80\x04\x95\x10") + rest + ".", "pickle");
        row("j.bin", "ftrt" + rest, "TensorRT");
        row("k.xml", "<?xml version=\"1.0\"?>\n<net name=\"m\" version=\"11\"><layers></layers></net>",
            "OpenVINO");
        row("l.pbtxt", "node {\n  name: \"x\"\n  op: \"Placeholder\"\n}\n", "TensorFlow graph as text");
        row("model.json", "{\"format\": \"graph-model\", \"modelTopology\": {}}", "TensorFlow.js");
        row("m.pdf", "%PDF-1.4\n", "PDF");
        row("n.pth", rest, "PyTorch");
        row("o.pdmodel", rest, "PaddlePaddle");
        const WireWriter node = WireWriter().text(1, "x").text(2, "Placeholder");
        const WireWriter graph = WireWriter().message(1, node).message(4, WireWriter().number(1, 27));
        const auto bytes = [](const WireWriter& writer) { return QByteArray::fromStdString(writer.bytes()); };
        row("frozen.pb", bytes(graph), "TensorFlow graph");
        const WireWriter meta = WireWriter().message(1, WireWriter().text(4, "serve")).message(2, graph);
        row("saved_model.pb", bytes(WireWriter().number(1, 1).message(2, meta)), "SavedModel");
        row("p.mlmodel", bytes(WireWriter().number(1, 4).text(2, "").message(500, WireWriter().text(1, "x"))),
            "Core ML");
        row("input_0.pb", bytes(WireWriter().number(1, 1).number(2, 1).text(9, "abcd")), "ONNX tensor");
    }
    void othersAreRecognised()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, what);
        const auto model = load(write(name, bytes));
        QVERIFY(!model.ok());
        QCOMPARE(model.error().code, ErrorCode::InvalidModel);
        QVERIFY2(QString::fromStdString(model.error().message).contains(what), model.error().message.c_str());
        QVERIFY(!model.error().nextStep.empty());
    }

    void otherArchivesAreRecognised_data()
    {
        QTest::addColumn<QString>("names");
        QTest::addColumn<QString>("what");
        QTest::addRow("torch") << "archive/data.pkl,archive/data/0"
                               << "PyTorch file";
        QTest::addRow("torchscript") << "m/data.pkl,m/code/__torch__.py,m/constants.pkl"
                                     << "TorchScript";
        QTest::addRow("keras") << "metadata.json,config.json,model.weights.h5"
                               << "Keras";
        QTest::addRow("numpy") << "a.npy,b.npy"
                               << "NumPy arrays";
        QTest::addRow("coreml") << "m.mlpackage/Manifest.json,m.mlpackage/Data/com.apple.CoreML/m.mlmodel"
                                << "Core ML";
        QTest::addRow("tensorflow") << "m/saved_model.pb,m/variables/variables.index"
                                    << "SavedModel";
    }
    void otherArchivesAreRecognised()
    {
        QFETCH(QString, names);
        QFETCH(QString, what);
        Files files;
        for (const QString& name : names.split(','))
            files.emplace_back(name.toStdString(), "x");
        writeZip(m_folder.filePath("other.zip"), files);
        QVERIFY2(messageOf("other.zip").contains(what), qPrintable(messageOf("other.zip")));
    }

    void foldersAreRecognised()
    {
        QDir(m_folder.path()).mkpath("saved/variables");
        write("saved/saved_model.pb", "x");
        QVERIFY(messageOf("saved").contains("SavedModel"));
        QDir(m_folder.path()).mkpath("m.mlpackage");
        QVERIFY(messageOf("m.mlpackage").contains("Core ML"));
        QVERIFY(messageOf("saved/variables").contains("found a folder"));
    }

    // What is an ONNX model, whatever its name, and what nobody knows.
    void onnxStaysOnnx()
    {
        QVERIFY(load(write("model.pb", QByteArray::fromStdString(addModel()))).ok());
        QVERIFY(load(write("model.tflite", QByteArray::fromStdString(addModel()))).ok());
        write("rubbish.onnx", QByteArray(100, '\x07'));
        QVERIFY(messageOf("rubbish.onnx").contains("cannot be decoded"));
        write("empty.onnx", "");
        QVERIFY(messageOf("empty.onnx").contains("the file is empty"));
    }

private:
    QString write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return file.fileName();
    }
    static Result<std::shared_ptr<const Model>> load(const QString& path)
    {
        JobContext job;
        return loadModel(path.toStdString(), job);
    }
    QString messageOf(const char* name) const
    {
        const auto model = load(m_folder.filePath(name));
        return model.ok() ? QString() : QString::fromStdString(model.error().message);
    }
    QTemporaryDir m_folder;
};

std::unique_ptr<QObject> lapidary::createFormatsTest() { return std::make_unique<FormatsTest>(); }

#include "formats_test.moc"
