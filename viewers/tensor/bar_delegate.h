// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: paints a share as a bar in a cell of an item view.
#pragma once

#include "viewers/tensor/roomy_delegate.h"

namespace lapidary {

class BarDelegate : public RoomyDelegate {
public:
    // Holds the filled share of the bar, 0 to 1.
    static constexpr int shareRole = Qt::UserRole + 100;

    using RoomyDelegate::RoomyDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace lapidary
