// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/file_field.h"

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace lapidary {

FileField::FileField(QWidget* parent)
    : QWidget(parent), m_edit(new QLineEdit(this)), m_browse(new QPushButton(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_edit, 1);
    row->addWidget(m_browse);
    connect(m_browse, &QPushButton::clicked, this, &FileField::browse);
    connect(m_edit, &QLineEdit::editingFinished, this, [this] {
        if (m_edit->text() == m_path)
            return;
        m_path = m_edit->text();
        emit pathChosen(m_path);
    });
    retranslate();
}

void FileField::setPath(const QString& path)
{
    m_path = path;
    m_edit->setText(path);
    m_edit->setToolTip(QDir::toNativeSeparators(path));
    m_edit->setCursorPosition(static_cast<int>(path.size())); // the name of the file, not of the root
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
