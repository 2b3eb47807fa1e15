// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: everything the window remembers, in one typed table. The engine never reads it.
// GUI thread. Stored by QSettings under the names that the application sets.
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QStringList>

namespace lapidary {

template <typename T>
struct Setting {
    const char* key;
    T fallback;
};

enum class ThemeChoice { System, Light, Dark };

namespace settings {
inline const Setting<QStringList> recentFiles{"files/recent", {}}; // newest first, absolute
inline const Setting<QString> lastFolder{"files/lastFolder", {}};
inline const Setting<QString> exportFolder{"files/exportFolder", {}};   // of pictures; empty: the model's
inline const Setting<bool> reloadChanged{"files/reloadChanged", false}; // without asking
inline const Setting<bool> restoreSession{"session/restore", false};
inline const Setting<QStringList> sessionFiles{"session/files",
                                               {}};             // open when the window was closed; absolute
inline const Setting<int> sessionCurrent{"session/current", 0}; // of them
inline const Setting<int> sessionPage{"session/page", 0};
inline const Setting<QString> language{"appearance/language", {}}; // "en", "es"; empty: the system's
inline const Setting<int> theme{"appearance/theme", static_cast<int>(ThemeChoice::System)};
inline const Setting<bool> horizontalLayout{"graph/horizontal", false};
inline const Setting<bool> compareSideBySide{"compare/sideBySide", false};
inline const Setting<QString> deploymentsFolder{"deploy/folder", {}}; // empty: in the user's data folder
inline const Setting<QString> azureCloud{"azure/cloud", "public"}; // or "usgov", "china", or a file of hosts
inline const Setting<QString> azureCaFile{"azure/caFile", {}};     // authorities to trust as well; PEM
inline const Setting<int> azureSignIn{"azure/signIn", 0};          // a deploy::SignInWay
inline const Setting<QString> azureTenant{"azure/tenant", {}};
inline const Setting<QString> azureClientId{"azure/clientId", {}};
inline const Setting<QStringList> azureWorkspace{"azure/workspace", {}}; // subscription, group, name
inline const Setting<QString> deployTarget{"deploy/target", "local"};
inline const Setting<QByteArray> windowGeometry{"window/geometry", {}};
inline const Setting<QByteArray> graphDocks{"window/docks/graph", {}};
inline const Setting<QByteArray> runDocks{"window/docks/run", {}};
inline const Setting<QByteArray> benchmarkDocks{"window/docks/benchmark", {}};
inline const Setting<QByteArray> compareDocks{"window/docks/compare", {}};
inline const Setting<QByteArray> deployDocks{"window/docks/deploy", {}};
} // namespace settings

template <typename T>
T readSetting(const Setting<T>& setting)
{
    return QSettings().value(QLatin1String(setting.key), setting.fallback).template value<T>();
}

template <typename T>
void writeSetting(const Setting<T>& setting, const T& value)
{
    QSettings().setValue(QLatin1String(setting.key), value);
}

// Puts path first; at most ten are kept.
void addRecentFile(const QString& path);
// Those that still exist, newest first.
QStringList recentFiles();

} // namespace lapidary
