// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <memory>

namespace lapidary {

const QList<Language>& languages()
{
    static const QList<Language> all{{"en", "English"}, {"es", "Español"}};
    return all;
}

void applyLanguage(const QString& code)
{
    // Ours and Qt's own (buttons of dialogs); both stay installed until the next call.
    static std::unique_ptr<QTranslator> ours;
    static std::unique_ptr<QTranslator> qts;

    const QLocale locale = code.isEmpty() ? QLocale::system() : QLocale(code);
    QLocale::setDefault(locale);
    for (auto* translator : {&ours, &qts}) {
        if (*translator)
            QCoreApplication::removeTranslator(translator->get());
        *translator = std::make_unique<QTranslator>();
    }
    // English needs its file too: it holds the plural forms.
    if (ours->load(locale, "lapidary", "_", ":/translations") || ours->load(":/translations/lapidary_en.qm"))
        QCoreApplication::installTranslator(ours.get());
    if (qts->load(locale, "qtbase", "_", QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qts.get());
}

} // namespace lapidary
