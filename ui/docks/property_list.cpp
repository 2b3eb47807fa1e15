// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/property_list.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>

namespace lapidary {

namespace {

// A label that wraps; a single word that is too long (a key of the metadata) is cut in the middle.
class RowLabel : public QLabel {
public:
    RowLabel(const QString& text, const QString& tooltip, QWidget* parent) : QLabel(parent)
    {
        setTextFormat(Qt::PlainText);
        setWordWrap(true);
        const int width = fontMetrics().averageCharWidth() * 15;
        setFixedWidth(width);
        QStringList words = text.split(QLatin1Char(' '));
        for (QString& word : words)
            word = fontMetrics().elidedText(word, Qt::ElideMiddle, width);
        setText(words.join(QLatin1Char(' ')));
        setToolTip(tooltip.isEmpty() ? (QLabel::text() == text ? QString() : text) : tooltip);
        setContentsMargins(0, 5, 0, 0);
        setAlignment(Qt::AlignLeft | Qt::AlignTop);
        setTextColor(*this, Theme::instance().colors().mutedText);
    }
};

} // namespace

PropertyList::PropertyList(QWidget* parent) : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void PropertyList::begin(const QString& kind, const QString& title)
{
    m_heading = title;
    m_content = new QWidget;
    m_rows = new QVBoxLayout(m_content);
    m_rows->setContentsMargins(14, 12, 14, 14);
    m_rows->setSpacing(4);

    auto* kindLabel = new QLabel(kind, m_content);
    kindLabel->setFont(sectionFont(font()));
    setTextColor(*kindLabel, Theme::instance().colors().mutedText);
    m_rows->addWidget(kindLabel);
    auto* titleLabel = new QLabel(title, m_content);
    titleLabel->setTextFormat(Qt::PlainText);
    titleLabel->setFont(scaledFont(font(), 1.25, QFont::DemiBold));
    titleLabel->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    titleLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
    titleLabel->setToolTip(title);
    m_rows->addWidget(titleLabel);
    m_rows->addSpacing(6);
}

void PropertyList::addSection(const QString& title)
{
    m_rows->addSpacing(12);
    auto* label = new QLabel(title, m_content);
    label->setFont(sectionFont(font()));
    m_rows->addWidget(label);
    m_rows->addSpacing(2);
}

PropertyField* PropertyList::addRow(const QString& label, const QString& value, const QString& tooltip)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* name = new RowLabel(label, tooltip, m_content);
    auto* field = new PropertyField(value, m_content);
    row->addWidget(name, 0, Qt::AlignTop);
    row->addWidget(field, 1);
    field->setAccessibleName(tr("%1: %2", "label: value").arg(label, value));
    m_rows->addLayout(row);
    return field;
}

PropertyField* PropertyList::addField(const QString& value)
{
    auto* field = new PropertyField(value, m_content);
    m_rows->addWidget(field);
    return field;
}

void PropertyList::addText(const QString& text)
{
    auto* label = new QLabel(text, m_content);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    m_rows->addWidget(label);
}

void PropertyList::addWidget(QWidget* widget) { m_rows->addWidget(widget); }

void PropertyList::end()
{
    m_rows->addStretch(1);
    setWidget(m_content); // deletes the one before
}

QString PropertyList::heading() const { return m_heading; }

} // namespace lapidary
