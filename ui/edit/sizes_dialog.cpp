// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edit/sizes_dialog.h"

#include "engine/edit/dimensions.h"
#include "ui/cards/elided_label.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>

namespace lapidary {

namespace {

constexpr int fieldWidth = 76;

QString dimText(const Dim& dim)
{
    return dim.known() ? QString::number(dim.value) : QString::fromStdString(dim.symbol);
}

Dim dimOf(const QString& text)
{
    const QString trimmed = text.trimmed();
    bool isNumber = false;
    const qlonglong number = trimmed.toLongLong(&isNumber);
    return isNumber ? Dim(number) : Dim(trimmed.toStdString());
}

QLineEdit* makeField(const QString& text, const QString& name)
{
    auto* field = new QLineEdit(text);
    field->setFixedWidth(fieldWidth);
    field->setPlaceholderText(SizesDialog::tr("open"));
    field->setAccessibleName(name);
    return field;
}

} // namespace

SizesDialog::SizesDialog(ModelDocument& document, QWidget* parent)
    : EditDialog(document, tr("Sizes of inputs"), tr("Change"), parent),
      batch(makeField({}, tr("Batch size")))
{
    const Graph& graph = document.model()->graph;
    auto* help =
        new QLabel(tr("A dimension has a size, a name (its size comes with the input), or nothing: open. "
                      "Shapes of results follow."),
                   this);
    help->setWordWrap(true);
    setTextColor(*help, Theme::instance().colors().mutedText);
    content()->addWidget(help);

    auto* rows = new QWidget;
    auto* grid = new QGridLayout(rows);
    grid->setContentsMargins(0, 0, 8, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(8);
    const std::vector<DimensionChange> batched = changesOfBatch(graph, {});
    auto* batchName = new QLabel(tr("Batch size"));
    grid->addWidget(batchName, 0, 0);
    grid->addWidget(batch, 0, 1);
    connect(batch, &QLineEdit::textEdited, this, &SizesDialog::useBatch);
    if (!batched.empty())
        batch->setText(dimText((*graph.value(batched.front().input).type.shape)[0]));
    for (QWidget* widget : {static_cast<QWidget*>(batchName), static_cast<QWidget*>(batch)})
        widget->setVisible(!batched.empty());
    for (const ValueId id : graph.requiredInputs())
        addInput(*grid, id);
    grid->setColumnStretch(grid->columnCount(), 1);
    grid->setRowStretch(grid->rowCount(), 1);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(rows);
    const QSize wanted = rows->sizeHint();
    scroll->setMinimumSize(std::clamp(wanted.width() + 24, 360, 720), std::min(wanted.height() + 4, 360));
    content()->addWidget(scroll, 1);
}

void SizesDialog::addInput(QGridLayout& grid, ValueId id)
{
    const GraphValue& input = document().model()->graph.value(id);
    const int row = grid.rowCount();
    auto* name = new ElidedLabel;
    name->setFullText(QString::fromStdString(input.name));
    name->setMinimumWidth(120);
    grid.addWidget(name, row, 0);
    if (!input.type.isTensor() || !input.type.shape || input.type.shape->empty()) {
        auto* type = new QLabel(QString::fromStdString(toString(input.type)));
        type->setTextFormat(Qt::PlainText);
        setTextColor(*type, Theme::instance().colors().mutedText);
        grid.addWidget(type, row, 1, 1, -1);
        return;
    }
    for (size_t axis = 0; axis < input.type.shape->size(); ++axis) {
        QLineEdit* field =
            makeField(dimText((*input.type.shape)[axis]),
                      tr("Dimension %1 of %2").arg(axis).arg(QString::fromStdString(input.name)));
        connect(field, &QLineEdit::textEdited, this, &SizesDialog::clearError);
        grid.addWidget(field, row, static_cast<int>(axis) + 1);
        m_fields.push_back({id, axis, field});
    }
}

void SizesDialog::useBatch(const QString& text)
{
    clearError();
    for (const DimensionChange& change : changesOfBatch(document().model()->graph, {})) {
        for (const Field& field : m_fields) {
            if (field.input == change.input && field.axis == change.axis)
                field.edit->setText(text);
        }
    }
}

std::optional<EditDialog::Wanted> SizesDialog::wanted()
{
    const Graph& graph = document().model()->graph;
    std::vector<DimensionChange> changes;
    for (const Field& field : m_fields) {
        const Dim dim = dimOf(field.edit->text());
        if (dim != (*graph.value(field.input).type.shape)[field.axis])
            changes.push_back({field.input, field.axis, dim});
    }
    if (changes.empty())
        return std::nullopt;
    const auto reshapes = std::make_shared<int>(0);
    return Wanted{tr("Change sizes of inputs"),
                  [changes, reshapes](const Model& model, JobContext& job) -> Result<Model> {
                      TRY_ASSIGN(ChangedDimensions changed, changeDimensions(model, changes, job));
                      *reshapes = static_cast<int>(changed.reshapes.size());
                      return std::move(changed.model);
                  },
                  [reshapes] {
                      return *reshapes == 0
                                 ? QString()
                                 : tr("%n Reshape node(s) had the old size stored; it is open now.", nullptr,
                                      *reshapes);
                  }};
}

} // namespace lapidary
