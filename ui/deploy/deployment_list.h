// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: all deployments, newest first: of what, where, how it stands.
#pragma once

#include <QListWidget>

namespace lapidary {

class Deployments;

class DeploymentList : public QListWidget {
    Q_OBJECT
public:
    // deployments outlives the list.
    explicit DeploymentList(Deployments& deployments, QWidget* parent = nullptr);

    QString current() const; // the id; empty: none
    void setCurrent(const QString& id);

signals:
    void chosen(const QString& id); // by the user

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void fill();

    Deployments& m_deployments;
};

} // namespace lapidary
