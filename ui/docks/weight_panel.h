// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the selected weight to look into: heat map of any two dimensions, convolution kernels as
// tiles, all elements as a table, and saving. Reads only what it shows; nothing while it is hidden.
#pragma once

#include "ui/docks/weight_summary.h"
#include "ui/document/model_document.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QStackedLayout;
class QStackedWidget;
class QTabBar;

namespace lapidary {

class ColourBar;
class ElidedLabel;
class ErrorLine;
class PlaneView;
class SliceChooser;
class TensorTable;

class WeightPanel : public QWidget {
    Q_OBJECT
public:
    explicit WeightPanel(ModelDocument& document, QWidget* parent = nullptr);

    enum class View { HeatMap, Kernels, Table };
    void showView(View view); // of those that the weight has
    PlaneView& plane() { return *m_plane; }
    // Writes the weight in the background; errors appear in the panel.
    void saveTo(const QString& path);

signals:
    void saved(const QString& path);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void showPicture(Result<WeightPicture> picture);
    void buildTabs();
    void updateView();
    void save();
    void retranslate();
    View view() const;

    ModelDocument& m_document;
    QStackedLayout* m_stack;
    QLabel* m_empty;
    QWidget* m_content;
    ElidedLabel* m_title;
    QTabBar* m_tabs;
    SliceChooser* m_slice;
    QPushButton* m_save;
    ErrorLine* m_error;
    QStackedWidget* m_views;
    PlaneView* m_plane;
    TensorTable* m_table;
    QLabel* m_pointed;
    ColourBar* m_colours;

    const TensorRef* m_shown = nullptr; // lives in the model
    WeightPicture m_picture;
    QString m_name;
    bool m_tableFilled = false;
    std::shared_ptr<const int> m_alive = std::make_shared<const int>(0);
};

} // namespace lapidary
