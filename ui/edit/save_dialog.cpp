// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edit/save_dialog.h"

#include "engine/session/model_summary.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

namespace lapidary {

namespace {

// One protobuf file holds 2 GB; something is needed for all that is not a weight.
constexpr uint64_t mostInsideBytes = 2'000'000'000;

} // namespace

SaveDialog::SaveDialog(const Model& model, QWidget* parent)
    : QDialog(parent),
      inside(new QRadioButton(tr("In the file"), this)),
      external(new QRadioButton(tr("In a file beside it"), this))
{
    setWindowTitle(tr("Save a copy"));
    setAttribute(Qt::WA_DeleteOnClose);
    const uint64_t bytes = sizeOf(model).weightBytes;
    const bool wasExternal = filesOf(model).size() > 1;
    const bool fits = bytes <= mostInsideBytes;
    inside->setEnabled(fits);
    (fits && !wasExternal ? inside : external)->setChecked(true);
    auto* caption = new QLabel(tr("Weights (%1)").arg(bytesText(bytes)), this);
    const auto hint = [this](const QString& text) {
        auto* label = new QLabel(text, this);
        label->setWordWrap(true);
        label->setContentsMargins(26, 0, 0, 0);
        setTextColor(*label, Theme::instance().colors().mutedText);
        return label;
    };
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(tr("Save as…"), QDialogButtonBox::AcceptRole)->setDefault(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(8);
    column->addWidget(caption);
    column->addWidget(inside);
    column->addWidget(hint(fits ? tr("One file, easy to move. At most 2 GB.")
                                : tr("Not possible: the weights are more than 2 GB.")));
    column->addWidget(external);
    column->addWidget(hint(tr("NAME.onnx and NAME.onnx.data, which stay together. For large models.")));
    column->addSpacing(6);
    column->addWidget(buttons);
    setMinimumWidth(420);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

WeightStorage SaveDialog::storage() const
{
    return external->isChecked() ? WeightStorage::External : WeightStorage::Inside;
}

} // namespace lapidary
