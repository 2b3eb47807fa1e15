// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/run_error.h"

#include "ui/cards/card.h"
#include "ui/errors/error_text.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QLabel>
#include <QLocale>
#include <QRegularExpression>
#include <QVBoxLayout>

#include <algorithm>
#include <unordered_map>

namespace lapidary {

namespace {

constexpr size_t mostLinks = 20;
constexpr qsizetype mostLines = 5;

// A model with one unknown operator may use it a hundred times: the first few lines say it all.
QString shortened(const QString& message)
{
    QStringList lines = message.split(QLatin1Char('\n'));
    const qsizetype more = lines.size() - mostLines;
    if (more <= 1)
        return message;
    lines.resize(mostLines);
    lines << RunError::tr("… and %1 more like these.").arg(QLocale().toString(more));
    return lines.join(QLatin1Char('\n'));
}

QLabel* makeText(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

std::vector<NodeId> nodesInError(const Model& model, const Error& error)
{
    std::unordered_map<std::string, NodeId> ids;
    for (size_t i = 0; i < model.graph.nodes.size(); ++i)
        ids.emplace(nodeLabel(model.graph.nodes[i], static_cast<NodeId>(i)), static_cast<NodeId>(i));
    QString text = QString::fromStdString(error.message);
    for (const std::string& place : error.where)
        text += QLatin1Char('\n') + QString::fromStdString(place);

    static const QRegularExpression label(QStringLiteral(R"((?:'[^'\n]*'|#\d+) \(\w+\))"));
    std::vector<NodeId> nodes;
    for (auto match = label.globalMatch(text); match.hasNext() && nodes.size() < mostLinks;) {
        const auto found = ids.find(match.next().captured(0).toStdString());
        if (found != ids.end() && std::ranges::find(nodes, found->second) == nodes.end())
            nodes.push_back(found->second);
    }
    return nodes;
}

RunError::RunError(QMargins margins, QWidget* parent)
    : QScrollArea(parent),
      m_card(new Card),
      m_title(makeText(m_card)),
      m_message(makeText(m_card)),
      m_place(makeText(m_card)),
      m_nextStep(makeText(m_card)),
      m_links(new QLabel(m_card))
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.2);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    m_place->setForegroundRole(QPalette::PlaceholderText);
    m_links->setWordWrap(true);
    m_links->setTextInteractionFlags(Qt::TextBrowserInteraction);
    connect(m_links, &QLabel::linkActivated, this,
            [this](const QString& node) { emit nodeActivated(node.toInt()); });
    for (QLabel* label : {m_title, m_place, m_message, m_nextStep, m_links})
        m_card->column()->addWidget(label);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(margins);
    column->addWidget(m_card);
    column->addStretch(1);
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
}

void RunError::showError(std::shared_ptr<const Model> model, const Error& error)
{
    m_model = std::move(model);
    m_error = error;
    refresh();
}

void RunError::refresh()
{
    if (!m_error)
        return;
    const ThemeColors& colours = Theme::instance().colors();
    QPalette coloured;
    coloured.setColor(QPalette::WindowText, colours.error);
    m_title->setPalette(coloured);
    m_card->setFrameColour(colours.error);
    m_title->setText(errorTitle(m_error->code));
    m_message->setText(shortened(errorMessage(*m_error)));
    m_message->setToolTip(m_error->message.size() < 4000 ? QString::fromStdString(m_error->message)
                                                         : QString());
    m_place->setText(errorPlace(*m_error));
    m_place->setVisible(!m_place->text().isEmpty());
    m_nextStep->setText(errorNextStep(*m_error));
    m_nextStep->setVisible(!m_nextStep->text().isEmpty());
    QStringList links;
    for (const NodeId node : m_model ? nodesInError(*m_model, *m_error) : std::vector<NodeId>{}) {
        const QString name =
            QString::fromStdString(nodeLabel(m_model->graph.node(node), node)).toHtmlEscaped();
        links << QStringLiteral("<a href=\"%1\">%2</a>").arg(node).arg(name);
    }
    m_links->setText(tr("Show in the graph: %1").arg(links.join(QStringLiteral(" · "))));
    m_links->setVisible(!links.isEmpty());
    m_card->setAccessibleName(m_title->text());
    m_card->setAccessibleDescription(errorAsPlainText(*m_error));
}

void RunError::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        refresh();
    QScrollArea::changeEvent(event);
}

} // namespace lapidary
