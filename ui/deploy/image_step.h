// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: third step: which server answers for the model, and what its image holds.
#pragma once

#include "ui/deploy/step_page.h"

class QComboBox;
class QListWidget;
class QPlainTextEdit;
class QRadioButton;
class QTreeWidget;

namespace lapidary {

class DeployDraft;
class ErrorLine;

class ImageStep : public StepPage {
    Q_OBJECT
public:
    explicit ImageStep(DeployDraft& draft, QWidget* parent = nullptr);

    void initializePage() override;
    bool isComplete() const override;

private:
    QWidget* makeChoice();
    QWidget* makeLapidary();
    QWidget* makePython();
    void chooseFlavour();
    void chooseRoute();
    void fillRoutes();
    void showFlavour();
    void showFiles();
    void showTexts();
    void showText();
    void keepText();
    void retranslate() override;

    DeployDraft& m_draft;
    QRadioButton* m_ours;
    QLabel* m_oursHint;
    QRadioButton* m_python;
    QLabel* m_pythonHint;
    QWidget* m_lapidaryPart;
    QTreeWidget* m_files;
    QLabel* m_total;
    QLabel* m_routes;
    QWidget* m_pythonPart;
    QLabel* m_routeCaption;
    QComboBox* m_route;
    QListWidget* m_names;
    QPlainTextEdit* m_text;
    QLabel* m_editHint;
    ErrorLine* m_error;
    bool m_showing = false;
};

} // namespace lapidary
