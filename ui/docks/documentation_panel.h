// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the specification of the selected node's operator, in the version that the model uses.
#pragma once

#include "ui/document/model_document.h"
#include "ui/document/op_docs.h"

#include <QTextBrowser>

namespace lapidary {

class DocumentationPanel : public QTextBrowser {
    Q_OBJECT
public:
    DocumentationPanel(ModelDocument& document, OpDocs& docs, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    QString markdown();
    QString nodeMarkdown(const Model& model, const Node& node);

    ModelDocument& m_document;
    OpDocs& m_docs;
    QString m_shown;
};

} // namespace lapidary
