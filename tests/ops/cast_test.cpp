// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ir/small_float.h"
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <algorithm>
#include <bit>
#include <cmath>

using namespace lapidary;

namespace {

NodeCase castCase(Tensor x, DataType to)
{
    return {.opType = "Cast",
            .opset = 19,
            .inputs = {std::move(x)},
            .attributes = {intAttribute("to", static_cast<int64_t>(to))}};
}

std::vector<std::string> castToStrings(Tensor x)
{
    const auto results = runOnAllRows(castCase(std::move(x), DataType::String));
    return results.at(0).outputs.ok() ? (*results[0].outputs)[0].tensor()->strings()
                                      : std::vector<std::string>();
}

} // namespace

class CastTest : public QObject {
    Q_OBJECT
private slots:
    void numbers()
    {
        const Tensor x = tensorOf({5}, {-1.9, 0, 1.9, 300, NAN});
        checkRows(castCase(x, DataType::Int32), DataType::Int32, {5}, {-1, 0, 1, 300, 0}, {}, 1);
        checkRows(castCase(x, DataType::UInt8), DataType::UInt8, {5}, {0, 0, 1, 255, 0}, {}, 1);
        checkRows(castCase(x, DataType::Bool), DataType::Bool, {5}, {1, 0, 1, 1, 1}, {}, 1);
        checkRows(castCase(x, DataType::Float16), DataType::Float16, {5}, {-1.9, 0, 1.9, 300, NAN}, {1e-3, 0},
                  1);
        checkRows(castCase(tensorOf({2}, {300, -1}, DataType::Int64), DataType::UInt8), DataType::UInt8, {2},
                  {44, 255}, {}, 1);
        checkRows(castCase(tensorOf({2}, {1, 0}, DataType::Bool), DataType::Double), DataType::Double, {2},
                  {1, 0}, {}, 1);
        checkRows(castCase(tensorOf({}, {9e18}, DataType::Double), DataType::Int64), DataType::Int64, {},
                  {9e18}, {}, 1);
    }

    void strings()
    {
        const Tensor text = Tensor::ofStrings({5}, {"3.5", "-INF", "nan", " 7 ", "+1e3"});
        checkRows(castCase(text, DataType::Float), DataType::Float, {5}, {3.5, -INFINITY, NAN, 7, 1000}, {},
                  1);
        checkRows(castCase(Tensor::ofStrings({2}, {"-9223372036854775808", "42"}), DataType::Int64),
                  DataType::Int64, {2}, {-9223372036854775808.0, 42}, {}, 1);
        checkAllFail(castCase(Tensor::ofStrings({1}, {"seven"}), DataType::Float), ErrorCode::InvalidArgument,
                     1);
        const std::vector<std::string> floats{"0.1", "-2.0", "NaN", "INF"};
        QCOMPARE(castToStrings(tensorOf({4}, {0.1, -2, NAN, INFINITY})), floats);
        const std::vector<std::string> integers{"-7"};
        QCOMPARE(castToStrings(tensorOf({1}, {-7}, DataType::Int32)), integers);
    }

    // Every code of a small float survives the way to float32 and back.
    void smallFloatsRoundTrip()
    {
        for (const DataType type : {DataType::Float8E4M3FN, DataType::Float8E4M3FNUZ, DataType::Float8E5M2,
                                    DataType::Float8E5M2FNUZ, DataType::Float8E8M0}) {
            for (int code = 0; code < 256; ++code) {
                const float value = decodeFloat8(type, static_cast<uint8_t>(code));
                const uint8_t back = encodeFloat8(type, value, false);
                if (std::isnan(value))
                    QVERIFY(std::isnan(decodeFloat8(type, back)));
                else
                    QCOMPARE(int(back), code);
            }
        }
        for (int code = 0; code < 16; ++code)
            QCOMPARE(int(encodeFloat4(static_cast<float>(
                         decodeSubByte(DataType::Float4E2M1, static_cast<uint8_t>(code))))),
                     code);
    }

    // Of all numbers that bfloat16 holds and their neighbours, to the nearest number, ties to the even code.
    void float8Nearest()
    {
        for (const DataType type : {DataType::Float8E4M3FN, DataType::Float8E4M3FNUZ, DataType::Float8E5M2,
                                    DataType::Float8E5M2FNUZ}) {
            std::vector<double> numbers; // of the codes without sign, ascending
            for (uint8_t code = 0; code < 0x80 && std::isfinite(decodeFloat8(type, code)); ++code)
                numbers.push_back(decodeFloat8(type, code));
            for (uint32_t high = 0; high < 0x8000; ++high) {
                for (const uint32_t low : {0u, 1u, 0xffffu}) {
                    const float value = std::bit_cast<float>(high << 16 | low);
                    if (std::isnan(value))
                        continue;
                    size_t best = static_cast<size_t>(
                        std::lower_bound(numbers.begin(), numbers.end(), value) - numbers.begin());
                    best = std::min(best, numbers.size() - 1);
                    const double above = numbers[best] - value;
                    const double below = best > 0 ? value - numbers[best - 1] : above + 1;
                    if (below < above || (below == above && best % 2 == 1))
                        --best;
                    QCOMPARE(size_t{encodeFloat8(type, value, true)}, best);
                    const bool isUnsigned = best == 0 && numbers.size() == 0x80; // FNUZ has no -0
                    QCOMPARE(size_t{encodeFloat8(type, -value, true)}, isUnsigned ? 0 : best | 0x80);
                }
            }
        }
    }

    // The table of Cast-19 for what does not fit.
    void float8Limits()
    {
        const auto encoded = [](DataType type, float value, bool saturate) {
            return decodeFloat8(type, encodeFloat8(type, value, saturate));
        };
        QCOMPARE(encoded(DataType::Float8E4M3FN, 1e6f, true), 448.0f);
        QVERIFY(std::isnan(encoded(DataType::Float8E4M3FN, 1e6f, false)));
        QCOMPARE(encoded(DataType::Float8E4M3FN, -INFINITY, true), -448.0f);
        QCOMPARE(encoded(DataType::Float8E5M2, 1e6f, true), 57344.0f);
        QCOMPARE(encoded(DataType::Float8E5M2, -1e6f, false), -INFINITY);
        QCOMPARE(encoded(DataType::Float8E5M2FNUZ, INFINITY, true), 57344.0f);
        QVERIFY(std::isnan(encoded(DataType::Float8E5M2FNUZ, INFINITY, false)));
        QCOMPARE(encoded(DataType::Float8E4M3FN, 449.0f, false), 448.0f); // rounds down
        QCOMPARE(encoded(DataType::Float8E4M3FN, 0.0009765625f, false),
                 0.0f); // half of the smallest: to even
    }

    void scales()
    {
        const auto encoded = [](float value, ScaleRounding rounding) {
            return decodeFloat8(DataType::Float8E8M0, encodeScale(value, true, rounding));
        };
        QCOMPARE(encoded(1.1f, ScaleRounding::Up), 2.0f);
        QCOMPARE(encoded(1.1f, ScaleRounding::Down), 1.0f);
        QCOMPARE(encoded(1.5f, ScaleRounding::Nearest), 2.0f);
        QCOMPARE(encoded(4.0f, ScaleRounding::Up), 4.0f);
        QCOMPARE(encoded(3e38f, ScaleRounding::Up), 0x1p127f);
    }

    void fourBits()
    {
        checkRows(castCase(tensorOf({5}, {-9, -8, 3.7, 7, 99}), DataType::Int4), DataType::Int4, {5},
                  {7, -8, 3, 7, 3}, {}, 1);
        checkRows(castCase(tensorOf({3}, {17, 5, -1}, DataType::Int32), DataType::UInt4), DataType::UInt4,
                  {3}, {1, 5, 15}, {}, 1);
    }

    void likeAndUnknown()
    {
        checkRows({.opType = "BitCast",
                   .opset = 26,
                   .inputs = {tensorOf({1}, {1})},
                   .attributes = {intAttribute("to", 6)}},
                  DataType::Int32, {1}, {0x3f800000}, {}, 1);
        checkAllFail({.opType = "BitCast",
                      .opset = 26,
                      .inputs = {tensorOf({1}, {1})},
                      .attributes = {intAttribute("to", 7)}},
                     ErrorCode::ShapeMismatch, 1);
        checkRows({.opType = "CastLike", .inputs = {tensorOf({1}, {2.5}), tensorOf({0}, {}, DataType::Int8)}},
                  DataType::Int8, {1}, {2}, {}, 1);
        checkAllFail(castCase(tensorOf({1}, {1}), static_cast<DataType>(99)), ErrorCode::InvalidModel, 1);
    }
};

std::unique_ptr<QObject> lapidary::createCastTest() { return std::make_unique<CastTest>(); }

#include "cast_test.moc"
