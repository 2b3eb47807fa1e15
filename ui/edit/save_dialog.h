// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: asks where the weights of a saved model go.
#pragma once

#include "engine/onnx/writer.h"

#include <QDialog>

class QRadioButton;

namespace lapidary {

class SaveDialog : public QDialog {
    Q_OBJECT
public:
    SaveDialog(const Model& model, QWidget* parent);

    WeightStorage storage() const;

    QRadioButton* const inside;
    QRadioButton* const external;
};

} // namespace lapidary
