// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/deployment_list.h"

#include "engine/deploy/choices.h"
#include "ui/deploy/deployments.h"
#include "ui/deploy/take_away.h"
#include "ui/deploy/target_text.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QMenu>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QUrl>

namespace lapidary {

namespace {

constexpr int idRole = Qt::UserRole;
constexpr int stateRole = Qt::UserRole + 1;
constexpr int colourRole = Qt::UserRole + 2;
constexpr int placeRole = Qt::UserRole + 3;

// Name over "place · state", with a dot in the colour of the state.
class RunDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {160, 2 * option.fontMetrics.height() + 18};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        QColor ground = option.palette.color(QPalette::WindowText);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        ground.setAlphaF(selected ? 0.08F : option.state.testFlag(QStyle::State_MouseOver) ? 0.05F : 0.0F);
        painter->setPen(Qt::NoPen);
        painter->setBrush(ground);
        painter->drawRoundedRect(option.rect.adjusted(2, 2, -2, -2), 6, 6);
        const QRect text = option.rect.adjusted(26, 8, -10, -8);
        painter->setBrush(index.data(colourRole).value<QColor>());
        painter->drawEllipse(
            QRectF(option.rect.left() + 11, text.top() + option.fontMetrics.height() / 2.0 - 4, 8, 8));
        painter->setPen(option.palette.color(QPalette::Text));
        painter->drawText(
            text, Qt::AlignTop | Qt::AlignLeft,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
        QFont small = scaledFont(option.font, 0.9);
        painter->setFont(small);
        painter->setPen(Theme::instance().colors().mutedText);
        const QString line =
            index.data(stateRole).toString() + QStringLiteral(" · ") + index.data(placeRole).toString();
        painter->drawText(text, Qt::AlignBottom | Qt::AlignLeft,
                          QFontMetrics(small).elidedText(line, Qt::ElideRight, text.width()));
        painter->restore();
    }
};

} // namespace

DeploymentList::DeploymentList(Deployments& deployments, QWidget* parent)
    : QListWidget(parent), m_deployments(deployments)
{
    setObjectName(QStringLiteral("deployments"));
    setItemDelegate(new RunDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    connect(&deployments, &Deployments::listChanged, this, &DeploymentList::fill);
    connect(this, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem* item) { emit chosen(item->data(idRole).toString()); });
    connect(this, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem* item) { emit chosen(item->data(idRole).toString()); });
    fill();
}

QString DeploymentList::current() const
{
    return currentItem() ? currentItem()->data(idRole).toString() : QString();
}

void DeploymentList::setCurrent(const QString& id)
{
    setCurrentItem(nullptr);
    clearSelection();
    for (int row = 0; row < count(); ++row) {
        if (item(row)->data(idRole).toString() == id)
            setCurrentRow(row);
    }
}

void DeploymentList::fill()
{
    const QString kept = current();
    const QSignalBlocker blocker(this);
    clear();
    for (const deploy::DeployRun& run : m_deployments.runs()) {
        const QString id = QString::fromStdString(run.plan.id);
        const bool underWay = m_deployments.isUnderWay(id);
        const deploy::Choices choices = deploy::choicesFromJson(run.plan.choices);
        auto* item =
            new QListWidgetItem(QString::fromStdString(choices.modelName + ":" + choices.modelVersion), this);
        item->setData(idRole, id);
        item->setData(stateRole, runStateText(run, underWay));
        item->setData(colourRole, runStateColour(run, underWay));
        item->setData(placeRole, targetName(run.plan.target));
        item->setToolTip(id + QLatin1Char('\n') + targetName(run.plan.target));
    }
    setCurrent(kept);
    setAccessibleName(tr("Deployments"));
}

void DeploymentList::contextMenuEvent(QContextMenuEvent* event)
{
    const QListWidgetItem* item = itemAt(event->pos());
    const deploy::DeployRun* run = item ? m_deployments.run(item->data(idRole).toString()) : nullptr;
    if (!run)
        return;
    const QString id = item->data(idRole).toString();
    const bool underWay = m_deployments.isUnderWay(id);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* folder = menu->addAction(tr("Open its folder"));
    connect(folder, &QAction::triggered, this, [path = run->folder.string()] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(path)));
    });
    QAction* takeAway = menu->addAction(tr("Delete what was made…"));
    takeAway->setEnabled(!underWay && !thingsMade(*run).isEmpty());
    connect(takeAway, &QAction::triggered, this, [this, id] { askToTakeAway(this, m_deployments, id); });
    QAction* forget = menu->addAction(tr("Remove from the list"));
    forget->setEnabled(!underWay && thingsMade(*run).isEmpty());
    connect(forget, &QAction::triggered, this, [this, id] { m_deployments.forget(id); });
    menu->popup(event->globalPos());
}

void DeploymentList::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        fill();
    QListWidget::changeEvent(event);
}

} // namespace lapidary
