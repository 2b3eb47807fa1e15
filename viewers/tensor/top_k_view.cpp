// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/top_k_view.h"

#include "viewers/tensor/bar_delegate.h"
#include "viewers/tensor/element_text.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace lapidary {

namespace {

enum Column { LabelColumn, BarColumn, ScoreColumn, columnCount };

QTreeWidget* makeList(QWidget* parent)
{
    auto* list = new QTreeWidget(parent);
    list->setColumnCount(columnCount);
    list->setHeaderHidden(true);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setFrameShape(QFrame::NoFrame);
    list->setSelectionMode(QAbstractItemView::NoSelection);
    list->setItemDelegate(new RoomyDelegate(list));
    list->setItemDelegateForColumn(BarColumn, new BarDelegate(list));
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(LabelColumn, QHeaderView::ResizeToContents);
    list->header()->setSectionResizeMode(BarColumn, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(ScoreColumn, QHeaderView::ResizeToContents);
    list->viewport()->setAutoFillBackground(false);
    return list;
}

// Scores of any sign as shares of a bar: probabilities as they are, others between lowest and highest.
double shareOf(double score, double lowest, double highest, bool probability)
{
    if (!std::isfinite(score))
        return 0;
    if (probability)
        return score;
    return highest > lowest ? (score - lowest) / (highest - lowest) : 1;
}

} // namespace

TopKView::TopKView(QWidget* parent)
    : QWidget(parent),
      m_list(makeList(this)),
      m_countCaption(new QLabel(this)),
      m_count(new QSpinBox(this)),
      m_rowCaption(new QLabel(this)),
      m_row(new QSpinBox(this)),
      m_softmax(new QCheckBox(this)),
      m_pickLabels(new QPushButton(this))
{
    m_count->setRange(1, 100);
    m_count->setValue(5);
    m_countCaption->setBuddy(m_count);
    m_rowCaption->setBuddy(m_row);

    auto* controls = new QHBoxLayout;
    controls->setSpacing(8);
    controls->addWidget(m_countCaption);
    controls->addWidget(m_count);
    controls->addWidget(m_rowCaption);
    controls->addWidget(m_row);
    controls->addSpacing(8);
    controls->addWidget(m_softmax);
    controls->addStretch(1);
    controls->addWidget(m_pickLabels);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(controls);
    column->addWidget(m_list, 1);

    connect(m_count, &QSpinBox::valueChanged, this, &TopKView::refresh);
    connect(m_row, &QSpinBox::valueChanged, this, &TopKView::refresh);
    connect(m_softmax, &QCheckBox::toggled, this, &TopKView::refresh);
    connect(m_pickLabels, &QPushButton::clicked, this, &TopKView::labelsRequested);
    retranslate();
}

void TopKView::setTensor(Tensor tensor)
{
    m_layout = classLayout(tensor.type(), tensor.dims()).value_or(ClassLayout{});
    m_tensor = std::move(tensor);
    const QSignalBlocker rowBlocker(m_row);
    const QSignalBlocker countBlocker(m_count);
    const QSignalBlocker softmaxBlocker(m_softmax);
    m_row->setRange(0, static_cast<int>(std::min<int64_t>(m_layout.rows - 1, INT_MAX)));
    m_row->setVisible(m_layout.rows > 1);
    m_rowCaption->setVisible(m_layout.rows > 1);
    m_count->setMaximum(static_cast<int>(std::clamp<int64_t>(m_layout.classes, 1, 100)));
    m_softmax->setChecked(m_layout.classes > 0 && !isDistribution(classScores(m_tensor, m_layout, 0)));
    refresh();
}

void TopKView::setLabels(const QStringList& labels, const QString& source)
{
    m_labels = labels;
    m_labelSource = source;
    retranslate();
    refresh();
}

QString TopKView::labelOf(int64_t index) const
{
    const QString label = index < m_labels.size() ? m_labels[index] : QString();
    return label.isEmpty() ? tr("Class %1").arg(index) : label;
}

void TopKView::refresh()
{
    m_list->clear();
    if (m_layout.classes == 0)
        return;
    std::vector<double> scores = classScores(m_tensor, m_layout, m_row->value());
    if (m_softmax->isChecked())
        scores = softmax(scores);
    const bool probability = isDistribution(scores);
    const auto [lowest, highest] = std::ranges::minmax(scores);
    for (const RankedClass& ranked : topK(scores, m_count->value())) {
        auto* item = new QTreeWidgetItem(m_list);
        const QString score = probability ? tr("%1 %").arg(QLocale().toString(ranked.score * 100, 'f', 2))
                                          : numberText(ranked.score, 5);
        item->setText(LabelColumn, labelOf(ranked.index));
        item->setToolTip(LabelColumn, tr("%1 (class %2)").arg(labelOf(ranked.index)).arg(ranked.index));
        item->setData(BarColumn, BarDelegate::shareRole, shareOf(ranked.score, lowest, highest, probability));
        item->setText(ScoreColumn, score);
        item->setTextAlignment(ScoreColumn, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(ScoreColumn, numberText(ranked.score, 9));
    }
    if (QTreeWidgetItem* first = m_list->topLevelItem(0)) {
        QFont bold = font();
        bold.setBold(true);
        first->setFont(LabelColumn, bold);
        first->setFont(ScoreColumn, bold);
    }
}

void TopKView::retranslate()
{
    m_list->setAccessibleName(tr("Best classes"));
    m_countCaption->setText(tr("Show"));
    m_count->setAccessibleName(tr("Number of classes shown"));
    m_rowCaption->setText(tr("Row"));
    m_row->setAccessibleName(tr("Row of the batch"));
    m_softmax->setText(tr("Softmax"));
    m_softmax->setToolTip(tr("Turn raw scores into probabilities that sum to one"));
    m_pickLabels->setText(m_labels.isEmpty() ? tr("Choose labels…") : m_labelSource);
    m_pickLabels->setToolTip(tr("Choose a text file with one class name in each line"));
}

void TopKView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        refresh();
    }
    QWidget::changeEvent(event);
}

} // namespace lapidary
