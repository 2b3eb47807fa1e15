// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: everything about what is selected: a node, an edge, a weight, or the model itself.
#pragma once

#include "engine/session/model_summary.h"
#include "ui/docks/weight_summary.h"
#include "ui/document/model_document.h"
#include "ui/document/op_docs.h"

#include <QWidget>

class QLabel;
class QStackedLayout;

namespace lapidary {

class MemoryPlot;
class PlaneView;
class PropertyList;
class SizeFields;
class ValueHistogram;

class PropertiesPanel : public QWidget {
    Q_OBJECT
public:
    PropertiesPanel(ModelDocument& document, OpDocs& docs, QWidget* parent = nullptr);

    const PropertyList& list() const { return *m_list; }

signals:
    // The user walked to another thing by a link; the graph may want to scroll to it.
    void walked();
    // The selected weight is wanted in its own panel.
    void weightWanted();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void startOver(); // the selection changed
    void fill();
    void fillValue(const struct PropertySource& source, ValueId id);
    void readWeight();
    void startStatistics();
    void countWork();
    void showWork();
    void keepWidgets(); // out of the list that is about to be emptied

    ModelDocument& m_document;
    OpDocs& m_docs;
    QStackedLayout* m_stack;
    QLabel* m_empty;
    PropertyList* m_list;
    bool m_stale = true;
    std::shared_ptr<const int> m_alive = std::make_shared<const int>(0);
    // Live longer than the list's contents: they keep their pictures while it is filled again.
    PlaneView* m_picture;
    ValueHistogram* m_histogram;
    MemoryPlot* m_memory;
    SizeFields* m_sizes;
    bool m_hasPicture = false;
    JobId m_statisticsJob = 0;
    std::optional<Result<WeightSummary>> m_summary; // of the selected weight
    std::optional<ModelSummary> m_work;             // of the model
};

} // namespace lapidary
