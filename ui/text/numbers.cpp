// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/numbers.h"

#include <QCoreApplication>
#include <QLocale>

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
            const double shown = value / scale.size;
            const int decimals = shown < 10 ? 2 : shown < 100 ? 1 : 0;
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

QString wholeNumberText(int64_t count) { return QLocale().toString(static_cast<qlonglong>(count)); }

QString durationText(double milliseconds)
{
    if (milliseconds >= 1000)
        return QCoreApplication::translate("numbers", "%1 s")
            .arg(QLocale().toString(milliseconds / 1000, 'f', 2));
    return QCoreApplication::translate("numbers", "%1 ms")
        .arg(QLocale().toString(milliseconds, 'f', milliseconds < 10 ? 2 : 1));
}

} // namespace lapidary
