// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a value that is not one dense tensor: a sequence, a map, a sparse tensor, nothing.
#pragma once

#include "engine/ir/value.h"

#include <QTreeWidget>

namespace lapidary {

class ValueTree : public QTreeWidget {
    Q_OBJECT
public:
    explicit ValueTree(QWidget* parent = nullptr);
    void setValue(const Value& value);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    Value m_value;
};

} // namespace lapidary
