// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: rows and columns of small result tables with air around their text.
#pragma once

#include <QStyledItemDelegate>

namespace lapidary {

class RoomyDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(4, 8);
    }
};

} // namespace lapidary
