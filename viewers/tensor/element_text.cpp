// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/element_text.h"

#include <QLocale>

#include <cmath>
#include <cstring>

namespace lapidary {

namespace {

template <typename T>
T exactElement(const Tensor& tensor, int64_t index)
{
    T value; // memcpy: weights in a mapped file may be unaligned
    std::memcpy(&value, tensor.bytes() + static_cast<size_t>(index) * sizeof(T), sizeof(T));
    return value;
}

template <typename T>
QString complexText(const Tensor& tensor, int64_t index, int digits)
{
    const double real = exactElement<T>(tensor, 2 * index);
    const double imaginary = exactElement<T>(tensor, 2 * index + 1);
    const QString sign = std::signbit(imaginary) ? QStringLiteral(" − ") : QStringLiteral(" + ");
    return numberText(real, digits) + sign + numberText(std::abs(imaginary), digits) + QLatin1Char('i');
}

int significantDigits(DataType type)
{
    switch (type) {
    case DataType::Double: return 10;
    case DataType::Float: return 6;
    case DataType::Float16: return 5;
    default: return 4;
    }
}

} // namespace

QString numberText(double value, int digits)
{
    if (std::isnan(value))
        return QStringLiteral("NaN");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale.toString(value, 'g', digits)
        .replace(QLatin1Char('-'), QChar(0x2212))
        .replace(QLatin1Char('E'), QLatin1Char('e')); // some languages have it in capitals
}

QString listSeparator()
{
    return QLocale().decimalPoint() == QLatin1String(",") ? QStringLiteral("; ") : QStringLiteral(", ");
}

QString elementText(const Tensor& tensor, int64_t index)
{
    switch (tensor.type()) {
    case DataType::String: return QString::fromStdString(tensor.strings()[static_cast<size_t>(index)]);
    case DataType::Int64: return QString::number(exactElement<int64_t>(tensor, index));
    case DataType::UInt64: return QString::number(exactElement<uint64_t>(tensor, index));
    case DataType::Complex64: return complexText<float>(tensor, index, 5);
    case DataType::Complex128: return complexText<double>(tensor, index, 8);
    case DataType::Bool:
        return elementAsDouble(tensor, index) != 0 ? QStringLiteral("true") : QStringLiteral("false");
    default: break;
    }
    const double value = elementAsDouble(tensor, index);
    if (isInteger(tensor.type()))
        return QString::number(static_cast<qint64>(value));
    return numberText(value, significantDigits(tensor.type()));
}

} // namespace lapidary
