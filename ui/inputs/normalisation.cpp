// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/normalisation.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace lapidary {

namespace {

constexpr Normalisation table[] = {
    {QT_TRANSLATE_NOOP("Normalisation", "None"), PixelRange::Unit, false, false, {0, 0, 0, 0}, {1, 1, 1, 1}},
    {QT_TRANSLATE_NOOP("Normalisation", "ImageNet"),
     PixelRange::Unit,
     true,
     false,
     {0.485, 0.456, 0.406, 0},
     {0.229, 0.224, 0.225, 1}},
    {QT_TRANSLATE_NOOP("Normalisation", "−1 to 1"),
     PixelRange::Unit,
     true,
     false,
     {0.5, 0.5, 0.5, 0},
     {0.5, 0.5, 0.5, 1}},
    {QT_TRANSLATE_NOOP("Normalisation", "Caffe (BGR mean)"),
     PixelRange::Bytes,
     true,
     true,
     {103.939, 116.779, 123.68, 0},
     {1, 1, 1, 1}},
};

} // namespace

std::span<const Normalisation> normalisations() { return table; }

QString normalisationName(int index)
{
    const char* name = index < 0 ? QT_TRANSLATE_NOOP("Normalisation", "Custom") : table[index].name;
    return QCoreApplication::translate("Normalisation", name);
}

int findNormalisation(const ImageOptions& options)
{
    const auto matches = [&](const Normalisation& known) {
        const auto same = [](const auto& a, const auto& b) {
            return std::equal(a.begin(), a.begin() + 3, b.begin());
        };
        return same(known.mean, options.mean) && same(known.deviation, options.deviation) &&
               (!known.setsRange || known.range == options.range);
    };
    const auto* found = std::ranges::find_if(table, matches);
    return found == std::end(table) ? -1 : static_cast<int>(found - table);
}

bool parseChannels(const QString& text, std::array<double, 4>& channels)
{
    static const QRegularExpression separator(QStringLiteral("[,;\\s]+"));
    const QStringList parts = text.split(separator, Qt::SkipEmptyParts);
    if (parts.size() != 1 && parts.size() != 3 && parts.size() != 4)
        return false;
    std::array<double, 4> parsed = channels;
    for (int c = 0; c < 4; ++c) {
        if (c == 3 && parts.size() != 4)
            break; // alpha is not normalised unless asked for
        bool ok = false;
        parsed[static_cast<size_t>(c)] = parts[parts.size() == 1 ? 0 : c].toDouble(&ok);
        if (!ok)
            return false;
    }
    channels = parsed;
    return true;
}

QString channelsText(const std::array<double, 4>& channels)
{
    const bool same = channels[0] == channels[1] && channels[1] == channels[2];
    QStringList parts;
    for (size_t c = 0; c < (same ? 1 : 3); ++c)
        parts << QString::number(channels[c], 'g', 6);
    return parts.join(QStringLiteral(", "));
}

} // namespace lapidary
