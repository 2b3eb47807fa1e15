// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: an output as the best classes: label, bar, score.
#pragma once

#include "viewers/tensor/top_k.h"

#include <QStringList>
#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTreeWidget;

namespace lapidary {

class TopKView : public QWidget {
    Q_OBJECT
public:
    explicit TopKView(QWidget* parent = nullptr);

    // Precondition: classLayout() of the tensor has a value. Softmax is switched on when the scores
    // are no distribution.
    void setTensor(Tensor tensor);
    // One label for each class; where they came from, or empty. Too few labels: the rest by index.
    void setLabels(const QStringList& labels, const QString& source);

signals:
    void labelsRequested(); // the user wants to pick a file

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void retranslate();
    QString labelOf(int64_t index) const;

    Tensor m_tensor;
    ClassLayout m_layout;
    QStringList m_labels;
    QString m_labelSource;
    QTreeWidget* m_list;
    QLabel* m_countCaption;
    QSpinBox* m_count;
    QLabel* m_rowCaption;
    QSpinBox* m_row;
    QCheckBox* m_softmax;
    QPushButton* m_pickLabels;
};

} // namespace lapidary
