// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edit/rename_dialog.h"

#include "engine/edit/rename.h"

#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace lapidary {

RenameDialog::RenameDialog(ModelDocument& document, QWidget* parent)
    : EditDialog(document, tr("Rename"), tr("Rename"), parent),
      name(new QLineEdit(this)),
      m_selection(document.selection())
{
    const Graph& graph = m_selection.graphIn(*document.model());
    const bool isNode = m_selection.kind == Selection::Kind::Node;
    m_before = QString::fromStdString(isNode ? graph.node(m_selection.node).name
                                             : graph.value(m_selection.value).name);
    auto* caption = new QLabel(
        isNode ? tr("Name of the node (%1)").arg(QString::fromStdString(graph.node(m_selection.node).opType))
               : tr("Name of the value"),
        this);
    caption->setTextFormat(Qt::PlainText);
    caption->setBuddy(name);
    name->setText(m_before);
    name->selectAll();
    name->setMinimumWidth(420);
    content()->addWidget(caption);
    content()->addWidget(name);
    connect(name, &QLineEdit::textEdited, this, &RenameDialog::clearError);
}

std::optional<EditDialog::Wanted> RenameDialog::wanted()
{
    const QString after = name->text().trimmed();
    if (after == m_before)
        return std::nullopt;
    const QString shown = after.isEmpty() ? m_before : after;
    return Wanted{tr("Rename %1").arg(shown),
                  [selection = m_selection, text = after.toStdString()](const Model& model, JobContext&) {
                      return selection.kind == Selection::Kind::Node
                                 ? renameNode(model, selection.graph, selection.node, text)
                                 : renameValue(model, selection.graph, selection.value, text);
                  }};
}

} // namespace lapidary
