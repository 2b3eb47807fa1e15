// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a path that is typed, browsed for, or dropped elsewhere.
#pragma once

#include <QWidget>

class QPushButton;

namespace lapidary {

class PathEdit;

class FileField : public QWidget {
    Q_OBJECT
public:
    explicit FileField(QWidget* parent = nullptr);
    void setPath(const QString& path); // no signal
    QString path() const;
    // Title and filter of the file dialog: tr("Images (*.png *.jpg)").
    void setKind(const QString& title, const QString& filter);

signals:
    void pathChosen(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    void browse();
    void retranslate();
    PathEdit* m_edit;
    QPushButton* m_browse;
    QString m_title;
    QString m_filter;
    QString m_path;
};

} // namespace lapidary
