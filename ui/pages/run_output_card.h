// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: one output of a run: as classes, picture, table or tree, and whether it is as expected.
#pragma once

#include "engine/ir/value.h"
#include "engine/session/compare.h"
#include "ui/cards/card.h"
#include "ui/inputs/labels.h"

#include <optional>

class QPushButton;
class QStackedWidget;
class QTabBar;

namespace lapidary {

class ElidedLabel;
class ErrorLine;
class JobQueue;
class TensorImageView;
class TensorTable;
class TopKView;
class ValueTree;

class RunOutputCard : public Card {
    Q_OBJECT
public:
    // jobs outlives the card.
    explicit RunOutputCard(JobQueue& jobs, QWidget* parent = nullptr);

    // bgr: how the model orders the channels of pictures.
    void setOutput(const QString& name, const Value& value, bool bgr);
    void setLabels(const ClassLabels& labels);
    // nullopt: nothing to compare with.
    void setComparison(const std::optional<Comparison>& comparison);

signals:
    void labelsRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    enum class View { TopK, Image, Table, Tree };

    void buildHeader();
    std::vector<View> possibleViews() const;
    View defaultView() const;
    void offerViews();
    void showView();
    QWidget* widgetFor(View view);
    void saveTensor();
    void showComparison();
    void retranslate();
    static QString viewName(View view);

    JobQueue& m_jobs;
    QString m_name;
    Value m_value;
    bool m_bgr = false;
    ClassLabels m_labels;
    std::optional<Comparison> m_comparison;
    std::vector<View> m_views;
    ElidedLabel* m_title;
    ElidedLabel* m_type;
    QLabel* m_verdict;
    QTabBar* m_tabs;
    QPushButton* m_save;
    QLabel* m_comparisonText;
    ErrorLine* m_error;
    QStackedWidget* m_stack;
    // Made when first shown.
    TopKView* m_topK = nullptr;
    TensorImageView* m_image = nullptr;
    TensorTable* m_table = nullptr;
    ValueTree* m_tree = nullptr;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

} // namespace lapidary
