// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/graph_page.h"

#include "ui/settings/settings.h"
#include "ui/theme/theme.h"
#include "viewers/graph/graph_view.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QTimer>
#include <QToolButton>

namespace lapidary {

namespace {

constexpr int stripMargin = 14;

// Buttons floating over the canvas.
class Strip : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent*) override
    {
        const ThemeColors& colors = Theme::instance().colors();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(colors.border);
        painter.setBrush(colors.surface);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
};

} // namespace

GraphPage::GraphPage(ModelDocument& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_view(new GraphView(document.jobs(), this)),
      m_strip(new Strip(this)),
      m_busy(new QLabel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    m_view->setHorizontal(readSetting(settings::horizontalLayout));

    auto* row = new QHBoxLayout(m_strip);
    row->setContentsMargins(4, 4, 4, 4);
    row->setSpacing(2);
    for (const auto& slot : {&GraphView::zoomIn, &GraphView::zoomOut, &GraphView::fit}) {
        auto* button = new QToolButton(m_strip);
        button->setAutoRaise(true);
        button->setIconSize({20, 20});
        connect(button, &QToolButton::clicked, m_view, slot);
        row->addWidget(button);
        m_buttons << button;
    }
    m_groups = new QToolButton(m_strip);
    m_groups->setAutoRaise(true);
    m_groups->setIconSize({20, 20});
    m_groups->setPopupMode(QToolButton::InstantPopup);
    m_groups->setMenu(new QMenu(m_groups));
    connect(m_groups->menu(), &QMenu::aboutToShow, this, &GraphPage::fillGroupsMenu);
    row->addWidget(m_groups);
    m_buttons << m_groups;
    m_busy->setMargin(8);
    m_busy->hide();

    connect(&m_document, &ModelDocument::modelChanged, this, &GraphPage::showModel);
    connect(&m_document, &ModelDocument::typesChanged, this,
            [this] { m_view->setTypes(m_document.types()); });
    connect(&m_document, &ModelDocument::selectionChanged, this,
            [this] { m_view->select(m_document.selection()); });
    connect(m_view, &GraphView::selectionChanged, &m_document, &ModelDocument::select);
    connect(m_view, &GraphView::layoutFinished, this, [this](double layoutMs) {
        m_busy->hide();
        m_drawn = true;
        emit drawn(layoutMs);
    });
    connect(&Theme::instance(), &Theme::changed, this, &GraphPage::updateIcons);
    retranslate();
    updateIcons();
    if (m_document.model())
        showModel();
}

void GraphPage::showModel()
{
    m_drawn = false;
    m_view->setModel(m_document.model(), m_document.types());
    m_strip->setVisible(m_document.model() != nullptr);
    // A layout that is done in a moment needs no word about it.
    QTimer::singleShot(200, this, [this] {
        m_busy->setVisible(!m_drawn && m_document.model());
        placeOverlays();
    });
}

void GraphPage::fillGroupsMenu()
{
    QMenu* menu = m_groups->menu();
    menu->clear();
    const int depth = m_view->groupDepth();
    const bool known = m_view->groupLevel() > 0;
    const auto add = [&](const QString& text, int level) {
        QAction* action = menu->addAction(text, m_view, [this, level] { m_view->setGroupLevel(level); });
        action->setCheckable(true);
        action->setChecked(m_view->groupLevel() == level);
        return action;
    };
    add(tr("No groups"), 0);
    if (known && depth == 0) {
        menu->addAction(tr("This graph shows no groups"))->setEnabled(false);
        return;
    }
    menu->addSeparator();
    if (!known) {
        add(tr("Group the nodes"), 1);
        return;
    }
    add(tr("All closed"), 1);
    for (int level = 2; level <= depth; ++level)
        add(tr("%n level(s) open", nullptr, level - 1), level);
    add(tr("All open"), depth + 1);
}

void GraphPage::revealSelection() { m_view->revealSelection(); }

void GraphPage::placeOverlays()
{
    m_strip->adjustSize();
    m_strip->move(stripMargin, height() - m_strip->height() - stripMargin);
    m_strip->raise();
    m_busy->adjustSize();
    m_busy->move((width() - m_busy->width()) / 2, (height() - m_busy->height()) / 2);
    m_busy->raise();
}

void GraphPage::retranslate()
{
    const QString names[] = {tr("Zoom in"), tr("Zoom out"), tr("Fit to window"), tr("Groups")};
    for (int i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i]->setText(names[i]);
        m_buttons[i]->setToolTip(names[i]);
        m_buttons[i]->setAccessibleName(names[i]);
    }
    m_busy->setText(tr("Drawing the graph…"));
}

void GraphPage::updateIcons()
{
    const char* icons[] = {"zoom-in", "zoom-out", "fit", "groups"};
    for (int i = 0; i < m_buttons.size(); ++i)
        m_buttons[i]->setIcon(themedIcon(icons[i]));
    placeOverlays();
}

void GraphPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void GraphPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeOverlays();
}

} // namespace lapidary
