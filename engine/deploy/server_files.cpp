// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/server_files.h"

#include <QCoreApplication>
#include <QProcess>

namespace fs = std::filesystem;

namespace lapidary::deploy {

fs::path serverBesideUs()
{
    return fs::path(QCoreApplication::applicationDirPath().toStdString()) / "lapidary-serve";
}

Result<std::vector<ImageFile>> serverFiles(const fs::path& program)
{
    QProcess process;
    process.start(QString::fromStdString(program.string()), {QStringLiteral("--libraries")});
    if (!process.waitForFinished(20000) || process.exitCode() != 0)
        return makeError(ErrorCode::NotFound, "the scoring server does not start",
                         "It belongs beside the program lapidary; install it again.")
            .at(program.string());
    std::vector<ImageFile> files{{"app/lapidary-serve", program, true}};
    for (const QByteArray& line : process.readAllStandardOutput().split('\n')) {
        if (line.isEmpty())
            continue;
        const fs::path library = line.toStdString();
        const std::string name = library.filename().string();
        files.push_back({"app/lib/" + name, library, name.starts_with("ld-") || name.starts_with("ld.")});
    }
    return files;
}

} // namespace lapidary::deploy
