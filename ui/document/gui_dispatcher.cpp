// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/gui_dispatcher.h"

#include <QCoreApplication>

namespace lapidary {

JobQueue::Dispatcher guiDispatcher()
{
    return [](std::function<void()> function) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(function), Qt::QueuedConnection);
    };
}

} // namespace lapidary
