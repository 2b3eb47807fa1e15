// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/tensor/tensor_table.h"

#include "engine/base/job_queue.h"
#include "viewers/tensor/element_text.h"
#include "viewers/tensor/tensor_table_model.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

namespace lapidary {

namespace {

QLabel* makeNote(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setWordWrap(true);
    return label;
}

} // namespace

TensorTable::TensorTable(JobQueue& jobs, QWidget* parent)
    : QWidget(parent),
      m_jobs(jobs),
      m_model(new TensorTableModel(this)),
      m_view(new QTableView(this)),
      m_statisticsLine(makeNote(this)),
      m_cutNote(makeNote(this)),
      m_slices(new QWidget(this)),
      m_sliceRow(new QHBoxLayout(m_slices)),
      m_statistics(cancelled())
{
    m_view->setModel(m_model);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setAlternatingRowColors(true);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->horizontalHeader()->setDefaultSectionSize(
        fontMetrics().horizontalAdvance(QStringLiteral("−0.0000000e−00")));
    m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_statisticsLine->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sliceRow->setContentsMargins(0, 0, 0, 0);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_statisticsLine);
    column->addWidget(m_slices);
    column->addWidget(m_view, 1);
    column->addWidget(m_cutNote);
    retranslate();
}

void TensorTable::setTensor(Tensor tensor)
{
    m_model->setTensor(std::move(tensor));
    m_cutNote->setVisible(m_model->isCut());
    buildSlices();
    startStatistics();
}

void TensorTable::startStatistics()
{
    m_statistics = cancelled();
    m_statisticsLine->clear();
    m_statisticsLine->setVisible(false);
    if (!m_showsStatistics)
        return;
    JobOptions options;
    options.title = tr("Statistics").toStdString();
    options.lane = "statistics";
    options.replaceKey = "statistics " + std::to_string(reinterpret_cast<uintptr_t>(this));
    options.withOwner(m_alive);
    m_jobs.start(
        options, [tensor = m_model->tensor()](JobContext& job) { return tensorStatistics(tensor, job); },
        [this](Result<TensorStatistics> statistics) {
            m_statistics = std::move(statistics);
            showStatistics();
        });
}

void TensorTable::showStatistics()
{
    m_statisticsLine->setVisible(m_statistics.ok());
    if (!m_statistics.ok())
        return;
    const TensorStatistics& s = *m_statistics;
    const QLocale locale;
    QStringList parts{tr("min %1").arg(numberText(s.minimum, 5)), tr("max %1").arg(numberText(s.maximum, 5)),
                      tr("mean %1").arg(numberText(s.mean, 5)),
                      tr("σ %1").arg(numberText(s.standardDeviation, 5)),
                      tr("zeros %1").arg(locale.toString(static_cast<qlonglong>(s.zeros)))};
    if (s.nans > 0)
        parts << tr("NaN %1").arg(locale.toString(static_cast<qlonglong>(s.nans)));
    if (s.infinities > 0)
        parts << tr("infinite %1").arg(locale.toString(static_cast<qlonglong>(s.infinities)));
    parts << tr("elements %1").arg(locale.toString(static_cast<qlonglong>(s.count)));
    for (QString& part : parts)
        part.replace(QLatin1Char(' '), QChar::Nbsp); // lines break between them
    m_statisticsLine->setText(parts.join(QStringLiteral("  ·  ")));
}

void TensorTable::buildSlices()
{
    qDeleteAll(m_slices->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    while (QLayoutItem* item = m_sliceRow->takeAt(0))
        delete item;
    for (const int axis : m_model->grid().sliceAxes) {
        auto* caption = new QLabel(tr("Dimension %1:").arg(axis), m_slices);
        auto* index = new QSpinBox(m_slices);
        const int64_t length = m_model->tensor().dims()[static_cast<size_t>(axis)];
        index->setRange(0, static_cast<int>(std::min<int64_t>(length - 1, INT_MAX)));
        index->setWrapping(true);
        index->setAccessibleName(tr("Index along dimension %1").arg(axis));
        index->setSuffix(QStringLiteral(" / %1").arg(length));
        connect(index, &QSpinBox::valueChanged, this,
                [this, axis](int value) { m_model->setSlice(axis, value); });
        caption->setBuddy(index);
        m_sliceRow->addWidget(caption);
        m_sliceRow->addWidget(index);
    }
    m_sliceRow->addStretch(1);
    m_slices->setVisible(!m_model->grid().sliceAxes.empty());
}

void TensorTable::retranslate()
{
    m_view->setAccessibleName(tr("Elements of the tensor"));
    m_cutNote->setText(
        tr("The grid shows the first %1 rows and %2 columns. Save the tensor to see all of it.")
            .arg(QLocale().toString(TensorTableModel::maxRows),
                 QLocale().toString(TensorTableModel::maxColumns)));
    showStatistics();
}

void TensorTable::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        buildSlices();
    }
    QWidget::changeEvent(event);
}

} // namespace lapidary
