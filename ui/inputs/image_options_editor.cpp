// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/image_options_editor.h"

#include "ui/inputs/normalisation.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

namespace lapidary {

namespace {

constexpr int customPreset = -1;

template <typename Choice>
Choice chosen(const QComboBox* box)
{
    return static_cast<Choice>(box->currentData().toInt());
}

template <typename Choice>
void select(QComboBox* box, Choice choice)
{
    box->setCurrentIndex(box->findData(static_cast<int>(choice)));
}

void setTexts(QComboBox* box, const QStringList& texts)
{
    for (int i = 0; i < texts.size(); ++i)
        box->setItemText(i, texts[i]);
}

} // namespace

ImageOptionsEditor::ImageOptionsEditor(QWidget* parent)
    : QWidget(parent),
      m_form(new QFormLayout(this)),
      m_resize(new QComboBox(this)),
      m_padding(new QSpinBox(this)),
      m_paddingCaption(new QLabel(this)),
      m_order(new QComboBox(this)),
      m_layout(new QComboBox(this)),
      m_range(new QComboBox(this)),
      m_preset(new QComboBox(this)),
      m_mean(new QLineEdit(this)),
      m_deviation(new QLineEdit(this)),
      m_inverted(new QCheckBox(this))
{
    addChoices();
    addRows();
    retranslate();
    show(m_options);
    for (QComboBox* box : {m_resize, m_order, m_layout, m_range})
        connect(box, &QComboBox::currentIndexChanged, this, &ImageOptionsEditor::readControls);
    connect(m_preset, &QComboBox::currentIndexChanged, this,
            [this] { applyPreset(m_preset->currentData().toInt()); });
    connect(m_padding, &QSpinBox::valueChanged, this, &ImageOptionsEditor::readControls);
    connect(m_inverted, &QCheckBox::toggled, this, &ImageOptionsEditor::readControls);
    connect(m_mean, &QLineEdit::editingFinished, this, &ImageOptionsEditor::readControls);
    connect(m_deviation, &QLineEdit::editingFinished, this, &ImageOptionsEditor::readControls);
}

void ImageOptionsEditor::addChoices()
{
    for (const ResizeMode mode : {ResizeMode::CentreCrop, ResizeMode::Fit, ResizeMode::Stretch})
        m_resize->addItem(QString(), static_cast<int>(mode));
    for (const ChannelOrder order : {ChannelOrder::Rgb, ChannelOrder::Bgr, ChannelOrder::Gray})
        m_order->addItem(QString(), static_cast<int>(order));
    for (const ImageLayout layout : {ImageLayout::ChannelsFirst, ImageLayout::ChannelsLast})
        m_layout->addItem(QString(), static_cast<int>(layout));
    for (const PixelRange range : {PixelRange::Unit, PixelRange::Bytes})
        m_range->addItem(QString(), static_cast<int>(range));
    for (int i = 0; i < static_cast<int>(normalisations().size()); ++i)
        m_preset->addItem(QString(), i);
    m_preset->addItem(QString(), customPreset);
    m_padding->setRange(0, 255);
}

void ImageOptionsEditor::addRows()
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(12);
    m_form->setVerticalSpacing(6);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* resizeRow = new QHBoxLayout;
    resizeRow->setSpacing(6);
    resizeRow->addWidget(m_resize, 1);
    resizeRow->addWidget(m_paddingCaption);
    resizeRow->addWidget(m_padding);
    auto* channelRow = new QHBoxLayout;
    channelRow->setSpacing(6);
    channelRow->addWidget(m_order, 1);
    channelRow->addWidget(m_layout, 1);
    auto* rangeRow = new QHBoxLayout;
    rangeRow->setSpacing(6);
    rangeRow->addWidget(m_range, 1);
    rangeRow->addWidget(m_inverted, 1);
    m_form->addRow(new QLabel(this), resizeRow);
    m_form->addRow(new QLabel(this), channelRow);
    m_form->addRow(new QLabel(this), rangeRow);
    m_form->addRow(new QLabel(this), m_preset);
    m_form->addRow(new QLabel(this), m_mean);
    m_form->addRow(new QLabel(this), m_deviation);
}

void ImageOptionsEditor::setOptions(const ImageOptions& options)
{
    m_options = options;
    show(options);
}

void ImageOptionsEditor::show(const ImageOptions& options)
{
    std::vector<QSignalBlocker> blockers;
    for (QWidget* control : std::initializer_list<QWidget*>{m_resize, m_padding, m_order, m_layout, m_range,
                                                            m_preset, m_mean, m_deviation, m_inverted})
        blockers.emplace_back(control);
    select(m_resize, options.resize);
    select(m_order, options.order);
    select(m_layout, options.layout);
    select(m_range, options.range);
    m_preset->setCurrentIndex(m_preset->findData(findNormalisation(options)));
    m_padding->setValue(options.padding);
    m_padding->setVisible(options.resize == ResizeMode::Fit);
    m_paddingCaption->setVisible(options.resize == ResizeMode::Fit);
    m_inverted->setChecked(options.inverted);
    m_mean->setText(channelsText(options.mean));
    m_deviation->setText(channelsText(options.deviation));
    for (QLineEdit* edit : {m_mean, m_deviation})
        edit->setPalette(QPalette());
}

void ImageOptionsEditor::readControls()
{
    ImageOptions options = m_options;
    options.resize = chosen<ResizeMode>(m_resize);
    options.order = chosen<ChannelOrder>(m_order);
    options.layout = chosen<ImageLayout>(m_layout);
    options.range = chosen<PixelRange>(m_range);
    options.padding = m_padding->value();
    options.inverted = m_inverted->isChecked();
    bool ok = true;
    for (auto [edit, channels] :
         {std::pair{m_mean, &options.mean}, std::pair{m_deviation, &options.deviation}}) {
        QPalette marked;
        if (!parseChannels(edit->text(), *channels)) {
            marked.setColor(QPalette::Text, Theme::instance().colors().error);
            ok = false;
        }
        edit->setPalette(marked);
    }
    if (!ok || options == m_options)
        return;
    m_options = options;
    show(options);
    emit optionsChanged(m_options);
}

void ImageOptionsEditor::applyPreset(int preset)
{
    if (preset == customPreset) {
        m_mean->setFocus();
        m_mean->selectAll();
        return;
    }
    const Normalisation& known = normalisations()[static_cast<size_t>(preset)];
    m_options.mean = known.mean;
    m_options.deviation = known.deviation;
    if (known.setsRange) {
        m_options.range = known.range;
        if (m_options.order != ChannelOrder::Gray)
            m_options.order = known.bgr ? ChannelOrder::Bgr : ChannelOrder::Rgb;
    }
    show(m_options);
    emit optionsChanged(m_options);
}

QString ImageOptionsEditor::summary() const
{
    QStringList parts{m_resize->currentText(), m_order->currentText(), m_range->currentText()};
    if (const int preset = findNormalisation(m_options); preset != 0)
        parts << normalisationName(preset);
    return parts.join(QStringLiteral(" · "));
}

void ImageOptionsEditor::retranslate()
{
    const QStringList captions{tr("Resize"),    tr("Channels"), tr("Range"),
                               tr("Normalise"), tr("Mean"),     tr("Deviation")};
    for (int row = 0; row < captions.size(); ++row)
        qobject_cast<QLabel*>(m_form->itemAt(row, QFormLayout::LabelRole)->widget())->setText(captions[row]);
    setTexts(m_resize, {tr("Centre crop"), tr("Fit with padding"), tr("Stretch")});
    setTexts(m_order, {tr("RGB"), tr("BGR"), tr("Gray")});
    setTexts(m_layout, {tr("Channels first"), tr("Channels last")});
    setTexts(m_range, {tr("0 to 1"), tr("0 to 255")});
    for (int i = 0; i < m_preset->count(); ++i)
        m_preset->setItemText(i, normalisationName(m_preset->itemData(i).toInt()));
    m_paddingCaption->setText(tr("Border"));
    m_inverted->setText(tr("Invert"));
    m_inverted->setToolTip(tr("Swap dark and light, for a model that was trained on the opposite"));
    m_mean->setToolTip(tr("Subtracted from each channel, in the channels' order"));
    m_deviation->setToolTip(tr("Each channel is divided by this after the mean is subtracted"));
    m_resize->setAccessibleName(tr("Resize"));
    m_padding->setAccessibleName(tr("Gray level of the border"));
    m_order->setAccessibleName(tr("Channel order"));
    m_layout->setAccessibleName(tr("Layout of the tensor"));
    m_range->setAccessibleName(tr("Range of the pixels"));
    m_preset->setAccessibleName(tr("Normalise"));
    m_mean->setAccessibleName(tr("Mean of each channel"));
    m_deviation->setAccessibleName(tr("Standard deviation of each channel"));
}

void ImageOptionsEditor::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
