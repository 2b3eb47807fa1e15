// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/documentation_panel.h"

#include "engine/ops/op_def.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocument>

namespace lapidary {

namespace {

QString fromStd(const std::string& text) { return QString::fromStdString(text); }

// The specification's own line breaks and HTML are kept out of Markdown's way.
QString tidied(const std::string& doc)
{
    QString text = fromStd(doc).trimmed();
    text.replace(QLatin1String("<br>"), QLatin1String("\n\n"));
    text.replace(QLatin1String("<br/>"), QLatin1String("\n\n"));
    return text;
}

QString listItem(const QString& name, const QString& type, const QString& doc)
{
    return QStringLiteral("- **%1** `%2`  \n  %3\n").arg(name, type, doc.simplified());
}

} // namespace

DocumentationPanel::DocumentationPanel(ModelDocument& document, OpDocs& docs, QWidget* parent)
    : QTextBrowser(parent), m_document(document), m_docs(docs)
{
    setFrameShape(QFrame::NoFrame);
    setOpenExternalLinks(true);
    setAccessibleName(tr("Operator documentation"));
    this->document()->setDocumentMargin(14);
    connect(&m_document, &ModelDocument::selectionChanged, this, &DocumentationPanel::refresh);
    connect(&m_document, &ModelDocument::modelChanged, this, &DocumentationPanel::refresh);
    connect(&m_docs, &OpDocs::loaded, this, &DocumentationPanel::refresh);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        m_shown.clear();
        refresh();
    });
}

QString DocumentationPanel::markdown()
{
    const std::shared_ptr<const Model> model = m_document.model();
    if (!model || m_document.selection().kind != Selection::Kind::Node)
        return tr("Select a node to read what its operator does.");
    const Selection& selection = m_document.selection();
    return nodeMarkdown(*model, selection.graphIn(*model).node(selection.node));
}

QString DocumentationPanel::nodeMarkdown(const Model& model, const Node& node)
{
    const QString name = fromStd(node.opType);
    const QString domain = QString::fromUtf8(domainName(node.domain).data(),
                                             static_cast<qsizetype>(domainName(node.domain).size()));
    QString text = QStringLiteral("## %1\n\n").arg(name);
    if (const Function* function = model.function(node.domain, node.opType, node.overload)) {
        text +=
            tr("A function defined in this model, in the domain %1.").arg(domain) + QStringLiteral("\n\n");
        return text + tidied(function->doc);
    }
    const OpDocs::Answer answer = m_docs.find(model, node);
    if (answer.state == OpDocs::State::Loading)
        return text + tr("Looking it up…");
    if (answer.state == OpDocs::State::Unknown)
        return text + tr("The ONNX library installed here has no documentation for %1 in %2 version %3. The "
                         "operator may be "
                         "newer than the library, or belong to another vendor.")
                          .arg(name, domain)
                          .arg(model.opsetVersion(node.domain));
    const OpDocumentation& documentation = *answer.documentation;
    text += tr("%1, since version %2").arg(domain).arg(documentation.sinceVersion) + QStringLiteral("\n\n");
    const OpDef* op = findOp(node.domain, node.opType);
    const int used = op ? op->versionAt(model.opsetVersion(node.domain)) : 0;
    if (used > documentation.sinceVersion)
        text += QStringLiteral("**%1**\n\n")
                    .arg(tr("The model uses version %1 of this operator, which the ONNX library installed "
                            "here does not know: this is the newest text that it has.")
                             .arg(used));
    if (documentation.deprecated)
        text += QStringLiteral("**%1**\n\n").arg(tr("This operator is deprecated."));
    text += tidied(documentation.doc) + QStringLiteral("\n\n");
    const auto addParameters = [&text](const QString& title, const std::vector<OpParameter>& parameters) {
        if (parameters.empty())
            return;
        text += QStringLiteral("### %1\n\n").arg(title);
        for (const OpParameter& parameter : parameters) {
            const QString note = parameter.optional   ? tr("(optional)")
                                 : parameter.variadic ? tr("(any number)")
                                                      : QString();
            text += listItem(fromStd(parameter.name), fromStd(parameter.typeText),
                             note + ' ' + fromStd(parameter.doc));
        }
        text += '\n';
    };
    addParameters(tr("Inputs"), documentation.inputs);
    addParameters(tr("Outputs"), documentation.outputs);
    if (!documentation.attributes.empty())
        text += QStringLiteral("### %1\n\n").arg(tr("Attributes"));
    for (const OpAttributeDoc& attribute : documentation.attributes) {
        QString note = attribute.required ? tr("(required)") : QString();
        if (!attribute.defaultText.empty())
            note = tr("(default: %1)").arg(fromStd(attribute.defaultText));
        text += listItem(fromStd(attribute.name), fromStd(attribute.typeText),
                         note + ' ' + fromStd(attribute.doc));
    }
    return text;
}

void DocumentationPanel::refresh()
{
    if (!isVisible())
        return;
    const QString text = markdown();
    if (text == m_shown)
        return;
    m_shown = text;
    document()->setMarkdown(text);
    verticalScrollBar()->setValue(0);
}

void DocumentationPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        setAccessibleName(tr("Operator documentation"));
        refresh();
    }
    QTextBrowser::changeEvent(event);
}

void DocumentationPanel::showEvent(QShowEvent* event)
{
    QTextBrowser::showEvent(event);
    refresh();
}

} // namespace lapidary
