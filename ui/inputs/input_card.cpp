// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/input_card.h"

#include "ui/cards/error_line.h"
#include "ui/inputs/dropped_file.h"
#include "ui/inputs/file_field.h"
#include "ui/inputs/image_options_editor.h"
#include "ui/inputs/run_inputs.h"
#include "ui/theme/theme.h"
#include "viewers/image/image_view.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QDragEnterEvent>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace lapidary {

namespace {

constexpr int previewSide = 112;

QString sourceName(InputSource source)
{
    switch (source) {
    case InputSource::Image: return InputCard::tr("Image");
    case InputSource::Npy: return InputCard::tr("NumPy file");
    case InputSource::TensorProto: return InputCard::tr("TensorProto file");
    case InputSource::Random: return InputCard::tr("Random");
    case InputSource::Constant: return InputCard::tr("Constant");
    }
    return {};
}

} // namespace

InputCard::InputCard(RunInputs& inputs, size_t index, QWidget* parent)
    : Card(parent),
      m_inputs(inputs),
      m_index(index),
      m_source(new QComboBox(this)),
      m_file(new FileField(this)),
      m_editors(new QStackedWidget(this)),
      m_fileEditor(m_file),
      m_randomEditor(nullptr),
      m_constantEditor(nullptr),
      m_seed(nullptr),
      m_seedCaption(nullptr),
      m_dice(nullptr),
      m_number(nullptr),
      m_text(nullptr),
      m_constantCaption(nullptr),
      m_picture(new ImageView(this)),
      m_summary(makeHint(this)),
      m_optionsToggle(new QToolButton(this)),
      m_options(new ImageOptionsEditor(this)),
      m_error(new ErrorLine(this))
{
    setAcceptDrops(true);
    buildHeader();
    buildEditors();
    connectEditors();
    retranslate();
    showChoice();
    showPreview();
}

void InputCard::buildHeader()
{
    const InputSpec& spec = m_inputs.specs()[m_index];
    auto* name = new QLabel(QString::fromStdString(spec.name), this);
    QFont bold = font();
    bold.setBold(true);
    name->setFont(bold);
    name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    name->setToolTip(name->text());
    name->setMinimumWidth(60); // long names are cut, the chooser stays
    auto* type = makeHint(this);
    type->setText(QString::fromStdString(toString(spec.type)));
    type->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (const InputSource source : possibleSources(spec))
        m_source->addItem(QString(), static_cast<int>(source));
    m_source->setEnabled(m_source->count() > 1);

    auto* title = new QVBoxLayout;
    title->setSpacing(0);
    title->addWidget(name);
    title->addWidget(type);
    auto* header = new QHBoxLayout;
    header->setSpacing(8);
    header->addLayout(title, 1);
    header->addWidget(m_source, 0, Qt::AlignTop);
    column()->addLayout(header);
}

QWidget* InputCard::makeRandomEditor()
{
    auto* editor = new QWidget(this);
    m_seed = new QSpinBox(editor);
    m_seed->setRange(0, INT_MAX);
    m_seedCaption = new QLabel(editor);
    m_seedCaption->setBuddy(m_seed);
    m_dice = new QToolButton(editor);
    m_dice->setAutoRaise(true);
    auto* row = new QHBoxLayout(editor);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_seedCaption);
    row->addWidget(m_seed, 1);
    row->addWidget(m_dice);
    return editor;
}

QWidget* InputCard::makeConstantEditor()
{
    auto* editor = new QWidget(this);
    const bool isText = m_inputs.specs()[m_index].type.dataType == DataType::String;
    m_number = new QDoubleSpinBox(editor);
    m_number->setRange(-1e15, 1e15);
    m_number->setDecimals(6);
    m_number->setVisible(!isText);
    m_text = new QLineEdit(editor);
    m_text->setVisible(isText);
    m_constantCaption = new QLabel(editor);
    m_constantCaption->setBuddy(isText ? static_cast<QWidget*>(m_text) : m_number);
    auto* row = new QHBoxLayout(editor);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_constantCaption);
    row->addWidget(m_number, 1);
    row->addWidget(m_text, 1);
    return editor;
}

void InputCard::buildEditors()
{
    m_randomEditor = makeRandomEditor();
    m_constantEditor = makeConstantEditor();
    for (QWidget* editor : {m_fileEditor, m_randomEditor, m_constantEditor})
        m_editors->addWidget(editor);
    m_editors->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_optionsToggle->setCheckable(true);
    m_optionsToggle->setAutoRaise(true);
    m_optionsToggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_options->hide();

    auto* beside = new QVBoxLayout;
    beside->setSpacing(4);
    beside->addWidget(m_summary);
    beside->addWidget(m_optionsToggle, 0, Qt::AlignLeft);
    beside->addStretch(1);
    auto* preview = new QHBoxLayout;
    preview->setSpacing(12);
    preview->addWidget(m_picture, 0, Qt::AlignTop);
    preview->addLayout(beside, 1);
    column()->addWidget(m_editors);
    column()->addWidget(m_error);
    column()->addLayout(preview);
    column()->addWidget(m_options);
}

void InputCard::connectEditors()
{
    connect(m_source, &QComboBox::currentIndexChanged, this, [this] {
        change([this](InputChoice& choice) {
            choice.source = static_cast<InputSource>(m_source->currentData().toInt());
            choice.file.clear(); // a file of the old kind would only be an error
        });
    });
    connect(m_file, &FileField::pathChosen, this,
            [this](const QString& path) { change([&](InputChoice& choice) { choice.file = path; }); });
    connect(m_seed, &QSpinBox::valueChanged, this, [this](int seed) {
        change([seed](InputChoice& choice) { choice.seed = static_cast<quint64>(seed); });
    });
    connect(m_dice, &QToolButton::clicked, this,
            [this] { m_seed->setValue(QRandomGenerator::global()->bounded(10'000)); });
    connect(m_number, &QDoubleSpinBox::valueChanged, this,
            [this](double number) { change([number](InputChoice& choice) { choice.number = number; }); });
    connect(m_text, &QLineEdit::textEdited, this,
            [this](const QString& text) { change([&](InputChoice& choice) { choice.text = text; }); });
    connect(m_options, &ImageOptionsEditor::optionsChanged, this, [this](const ImageOptions& options) {
        change([&](InputChoice& choice) { choice.image = options; });
    });
    connect(m_optionsToggle, &QToolButton::toggled, this, &InputCard::showOptions);
}

void InputCard::change(const std::function<void(InputChoice&)>& edit)
{
    InputChoice choice = m_inputs.choice(m_index);
    edit(choice);
    m_inputs.setChoice(m_index, choice);
}

void InputCard::showOptions(bool open)
{
    m_options->setVisible(open && m_inputs.choice(m_index).source == InputSource::Image);
    m_optionsToggle->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
}

void InputCard::showChoice()
{
    const InputChoice& choice = m_inputs.choice(m_index);
    const QSignalBlocker sourceBlocker(m_source);
    const QSignalBlocker seedBlocker(m_seed);
    const QSignalBlocker numberBlocker(m_number);
    m_source->setCurrentIndex(m_source->findData(static_cast<int>(choice.source)));
    m_file->setPath(choice.file);
    m_seed->setValue(static_cast<int>(choice.seed));
    m_number->setValue(choice.number);
    if (m_text->text() != choice.text)
        m_text->setText(choice.text);
    m_options->setOptions(choice.image);
    const bool isImage = choice.source == InputSource::Image;
    QWidget* editor = m_fileEditor;
    if (choice.source == InputSource::Random)
        editor = m_randomEditor;
    else if (choice.source == InputSource::Constant)
        editor = m_constantEditor;
    m_editors->setCurrentWidget(editor);
    m_optionsToggle->setVisible(isImage);
    showOptions(m_optionsToggle->isChecked());
    retranslate();
}

void InputCard::showPreview()
{
    const InputPreview& preview = m_inputs.preview(m_index);
    const auto& error = m_inputs.error(m_index);
    // A file that is not chosen yet is a question, not an error.
    const InputChoice& choice = m_inputs.choice(m_index);
    const bool needsFile = choice.source != InputSource::Random && choice.source != InputSource::Constant;
    const bool waiting = needsFile && choice.file.isEmpty();
    m_error->setError(waiting ? std::nullopt : error);
    m_picture->setImage(preview.picture);
    m_picture->setVisible(!preview.picture.isNull());
    m_picture->setFixedSize(
        preview.picture.size().scaled(previewSide, previewSide, Qt::KeepAspectRatio).expandedTo({16, 16}));
    QString summary = preview.summary.isEmpty() || error ? QString() : tr("Feeds %1").arg(preview.summary);
    if (choice.source == InputSource::Image && !summary.isEmpty())
        summary += QLatin1Char('\n') + m_options->summary();
    m_summary->setText(summary);
    m_summary->setVisible(!summary.isEmpty());
    const QColor failed = Theme::instance().colors().error;
    setFrameColour(error && !waiting ? failed : QColor());
}

void InputCard::dragEnterEvent(QDragEnterEvent* event)
{
    if (droppedInput(event->mimeData(), m_inputs.specs()[m_index])) {
        event->acceptProposedAction();
        setFrameColour(Theme::instance().colors().accent);
    }
}

void InputCard::dragLeaveEvent(QDragLeaveEvent*) { showPreview(); }

void InputCard::dropEvent(QDropEvent* event)
{
    const auto dropped = droppedInput(event->mimeData(), m_inputs.specs()[m_index]);
    if (!dropped)
        return;
    event->acceptProposedAction();
    change([&](InputChoice& choice) {
        choice.source = dropped->source;
        choice.file = dropped->path;
    });
}

void InputCard::retranslate()
{
    const QString name = QString::fromStdString(m_inputs.specs()[m_index].name);
    setAccessibleName(tr("Input %1").arg(name));
    for (int i = 0; i < m_source->count(); ++i)
        m_source->setItemText(i, sourceName(static_cast<InputSource>(m_source->itemData(i).toInt())));
    m_source->setAccessibleName(tr("Source of input %1").arg(name));
    m_seedCaption->setText(tr("Seed"));
    m_seed->setAccessibleName(tr("Seed of the random values"));
    m_seed->setToolTip(tr("The same seed gives the same values: floats from −1 to 1, integers 0 or 1"));
    m_dice->setIcon(themedIcon(QStringLiteral("dice")));
    m_dice->setToolTip(tr("Another seed"));
    m_dice->setAccessibleName(m_dice->toolTip());
    m_constantCaption->setText(tr("Every element"));
    m_number->setAccessibleName(tr("Number in every element"));
    m_text->setAccessibleName(tr("Text in every element"));
    m_optionsToggle->setText(tr("Preprocessing"));
    m_picture->setAccessibleName(tr("What the model sees"));
    m_picture->setToolTip(tr("What the model sees"));
    switch (m_inputs.choice(m_index).source) {
    case InputSource::Image:
        m_file->setKind(tr("Choose an Image"),
                        tr("Images (*.png *.jpg *.jpeg *.bmp *.webp *.gif *.ppm *.pgm);;All files (*)"));
        break;
    case InputSource::Npy:
        m_file->setKind(tr("Choose a NumPy File"), tr("NumPy arrays (*.npy);;All files (*)"));
        break;
    default: m_file->setKind(tr("Choose a TensorProto File"), tr("TensorProto (*.pb);;All files (*)")); break;
    }
}

void InputCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        showPreview();
    } else if (event->type() == QEvent::PaletteChange) {
        retranslate(); // icons take the colour of the text
    }
    Card::changeEvent(event);
}

} // namespace lapidary
