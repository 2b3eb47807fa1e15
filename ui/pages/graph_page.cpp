// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/graph_page.h"

#include "ui/settings/settings.h"
#include "ui/theme/theme.h"
#include "viewers/graph/graph_view.h"

#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QTimer>
#include <QToolButton>

namespace lapidary {

namespace {

constexpr int stripMargin = 14;

// Something that floats over the canvas.
template <typename Base>
class Floating : public Base {
public:
    using Base::Base;

protected:
    void paintEvent(QPaintEvent*) override
    {
        const ThemeColors& colors = Theme::instance().colors();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(colors.border);
        painter.setBrush(colors.surface);
        painter.drawRoundedRect(QRectF(this->rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
};

} // namespace

GraphPage::GraphPage(ModelDocument& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_view(new GraphView(document.jobs(), this)),
      m_strip(new Floating<QWidget>(this)),
      m_groups(new QToolButton(m_strip)),
      m_colours(new QToolButton(m_strip)),
      m_breadcrumb(new Floating<Breadcrumb>(this)),
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
    addMenuButton(m_groups, &GraphPage::fillGroupsMenu);
    addMenuButton(m_colours, &GraphPage::fillColoursMenu);
    m_busy->setMargin(8);
    m_busy->hide();

    connect(&m_document, &ModelDocument::modelChanged, this, &GraphPage::showModel);
    connect(&m_document, &ModelDocument::typesChanged, this, [this] {
        m_view->setTypes(m_document.types());
        refreshColours();
    });
    connect(&m_document, &ModelDocument::runFinished, this, &GraphPage::refreshColours);
    connect(m_view, &GraphView::contextMenuWanted, this, &GraphPage::showContextMenu);
    connect(&m_document, &ModelDocument::selectionChanged, this, [this] {
        m_view->select(m_document.selection());
        showCrumbs();
    });
    connect(m_view, &GraphView::groupsChanged, this, &GraphPage::showCrumbs);
    connect(m_breadcrumb, &Breadcrumb::picked, this, [this](const Selection& selection) {
        m_document.select(selection);
        m_view->revealSelection();
    });
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
        showModel(false);
}

void GraphPage::addMenuButton(QToolButton* button, void (GraphPage::*fill)())
{
    button->setAutoRaise(true);
    button->setIconSize({20, 20});
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(new QMenu(button));
    connect(button->menu(), &QMenu::aboutToShow, this, fill);
    m_strip->layout()->addWidget(button);
    m_buttons << button;
}

void GraphPage::showModel(bool again)
{
    m_drawn = false;
    m_fileData = nullptr;
    if (m_colourBy == ColourBy::File)
        m_colourBy = ColourBy::Operator;
    refreshColours();
    if (again)
        m_view->replaceModel(m_document.model(), m_document.types());
    else
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
    QAction* fold = menu->addAction(tr("Fold QuantizeLinear and DequantizeLinear"), m_view,
                                    &GraphView::setFoldQuantization);
    fold->setCheckable(true);
    fold->setChecked(m_view->foldsQuantization());
    menu->addSeparator();
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

void GraphPage::fillColoursMenu()
{
    QMenu* menu = m_colours->menu();
    menu->clear();
    const auto add = [&](const QString& text, ColourBy by, const QString& missing) {
        const bool there = by == ColourBy::Operator || hasGraphData(by, m_document);
        QAction* action = menu->addAction(there ? text : tr("%1 (%2)").arg(text, missing), this,
                                          [this, by] { colourBy(by); });
        action->setCheckable(true);
        action->setChecked(m_colourBy == by);
        action->setEnabled(there);
    };
    const QString noTypes = tr("types are not known yet");
    const QString noRun = tr("after a run");
    add(tr("By operator"), ColourBy::Operator, {});
    add(tr("By type"), ColourBy::Type, noTypes);
    add(tr("By memory"), ColourBy::Memory, noTypes);
    add(tr("By time"), ColourBy::Time, noRun);
    add(tr("By execution provider"), ColourBy::Device, noRun);
    QAction* file = menu->addAction(tr("From a CSV file…"), this, &GraphPage::colourByFile);
    file->setCheckable(true);
    file->setChecked(m_colourBy == ColourBy::File);
}

void GraphPage::colourBy(ColourBy by)
{
    m_colourBy = by;
    refreshColours();
}

void GraphPage::refreshColours()
{
    m_view->setData(m_colourBy == ColourBy::File ? m_fileData : graphData(m_colourBy, m_document));
}

void GraphPage::colourByFile()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Values of nodes"), QString(), tr("Comma-separated values (*.csv *.txt);;All files (*)"));
    const std::shared_ptr<const Model> model = m_document.model();
    if (path.isEmpty() || !model)
        return;
    JobOptions options;
    options.title = tr("Reading %1").arg(QFileInfo(path).fileName()).toStdString();
    options.lane = options.replaceKey = "colours";
    options.withOwner(m_alive);
    m_document.jobs().start(
        std::move(options),
        [path = path.toStdString(), model](JobContext&) { return readNodeData(path, *model); },
        [this, path, model](Result<NodeData> read) {
            if (model != m_document.model())
                return;
            if (!read.ok()) {
                emit failed(QFileInfo(path).fileName(), read.error());
                return;
            }
            m_fileData = std::make_shared<const NodeData>(std::move(*read));
            colourBy(ColourBy::File);
        });
}

void GraphPage::showCrumbs()
{
    m_breadcrumb->setCrumbs(m_view->crumbs());
    placeOverlays();
}

void GraphPage::showContextMenu(const QPoint& global)
{
    QMenu menu(this);
    const bool picked = m_document.selection().kind != Selection::Kind::None;
    const auto add = [&](const QString& text, bool enabled, void (GraphView::*slot)()) {
        menu.addAction(text, m_view, slot)->setEnabled(enabled);
    };
    add(tr("Trace what it comes from"), picked, &GraphView::traceUpstream);
    add(tr("Trace what it goes into"), picked, &GraphView::traceDownstream);
    add(tr("Trace the way from the last selection"), m_view->canTraceBetween(), &GraphView::traceBetween);
    add(tr("End the trace"), m_view->isTracing(), &GraphView::endTrace);
    menu.addSeparator();
    add(tr("Go to the selection"), picked, &GraphView::revealSelection);
    add(tr("Fit to window"), true, &GraphView::fit);
    menu.addSeparator();
    menu.addActions(actions()); // of the window
    menu.exec(global);
}

void GraphPage::revealSelection() { m_view->revealSelection(); }

void GraphPage::placeOverlays()
{
    m_strip->adjustSize();
    m_strip->move(stripMargin, height() - m_strip->height() - stripMargin);
    m_strip->raise();
    m_breadcrumb->move(stripMargin, stripMargin);
    m_breadcrumb->raise();
    m_busy->adjustSize();
    m_busy->move((width() - m_busy->width()) / 2, (height() - m_busy->height()) / 2);
    m_busy->raise();
}

void GraphPage::retranslate()
{
    const QString names[] = {tr("Zoom in"), tr("Zoom out"), tr("Fit to window"), tr("Groups"), tr("Colours")};
    for (int i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i]->setText(names[i]);
        m_buttons[i]->setToolTip(names[i]);
        m_buttons[i]->setAccessibleName(names[i]);
    }
    m_busy->setText(tr("Drawing the graph…"));
}

void GraphPage::updateIcons()
{
    const char* icons[] = {"zoom-in", "zoom-out", "fit", "groups", "colour"};
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
