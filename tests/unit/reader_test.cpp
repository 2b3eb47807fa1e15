// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/lost_pages.h"
#include "engine/base/mapped_file.h"
#include "engine/onnx/checker.h"
#include "engine/onnx/reader.h"
#include "tests/engine_tests.h"
#include "tests/support/wire_writer.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace lapidary;

namespace {

WireWriter tensorType(int elemType, std::initializer_list<int64_t> dims)
{
    WireWriter shape;
    for (const int64_t dim : dims)
        shape.message(1, WireWriter().number(1, dim));
    return WireWriter().message(1, WireWriter().number(1, elemType).message(2, shape));
}

WireWriter valueInfo(const char* name, const WireWriter& type)
{
    return WireWriter().text(1, name).message(2, type);
}

WireWriter node(const char* opType, std::initializer_list<const char*> inputs,
                std::initializer_list<const char*> outputs)
{
    WireWriter writer;
    for (const char* input : inputs)
        writer.text(1, input);
    for (const char* output : outputs)
        writer.text(2, output);
    return writer.text(3, "n").text(4, opType);
}

WireWriter model(const WireWriter& graph, int64_t opset = 17)
{
    return WireWriter().number(1, 8).text(2, "test").message(7, graph).message(8,
                                                                               WireWriter().number(2, opset));
}

Result<std::shared_ptr<const Model>> parse(const std::string& bytes)
{
    const auto owner = std::make_shared<std::string>(bytes);
    JobContext job;
    return parseModel(std::as_bytes(std::span(*owner)), owner, job);
}

// The one initializer of a model that has only that.
Result<Tensor> initializer(const WireWriter& tensor)
{
    auto parsed = parse(model(WireWriter().message(5, tensor)).bytes());
    if (!parsed.ok())
        return std::move(parsed).error();
    return (*parsed)->graph.initializers.at(0).tensor.load();
}

} // namespace

class ReaderTest : public QObject {
    Q_OBJECT
private slots:
    void graphIsConnected()
    {
        WireWriter graph;
        graph.message(1, node("Conv", {"x", "w", ""}, {"c"})).message(1, node("Relu", {"c"}, {"y"}));
        graph.message(5, WireWriter().number(1, 2).number(2, 1).text(8, "w").text(9, std::string(8, '\0')));
        graph.message(11, valueInfo("x", tensorType(1, {1, 3})))
            .message(12, valueInfo("y", tensorType(1, {1, 3})));
        const auto parsed = parse(model(graph).bytes());
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().toString().c_str());
        const Graph& g = (*parsed)->graph;
        QCOMPARE(g.nodes.size(), size_t{2});
        QCOMPARE(g.nodes[0].inputs.size(), size_t{3});
        QCOMPARE(g.nodes[0].inputs[2], noValue);
        const GraphValue& c = g.value(g.findValue("c"));
        QCOMPARE(c.producer, 0);
        QCOMPARE(c.consumers, std::vector<NodeId>{1});
        QVERIFY(g.initializerOf(g.findValue("w")) != nullptr);
        QCOMPARE(g.requiredInputs(), std::vector<ValueId>{g.findValue("x")});
        QCOMPARE((*parsed)->opsetVersion("ai.onnx"), 17);
        QCOMPARE(toString(g.value(g.findValue("x")).type), std::string("float32[1×3]"));
    }

    // Every way in which TensorProto stores numbers.
    void tensorEncodings()
    {
        const auto packed = [](std::initializer_list<int> bytes) {
            std::string text;
            for (const int byte : bytes)
                text += static_cast<char>(byte);
            return text;
        };
        auto tensor = initializer(WireWriter().number(1, 2).number(2, 1).real(4, 1.5f).real(4, -2.0f));
        QVERIFY(tensor.ok());
        QCOMPARE(elementAsDouble(*tensor, 0), 1.5);
        QCOMPARE(elementAsDouble(*tensor, 1), -2.0);

        tensor = initializer(WireWriter().number(1, 3).number(2, 3).text(5, packed({1, 2, 127})));
        QVERIFY(tensor.ok());
        QCOMPARE(elementAsDouble(*tensor, 2), 127.0);

        // A negative int8 is a ten-byte varint.
        tensor = initializer(WireWriter().number(1, 1).number(2, 3).number(5, -5));
        QVERIFY(tensor.ok());
        QCOMPARE(elementAsDouble(*tensor, 0), -5.0);

        // float16 bits as numbers: 0x3c00 is 1.
        tensor = initializer(WireWriter().number(1, 1).number(2, 10).number(5, 0x3c00));
        QVERIFY(tensor.ok());
        QCOMPARE(elementAsDouble(*tensor, 0), 1.0);

        tensor = initializer(WireWriter().number(1, 2).number(2, 8).text(6, "a").text(6, "b"));
        QVERIFY(tensor.ok());
        QCOMPARE(tensor->strings().at(1), std::string("b"));

        // Two int4 in a byte, low half first: 0xe3 is 3, -2.
        tensor = initializer(WireWriter().number(1, 2).number(2, 22).text(9, packed({0xe3})));
        QVERIFY(tensor.ok());
        QCOMPARE(elementAsDouble(*tensor, 0), 3.0);
        QCOMPARE(elementAsDouble(*tensor, 1), -2.0);

        // Four uint2 in a byte: 0b11100100 is 0, 1, 2, 3.
        tensor = initializer(WireWriter().number(1, 4).number(2, 25).text(9, packed({0xe4})));
        QVERIFY(tensor.ok());
        for (int i = 0; i < 4; ++i)
            QCOMPARE(elementAsDouble(*tensor, i), double(i));
    }

    void wrongTensorsAreErrors()
    {
        auto tensor =
            initializer(WireWriter().number(1, 4).number(2, 1).text(8, "w").text(9, std::string(12, '\0')));
        QVERIFY(!tensor.ok());
        QCOMPARE(tensor.error().code, ErrorCode::InvalidModel);
        QVERIFY(tensor.error().toString().find("needs 16 bytes, found 12") != std::string::npos);

        QVERIFY(
            !initializer(WireWriter().number(1, 3).number(2, 7).number(7, 1)).ok()); // one of three elements
        QVERIFY(!initializer(WireWriter().number(1, 1).number(2, 99).number(5, 1)).ok()); // no such type
        QVERIFY(!initializer(WireWriter().number(1, -1).number(2, 1).text(9, "")).ok()); // negative dimension
        // Terabytes of elements of which one is there: not even an attempt to allocate them.
        QCOMPARE(initializer(WireWriter().number(1, int64_t{1} << 42).number(2, 7).number(7, 1)).error().code,
                 ErrorCode::InvalidModel);
        QVERIFY(!initializer(WireWriter().number(1, int64_t{1} << 62).number(1, 8).number(2, 1).text(9, ""))
                     .ok());
    }

    // Another program writes the file anew while it is open here.
    void fileCutShort()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath("weights.bin");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        constexpr qint64 page = 65536; // at least one, on every machine
        file.write(QByteArray(3 * page, 'x'));
        file.close();
        const auto mapped = MappedFile::open(path.toStdString());
        QVERIFY(mapped.ok());
        const std::span<const std::byte> bytes = (*mapped)->bytes();
        QCOMPARE(bytes[2 * page], std::byte{'x'});
        QVERIFY(!isMappingDamaged(bytes.data()));
        QVERIFY(QFile::resize(path, page));
        QCOMPARE(bytes[0], std::byte{'x'});
        QVERIFY(!isMappingDamaged(bytes.data()));
        QCOMPARE(bytes[2 * page], std::byte{0});
        QVERIFY(isMappingDamaged(bytes.data()));
        QVERIFY(isMappingDamaged(bytes.data() + page)); // any part of it
    }

    void externalDataStaysInItsFolder()
    {
        const auto external = [](const char* location) {
            return WireWriter().number(1, 1).number(2, 1).text(8, "w").number(14, 1).message(
                13, WireWriter().text(1, "location").text(2, location));
        };
        for (const char* location : {"../secret", "/etc/passwd", "a/../../b", ""}) {
            const auto tensor = initializer(external(location));
            QVERIFY(!tensor.ok());
            QCOMPARE(tensor.error().code, ErrorCode::InvalidModel);
        }
        const auto missing = initializer(external("no_such_weights.bin"));
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    void emptyExternalFileIsAnError()
    {
        const QTemporaryDir folder;
        const std::filesystem::path base = folder.path().toStdString();
        std::ofstream(base / "weights.bin").close();
        WireWriter tensor;
        tensor.number(1, 1).number(2, 1).text(8, "w").number(14, 1);
        tensor.message(13, WireWriter().text(1, "location").text(2, "weights.bin"));
        std::ofstream(base / "model.onnx", std::ios::binary)
            << model(WireWriter().message(5, tensor)).bytes();
        JobContext job;
        const auto loaded = loadModel(base / "model.onnx", job);
        QVERIFY(loaded.ok()); // it can be looked at
        const auto weights = (*loaded)->graph.initializers[0].tensor.load();
        QVERIFY(!weights.ok());
        QVERIFY(weights.error().toString().find("weights.bin") != std::string::npos);
        QVERIFY(weights.error().toString().find("the file has 0") != std::string::npos);
    }

    void notAModel()
    {
        QCOMPARE(parse("").error().code, ErrorCode::InvalidModel);
        QCOMPARE(parse("hello, this is text").error().code, ErrorCode::InvalidModel);
        QCOMPARE(parse(WireWriter().number(1, 8).bytes()).error().code, ErrorCode::InvalidModel);
        JobContext job;
        QCOMPARE(loadModel("/no/such/file.onnx", job).error().code, ErrorCode::NotFound);
        QCOMPARE(loadModel("/", job).error().code, ErrorCode::InvalidArgument);
    }

    // Cut at any byte, a model gives an error or a smaller model, never a crash.
    void truncation()
    {
        WireWriter graph;
        graph.message(1, node("Relu", {"x"}, {"y"}));
        graph.message(5, WireWriter().number(1, 2).number(2, 1).text(8, "w").text(9, std::string(8, '\0')));
        graph.message(11, valueInfo("x", tensorType(1, {1, 3})));
        const std::string whole = model(graph).bytes();
        int failures = 0;
        for (size_t length = 0; length < whole.size(); ++length)
            failures += parse(whole.substr(0, length)).ok() ? 0 : 1;
        QVERIFY(failures > static_cast<int>(whole.size()) / 2);
    }

    void nestingIsLimited()
    {
        WireWriter graph = WireWriter().text(2, "leaf");
        for (int i = 0; i < 1000; ++i) {
            const WireWriter attribute = WireWriter().text(1, "body").message(6, graph);
            graph = WireWriter().message(1, WireWriter().text(4, "If").message(5, attribute));
        }
        const auto parsed = parse(model(graph).bytes());
        QVERIFY(!parsed.ok());
        QVERIFY(parsed.error().message.find("nested") != std::string::npos);
    }

    void bodiesCaptureOuterValues()
    {
        WireWriter body;
        body.message(1, node("Add", {"x", "inner"}, {"sum"})).message(1, node("Neg", {"x"}, {"inner"}));
        const WireWriter attribute = WireWriter().text(1, "then_branch").message(6, body);
        WireWriter graph;
        graph.message(1, node("If", {"cond"}, {"y"}).message(5, attribute));
        graph.message(11, valueInfo("x", tensorType(1, {1})))
            .message(11, valueInfo("cond", tensorType(9, {})));
        const auto parsed = parse(model(graph).bytes());
        QVERIFY(parsed.ok());
        const Graph& g = (*parsed)->graph;
        QCOMPARE(g.nodes[0].captures, std::vector<ValueId>{g.findValue("x")});
        QCOMPARE(g.value(g.findValue("x")).consumers, std::vector<NodeId>{0});
    }

    void checkerFindsProblems()
    {
        WireWriter graph;
        graph.message(1, node("Relu", {"nowhere"}, {"y"})).message(1, node("Relu", {"y"}, {"y"}));
        graph.message(1, node("NoSuchOperator", {"y"}, {"z"})).message(1, node("Conv", {"y"}, {"c"}));
        graph.message(12, valueInfo("lost", tensorType(1, {1})));
        const auto parsed = parse(model(graph).bytes());
        QVERIFY(parsed.ok());
        JobContext job;
        const auto findings = checkModel(**parsed, job);
        QVERIFY(findings.ok());
        const auto has = [&](const char* text, NodeId id) {
            for (const CheckFinding& finding : *findings) {
                if (finding.level == CheckFinding::Level::Error && finding.node == id &&
                    finding.message.find(text) != std::string::npos)
                    return true;
            }
            return false;
        };
        QVERIFY(has("'nowhere' is neither", 0));
        QVERIFY(has("'y' is defined twice", 1));
        QVERIFY(has("no operator NoSuchOperator", 2));
        QVERIFY(has("", 3)); // Conv with one input
        QVERIFY(has("'lost' is computed by no node", noNode));
    }
};

std::unique_ptr<QObject> lapidary::createReaderTest() { return std::make_unique<ReaderTest>(); }

#include "reader_test.moc"
