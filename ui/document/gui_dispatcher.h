// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: how results of jobs reach the GUI thread: through Qt's event loop.
#pragma once

#include "engine/base/job_queue.h"

namespace lapidary {

// Runs functions on the thread of the QCoreApplication, which must outlive the JobQueue.
JobQueue::Dispatcher guiDispatcher();

} // namespace lapidary
