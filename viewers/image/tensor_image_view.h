// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: an output as a picture, with the choices of how to read it, and saving as PNG.
#pragma once

#include "viewers/image/tensor_to_image.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace lapidary {

class ImageView;
class JobQueue;

class TensorImageView : public QWidget {
    Q_OBJECT
public:
    // jobs outlives the widget; pictures are made on its lane "pictures", newest wins.
    explicit TensorImageView(JobQueue& jobs, QWidget* parent = nullptr);

    // Precondition: guessImageLayout() of the tensor's shape has a value. bgr: how the model orders
    // channels, as far as known.
    void setTensor(Tensor tensor, bool bgr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void addChoices();
    void refresh();
    void save();
    void retranslate();
    ImageDisplay display() const;

    JobQueue& m_jobs;
    Tensor m_tensor;
    ImageLayout m_layout = ImageLayout::ChannelsFirst;
    ImageView* m_view;
    QLabel* m_error;
    QLabel* m_rangeCaption;
    QComboBox* m_range;
    QComboBox* m_colours;
    QCheckBox* m_bgr;
    QLabel* m_batchCaption;
    QSpinBox* m_batch;
    QPushButton* m_save;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

} // namespace lapidary
