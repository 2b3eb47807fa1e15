// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/breadcrumb.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace lapidary {

namespace {
constexpr int longestTitle = 28; // characters
}

Breadcrumb::Breadcrumb(QWidget* parent) : QFrame(parent), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(6, 3, 6, 3);
    m_row->setSpacing(0);
    hide();
}

void Breadcrumb::setCrumbs(const QList<Crumb>& crumbs)
{
    while (QLayoutItem* item = m_row->takeAt(0)) {
        // A click is on its way out of the button that it deletes.
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const Crumb& crumb : crumbs) {
        if (m_row->count() > 0)
            m_row->addWidget(new QLabel(QStringLiteral("›"), this));
        auto* button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setText(crumb.title.size() <= longestTitle
                            ? crumb.title
                            : crumb.title.left(longestTitle - 1) + QStringLiteral("…"));
        button->setToolTip(crumb.title);
        connect(button, &QToolButton::clicked, this,
                [this, target = crumb.selection] { emit picked(target); });
        m_row->addWidget(button);
    }
    // Now, not when the event loop gets to it: the size follows from what is shown.
    for (int i = 0; i < m_row->count(); ++i)
        m_row->itemAt(i)->widget()->show();
    setVisible(!crumbs.isEmpty());
    adjustSize();
}

} // namespace lapidary
