// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how a picture becomes a tensor, set by hand: resize, channels, layout, range, mean and
// deviation.
#pragma once

#include "viewers/image/image_to_tensor.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace lapidary {

class ImageOptionsEditor : public QWidget {
    Q_OBJECT
public:
    explicit ImageOptionsEditor(QWidget* parent = nullptr);
    void setOptions(const ImageOptions& options); // no signal
    const ImageOptions& options() const { return m_options; }
    // One line: "Centre crop · RGB · 0 to 1 · ImageNet".
    QString summary() const;

signals:
    void optionsChanged(const lapidary::ImageOptions& options);

protected:
    void changeEvent(QEvent* event) override;

private:
    void addChoices();
    void addRows();
    void readControls();
    void applyPreset(int preset);
    void show(const ImageOptions& options);
    void retranslate();

    ImageOptions m_options;
    QFormLayout* m_form;
    QComboBox* m_resize;
    QSpinBox* m_padding;
    QLabel* m_paddingCaption;
    QComboBox* m_order;
    QComboBox* m_layout;
    QComboBox* m_range;
    QComboBox* m_preset;
    QLineEdit* m_mean;
    QLineEdit* m_deviation;
    QCheckBox* m_inverted;
};

} // namespace lapidary
