// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/npy.h"
#include "tests/engine_tests.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace lapidary;

namespace {

// A file as numpy writes it (format 1.0), from its header's dictionary and its data.
std::string npyFile(std::string dictionary, const std::string& data)
{
    dictionary.append(63 - (10 + dictionary.size()) % 64, ' ').append(1, '\n');
    std::string file("\x93NUMPY\x01\x00", 8);
    file += static_cast<char>(dictionary.size() & 0xff);
    file += static_cast<char>(dictionary.size() >> 8);
    return file + dictionary + data;
}

} // namespace

class NpyTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

    Result<Tensor> load(const std::string& file)
    {
        std::ofstream(path("x.npy"), std::ios::binary) << file;
        return loadNpy(path("x.npy"));
    }

private slots:
    void orders()
    {
        const std::string bytes("\1\2\3\4\5\6", 6);
        auto tensor = load(npyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", bytes));
        QVERIFY(tensor.ok());
        QCOMPARE(tensor->dims(), (Dims{2, 3}));
        QCOMPARE(elementAsDouble(*tensor, 1), 2.0);

        tensor = load(npyFile("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", bytes));
        QVERIFY(tensor.ok());
        const double rowMajor[] = {1, 3, 5, 2, 4, 6};
        for (int i = 0; i < 6; ++i)
            QCOMPARE(elementAsDouble(*tensor, i), rowMajor[i]);

        tensor = load(
            npyFile("{'descr': '>i2', 'fortran_order': False, 'shape': (1,), }", std::string("\1\2", 2)));
        QVERIFY(tensor.ok());
        QCOMPARE(elementAsDouble(*tensor, 0), 258.0);
    }

    void strings()
    {
        const std::string data("h\0\0\0\xe9\0\0\0", 8);
        const auto tensor = load(npyFile("{'descr': '<U2', 'fortran_order': False, 'shape': (), }", data));
        QVERIFY(tensor.ok());
        QCOMPARE(tensor->strings().at(0), std::string("hé"));
    }

    void wrongFiles()
    {
        QCOMPARE(load("").error().code, ErrorCode::InvalidArgument);
        QCOMPARE(load("not numpy at all").error().code, ErrorCode::InvalidArgument);
        QVERIFY(!load(npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "abcd")).ok());
        QVERIFY(!load(npyFile("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "abcdefgh")).ok());
        QVERIFY(!load(npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "abcd")).ok());
        QVERIFY(!load(npyFile("{'descr': '<f4'", "")).ok());
        QVERIFY(!load(npyFile("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "abcd"))
                     .ok());
        // A file of some hundred bytes must not announce 10^15 strings.
        for (const char* type : {"<U0", "<U", "<U1073741824", "<U4611686018427387904"})
            QVERIFY2(!load(npyFile("{'descr': '" + std::string(type) +
                                       "', 'fortran_order': False, 'shape': (1000000000000000,), }",
                                   ""))
                          .ok(),
                     type);
        QCOMPARE(loadNpy(path("missing.npy")).error().code, ErrorCode::NotFound);
    }

    void roundTrip_data()
    {
        QTest::addColumn<int>("type");
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16, DataType::Int8,
                                    DataType::UInt16, DataType::Int64, DataType::Bool, DataType::Complex64})
            QTest::newRow(std::string(dataTypeName(type)).c_str()) << static_cast<int>(type);
    }

    void roundTrip()
    {
        QFETCH(int, type);
        Tensor tensor = Tensor::allocate(static_cast<DataType>(type), {2, 1, 3}).value();
        for (uint64_t i = 0; i < tensor.sizeBytes(); ++i)
            tensor.mutableBytes()[i] = static_cast<std::byte>(i % 2);
        QVERIFY(saveNpy(path("r.npy"), tensor).ok());
        const auto loaded = loadNpy(path("r.npy"));
        QVERIFY(loaded.ok());
        QCOMPARE(loaded->type(), tensor.type());
        QCOMPARE(loaded->dims(), tensor.dims());
        QVERIFY(std::equal(tensor.bytes(), tensor.bytes() + tensor.sizeBytes(), loaded->bytes()));
    }

    void wholeOrNotAtAll()
    {
        const Tensor old = Tensor::scalar(1.0f);
        QVERIFY(saveNpy(path("kept.npy"), old).ok());
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token(), {});
        const Tensor other = Tensor::allocate(DataType::Float, {100}).value();
        QCOMPARE(saveNpy(path("kept.npy"), other, job).error().code, ErrorCode::Cancelled);
        QCOMPARE(loadNpy(path("kept.npy"))->count(), 1);
        QVERIFY(!std::filesystem::exists(path("kept.npy.part")));
    }

    void unwritable()
    {
        QCOMPARE(saveNpy("/no/such/folder/x.npy", Tensor::scalar(1.0f)).error().code, ErrorCode::IoError);
    }
};

std::unique_ptr<QObject> lapidary::createNpyTest() { return std::make_unique<NpyTest>(); }

#include "npy_test.moc"
