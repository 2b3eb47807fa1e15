// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: items beside each other, in as many lines as the width asks for.
#pragma once

#include <QLayout>

#include <vector>

namespace lapidary {

class FlowLayout : public QLayout {
    Q_OBJECT
public:
    explicit FlowLayout(QWidget* parent, int spacing = 6);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override { m_items.push_back(item); }
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return arrange({0, 0, width, 0}, false); }
    QSize minimumSize() const override;
    QSize sizeHint() const override { return minimumSize(); }
    void setGeometry(const QRect& area) override;

private:
    int arrange(const QRect& area, bool apply) const; // the height that is needed

    std::vector<QLayoutItem*> m_items;
};

} // namespace lapidary
