// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/export_dialog.h"

#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace lapidary {

ExportDialog::ExportDialog(const QRectF& whole, const QRectF& view, bool dark, QWidget* parent)
    : QDialog(parent),
      format(new QComboBox(this)),
      area(new QComboBox(this)),
      colours(new QComboBox(this)),
      scale(new QDoubleSpinBox(this)),
      m_whole(whole),
      m_view(view),
      m_size(new QLabel(this))
{
    setWindowTitle(tr("Export graph"));
    setAttribute(Qt::WA_DeleteOnClose);
    format->addItem(tr("PNG: pixels"), static_cast<int>(PictureFormat::Png));
    format->addItem(tr("SVG: sharp at any size, texts can be edited"), static_cast<int>(PictureFormat::Svg));
    format->addItem(tr("PDF: sharp at any size, texts can be searched"),
                    static_cast<int>(PictureFormat::Pdf));
    area->addItems({tr("The whole graph"), tr("What is in view")});
    colours->addItems({tr("Light"), tr("Dark")});
    colours->setCurrentIndex(dark ? 1 : 0);
    scale->setRange(0.1, 100'000);
    scale->setDecimals(1);
    scale->setValue(100);
    scale->setSuffix(tr(" %"));
    m_size->setWordWrap(true);
    m_size->setMinimumHeight(2 * m_size->fontMetrics().lineSpacing());
    m_size->setAlignment(Qt::AlignLeft | Qt::AlignTop);

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    form->addRow(tr("Format"), format);
    form->addRow(tr("Part"), area);
    form->addRow(tr("Colours"), colours);
    form->addRow(tr("Scale"), scale);
    form->addRow(QString(), m_size);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    save = buttons->addButton(tr("Save as…"), QDialogButtonBox::AcceptRole);
    save->setDefault(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(14);
    layout->addLayout(form);
    layout->addWidget(buttons);

    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QComboBox* box : {format, area})
        connect(box, &QComboBox::currentIndexChanged, this, &ExportDialog::showSize);
    connect(scale, &QDoubleSpinBox::valueChanged, this, &ExportDialog::showSize);
    showSize();
}

PictureOptions ExportDialog::options() const
{
    return {static_cast<PictureFormat>(format->currentData().toInt()), scale->value() / 100,
            colours->currentIndex() == 1, area->currentIndex() == 0 ? m_whole : m_view};
}

QString ExportDialog::sizeText() const { return m_size->text(); }

void ExportDialog::showSize()
{
    const PictureOptions chosen = options();
    const bool png = chosen.format == PictureFormat::Png;
    const double largest = largestPictureScale(chosen.area);
    const bool fits = !png || chosen.scale <= largest;
    if (!fits) {
        m_size->setText(
            tr("Too many pixels for a PNG: the scale can be %1 % at most. SVG and PDF have no limit.")
                .arg(locale().toString(std::floor(largest * 1000) / 10, 'f', 1)));
    } else if (png) {
        const QSize size = pictureSize(chosen.area, chosen.scale);
        m_size->setText(
            tr("%1 × %2 pixels").arg(wholeNumberText(size.width()), wholeNumberText(size.height())));
    } else {
        const auto centimetres = [&](double length) {
            return locale().toString(length * chosen.scale * 2.54 / 96, 'f', 1);
        };
        m_size->setText(
            tr("%1 × %2 cm").arg(centimetres(chosen.area.width()), centimetres(chosen.area.height())));
    }
    setTextColor(*m_size, fits ? Theme::instance().colors().mutedText : Theme::instance().colors().error);
    save->setEnabled(fits);
}

} // namespace lapidary
