// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/labels.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace lapidary {

namespace {

constexpr int mostLabels = 1'000'000;

QStringList fromJson(const QJsonDocument& document)
{
    QStringList names;
    for (const QJsonValue& value : document.array())
        names << value.toString();
    const QJsonObject object = document.object();
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        bool isNumber = false;
        const int index = entry.key().toInt(&isNumber);
        if (!isNumber || index < 0 || index > mostLabels)
            return {};
        while (names.size() <= index)
            names << QString();
        names[index] = entry.value().toString();
    }
    return names;
}

// {0: 'person', 1: 'bicycle'}, as Python prints a dictionary.
QStringList fromPythonDictionary(const QString& text)
{
    static const QRegularExpression entry(QStringLiteral("(\\d+)\\s*:\\s*(?:'([^']*)'|\"([^\"]*)\")"));
    QStringList names;
    for (auto match = entry.globalMatch(text); match.hasNext();) {
        const QRegularExpressionMatch found = match.next();
        const int index = found.captured(1).toInt();
        if (index > mostLabels)
            return {};
        while (names.size() <= index)
            names << QString();
        names[index] = found.captured(2) + found.captured(3);
    }
    return names;
}

QStringList fromLines(const QString& text)
{
    static const QRegularExpression prefix(QStringLiteral("^(?:n\\d{8}\\s+|\\d+\\s*[:,\\t]\\s*)"));
    QStringList names = text.split(QLatin1Char('\n'));
    for (QString& name : names)
        name = name.trimmed().remove(prefix);
    while (!names.isEmpty() && names.last().isEmpty())
        names.removeLast();
    return names;
}

} // namespace

QStringList parseLabels(const QString& text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.startsWith(QLatin1Char('[')) || trimmed.startsWith(QLatin1Char('{'))) {
        const QJsonDocument document = QJsonDocument::fromJson(trimmed.toUtf8());
        return document.isNull() ? fromPythonDictionary(trimmed) : fromJson(document);
    }
    return fromLines(trimmed);
}

ClassLabels labelsInMetadata(const Model& model)
{
    for (const char* key : {"labels", "classes", "class_names", "names"}) {
        QString text = QString::fromStdString(model.metadataValue(key));
        const bool isLine = !text.contains(QLatin1Char('\n')) &&
                            !text.trimmed().startsWith(QLatin1Char('{')) &&
                            !text.trimmed().startsWith(QLatin1Char('['));
        if (isLine)
            text.replace(QLatin1Char(','), QLatin1Char('\n'));
        const QStringList names = parseLabels(text);
        if (names.size() >= 2)
            return {names, QObject::tr("model metadata")};
    }
    return {};
}

Result<ClassLabels> loadLabels(const QString& path)
{
    constexpr qint64 mostBytes = 16 << 20;
    const QFileInfo info(path);
    if (!info.isFile())
        return makeError(ErrorCode::NotFound, "There is no file " + path.toStdString() + ".");
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return makeError(ErrorCode::IoError,
                         path.toStdString() + " cannot be read: " + file.errorString().toStdString());
    const QStringList names =
        info.size() > mostBytes ? QStringList() : parseLabels(QString::fromUtf8(file.readAll()));
    if (names.isEmpty() || names.size() > mostLabels)
        return makeError(ErrorCode::InvalidArgument,
                         info.fileName().toStdString() + " is not a list of class names.",
                         "Choose a text file with one class name in each line.");
    return ClassLabels{names, info.fileName()};
}

} // namespace lapidary
