// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/quantize.h"

#include "engine/cpu/convert_type.h"
#include "engine/cpu/elementwise.h"
#include "engine/cpu/float_convert.h"
#include "engine/cpu/small_codes.h"
#include "engine/cpu/type_dispatch.h"
#include "engine/ir/small_float.h"

namespace lapidary {

namespace {

using CodeTypes = TypeList<uint8_t, int8_t, uint16_t, int16_t>;

bool isFloat8(DataType type) { return type >= DataType::Float8E4M3FN && type <= DataType::Float8E5M2FNUZ; }

bool isQuantizedType(DataType type) { return holds(CodeTypes(), type) || isFloat8(type) || isSubByte(type); }

bool isFullType(DataType type)
{
    return type == DataType::Float || type == DataType::Float16 || type == DataType::BFloat16;
}

// The values as float32 or float64.
Result<Tensor> asNumbers(const Tensor& tensor, DataType type)
{
    if (isSubByte(tensor.type()) || isFloat8(tensor.type()) || tensor.type() == DataType::Float8E8M0) {
        TRY_ASSIGN(const Tensor floats, decodeCodes(tensor));
        return convertType(floats, type);
    }
    return convertType(tensor, type);
}

// One zero point for each scale.
Result<Tensor> zeroPoints(const Tensor& zeroPoint, const Tensor& scale, DataType codes, DataType type)
{
    if (zeroPoint.empty()) {
        TRY_ASSIGN(Tensor zeros, Tensor::allocate(type, scale.dims()));
        std::memset(zeros.mutableBytes(), 0, zeros.sizeBytes());
        return zeros;
    }
    const bool fits =
        zeroPoint.count() == scale.count() && (zeroPoint.count() == 1 || zeroPoint.dims() == scale.dims());
    if (!fits || zeroPoint.type() != codes)
        return makeError(ErrorCode::ShapeMismatch,
                         "zero point: expected " + toString(TypeInfo::tensor(codes, toShape(scale.dims()))) +
                             " as the scale, found " +
                             toString(TypeInfo::tensor(zeroPoint.type(), toShape(zeroPoint.dims()))));
    return asNumbers(zeroPoint, type);
}

// The three operands in the type that is computed with.
struct Operands {
    Tensor x;
    Tensor scale;
    Tensor zero;
    ScaleLayout layout;
};

struct Exact {
    template <typename Number>
    Number operator()(Number value) const
    {
        return value;
    }
};

template <typename Small>
struct RoundedTo {
    float operator()(float value) const { return static_cast<float>(Small(value)); }
};

// y = convert(scale, zero point)(x) for all of x.
template <typename In, typename Number, typename Out, typename Convert>
void convertRuns(const Operands& operands, Out* y, const Convert& convert)
{
    const auto* x = operands.x.data<In>();
    const auto* scales = operands.scale.data<Number>();
    const auto* zeros = operands.zero.data<Number>();
    forEachScaledRun(operands.layout, [&](int64_t at, int64_t count, int64_t scaleAt, int64_t step) {
        const In* from = x + at;
        Out* to = y + at;
        if (step == 0) {
            const auto converted = convert(scales[scaleAt], zeros[scaleAt]);
            for (int64_t i = 0; i < count; ++i)
                to[i] = converted(from[i]);
        } else {
            const Number* scale = scales + scaleAt;
            const Number* zero = zeros + scaleAt;
            for (int64_t i = 0; i < count; ++i)
                to[i] = convert(scale[i], zero[i])(from[i]);
        }
    });
}

// y = encode(zero point)(round(x / scale)) for all of x. Encode: called with a zero point, gives a function
// from quotient to code.
template <typename Number, typename Out, typename Round, typename Encode>
void quantizeRuns(const Operands& operands, Out* y, const Round& round, const Encode& encode)
{
    convertRuns<Number, Number>(operands, y, [&](Number scale, Number zero) {
        return [scale, code = encode(zero), &round](Number x) {
            return static_cast<Out>(code(round(x / scale)));
        };
    });
}

template <typename Number, typename Round>
Result<Tensor> quantizeTo(const Operands& operands, DataType to, bool saturates, const Round& round)
{
    const bool isCode = holds(CodeTypes(), to);
    TRY_ASSIGN(Tensor y, Tensor::allocate(isCode ? to : DataType::UInt8, operands.x.dims()));
    if (isCode) {
        TRY(dispatch(CodeTypes(), to, [&]<typename Out>() -> Status {
            quantizeRuns<Number>(operands, y.mutableData<Out>(), round,
                                 [to](Number zero) { return ToCode<Number>(codeRange(to), zero); });
            return {};
        }));
        return y;
    }
    auto* bytes = y.mutableData<uint8_t>();
    if (isInteger(to)) {
        quantizeRuns<Number>(operands, bytes, round,
                             [to](Number zero) { return ToCode<Number>(codeRange(to), zero); });
    } else {
        quantizeRuns<Number>(operands, bytes, round, [to, saturates](Number zero) {
            return [=](Number quotient) {
                const auto value = static_cast<float>(zero == 0 ? quotient : quotient + zero);
                return to == DataType::Float4E2M1 ? encodeFloat4(value) : encodeFloat8(to, value, saturates);
            };
        });
    }
    if (isSubByte(to))
        return packCodes(y, to);
    // The bytes are the codes.
    const auto owner = std::make_shared<const Tensor>(y);
    return Tensor::view(to, y.dims(), y.bytes(), owner);
}

DataType precisionOf(DataType scale, DataType wanted)
{
    if (wanted != DataType::Undefined)
        return wanted;
    return scale == DataType::Int32 ? DataType::Double : isFullType(scale) ? scale : DataType::Float;
}

template <typename Code, typename Number>
void dequantizeRuns(const Operands& operands, float* y)
{
    convertRuns<Code, Number>(operands, y, [](Number scale, Number zero) {
        return [=](Code x) { return static_cast<float>((static_cast<Number>(x) - zero) * scale); };
    });
}

Error wrongType(std::string_view what, DataType type)
{
    return makeError(ErrorCode::UnsupportedOp,
                     std::string(what) + " cannot be " + std::string(dataTypeName(type)));
}

} // namespace

DynamicQuantization dynamicQuantization(std::span<const float> x)
{
    constexpr int64_t blockSize = 1 << 14;
    const auto count = static_cast<int64_t>(x.size());
    const int64_t blocks = (count + blockSize - 1) / blockSize;
    std::vector<float> smallest(static_cast<size_t>(blocks), 0.0f);
    std::vector<float> largest(static_cast<size_t>(blocks), 0.0f);
    parallelFor(blocks, 1, [&](int64_t begin, int64_t end) {
        for (int64_t block = begin; block < end; ++block) {
            float low = 0; // the range always holds 0; NaN moves neither end
            float high = 0;
            for (int64_t i = block * blockSize; i < std::min(count, (block + 1) * blockSize); ++i) {
                const float value = x[static_cast<size_t>(i)];
                low = value < low ? value : low;
                high = value > high ? value : high;
            }
            smallest[static_cast<size_t>(block)] = low;
            largest[static_cast<size_t>(block)] = high;
        }
    });
    float low = 0;
    float high = 0;
    for (size_t block = 0; block < smallest.size(); ++block) {
        low = std::min(low, smallest[block]);
        high = std::max(high, largest[block]);
    }
    if (low == high)
        return {};
    const float scale = (high - low) / 255;
    const ToCode<float> code(codeRange(DataType::UInt8), 0);
    return {scale, static_cast<uint8_t>(code(-low / scale))};
}

CodeRange codeRange(DataType type)
{
    const int width = bitWidth(type);
    const bool isSigned =
        type == DataType::Int2 || type == DataType::Int4 || type == DataType::Int8 || type == DataType::Int16;
    return isSigned ? CodeRange{-(1 << (width - 1)), (1 << (width - 1)) - 1} : CodeRange{0, (1 << width) - 1};
}

Result<Tensor> quantizeLinear(const Tensor& x, const Tensor& scale, const Tensor& zeroPoint, DataType to,
                              const QuantizeOptions& options)
{
    const auto isNumber = [](DataType type) { return isFullType(type) || type == DataType::Int32; };
    if (!isNumber(x.type()))
        return wrongType("the input to quantize", x.type());
    if (!isNumber(scale.type()) && scale.type() != DataType::Float8E8M0)
        return wrongType("the scale", scale.type());
    if (!isQuantizedType(to))
        return wrongType("the quantized type", to);
    const DataType precision = precisionOf(scale.type(), options.precision);
    if (!isFullType(precision) && precision != DataType::Double)
        return wrongType("the precision", precision);
    const DataType computed = precision == DataType::Double ? DataType::Double : DataType::Float;
    Operands operands;
    TRY_ASSIGN(operands.layout, scaleLayout(x.dims(), scale.dims(), options.along));
    TRY_ASSIGN(operands.x, convertType(x, precision));
    TRY_ASSIGN(operands.x, convertType(operands.x, computed));
    TRY_ASSIGN(operands.scale, asNumbers(scale, precision));
    TRY_ASSIGN(operands.scale, convertType(operands.scale, computed));
    TRY_ASSIGN(operands.zero, zeroPoints(zeroPoint, scale, to, computed));
    if (precision == DataType::Double)
        return quantizeTo<double>(operands, to, options.saturate, Exact());
    if (precision == DataType::Float16)
        return quantizeTo<float>(operands, to, options.saturate, RoundedTo<Float16>());
    if (precision == DataType::BFloat16)
        return quantizeTo<float>(operands, to, options.saturate, RoundedTo<BFloat16>());
    return quantizeTo<float>(operands, to, options.saturate, Exact());
}

Result<Tensor> dequantizeLinear(const Tensor& x, const Tensor& scale, const Tensor& zeroPoint, DataType to,
                                const ScaleAxis& along)
{
    if (!isQuantizedType(x.type()) && x.type() != DataType::Int32)
        return wrongType("the input to dequantize", x.type());
    if (!isFullType(scale.type()) && scale.type() != DataType::Float8E8M0)
        return wrongType("the scale", scale.type());
    if (!isFullType(to))
        return wrongType("the dequantized type", to);
    // All smaller codes, and their differences, are exact in float32.
    const DataType computed = x.type() == DataType::Int32 ? DataType::Double : DataType::Float;
    Operands operands;
    TRY_ASSIGN(operands.layout, scaleLayout(x.dims(), scale.dims(), along));
    TRY_ASSIGN(operands.scale, asNumbers(scale, computed));
    TRY_ASSIGN(operands.zero, zeroPoints(zeroPoint, scale, x.type(), computed));
    TRY_ASSIGN(Tensor y, Tensor::allocate(DataType::Float, x.dims()));
    auto* values = y.mutableData<float>();
    if (x.type() == DataType::Int32) {
        operands.x = x;
        dequantizeRuns<int32_t, double>(operands, values);
    } else if (holds(CodeTypes(), x.type())) {
        operands.x = x;
        TRY(dispatch(CodeTypes(), x.type(), [&]<typename Code>() -> Status {
            dequantizeRuns<Code, float>(operands, values);
            return {};
        }));
    } else {
        TRY_ASSIGN(operands.x, decodeCodes(x));
        dequantizeRuns<float, float>(operands, values);
    }
    return narrowed(y, to);
}

} // namespace lapidary
