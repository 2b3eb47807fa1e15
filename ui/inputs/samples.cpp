// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/samples.h"

#include <QCollator>
#include <QDir>
#include <QFileInfo>
#include <QImageReader>

namespace lapidary {

namespace {

constexpr int mostImages = 24;
constexpr int mostFolders = 12;
constexpr qint64 largestImageBytes = 32 << 20; // a thumbnail is not worth reading more

QStringList naturallySorted(QStringList names)
{
    QCollator collator;
    collator.setNumericMode(true);
    std::ranges::sort(names, [&](const QString& a, const QString& b) { return collator.compare(a, b) < 0; });
    return names;
}

QImage thumbnail(const QString& path)
{
    constexpr QSize box(64, 64);
    QImageReader reader(path);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (size.width() > box.width() || size.height() > box.height())
        reader.setScaledSize(size.scaled(box, Qt::KeepAspectRatio).expandedTo(QSize(1, 1)));
    return reader.read();
}

QStringList imageFiles(const QDir& folder)
{
    QStringList paths;
    for (const QString& name : naturallySorted(folder.entryList(QDir::Files | QDir::Readable))) {
        if (isImageFile(name) && paths.size() < mostImages)
            paths << folder.filePath(name);
    }
    return paths;
}

ClassLabels labelsBeside(const QDir& folder)
{
    const QStringList patterns{QStringLiteral("labels.txt"),   QStringLiteral("*.labels"),
                               QStringLiteral("*labels*.txt"), QStringLiteral("*classes*.txt"),
                               QStringLiteral("synset*.txt"),  QStringLiteral("*labels*.json")};
    for (const QString& pattern : patterns) {
        for (const QString& name : folder.entryList({pattern}, QDir::Files | QDir::Readable, QDir::Name)) {
            if (auto labels = loadLabels(folder.filePath(name)); labels.ok())
                return *labels;
        }
    }
    return {};
}

} // namespace

bool isImageFile(const QString& path)
{
    static const QStringList suffixes{QStringLiteral("png"), QStringLiteral("jpg"),  QStringLiteral("jpeg"),
                                      QStringLiteral("bmp"), QStringLiteral("webp"), QStringLiteral("gif"),
                                      QStringLiteral("ppm"), QStringLiteral("pgm")};
    return suffixes.contains(QFileInfo(path).suffix().toLower());
}

bool holdsTestData(const QString& path) { return QFileInfo(path + QStringLiteral("/input_0.pb")).isFile(); }

Result<RunSamples> findSamples(const QString& modelPath, JobContext& job)
{
    RunSamples samples;
    const QDir folder = QFileInfo(modelPath).absoluteDir();
    for (const QString& name :
         naturallySorted(folder.entryList({QStringLiteral("test_data*")}, QDir::Dirs))) {
        if (samples.dataFolders.size() < mostFolders && holdsTestData(folder.filePath(name)))
            samples.dataFolders << folder.filePath(name);
    }
    samples.labels = labelsBeside(folder);
    for (const QString& path :
         imageFiles(QDir(folder.filePath(QStringLiteral("images")))) + imageFiles(folder)) {
        if (job.stopRequested())
            return cancelled();
        if (static_cast<int>(samples.images.size()) >= mostImages ||
            QFileInfo(path).size() > largestImageBytes)
            continue;
        if (QImage picture = thumbnail(path); !picture.isNull())
            samples.images.push_back({path, std::move(picture)});
    }
    return samples;
}

} // namespace lapidary
