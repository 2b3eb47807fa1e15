// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/errors/error_text.h"

#include "ui/errors/engine_texts.h"

#include <QCoreApplication>
#include <QStringList>

namespace lapidary {

namespace {

struct CodeText {
    ErrorCode code;
    const char* title;
    const char* nextStep;
};

constexpr CodeText codeTexts[] = {
    {ErrorCode::InvalidArgument, QT_TRANSLATE_NOOP("errors", "This cannot be used"),
     QT_TRANSLATE_NOOP("errors", "Check what was given and try again.")},
    {ErrorCode::NotFound, QT_TRANSLATE_NOOP("errors", "It was not found"),
     QT_TRANSLATE_NOOP("errors", "Check that the file is still there and that its name is right.")},
    {ErrorCode::IoError, QT_TRANSLATE_NOOP("errors", "The file could not be read or written"),
     QT_TRANSLATE_NOOP("errors", "Check the permissions of the file and the space on the disk.")},
    {ErrorCode::InvalidModel, QT_TRANSLATE_NOOP("errors", "This is not a valid ONNX model"),
     QT_TRANSLATE_NOOP("errors", "Export or download the file again; it may be incomplete.")},
    {ErrorCode::UnsupportedOp, QT_TRANSLATE_NOOP("errors", "The model uses an operator that cannot run here"),
     QT_TRANSLATE_NOOP("errors",
                       "The graph can still be studied. Another opset or exporter may avoid the operator.")},
    {ErrorCode::ShapeMismatch, QT_TRANSLATE_NOOP("errors", "Sizes or types do not fit each other"),
     QT_TRANSLATE_NOOP("errors", "Compare the input with what the model asks for.")},
    {ErrorCode::OutOfMemory, QT_TRANSLATE_NOOP("errors", "There is not enough memory"),
     QT_TRANSLATE_NOOP("errors", "Use smaller inputs or a smaller batch, or close other programs.")},
    {ErrorCode::BackendUnavailable, QT_TRANSLATE_NOOP("errors", "The device is not available"),
     QT_TRANSLATE_NOOP("errors", "Choose another device.")},
    {ErrorCode::BackendFailure, QT_TRANSLATE_NOOP("errors", "The device failed at its work"),
     QT_TRANSLATE_NOOP("errors", "Try again, or choose another device.")},
    {ErrorCode::NetworkFailure, QT_TRANSLATE_NOOP("errors", "The network did not answer"),
     QT_TRANSLATE_NOOP("errors", "Check the connection and try again.")},
    {ErrorCode::AuthFailure, QT_TRANSLATE_NOOP("errors", "Access was refused"),
     QT_TRANSLATE_NOOP("errors", "Sign in again.")},
    {ErrorCode::Cancelled, QT_TRANSLATE_NOOP("errors", "Cancelled"), ""},
    {ErrorCode::Internal, QT_TRANSLATE_NOOP("errors", "Something went wrong inside Lapidary"),
     QT_TRANSLATE_NOOP("errors",
                       "Please report it, with the copied text and the model if you can share it.")},
};

const CodeText& textOf(ErrorCode code)
{
    for (const CodeText& text : codeTexts) {
        if (text.code == code)
            return text;
    }
    return codeTexts[std::size(codeTexts) - 1];
}

} // namespace

QString errorTitle(ErrorCode code) { return QCoreApplication::translate("errors", textOf(code).title); }

QString errorMessage(const Error& error)
{
    QString text = inUsersLanguage(error.message).trimmed();
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    static const QString endings = QStringLiteral(".!?:");
    if (!endings.contains(text.back()))
        text += QLatin1Char('.');
    return text;
}

QString errorNextStep(const Error& error)
{
    if (!error.nextStep.empty())
        return inUsersLanguage(error.nextStep);
    const char* general = textOf(error.code).nextStep;
    return *general ? QCoreApplication::translate("errors", general) : QString();
}

QString errorPlace(const Error& error)
{
    QStringList places;
    for (const std::string& place : error.where)
        places << inUsersLanguage(place);
    return places.join(QStringLiteral(" › "));
}

QString errorAsPlainText(const Error& error)
{
    QStringList lines{errorTitle(error.code), errorMessage(error)};
    lines << errorPlace(error) << errorNextStep(error);
    const std::string_view name = errorCodeName(error.code);
    lines << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    lines.removeAll(QString());
    return lines.join(QLatin1Char('\n'));
}

} // namespace lapidary
