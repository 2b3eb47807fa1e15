// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the commands that change the model or save it: which dialog each one needs. GUI thread.
#pragma once

#include "ui/document/model_document.h"

class QWidget;

namespace lapidary {

class ModelEditing : public QObject {
    Q_OBJECT
public:
    // document outlives the object; dialogs belong to window.
    ModelEditing(ModelDocument& document, QWidget* window);

    bool canRename() const; // what is selected has a name

    void rename();
    void changeSizes();
    void changeProperties();
    void extract();
    void removeIdentities();
    // To the file where it was saved last; asks for one the first time.
    void save();
    void saveAs();
    // Goes on when nothing is lost by it: at once, after saving, or when the user does not mind.
    void whenSaved(std::function<void()> goOn);

signals:
    void said(const QString& text); // what an edit did, in a line
    void failed(const QString& subject, const lapidary::Error& error);

private:
    void chooseFile(WeightStorage storage);
    void saveTo(const QString& path, WeightStorage storage);

    ModelDocument& m_document;
    QWidget* m_window;
    WeightStorage m_storage = WeightStorage::Inside;
    QString m_savedPath; // empty: not saved since the model was opened
    std::function<void()> m_afterSaving;
};

} // namespace lapidary
