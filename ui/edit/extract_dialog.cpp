// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edit/extract_dialog.h"

#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>

namespace lapidary {

namespace {

// Of what is selected in the model's own graph.
GraphBorder selectedBorder(const ModelDocument& document)
{
    const Selection& selection = document.selection();
    const Graph& graph = document.model()->graph;
    if (selection.graph != nullptr)
        return {};
    switch (selection.kind) {
    case Selection::Kind::Node: return borderOf(graph, {selection.node});
    case Selection::Kind::Group: return borderOf(graph, selection.group->nodes);
    case Selection::Kind::Value: return {{selection.value}, {selection.value}};
    case Selection::Kind::None: break;
    }
    return {};
}

} // namespace

ExtractDialog::ExtractDialog(ModelDocument& document, QWidget* parent)
    : EditDialog(document, tr("Extract a part"), tr("Extract"), parent), m_count(new QLabel(this))
{
    auto* help =
        new QLabel(tr("The part between two sets of tensors becomes the model; undo brings back the rest. "
                      "Select tensors, nodes or groups in the graph and add them here."),
                   this);
    help->setWordWrap(true);
    setTextColor(*help, Theme::instance().colors().mutedText);
    content()->addWidget(help);
    auto* ends = new QHBoxLayout;
    ends->setSpacing(16);
    ends->addWidget(makeEnd(m_from, tr("Begins at"), true));
    ends->addWidget(makeEnd(m_to, tr("Ends at"), false));
    content()->addLayout(ends, 1);
    content()->addWidget(m_count);
    setModal(false);
    resize(640, 380);

    const GraphBorder border = selectedBorder(document);
    const bool isValue = document.selection().kind == Selection::Kind::Value;
    for (const ValueId value : border.inputs)
        add(m_from, value);
    // One tensor alone is where a part begins; the user says where it ends.
    for (const ValueId value : isValue ? std::vector<ValueId>() : border.outputs)
        add(m_to, value);
    connect(&document, &ModelDocument::selectionChanged, this, &ExtractDialog::refresh);
    refresh();
}

QWidget* ExtractDialog::makeEnd(End& end, const QString& title, bool isBeginning)
{
    auto* part = new QWidget(this);
    end.list = new QListWidget(part);
    end.list->setSelectionMode(QAbstractItemView::SingleSelection);
    end.list->setTextElideMode(Qt::ElideMiddle);
    end.list->setAccessibleName(title);
    end.add = new QPushButton(tr("Add selection"), part);
    end.remove = new QPushButton(tr("Remove"), part);
    for (QPushButton* one : {end.add, end.remove})
        one->setAutoDefault(false);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(end.add);
    buttons->addWidget(end.remove);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(new QLabel(title, part));
    column->addWidget(end.list, 1);
    column->addLayout(buttons);
    connect(end.add, &QPushButton::clicked, this,
            [this, &end, isBeginning] { addSelected(end, isBeginning); });
    connect(end.remove, &QPushButton::clicked, this, [this, &end] {
        const int row = end.list->currentRow();
        if (row < 0)
            return;
        end.values.erase(end.values.begin() + row);
        delete end.list->takeItem(row);
        refresh();
    });
    connect(end.list, &QListWidget::currentRowChanged, end.remove,
            [&end](int row) { end.remove->setEnabled(row >= 0); });
    end.remove->setEnabled(false);
    return part;
}

void ExtractDialog::add(End& end, ValueId value)
{
    if (std::find(end.values.begin(), end.values.end(), value) != end.values.end())
        return;
    end.values.push_back(value);
    const QString name = QString::fromStdString(document().model()->graph.value(value).name);
    auto* item = new QListWidgetItem(name, end.list);
    item->setToolTip(name);
}

void ExtractDialog::addSelected(End& end, bool isBeginning)
{
    const GraphBorder border = selectedBorder(document());
    for (const ValueId value : isBeginning ? border.inputs : border.outputs)
        add(end, value);
    refresh();
}

QString ExtractDialog::countText() const { return m_count->text(); }

void ExtractDialog::refresh()
{
    clearError();
    const Graph& graph = document().model()->graph;
    const GraphBorder border = selectedBorder(document());
    m_from.add->setEnabled(!border.inputs.empty());
    m_to.add->setEnabled(!border.outputs.empty());
    button->setEnabled(!m_to.values.empty() && !isApplying());
    m_count->setText(m_to.values.empty()
                         ? tr("Choose at least one tensor where the part ends.")
                         : tr("%1 of %2 nodes")
                               .arg(wholeNumberText(static_cast<int64_t>(
                                        nodesBetween(graph, {m_from.values, m_to.values}).size())),
                                    wholeNumberText(static_cast<int64_t>(graph.nodes.size()))));
}

std::optional<EditDialog::Wanted> ExtractDialog::wanted()
{
    return Wanted{tr("Extract a part"),
                  [border = GraphBorder{m_from.values, m_to.values}](const Model& model, JobContext& job) {
                      return extractPart(model, border, job);
                  }};
}

} // namespace lapidary
