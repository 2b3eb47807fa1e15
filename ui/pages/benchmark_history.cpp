// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/benchmark_history.h"

#include "ui/inputs/session_controls.h"
#include "ui/text/numbers.h"
#include "viewers/tensor/roomy_delegate.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace lapidary {

namespace {

enum Column {
    TimeColumn,
    ModelColumn,
    InputsColumn,
    DeviceColumn,
    ThreadsColumn,
    RunsColumn,
    P50Column,
    P95Column,
    RatioColumn,
    columnCount
};

QString threadsText(const SessionOptions& session)
{
    return session.threads == 0 ? BenchmarkHistory::tr("Auto") : QString::number(session.threads);
}

QString csvField(QString text)
{
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
}

QStringList rowTexts(const BenchmarkEntry& entry, const BenchmarkEntry& first)
{
    const LatencyStatistics& statistics = entry.result.statistics;
    const double reference = first.result.statistics.p50Ms;
    const QString ratio =
        reference > 0 ? QLocale().toString(statistics.p50Ms / reference, 'f', 2) + QStringLiteral(" ×")
                      : QString();
    return {QLocale().toString(entry.time, QLocale::ShortFormat),
            entry.model,
            entry.inputs,
            deviceName(entry.session.device),
            threadsText(entry.session),
            QLocale().toString(statistics.count),
            durationText(statistics.p50Ms),
            durationText(statistics.p95Ms),
            ratio};
}

} // namespace

BenchmarkHistory::BenchmarkHistory(QWidget* parent)
    : Card(parent),
      m_title(new QLabel(this)),
      m_copyText(new QPushButton(this)),
      m_copyCsv(new QPushButton(this)),
      m_clear(new QPushButton(this)),
      m_list(new QTreeWidget(this))
{
    buildHeader();
    m_list->setColumnCount(columnCount);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setItemDelegate(new RoomyDelegate(m_list));
    m_list->setMinimumHeight(66);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(ModelColumn, QHeaderView::Stretch);
    column()->addWidget(m_list, 1);
    connect(m_list, &QTreeWidget::itemClicked, this, [this](const QTreeWidgetItem* item) {
        emit entryChosen(m_entries[item->data(TimeColumn, Qt::UserRole).toUInt()]);
    });
    connect(m_copyText, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(asText()); });
    connect(m_copyCsv, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(asCsv()); });
    connect(m_clear, &QPushButton::clicked, this, &BenchmarkHistory::clear);
    retranslate();
}

void BenchmarkHistory::buildHeader()
{
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_title, 1);
    for (QPushButton* button : {m_copyText, m_copyCsv, m_clear})
        row->addWidget(button);
    column()->addLayout(row);
}

void BenchmarkHistory::add(const BenchmarkEntry& entry)
{
    m_entries.push_back(entry);
    refresh();
    m_list->scrollToBottom();
}

void BenchmarkHistory::clear()
{
    m_entries.clear();
    refresh();
}

void BenchmarkHistory::refresh()
{
    m_list->clear();
    for (size_t i = 0; i < m_entries.size(); ++i) {
        auto* item = new QTreeWidgetItem(m_list, rowTexts(m_entries[i], m_entries.front()));
        item->setData(TimeColumn, Qt::UserRole, static_cast<uint>(i));
        item->setToolTip(ModelColumn, m_entries[i].model);
        for (const int numeric : {RunsColumn, P50Column, P95Column, RatioColumn})
            item->setTextAlignment(numeric, Qt::AlignRight | Qt::AlignVCenter);
    }
    for (QPushButton* button : {m_copyText, m_copyCsv, m_clear})
        button->setEnabled(!m_entries.empty());
    setVisible(!m_entries.empty());
}

QString BenchmarkHistory::asText() const
{
    QList<QStringList> rows{{tr("Time"), tr("Model"), tr("Inputs"), tr("Device"), tr("Threads"), tr("Runs"),
                             tr("p50"), tr("p95"), tr("Ratio")}};
    for (const BenchmarkEntry& entry : m_entries)
        rows << rowTexts(entry, m_entries.front());
    std::vector<qsizetype> widths(columnCount, 0);
    for (const QStringList& row : rows) {
        for (int c = 0; c < columnCount; ++c)
            widths[static_cast<size_t>(c)] = std::max(widths[static_cast<size_t>(c)], row[c].size());
    }
    QString text;
    for (const QStringList& row : rows) {
        QString line;
        for (int c = 0; c < columnCount; ++c)
            line += row[c].leftJustified(static_cast<int>(widths[static_cast<size_t>(c)]) + 2);
        text += line.trimmed() + QLatin1Char('\n');
    }
    return text;
}

QString BenchmarkHistory::asCsv() const
{
    QString csv = QStringLiteral("time,model,inputs,device,threads,runs,p50_ms,p90_ms,p95_ms,p99_ms,mean_ms,"
                                 "min_ms,max_ms,deviation_ms\r\n");
    for (const BenchmarkEntry& entry : m_entries) {
        const LatencyStatistics& s = entry.result.statistics;
        QStringList fields{entry.time.toString(Qt::ISODate),
                           csvField(entry.model),
                           csvField(entry.inputs),
                           csvField(QString::fromStdString(entry.session.device)),
                           QString::number(entry.session.threads),
                           QString::number(s.count)};
        for (const double value :
             {s.p50Ms, s.p90Ms, s.p95Ms, s.p99Ms, s.meanMs, s.minMs, s.maxMs, s.standardDeviationMs})
            fields << QString::number(value, 'g', 7);
        csv += fields.join(QLatin1Char(',')) + QStringLiteral("\r\n");
    }
    return csv;
}

void BenchmarkHistory::retranslate()
{
    m_title->setText(tr("Benchmarks of this session"));
    m_list->setAccessibleName(m_title->text());
    m_copyText->setText(tr("Copy as text"));
    m_copyCsv->setText(tr("Copy as CSV"));
    m_clear->setText(tr("Clear"));
    m_list->setHeaderLabels({tr("Time"), tr("Model"), tr("Inputs"), tr("Device"), tr("Threads"), tr("Runs"),
                             tr("p50"), tr("p95"), tr("To the first")});
    for (const int numeric : {RunsColumn, P50Column, P95Column, RatioColumn})
        m_list->headerItem()->setTextAlignment(numeric, Qt::AlignRight | Qt::AlignVCenter);
    refresh();
}

void BenchmarkHistory::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

} // namespace lapidary
