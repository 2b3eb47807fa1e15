// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/about.h"

#include <QCoreApplication>
#include <QMessageBox>

namespace lapidary {

void showAboutDialog(QWidget* parent)
{
    const auto text = [](const char* source) { return QCoreApplication::translate("about", source); };
    auto* box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(text(QT_TRANSLATE_NOOP("about", "About Lapidary")));
    box->setIconPixmap(QIcon(QStringLiteral(":/icons/lapidary.svg")).pixmap(64, 64));
    box->setText(QStringLiteral("<h3>Lapidary %1</h3>").arg(QStringLiteral(LAPIDARY_VERSION)));
    box->setInformativeText(
        text(QT_TRANSLATE_NOOP("about", "A workbench for ONNX models: see, run, measure.")) +
        QStringLiteral("<p>Qt %1<br>oneDNN %2<br>ONNX %3</p><p>%4</p>")
            .arg(QLatin1String(qVersion()), QStringLiteral(LAPIDARY_ONEDNN_VERSION),
                 QStringLiteral(LAPIDARY_ONNX_VERSION),
                 text(QT_TRANSLATE_NOOP(
                     "about", "Free software under the GNU General Public License, version 3 or later."))));
    box->setStandardButtons(QMessageBox::Close);
    box->open();
}

} // namespace lapidary
