// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the graph leaves the window: as a picture, on paper, as text. Painting runs as a job (lane
// "export"), so the window stays usable. GUI thread.
#pragma once

#include "ui/document/model_document.h"
#include "viewers/graph/graph_picture.h"

class QPrinter;

namespace lapidary {

class GraphView;

class GraphExport : public QObject {
    Q_OBJECT
public:
    // All outlive the object; view lies in the window that dialogs belong to.
    GraphExport(ModelDocument& document, GraphView& view, QObject* parent);

    void chooseAndSave(); // asks for the kind of picture, then for the file
    void save(const PictureOptions& options, const QString& path);
    void choosePrinter();
    // On as many pages as the graph needs at the printer's width, at most at 100 %.
    void print(std::shared_ptr<QPrinter> printer);
    // What is selected, to the clipboard.
    void copySelection();

signals:
    void saved(const QString& path);
    void printed();
    void failed(const QString& subject, const lapidary::Error& error);

private:
    void chooseFile(const PictureOptions& options);
    JobOptions job(const QString& title) const;

    ModelDocument& m_document;
    GraphView& m_view;
    std::shared_ptr<const void> m_alive = std::make_shared<int>(0);
};

} // namespace lapidary
