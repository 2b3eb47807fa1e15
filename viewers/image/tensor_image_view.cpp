// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/image/tensor_image_view.h"

#include "engine/base/job_queue.h"
#include "viewers/image/image_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace lapidary {

TensorImageView::TensorImageView(JobQueue& jobs, QWidget* parent)
    : QWidget(parent),
      m_jobs(jobs),
      m_view(new ImageView(this)),
      m_error(new QLabel(this)),
      m_rangeCaption(new QLabel(this)),
      m_range(new QComboBox(this)),
      m_colours(new QComboBox(this)),
      m_bgr(new QCheckBox(this)),
      m_batchCaption(new QLabel(this)),
      m_batch(new QSpinBox(this)),
      m_save(new QPushButton(this))
{
    m_error->setWordWrap(true);
    m_error->hide();
    m_rangeCaption->setBuddy(m_range);
    m_batchCaption->setBuddy(m_batch);
    addChoices();

    auto* controls = new QHBoxLayout;
    controls->setSpacing(8);
    for (QWidget* control :
         std::initializer_list<QWidget*>{m_rangeCaption, m_range, m_colours, m_bgr, m_batchCaption, m_batch})
        controls->addWidget(control);
    controls->addStretch(1);
    controls->addWidget(m_save);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(controls);
    column->addWidget(m_error);
    column->addWidget(m_view, 1);

    connect(m_range, &QComboBox::currentIndexChanged, this, &TensorImageView::refresh);
    connect(m_colours, &QComboBox::currentIndexChanged, this, &TensorImageView::refresh);
    connect(m_bgr, &QCheckBox::toggled, this, &TensorImageView::refresh);
    connect(m_batch, &QSpinBox::valueChanged, this, &TensorImageView::refresh);
    connect(m_save, &QPushButton::clicked, this, &TensorImageView::save);
    retranslate();
}

void TensorImageView::addChoices()
{
    for (const ValueRange range :
         {ValueRange::Automatic, ValueRange::Unit, ValueRange::Signed, ValueRange::Bytes, ValueRange::Full})
        m_range->addItem(QString(), static_cast<int>(range));
    for (const SingleChannelColours colours : {SingleChannelColours::Gray, SingleChannelColours::Viridis})
        m_colours->addItem(QString(), static_cast<int>(colours));
}

void TensorImageView::setTensor(Tensor tensor, bool bgr)
{
    const Shape shape = toShape(tensor.dims());
    m_layout = guessImageLayout(shape).value_or(ImageLayout::ChannelsFirst);
    const auto axes = imageAxes(shape.size(), m_layout);
    const auto size = [&](int axis) { return axis < 0 ? 1 : tensor.dims()[static_cast<size_t>(axis)]; };
    const int64_t channels = axes ? size(axes->channel) : 1;
    const int64_t images = axes ? size(axes->batch) : 1;
    const QSignalBlocker batchBlocker(m_batch);
    const QSignalBlocker bgrBlocker(m_bgr);
    m_batch->setRange(0, static_cast<int>(std::clamp<int64_t>(images - 1, 0, INT_MAX)));
    m_batch->setVisible(images > 1);
    m_batchCaption->setVisible(images > 1);
    m_bgr->setVisible(channels != 1);
    m_bgr->setChecked(bgr && channels != 1);
    m_colours->setVisible(channels == 1);
    m_tensor = std::move(tensor);
    refresh();
}

ImageDisplay TensorImageView::display() const
{
    ImageDisplay display;
    display.layout = m_layout;
    display.range = static_cast<ValueRange>(m_range->currentData().toInt());
    display.colours = static_cast<SingleChannelColours>(m_colours->currentData().toInt());
    display.bgr = m_bgr->isChecked();
    display.batch = m_batch->value();
    return display;
}

void TensorImageView::refresh()
{
    JobOptions options;
    options.title = tr("Picture").toStdString();
    options.lane = "pictures";
    options.replaceKey = "picture " + std::to_string(reinterpret_cast<uintptr_t>(this));
    options.withOwner(m_alive);
    m_jobs.start(
        options, [tensor = m_tensor, shown = display()](JobContext&) { return tensorToImage(tensor, shown); },
        [this](Result<QImage> image) {
            if (!image.ok() && image.error().code == ErrorCode::Cancelled)
                return;
            m_error->setVisible(!image.ok());
            m_error->setText(image.ok() ? QString() : QString::fromStdString(image.error().message));
            m_view->setImage(image.ok() ? *image : QImage());
            m_save->setEnabled(image.ok());
        });
}

void TensorImageView::save()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save Picture"), QStringLiteral("output.png"),
                                                      tr("PNG image (*.png)"));
    if (path.isEmpty())
        return;
    JobOptions options;
    options.title = tr("Save picture").toStdString();
    options.lane = "files";
    options.withOwner(m_alive);
    m_jobs.start(
        options,
        [image = m_view->image(), path](JobContext&) -> Status {
            if (image.save(path, "PNG"))
                return {};
            return makeError(ErrorCode::IoError,
                             "The picture could not be written to " + path.toStdString() + ".",
                             "Check that the folder exists and that you may write there.");
        },
        [this](Status status) {
            m_error->setVisible(!status.ok());
            if (!status.ok())
                m_error->setText(QString::fromStdString(status.error().message));
        });
}

void TensorImageView::retranslate()
{
    m_view->setAccessibleName(tr("Output as a picture"));
    m_view->setToolTip(tr("Ctrl and wheel zoom, dragging moves, a double click fits the picture"));
    m_rangeCaption->setText(tr("Range"));
    const QStringList ranges{tr("Automatic"), tr("0 to 1"), tr("−1 to 1"), tr("0 to 255"),
                             tr("Lowest to highest")};
    for (int i = 0; i < ranges.size(); ++i)
        m_range->setItemText(i, ranges[i]);
    m_colours->setAccessibleName(tr("Colours"));
    m_colours->setItemText(0, tr("Gray"));
    m_colours->setItemText(1, tr("Viridis"));
    m_bgr->setText(tr("BGR"));
    m_bgr->setToolTip(tr("The first channel is blue"));
    m_batchCaption->setText(tr("Image"));
    m_save->setText(tr("Save as PNG…"));
}

void TensorImageView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
