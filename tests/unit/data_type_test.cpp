// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/small_float.h"
#include "engine/ir/tensor.h"
#include "tests/engine_tests.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace lapidary;

class DataTypeTest : public QObject {
    Q_OBJECT
private slots:
    void namesAreUniqueAndGoBothWays()
    {
        for (int number = 1; number < dataTypeCount; ++number) {
            const auto type = static_cast<DataType>(number);
            QCOMPARE(dataTypeFromName(dataTypeName(type)), std::optional(type));
        }
        QVERIFY(!dataTypeFromOnnx(dataTypeCount));
        QVERIFY(!dataTypeFromOnnx(-1));
    }

    void storage()
    {
        QCOMPARE(storageBytes(DataType::Float, 3), uint64_t{12});
        QCOMPARE(storageBytes(DataType::Int4, 3), uint64_t{2});
        QCOMPARE(storageBytes(DataType::UInt2, 5), uint64_t{2});
        QCOMPARE(storageBytes(DataType::Int4, 0), uint64_t{0});
        QVERIFY(!elementCount({int64_t{1} << 40, int64_t{1} << 40}));
        QVERIFY(!Tensor::allocate(DataType::Float, {-1}).ok());
        QVERIFY(!Tensor::allocate(DataType::Float, {int64_t{1} << 62}).ok());
    }

    // All 65 536 codes survive the way to float and back; IEEE 754 gives the reference values.
    void float16()
    {
        for (uint32_t bits = 0; bits < 0x10000; ++bits) {
            const auto half = Float16::fromBits(static_cast<uint16_t>(bits));
            const auto value = static_cast<float>(half);
            if (std::isnan(value)) {
                QVERIFY(std::isnan(static_cast<float>(Float16(value))));
                continue;
            }
            const int exponent = (bits >> 10) & 31;
            const int mantissa = bits & 1023;
            double expected = exponent == 31  ? std::numeric_limits<double>::infinity()
                              : exponent == 0 ? std::ldexp(mantissa, -24)
                                              : std::ldexp(1024 + mantissa, exponent - 25);
            QCOMPARE(std::abs(static_cast<double>(value)), expected);
            QCOMPARE(Float16(value).bits, static_cast<uint16_t>(bits));
        }
    }

    void float16RoundsToNearestEven()
    {
        QCOMPARE(static_cast<float>(Float16(1.0f + 0x1p-11f)), 1.0f);               // tie: to even
        QCOMPARE(static_cast<float>(Float16(1.0f + 3 * 0x1p-11f)), 1.0f + 0x1p-9f); // tie: to even
        QCOMPARE(static_cast<float>(Float16(65519.0f)), 65504.0f);
        QVERIFY(std::isinf(static_cast<float>(Float16(65520.0f))));
        QCOMPARE(static_cast<float>(Float16(0x1p-25f)), 0.0f); // half of the smallest: tie to even
        QCOMPARE(static_cast<float>(Float16(0x1.8p-25f)), 0x1p-24f);
    }

    void bfloat16()
    {
        QCOMPARE(static_cast<float>(BFloat16(1.0f + 0x1p-8f)), 1.0f);
        QCOMPARE(static_cast<float>(BFloat16(1.0f + 3 * 0x1p-8f)), 1.0f + 0x1p-6f);
        QVERIFY(std::isnan(static_cast<float>(BFloat16(std::numeric_limits<float>::quiet_NaN()))));
        QVERIFY(std::isinf(static_cast<float>(BFloat16(std::numeric_limits<float>::max()))));
    }

    // Largest and smallest values of each format, from its definition.
    void smallFloats()
    {
        QCOMPARE(decodeFloat8(DataType::Float8E4M3FN, 0x7e), 448.0f);
        QVERIFY(std::isnan(decodeFloat8(DataType::Float8E4M3FN, 0x7f)));
        QCOMPARE(decodeFloat8(DataType::Float8E4M3FN, 0x01), 0x1p-9f);
        QCOMPARE(decodeFloat8(DataType::Float8E4M3FNUZ, 0x7f), 240.0f);
        QVERIFY(std::isnan(decodeFloat8(DataType::Float8E4M3FNUZ, 0x80)));
        QCOMPARE(decodeFloat8(DataType::Float8E5M2, 0x7b), 57344.0f);
        QVERIFY(std::isinf(decodeFloat8(DataType::Float8E5M2, 0xfc)));
        QVERIFY(std::isnan(decodeFloat8(DataType::Float8E5M2, 0x7d)));
        QCOMPARE(decodeFloat8(DataType::Float8E5M2FNUZ, 0x7f), 57344.0f);
        QCOMPARE(decodeFloat8(DataType::Float8E8M0, 127), 1.0f);
        const double e2m1[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
        for (uint8_t bits = 0; bits < 8; ++bits) {
            QCOMPARE(decodeSubByte(DataType::Float4E2M1, bits), e2m1[bits]);
            QCOMPARE(decodeSubByte(DataType::Float4E2M1, bits | 8), -e2m1[bits]);
        }
    }

    void viewsMayBeUnaligned()
    {
        const auto bytes = std::make_shared<std::vector<std::byte>>(9);
        const float value = 2.5f;
        std::memcpy(bytes->data() + 1, &value, sizeof value);
        const Tensor view = Tensor::view(DataType::Float, {1}, bytes->data() + 1, bytes);
        QCOMPARE(elementAsDouble(view, 0), 2.5);
        const auto aligned = view.aligned();
        QVERIFY(aligned.ok());
        QCOMPARE(reinterpret_cast<uintptr_t>(aligned->bytes()) % alignof(float), size_t{0});
        QCOMPARE(*aligned->data<float>(), 2.5f);
    }
};

std::unique_ptr<QObject> lapidary::createDataTypeTest() { return std::make_unique<DataTypeTest>(); }

#include "data_type_test.moc"
