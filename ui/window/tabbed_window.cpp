// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/tabbed_window.h"

#include "ui/edit/model_editing.h"
#include "ui/errors/error_panel.h"
#include "ui/settings/settings.h"
#include "ui/window/window_actions.h"

#include <QCloseEvent>
#include <QDir>
#include <QFileInfo>
#include <QMenuBar>
#include <QPointer>
#include <QStackedWidget>
#include <QTabBar>
#include <QUndoStack>
#include <QVBoxLayout>

namespace lapidary {

TabbedWindow::TabbedWindow(JobQueue& jobs)
    : m_jobs(jobs),
      m_jobList(jobs),
      m_account(jobs),
      m_deployments(jobs, m_account),
      m_menus(new QStackedWidget(this)),
      m_bar(new QTabBar(this)),
      m_windows(new QStackedWidget(this))
{
    setWindowIcon(QIcon(QStringLiteral(":/icons/lapidary.svg")));
    m_bar->setDocumentMode(true);
    m_bar->setTabsClosable(true);
    m_bar->setMovable(true);
    m_bar->setExpanding(false);
    m_bar->setElideMode(Qt::ElideMiddle);
    m_bar->setUsesScrollButtons(true);
    m_bar->setAutoHide(true); // one model needs no tabs
    m_menus->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_menus);
    column->addWidget(m_bar);
    column->addWidget(m_windows, 1);
    connect(m_bar, &QTabBar::currentChanged, this, &TabbedWindow::showCurrent);
    connect(m_bar, &QTabBar::tabCloseRequested, this, &TabbedWindow::closeTab);
    connect(m_bar, &QTabBar::tabMoved, this, [this](int from, int to) {
        const Tab moved = m_tabs[static_cast<size_t>(from)];
        m_tabs.erase(m_tabs.begin() + from);
        m_tabs.insert(m_tabs.begin() + to, moved);
    });
    resize(1280, 820);
    restoreGeometry(readSetting(settings::windowGeometry));
    setCurrent(addTab());
}

TabbedWindow::~TabbedWindow()
{
    m_bar->disconnect(this);
    // Windows listen to their documents, so they go first.
    for (const Tab& tab : m_tabs)
        delete tab.window;
    for (const Tab& tab : m_tabs)
        delete tab.document;
}

int TabbedWindow::addTab()
{
    auto* document = new ModelDocument(m_jobs);
    auto* window = new MainWindow(*document, m_jobList, m_deployments);
    m_tabs.push_back({document, window, {}});
    m_menus->addWidget(&window->menus());
    m_windows->addWidget(window);
    connect(window, &MainWindow::openRequested, this, &TabbedWindow::open);
    connect(window, &MainWindow::titleChanged, this, &TabbedWindow::updateTexts);
    connect(window->actions().quit, &QAction::triggered, this, &QWidget::close);
    connect(window->actions().close, &QAction::triggered, this, [this, window] { closeTab(tabOf(window)); });
    connect(window->actions().nextTab, &QAction::triggered, this, [this] { step(1); });
    connect(window->actions().previousTab, &QAction::triggered, this, [this] { step(-1); });
    connect(document, &ModelDocument::openFailed, this,
            [this, document](const QString& path, const Error& error) { openFailed(document, path, error); });
    m_bar->addTab(QString());
    updateTexts();
    return count() - 1;
}

int TabbedWindow::tabOf(const QObject* documentOrWindow) const
{
    for (int tab = 0; tab < count(); ++tab) {
        if (&document(tab) == documentOrWindow || &window(tab) == documentOrWindow)
            return tab;
    }
    return -1;
}

int TabbedWindow::current() const { return m_bar->currentIndex(); }

void TabbedWindow::setCurrent(int tab)
{
    m_bar->setCurrentIndex(tab);
    showCurrent();
}

void TabbedWindow::step(int direction) { setCurrent((current() + direction + count()) % count()); }

void TabbedWindow::showCurrent()
{
    const int tab = current();
    if (tab < 0 || tab >= count() || m_shown == &window(tab))
        return;
    if (m_shown != nullptr)
        m_shown->leave();
    m_shown = &window(tab);
    m_menus->setCurrentWidget(&m_shown->menus());
    m_windows->setCurrentWidget(m_shown);
    m_shown->enter();
    updateTexts();
}

void TabbedWindow::open(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    int target = current();
    for (int tab = 0; tab < count(); ++tab) {
        const bool opening =
            document(tab).isOpening() && m_tabs[static_cast<size_t>(tab)].opening == absolute;
        if (opening || document(tab).path() == absolute) {
            setCurrent(tab);
            window(tab).errorPanel().dismiss();
            return;
        }
    }
    if (document(target).model() || document(target).isOpening())
        target = addTab();
    m_tabs[static_cast<size_t>(target)].opening = absolute;
    setCurrent(target);
    updateTexts();
    document(target).open(absolute);
}

// A tab that never had a model does not stay: the tab before says what went wrong.
void TabbedWindow::openFailed(const ModelDocument* failed, const QString& path, const Error& error)
{
    const int tab = tabOf(failed);
    if (tab < 0 || failed->model() || count() == 1)
        return;
    removeTab(tab);
    window(current()).errorPanel().showError(QFileInfo(path).fileName(), error);
}

void TabbedWindow::closeTab(int tab)
{
    setCurrent(tab);
    MainWindow* closing = &window(tab);
    closing->editing().whenSaved([this, closing = QPointer(closing)] {
        const int place = tabOf(closing);
        if (place < 0)
            return; // closed already
        if (count() > 1)
            removeTab(place);
        else
            document(place).close();
    });
}

void TabbedWindow::removeTab(int tab)
{
    const Tab removed = m_tabs[static_cast<size_t>(tab)];
    m_tabs.erase(m_tabs.begin() + tab);
    m_bar->removeTab(tab); // shows another one
    showCurrent();
    m_menus->removeWidget(&removed.window->menus());
    m_windows->removeWidget(removed.window);
    // Later: it may be one of their own commands that closes them. In this order, see the destructor.
    removed.window->deleteLater();
    removed.document->deleteLater();
    updateTexts();
}

QString TabbedWindow::tabText(int tab) const { return m_bar->tabText(tab); }

void TabbedWindow::updateTexts()
{
    std::vector<QFileInfo> files;
    for (const Tab& tab : m_tabs)
        files.emplace_back(tab.document->path().isEmpty() ? tab.opening : tab.document->path());
    for (int tab = 0; tab < count(); ++tab) {
        const QFileInfo& file = files[static_cast<size_t>(tab)];
        const auto alike = std::count_if(files.begin(), files.end(), [&](const QFileInfo& other) {
            return other.fileName() == file.fileName();
        });
        // Many models are called model.onnx: then the folder tells them apart.
        QString text =
            alike > 1 ? file.dir().dirName() + QLatin1Char('/') + file.fileName() : file.fileName();
        if (text.isEmpty())
            text = tr("No model");
        if (!document(tab).edits().isClean())
            text.prepend(QStringLiteral("● "));
        m_bar->setTabText(tab, text.replace(QLatin1Char('&'), QStringLiteral("&&")));
        m_bar->setTabToolTip(tab, QDir::toNativeSeparators(file.filePath()));
    }
    for (const Tab& tab : m_tabs) {
        for (QAction* action : {tab.window->actions().nextTab, tab.window->actions().previousTab})
            action->setEnabled(count() > 1);
    }
    if (m_shown != nullptr) {
        setWindowTitle(m_shown->windowTitle());
        setWindowModified(m_shown->isWindowModified());
    }
}

void TabbedWindow::saveSession() const
{
    QStringList files;
    for (const Tab& tab : m_tabs) {
        if (!tab.document->path().isEmpty())
            files << tab.document->path();
    }
    writeSetting(settings::sessionFiles, files);
    writeSetting(settings::sessionCurrent, static_cast<int>(files.indexOf(document(current()).path())));
    writeSetting(settings::sessionPage, static_cast<int>(window(current()).page()));
}

void TabbedWindow::restoreSession()
{
    if (!readSetting(settings::restoreSession))
        return;
    const QStringList files = readSetting(settings::sessionFiles);
    const QString shown = files.value(readSetting(settings::sessionCurrent));
    const int page = std::clamp(readSetting(settings::sessionPage), 0, 4);
    for (const QString& path : files) {
        if (QFileInfo(path).isFile())
            open(path);
    }
    for (int tab = 0; tab < count(); ++tab) {
        if (m_tabs[static_cast<size_t>(tab)].opening == shown && !shown.isEmpty()) {
            setCurrent(tab);
            window(tab).setFirstPage(static_cast<Page>(page));
        }
    }
}

void TabbedWindow::closeEvent(QCloseEvent* event)
{
    if (!std::exchange(m_closing, false))
        m_mayLose.clear();
    for (int tab = 0; tab < count(); ++tab) {
        ModelDocument* changed = &document(tab);
        if ((changed->edits().isClean() && !changed->isSaving()) || m_mayLose.contains(changed))
            continue;
        event->ignore();
        setCurrent(tab);
        window(tab).editing().whenSaved([this, changed] {
            m_mayLose << changed;
            m_closing = true;
            close(); // asks for the next one
        });
        return;
    }
    saveSession();
    if (m_shown != nullptr)
        m_shown->leave();
    writeSetting(settings::windowGeometry, saveGeometry());
    QWidget::closeEvent(event);
}

} // namespace lapidary
