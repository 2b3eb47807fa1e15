// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/search_help.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QEvent>
#include <QLabel>

namespace lapidary {

namespace {

struct Example {
    const char* query;
    const char* meaning;
};

// Queries are written the same in every language.
const Example examples[] = {
    {"conv bias",
     QT_TRANSLATE_NOOP("search", "Both words, anywhere in the name, operator, attributes or tensors")},
    {"op:Conv|Gemm",
     QT_TRANSLATE_NOOP("search", "One of two operators; op:Conv* for all that start with it")},
    {"kernel_shape:3,3", QT_TRANSLATE_NOOP("search", "An attribute; any name can be the key")},
    {"op:Conv params:>1M",
     QT_TRANSLATE_NOOP("search", "Compare numbers: > >= < <= = != 10..20, with k, M, G")},
    {"shape:1,*,224,224", QT_TRANSLATE_NOOP("search", "A shape; * is any size, ... any number of sizes")},
    {"type:float16", QT_TRANSLATE_NOOP("search", "A data type")},
    {"weight:bias bytes:>1M", QT_TRANSLATE_NOOP("search", "Weights by name and size")},
    {"in:image", QT_TRANSLATE_NOOP("search", "What reads a tensor; out: is what writes it")},
    {"-op:Constant name:/[02]$/",
     QT_TRANSLATE_NOOP("search", "A minus excludes, slashes hold a regular expression")},
    {"MatMul -> * -> Softmax",
     QT_TRANSLATE_NOOP("search", "Nodes in a chain; * is any one node, ** any few")},
};
constexpr const char* keys =
    "op: name: in: out: tensor: weight: attr: type: shape: rank: domain: params: bytes: "
    "inputs: outputs: kind:";

} // namespace

SearchHelp::SearchHelp(QWidget* parent) : QScrollArea(parent), m_text(new QLabel(this))
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    m_text->setObjectName(QStringLiteral("searchExamples"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::RichText);
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_text->setContentsMargins(12, 6, 12, 12);
    m_text->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_text->setFocusPolicy(Qt::StrongFocus);
    setFocusProxy(m_text);
    setWidget(m_text);
    connect(m_text, &QLabel::linkActivated, this, [this](const QString& link) {
        emit chosen(QString::fromUtf8(QByteArray::fromPercentEncoding(link.toLatin1())));
    });
    connect(&Theme::instance(), &Theme::changed, this, &SearchHelp::refresh);
    refresh();
}

void SearchHelp::refresh()
{
    const QString muted = Theme::instance().colors().mutedText.name();
    const QString family = monospaceFont(font()).family();
    QString html;
    for (const Example& example : examples) {
        const QString query = QLatin1String(example.query);
        html +=
            QStringLiteral(
                "<p style='margin-top:0; margin-bottom:9px'><a href='%1' style='text-decoration:none; "
                "font-family:\"%2\"'>%3</a><br><span style='color:%4'>%5</span></p>")
                .arg(QString::fromLatin1(query.toUtf8().toPercentEncoding()), family, query.toHtmlEscaped(),
                     muted, QCoreApplication::translate("search", example.meaning).toHtmlEscaped());
    }
    html += QStringLiteral("<p style='color:%1'>%2<br><span style='font-family:\"%3\"'>%4</span></p>")
                .arg(muted, tr("All keys:").toHtmlEscaped(), family, QString::fromLatin1(keys));
    m_text->setText(html);
    m_text->setAccessibleName(tr("Examples of searches"));
}

void SearchHelp::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QScrollArea::changeEvent(event);
}

} // namespace lapidary
