// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: secrets in the keychain of the desktop, by QtKeychain. There is no other place: where a machine
// has no keychain, a secret lives as long as the window. GUI thread; answers come later, unless context has
// died.
#pragma once

#include "engine/base/result.h"

#include <QObject>
#include <QString>

#include <functional>

namespace lapidary {

// Errors: NotFound; BackendUnavailable (no keychain, or a locked one).
void readSecret(const QString& name, QObject* context, std::function<void(Result<QString>)> done);
// Errors: BackendUnavailable.
void keepSecret(const QString& name, const QString& secret, QObject* context,
                std::function<void(Status)> done);
void forgetSecret(const QString& name);

} // namespace lapidary
