// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sample.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace lapidary {

QString samplePath()
{
    const QString program = QCoreApplication::applicationDirPath();
    const QString candidates[] = {
        program + QStringLiteral("/../share/lapidary/samples/digits/digits.onnx"),  // installed
        program + QStringLiteral("/../../../resources/samples/digits/digits.onnx"), // build/PRESET/bin
    };
    for (const QString& candidate : candidates) {
        if (QFileInfo::exists(candidate))
            return QFileInfo(candidate).canonicalFilePath();
    }
    return {};
}

} // namespace lapidary
