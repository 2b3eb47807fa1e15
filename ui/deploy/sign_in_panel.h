// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: signing in to Azure in one of five ways, and where that Azure is.
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace lapidary {

class AzureAccount;
class ErrorLine;
class FileField;

class SignInPanel : public QWidget {
    Q_OBJECT
public:
    // account outlives the panel.
    explicit SignInPanel(AzureAccount& account, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeFields();
    QWidget* makeMore();
    void readSettings();
    void remember();
    void start();
    void showState();
    void showFields();
    void retranslate();

    AzureAccount& m_account;
    QLabel* m_wayCaption;
    QComboBox* m_way;
    QLabel* m_tenantCaption;
    QLineEdit* m_tenant;
    QLabel* m_clientCaption;
    QLineEdit* m_client;
    QLabel* m_secretCaption;
    QLineEdit* m_secret;
    QPushButton* m_button;
    QLabel* m_state;
    QLabel* m_code;
    ErrorLine* m_error;
    QToolButton* m_moreButton;
    QWidget* m_more;
    QLabel* m_cloudCaption;
    QComboBox* m_cloud;
    QLabel* m_hostsCaption;
    FileField* m_hosts;
    QLabel* m_caCaption;
    FileField* m_ca;
};

} // namespace lapidary
