// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/float_convert.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/whole_bytes.h"
#include "tests/engine_tests.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

class FloatConvertTest : public QObject {
    Q_OBJECT

    template <typename Small>
    static void checkEveryPattern()
    {
        std::vector<Small> small(0x10000);
        for (uint32_t bits = 0; bits < 0x10000; ++bits)
            small[bits].bits = static_cast<uint16_t>(bits);
        std::vector<float> wide(small.size());
        widen(small.data(), wide.data(), 0x10000);
        std::vector<Small> back(small.size());
        narrow(wide.data(), back.data(), 0x10000);
        for (uint32_t bits = 0; bits < 0x10000; ++bits) {
            const auto scalar = static_cast<float>(small[bits]);
            if (std::isnan(scalar)) {
                QVERIFY(std::isnan(wide[bits]) && std::isnan(static_cast<float>(back[bits])));
                continue;
            }
            QCOMPARE(wide[bits], scalar);
            QCOMPARE(back[bits].bits, bits);
        }
    }

    template <typename Small>
    static void checkRounding()
    {
        std::vector<float> values;
        for (uint32_t bits = 0x33000000; bits < 0x47900000; bits += 0x0fff) // around float16's range
            values.push_back(std::bit_cast<float>(bits));
        std::vector<Small> found(values.size());
        narrow(values.data(), found.data(), static_cast<int64_t>(values.size()));
        for (size_t i = 0; i < values.size(); ++i)
            QCOMPARE(found[i].bits, Small(values[i]).bits);
    }

private slots:
    void everyFloat16Survives() { checkEveryPattern<Float16>(); }
    void everyBFloat16Survives() { checkEveryPattern<BFloat16>(); }
    void float16RoundsToNearestEven() { checkRounding<Float16>(); }
    void bfloat16RoundsToNearestEven() { checkRounding<BFloat16>(); }

    // A kernel inside another one sees the values that the graphs of its node capture.
    void wrappedKernelsSeeCaptures()
    {
        const KernelFactory create = [](const KernelRequest&) -> Result<std::unique_ptr<Kernel>> {
            return plainKernel([](KernelContext& context) -> Status {
                context.setOutput(0, context.captures().empty() ? Value() : *context.captures()[0]);
                return {};
            });
        };
        const JobContext job;
        const Value captured = Tensor::scalar(int64_t{7});
        const Value* captures[] = {&captured};
        for (const DataType type : {DataType::Float16, DataType::Int4}) {
            const Value input = Tensor::allocate(type, {2}).value();
            const Value* inputs[] = {&input};
            KernelRequest request;
            request.inputTypes = {TypeInfo::tensor(type)};
            request.constantInputs.resize(1);
            auto kernel = type == DataType::Int4 ? createForWholeBytes(request, create)
                                                 : createForFloats(request, create);
            Value output;
            KernelContext context(inputs, std::span(&output, 1), job, captures);
            QVERIFY((*kernel)->run(context).ok());
            QVERIFY(output.isTensor());
            QCOMPARE(*output.tensor()->data<int64_t>(), int64_t{7});
        }
    }
};

std::unique_ptr<QObject> lapidary::createFloatConvertTest() { return std::make_unique<FloatConvertTest>(); }

#include "float_convert_test.moc"
