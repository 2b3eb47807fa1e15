// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/numbers.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace lapidary {

namespace {

struct Scale {
    double size;
    const char* pattern;
};

QString scaled(double value, std::initializer_list<Scale> scales)
{
    for (const Scale& scale : scales) {
        if (value >= scale.size) {
            const double shown = value / std::max(scale.size, 1.0);
            const int decimals = scale.size == 0 || shown >= 100 ? 0 : shown < 10 ? 2 : 1;
            return QCoreApplication::translate("numbers", scale.pattern)
                .arg(QLocale().toString(shown, 'f', decimals));
        }
    }
    return {};
}

} // namespace

QString bytesText(uint64_t bytes)
{
    const QString text = scaled(static_cast<double>(bytes), {{1e9, QT_TRANSLATE_NOOP("numbers", "%1 GB")},
                                                             {1e6, QT_TRANSLATE_NOOP("numbers", "%1 MB")},
                                                             {1e3, QT_TRANSLATE_NOOP("numbers", "%1 kB")}});
    const auto few = static_cast<int>(bytes); // of use only below 1 kB
    return text.isEmpty() ? QCoreApplication::translate("numbers", "%n byte(s)", nullptr, few) : text;
}

QString percentText(double share, int decimals)
{
    return QCoreApplication::translate("numbers", "%1 %").arg(QLocale().toString(share * 100, 'f', decimals));
}

QString workText(uint64_t operations)
{
    return scaled(static_cast<double>(operations), {{1e12, QT_TRANSLATE_NOOP("numbers", "%1 TFLOP")},
                                                    {1e9, QT_TRANSLATE_NOOP("numbers", "%1 GFLOP")},
                                                    {1e6, QT_TRANSLATE_NOOP("numbers", "%1 MFLOP")},
                                                    {1e3, QT_TRANSLATE_NOOP("numbers", "%1 kFLOP")},
                                                    {0, QT_TRANSLATE_NOOP("numbers", "%1 FLOP")}});
}

QString wholeNumberText(int64_t count) { return QLocale().toString(static_cast<qlonglong>(count)); }

QString durationText(double milliseconds)
{
    if (milliseconds >= 1000)
        return QCoreApplication::translate("numbers", "%1 s")
            .arg(QLocale().toString(milliseconds / 1000, 'f', 2));
    return QCoreApplication::translate("numbers", "%1 ms")
        .arg(QLocale().toString(milliseconds, 'f', milliseconds < 10 ? 2 : 1));
}

// Price lists give a code, not a sign.
QString moneyText(double amount, const std::string& currency)
{
    return QLocale().toString(amount, 'f', 2) + QLatin1Char(' ') + QString::fromStdString(currency);
}

} // namespace lapidary
