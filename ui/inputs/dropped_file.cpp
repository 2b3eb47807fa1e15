// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/dropped_file.h"

#include "ui/inputs/samples.h"

#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

namespace lapidary {

namespace {

QString droppedPath(const QMimeData* data)
{
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 && urls.first().isLocalFile() ? urls.first().toLocalFile() : QString();
}

} // namespace

std::optional<DroppedInput> droppedInput(const QMimeData* data, const InputSpec& spec)
{
    const QString path = droppedPath(data);
    const QString suffix = QFileInfo(path).suffix().toLower();
    DroppedInput dropped{InputSource::Image, path};
    if (suffix == QLatin1String("npy"))
        dropped.source = InputSource::Npy;
    else if (suffix == QLatin1String("pb"))
        dropped.source = InputSource::TensorProto;
    else if (!isImageFile(path))
        return std::nullopt;
    const auto possible = possibleSources(spec);
    if (std::ranges::find(possible, dropped.source) == possible.end())
        return std::nullopt;
    return dropped;
}

QString droppedDataFolder(const QMimeData* data)
{
    const QString path = droppedPath(data);
    return !path.isEmpty() && holdsTestData(path) ? path : QString();
}

} // namespace lapidary
