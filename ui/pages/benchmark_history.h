// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the benchmarks of this session of the program, side by side.
#pragma once

#include "engine/benchmark/benchmark.h"
#include "ui/cards/card.h"

#include <QTime>

#include <vector>

class QPushButton;
class QTreeWidget;

namespace lapidary {

struct BenchmarkEntry {
    QTime time;
    QString model;
    QString inputs; // "7.png"
    SessionOptions session;
    BenchmarkResult result;
    int64_t batch = 1;
};

class BenchmarkHistory : public Card {
    Q_OBJECT
public:
    explicit BenchmarkHistory(QWidget* parent = nullptr);
    void add(const BenchmarkEntry& entry);
    void clear();
    bool isEmpty() const { return m_entries.empty(); }
    QString asText() const; // aligned columns
    QString asCsv() const;  // RFC 4180; numbers in milliseconds with a point

signals:
    void entryChosen(const lapidary::BenchmarkEntry& entry); // shown again

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildHeader();
    void refresh();
    void retranslate();
    std::vector<BenchmarkEntry> m_entries;
    QLabel* m_title;
    QPushButton* m_copyText;
    QPushButton* m_copyCsv;
    QPushButton* m_clear;
    QTreeWidget* m_list;
};

} // namespace lapidary
