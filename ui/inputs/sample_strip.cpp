// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/sample_strip.h"

#include "ui/cards/flow_layout.h"
#include "ui/inputs/run_inputs.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QEvent>
#include <QFileInfo>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace lapidary {

namespace {

// A thumbnail or a name in a rounded frame, marked when it is what the run uses.
class SampleButton : public QAbstractButton {
public:
    SampleButton(const QString& path, const QImage& picture, QWidget* parent)
        : QAbstractButton(parent), m_path(path), m_picture(picture)
    {
        setCheckable(true);
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::StrongFocus);
        setText(QFileInfo(path).fileName());
        setToolTip(text());
    }
    const QString& path() const { return m_path; }
    bool isPicture() const { return !m_picture.isNull(); }

    QSize sizeHint() const override
    {
        constexpr int side = 44;
        return isPicture() ? QSize(side, side)
                           : QSize(fontMetrics().horizontalAdvance(text()) + 24, fontMetrics().height() + 12);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const ThemeColors& colours = Theme::instance().colors();
        const bool marked = isChecked() || hasFocus();
        QColor ground = palette().color(QPalette::Base);
        if (isChecked() && !isPicture()) {
            ground = colours.accent;
            ground.setAlphaF(0.16F);
        }
        painter.setPen(QPen(marked ? colours.accent : colours.border, isChecked() ? 2 : 1));
        painter.setBrush(ground);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), isPicture() ? 5 : height() / 2.0,
                                isPicture() ? 5 : height() / 2.0);
        painter.setPen(palette().color(QPalette::Text));
        if (!isPicture()) {
            painter.drawText(rect(), Qt::AlignCenter, text());
            return;
        }
        const QRect inner = rect().adjusted(4, 4, -4, -4);
        QSize size = m_picture.size().scaled(inner.size(), Qt::KeepAspectRatio);
        QRect target(QPoint(0, 0), size);
        target.moveCenter(inner.center());
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(target, m_picture);
    }
    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }

private:
    QString m_path;
    QImage m_picture;
};

} // namespace

SampleStrip::SampleStrip(RunInputs& inputs, QWidget* parent)
    : QWidget(parent),
      m_inputs(inputs),
      m_title(new QLabel(this)),
      m_items(new QWidget(this)),
      m_flow(new FlowLayout(m_items))
{
    m_title->setForegroundRole(QPalette::PlaceholderText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(m_title);
    column->addWidget(m_items);
    connect(&inputs, &RunInputs::rebuilt, this, &SampleStrip::rebuild);
    connect(&inputs, &RunInputs::samplesChanged, this, &SampleStrip::rebuild);
    connect(&inputs, &RunInputs::choiceChanged, this, &SampleStrip::markUsed);
    connect(&inputs, &RunInputs::dataFolderChanged, this, &SampleStrip::markUsed);
    retranslate();
    rebuild();
}

void SampleStrip::rebuild()
{
    while (QLayoutItem* item = m_flow->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    const auto add = [this](SampleButton* button, auto use) {
        m_flow->addWidget(button);
        connect(button, &QAbstractButton::clicked, this, [this, path = button->path(), use] {
            use(path);
            markUsed(); // a click on the one in use must not switch it off
        });
    };
    const RunSamples& samples = m_inputs.samples();
    const bool takesPictures = std::ranges::any_of(m_inputs.specs(), looksLikeImageInput);
    if (takesPictures) {
        for (const SampleImage& image : samples.images)
            add(new SampleButton(image.path, image.thumbnail, m_items),
                [this](const QString& path) { m_inputs.useImage(path); });
    }
    for (const QString& folder : samples.dataFolders)
        add(new SampleButton(folder, {}, m_items),
            [this](const QString& path) { m_inputs.useDataFolder(path); });
    setVisible(m_flow->count() > 0);
    markUsed();
}

void SampleStrip::markUsed()
{
    QStringList used{m_inputs.dataFolder()};
    for (size_t i = 0; i < m_inputs.specs().size(); ++i) {
        if (m_inputs.choice(i).source == InputSource::Image)
            used << m_inputs.choice(i).file;
    }
    for (int i = 0; i < m_flow->count(); ++i) {
        auto* button = static_cast<SampleButton*>(m_flow->itemAt(i)->widget());
        button->setChecked(used.contains(button->path()));
    }
}

void SampleStrip::retranslate() { m_title->setText(tr("Samples beside the model")); }

void SampleStrip::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
