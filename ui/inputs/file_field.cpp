// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/file_field.h"

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace lapidary {

// Shows the end of a long path, "…/images/7.png", unless it is being edited.
class PathEdit : public QLineEdit {
public:
    using QLineEdit::QLineEdit;

    QString path() const { return hasFocus() ? text() : m_path; }
    void setPath(const QString& path)
    {
        m_path = path;
        setToolTip(QDir::toNativeSeparators(path));
        showPath();
    }

protected:
    void focusInEvent(QFocusEvent* event) override
    {
        if (event->reason() != Qt::PopupFocusReason)
            setText(m_path);
        QLineEdit::focusInEvent(event);
    }
    void focusOutEvent(QFocusEvent* event) override
    {
        if (event->reason() == Qt::PopupFocusReason) { // the menu still acts on the whole path
            QLineEdit::focusOutEvent(event);
            return;
        }
        m_path = text();
        QLineEdit::focusOutEvent(event); // editingFinished()
        showPath();
    }
    void resizeEvent(QResizeEvent* event) override
    {
        QLineEdit::resizeEvent(event);
        showPath();
    }

private:
    void showPath()
    {
        if (hasFocus()) {
            if (text() != m_path)
                setText(m_path);
            return;
        }
        constexpr int frame = 12; // on both sides of the text
        setText(fontMetrics().elidedText(m_path, Qt::ElideLeft, width() - frame));
    }

    QString m_path;
};

FileField::FileField(QWidget* parent)
    : QWidget(parent), m_edit(new PathEdit(this)), m_browse(new QPushButton(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_edit, 1);
    row->addWidget(m_browse);
    connect(m_browse, &QPushButton::clicked, this, &FileField::browse);
    connect(m_edit, &QLineEdit::editingFinished, this, [this] {
        if (m_edit->path() == m_path)
            return;
        m_path = m_edit->path();
        emit pathChosen(m_path);
    });
    retranslate();
}

void FileField::setPath(const QString& path)
{
    m_path = path;
    m_edit->setPath(path);
}

QString FileField::path() const { return m_path; }

void FileField::setKind(const QString& title, const QString& filter)
{
    m_title = title;
    m_filter = filter;
}

void FileField::browse()
{
    const QString start = m_path.isEmpty() ? QString() : QFileInfo(m_path).absolutePath();
    const QString path = QFileDialog::getOpenFileName(this, m_title, start, m_filter);
    if (path.isEmpty())
        return;
    setPath(path);
    emit pathChosen(path);
}

void FileField::retranslate()
{
    m_edit->setPlaceholderText(tr("Choose or drop a file"));
    m_edit->setAccessibleName(tr("File"));
    m_browse->setText(tr("Browse…"));
}

void FileField::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace lapidary
