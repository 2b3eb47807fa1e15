// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one input of the model: what it is, where its value comes from, what that looks like, and
// what is wrong with it.
#pragma once

#include "ui/cards/card.h"
#include "ui/inputs/input_choice.h"

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace lapidary {

class ErrorLine;
class FileField;
class ImageOptionsEditor;
class ImageView;
class RunInputs;

class InputCard : public Card {
    Q_OBJECT
public:
    // inputs outlives the card; the card ends before the input at index goes away.
    InputCard(RunInputs& inputs, size_t index, QWidget* parent = nullptr);

    void showPreview();
    void showChoice();

protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildHeader();
    void buildEditors();
    QWidget* makeRandomEditor();
    QWidget* makeConstantEditor();
    void connectEditors();
    void change(const std::function<void(InputChoice&)>& edit);
    void showOptions(bool open);
    void retranslate();

    RunInputs& m_inputs;
    size_t m_index;
    QComboBox* m_source;
    FileField* m_file;
    QStackedWidget* m_editors;
    QWidget* m_fileEditor;
    QWidget* m_randomEditor;
    QWidget* m_constantEditor;
    QSpinBox* m_seed;
    QLabel* m_seedCaption;
    QToolButton* m_dice;
    QDoubleSpinBox* m_number;
    QLineEdit* m_text;
    QLabel* m_constantCaption;
    ImageView* m_picture;
    QLabel* m_summary;
    QToolButton* m_optionsToggle;
    ImageOptionsEditor* m_options;
    ErrorLine* m_error;
};

} // namespace lapidary
