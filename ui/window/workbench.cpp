// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/workbench.h"

#include "ui/settings/language.h"
#include "ui/theme/theme.h"

namespace lapidary {

void applyAppearance()
{
    applyLanguage(readSetting(settings::language));
    Theme::instance().apply(static_cast<ThemeChoice>(readSetting(settings::theme)));
}

} // namespace lapidary
