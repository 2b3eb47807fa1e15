// SPDX-License-Identifier: GPL-3.0-or-later
// Products of quantized tensors: the exact integer product inside, and what each operator makes of its sums.
#include "engine/cpu/channels_last.h"
#include "engine/cpu/convert_type.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/kernels/families.h"
#include "engine/cpu/kernels/inputs.h"
#include "engine/cpu/kernels/integer_product.h"
#include "engine/cpu/kernels/matmul.h"
#include "engine/cpu/kernels/quantized_convolution.h"
#include "engine/cpu/kernels/quantized_sums.h"
#include "engine/cpu/list_input.h"
#include "engine/cpu/plain_kernel.h"
#include "engine/cpu/quantize.h"

namespace lapidary {

namespace {

Status runQLinearMatMul(KernelContext& context, Kernel& product)
{
    TRY(requireInputs(context, 8));
    TRY_ASSIGN(const double yScale, numberInput(context, 6));
    TRY_ASSIGN(const MatMulShape shape, matMulShape(context.tensor(0).dims(), context.tensor(3).dims()));
    TRY_ASSIGN(const Tensor sums,
               runInnerKernelOnce(product, innerInputs(context, qLinearOperands), context.job()));
    TRY_ASSIGN(const Tensor real, scaledMatrices(sums.reshaped(matrixDims(shape)), context.tensor(1),
                                                 context.tensor(4), static_cast<float>(yScale)));
    TRY_ASSIGN(const Tensor y, quantizedQuotient(real, context.tensor(7)));
    context.setOutput(0, y.reshaped(shape.output));
    return {};
}

// 8-bit floats: there are no integers to sum.
Status runFloat8MatMul(KernelContext& context, Kernel& product)
{
    TRY(requireInputs(context, 8));
    const auto side = [&](size_t first, int64_t axisFromEnd) {
        return dequantizeLinear(context.tensor(first), context.tensor(first + 1), context.tensor(first + 2),
                                DataType::Float, {-axisFromEnd, 0});
    };
    TRY_ASSIGN(Tensor a, side(0, 2));
    TRY_ASSIGN(Tensor b, side(3, 1));
    TRY_ASSIGN(const Tensor real, runInnerKernelOnce(product, {std::move(a), std::move(b)}, context.job()));
    TRY_ASSIGN(const Tensor yScale, toFloat(context.tensor(6)));
    TRY_ASSIGN(Tensor y, quantizeLinear(real, yScale, context.tensor(7), context.tensor(7).type(), {}));
    context.setOutput(0, std::move(y));
    return {};
}

template <KernelFactory createProduct>
Result<std::unique_ptr<Kernel>> createQLinearMatMul(const KernelRequest& request)
{
    TRY_ASSIGN(const InnerNode inner, innerNode(request, "MatMulInteger", qLinearOperands));
    const DataType type = request.inputDataType(0);
    if (type >= DataType::Float8E4M3FN && type <= DataType::Float8E5M2FNUZ) {
        TRY_ASSIGN(auto kernel, createInnerKernel(request, {"MatMul", {DataType::Float, DataType::Float}}));
        return kernelAround(std::move(kernel), runFloat8MatMul);
    }
    TRY_ASSIGN(auto kernel, createInnerKernel(request, inner, createProduct));
    return kernelAround(std::move(kernel), runQLinearMatMul);
}

// y [..., n] += bias [n].
Status addColumnBias(Tensor& y, const Tensor& bias)
{
    const int64_t columns = y.dims().back();
    if (bias.dims() != Dims{columns})
        return makeError(ErrorCode::ShapeMismatch,
                         "bias: expected " + toString(Dims{columns}) + ", found " + toString(bias.dims()));
    TRY_ASSIGN(const Tensor floats, toFloat(bias));
    auto* values = y.mutableData<float>();
    for (int64_t i = 0; i < y.count(); ++i)
        values[i] += floats.data<float>()[i % columns];
    return {};
}

// sums * scales + bias as real numbers of type; sums have the shape of the product.
Result<Tensor> realMatrices(const Tensor& sums, const MatMulShape& shape, const Tensor& aScale,
                            const Tensor& bScale, const Value& bias)
{
    TRY_ASSIGN(Tensor real, scaledMatrices(sums.reshaped(matrixDims(shape)), aScale, bScale, 1));
    if (bias.isTensor())
        TRY(addColumnBias(real, *bias.tensor()));
    return real.reshaped(shape.output);
}

Status runMatMulIntegerToFloat(KernelContext& context, Kernel& product)
{
    TRY(requireInputs(context, 4));
    const DataType type = context.tensor(2).type();
    if (type != DataType::Float && type != DataType::Float16)
        return makeError(ErrorCode::UnsupportedOp, "the scale cannot be " + std::string(dataTypeName(type)));
    TRY_ASSIGN(const MatMulShape shape, matMulShape(context.tensor(0).dims(), context.tensor(1).dims()));
    TRY_ASSIGN(const Tensor sums,
               runInnerKernelOnce(product, innerInputs(context, {0, 1, 4, 5}), context.job()));
    TRY_ASSIGN(const Tensor real,
               realMatrices(sums, shape, context.tensor(2), context.tensor(3), optionalInput(context, 6)));
    TRY_ASSIGN(Tensor y, narrowed(real, type));
    context.setOutput(0, std::move(y));
    return {};
}

template <KernelFactory createProduct>
Result<std::unique_ptr<Kernel>> createMatMulIntegerToFloat(const KernelRequest& request)
{
    TRY_ASSIGN(const InnerNode inner, innerNode(request, "MatMulInteger", {0, 1, 4, 5}));
    TRY_ASSIGN(auto kernel, createInnerKernel(request, inner, createProduct));
    return kernelAround(std::move(kernel), runMatMulIntegerToFloat);
}

Status runDynamicQuantizeMatMul(KernelContext& context, Kernel& product)
{
    TRY(requireInputs(context, 3));
    TRY(requireTensors(context, {0}, DataType::Float));
    const Tensor& a = context.tensor(0);
    TRY_ASSIGN(const MatMulShape shape, matMulShape(a.dims(), context.tensor(1).dims()));
    const DynamicQuantization found = dynamicQuantization(a.values<float>());
    const Tensor scale = Tensor::scalar(found.scale);
    const Tensor zeroPoint = Tensor::scalar(found.zeroPoint);
    TRY_ASSIGN(Tensor codes, quantizeLinear(a, scale, zeroPoint, DataType::UInt8, {}));
    TRY_ASSIGN(const Tensor sums,
               runInnerKernelOnce(product,
                                  {std::move(codes), context.input(1), zeroPoint, optionalInput(context, 3)},
                                  context.job()));
    TRY_ASSIGN(Tensor y, realMatrices(sums, shape, scale, context.tensor(2), optionalInput(context, 4)));
    context.setOutput(0, std::move(y));
    return {};
}

template <KernelFactory createProduct>
Result<std::unique_ptr<Kernel>> createDynamicQuantizeMatMul(const KernelRequest& request)
{
    if (request.inputDataType(0) != DataType::Float)
        return refuseType(request);
    TRY_ASSIGN(InnerNode inner, innerNode(request, "MatMulInteger", {0, 1, 0, 3}));
    inner.inputTypes[0] = DataType::UInt8;
    inner.inputTypes[2] = DataType::UInt8;
    inner.constants[0] = {};
    inner.constants[2] = {};
    TRY_ASSIGN(auto kernel, createInnerKernel(request, inner, createProduct));
    return kernelAround(std::move(kernel), runDynamicQuantizeMatMul);
}

// A matrix of bytes, transposed if asked for.
Result<Tensor> matrixOf(const Tensor& bytes, bool transposed)
{
    if (bytes.rank() != 2 || bitWidth(bytes.type()) != 8)
        return makeError(ErrorCode::ShapeMismatch,
                         "expected a matrix of bytes, found " +
                             toString(TypeInfo::tensor(bytes.type(), toShape(bytes.dims()))));
    const Dims& dims = bytes.dims();
    return transposed ? swappedBytes(bytes, 1, dims[0], dims[1], {dims[1], dims[0]}) : Result<Tensor>(bytes);
}

struct GemmAttributes {
    bool transA = false;
    bool transB = false;
    float alpha = 1;
};

// sums += c, which is quantized with their scale and stretched to them.
Status addC(Tensor& sums, const Tensor& c)
{
    TRY_ASSIGN(const GemmShape shape, gemmShape({}, {sums.dims()[0], 1}, {1, sums.dims()[1]}, &c.dims()));
    if (c.type() != DataType::Int32)
        return makeError(ErrorCode::ShapeMismatch,
                         "input C: expected int32, found " + std::string(dataTypeName(c.type())));
    for (int64_t row = 0; row < shape.m; ++row) {
        for (int64_t column = 0; column < shape.n; ++column) {
            int32_t& sum = sums.mutableData<int32_t>()[row * shape.n + column];
            sum = static_cast<int32_t>(
                static_cast<uint32_t>(sum) +
                static_cast<uint32_t>(c.data<int32_t>()[row * shape.cRowStep + column * shape.cColumnStep]));
        }
    }
    return {};
}

// constantB: transposed if the attribute says so; empty when it is not constant.
Status runQGemm(KernelContext& context, Kernel& product, const GemmAttributes& attributes,
                const Tensor& constantB)
{
    TRY(requireInputs(context, 6));
    TRY_ASSIGN(const Tensor a, matrixOf(context.tensor(0), attributes.transA));
    Tensor b = constantB;
    if (b.empty()) {
        TRY_ASSIGN(b, matrixOf(context.tensor(3), attributes.transB));
    }
    TRY_ASSIGN(Tensor sums,
               runInnerKernelOnce(product, {a, b, context.input(2), context.input(5)}, context.job()));
    if (context.hasInput(6))
        TRY(addC(sums, context.tensor(6)));
    TRY_ASSIGN(const Tensor aScale, scaledFactors(context.tensor(1), attributes.alpha, 1));
    double yScale = 1;
    if (context.hasInput(7)) {
        TRY_ASSIGN(yScale, numberInput(context, 7));
    }
    TRY_ASSIGN(Tensor y, scaledMatrices(sums, aScale, context.tensor(4), static_cast<float>(yScale)));
    if (context.hasInput(8)) {
        TRY_ASSIGN(y, quantizedQuotient(y, context.tensor(8)));
    }
    context.setOutput(0, std::move(y));
    return {};
}

template <KernelFactory createProduct>
Result<std::unique_ptr<Kernel>> createQGemm(const KernelRequest& request)
{
    const Node& node = *request.node;
    const GemmAttributes attributes{node.intAttribute("transA", 0) != 0, node.intAttribute("transB", 0) != 0,
                                    node.floatAttribute("alpha", 1)};
    TRY_ASSIGN(InnerNode inner, innerNode(request, "MatMulInteger", qLinearOperands));
    Tensor& constantB = inner.constants[1];
    if (!constantB.empty()) {
        TRY_ASSIGN(constantB, matrixOf(constantB, attributes.transB));
    }
    TRY_ASSIGN(auto kernel, createInnerKernel(request, inner, createProduct));
    return kernelAround(std::move(kernel),
                        [attributes, constantB = constantB](KernelContext& context, Kernel& product) {
                            return runQGemm(context, product, attributes, constantB);
                        });
}

Result<std::unique_ptr<Kernel>> createMatMulInteger16(const KernelRequest& request)
{
    TRY_ASSIGN(auto kernel,
               createInnerKernel(request, {"MatMul", {DataType::Int32, DataType::Int32}}, createPlainMatMul));
    return kernelAround(std::move(kernel), [](KernelContext& context, Kernel& product) -> Status {
        TRY(requireTensors(context, {0, 1}, DataType::Int16));
        TRY_ASSIGN(Tensor a, convertType(context.tensor(0), DataType::Int32));
        TRY_ASSIGN(Tensor b, convertType(context.tensor(1), DataType::Int32));
        TRY_ASSIGN(Tensor y, runInnerKernelOnce(product, {std::move(a), std::move(b)}, context.job()));
        context.setOutput(0, std::move(y));
        return {};
    });
}

template <KernelFactory createProduct>
Result<std::unique_ptr<Kernel>> qLinearConv(const KernelRequest& request)
{
    return createQLinearConv(request, createProduct);
}

constexpr auto oneDnnMatMul = createOneDnnMatMulInteger;
constexpr auto plainMatMul = createPlainMatMulInteger;
constexpr auto oneDnnConv = createOneDnnConvInteger;
constexpr auto oneDnnSums = createOneDnnConvSums;
constexpr auto floatConv = createFloatConvInteger;
constexpr auto plainConv = createPlainConvInteger;
constexpr std::string_view microsoft = "com.microsoft";

constexpr KernelRow rows[] = {
    {"", "MatMulInteger", 10, newestOpset, "oneDNN", oneDnnMatMul},
    {"", "MatMulInteger", 10, newestOpset, "plain", plainMatMul},
    {"", "ConvInteger", 10, newestOpset, "oneDNN int8", oneDnnConv},
    {"", "ConvInteger", 10, newestOpset, "oneDNN float32", floatConv},
    {"", "ConvInteger", 10, newestOpset, "plain", plainConv},
    {"", "QLinearMatMul", 10, newestOpset, "oneDNN", createQLinearMatMul<oneDnnMatMul>},
    {"", "QLinearMatMul", 10, newestOpset, "plain", createQLinearMatMul<plainMatMul>},
    {"", "QLinearConv", 10, newestOpset, "oneDNN int8", qLinearConv<oneDnnSums>},
    {"", "QLinearConv", 10, newestOpset, "oneDNN float32", qLinearConv<floatConv>},
    {"", "QLinearConv", 10, newestOpset, "plain", qLinearConv<plainConv>},
    {microsoft, "QLinearConv", 1, newestOpset, "oneDNN int8", qLinearConv<oneDnnSums>},
    {microsoft, "QLinearConv", 1, newestOpset, "oneDNN float32", qLinearConv<floatConv>},
    {microsoft, "QLinearConv", 1, newestOpset, "plain", qLinearConv<plainConv>},
    {microsoft, "QGemm", 1, newestOpset, "oneDNN", createQGemm<oneDnnMatMul>},
    {microsoft, "QGemm", 1, newestOpset, "plain", createQGemm<plainMatMul>},
    {microsoft, "DynamicQuantizeMatMul", 1, newestOpset, "oneDNN", createDynamicQuantizeMatMul<oneDnnMatMul>},
    {microsoft, "DynamicQuantizeMatMul", 1, newestOpset, "plain", createDynamicQuantizeMatMul<plainMatMul>},
    {microsoft, "MatMulIntegerToFloat", 1, newestOpset, "oneDNN", createMatMulIntegerToFloat<oneDnnMatMul>},
    {microsoft, "MatMulIntegerToFloat", 1, newestOpset, "plain", createMatMulIntegerToFloat<plainMatMul>},
    {microsoft, "MatMulInteger16", 1, newestOpset, "plain", createMatMulInteger16},
};

} // namespace

std::span<const KernelRow> quantizedProductKernels() { return rows; }

} // namespace lapidary
