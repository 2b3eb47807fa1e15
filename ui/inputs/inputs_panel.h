// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: all that feeds the model: samples, open dimensions, a card for each input.
#pragma once

#include <QScrollArea>

#include <vector>

class QLabel;
class QVBoxLayout;

namespace lapidary {

class ErrorLine;
class InputCard;
class RunInputs;

class InputsPanel : public QScrollArea {
    Q_OBJECT
public:
    explicit InputsPanel(RunInputs& inputs, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void rebuildCards();
    void retranslate();

    RunInputs& m_inputs;
    QVBoxLayout* m_column;
    QLabel* m_title;
    QLabel* m_none;
    ErrorLine* m_folderError;
    std::vector<InputCard*> m_cards;
};

} // namespace lapidary
