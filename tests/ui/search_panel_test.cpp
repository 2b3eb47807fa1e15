// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui_tests.h"
#include "tests/ui/window_fixture.h"
#include "ui/docks/search_panel.h"
#include "ui/docks/search_results.h"
#include "ui/pages/graph_page.h"
#include "ui/settings/language.h"
#include "ui/window/window_actions.h"
#include "ui/window/window_docks.h"
#include "viewers/graph/graph_theme.h"
#include "viewers/graph/graph_view.h"

#include <QAbstractItemModelTester>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QToolButton>

namespace lapidary {

namespace {

class SearchPanelTest : public QObject {
    Q_OBJECT
private slots:
    void opensAndTypes();
    void stepsThroughHits();
    void listChooses();
    void hitsAreMarked();
    void kindsAreHidden();
    void mistakesKeepTheResults();
    void examplesCanBeTried();
    void followsTheModel();
    void escapeLeadsToTheGraph();
    void speaksSpanish();
    void longListsComeInParts();
    void placeOfBodies();
};

struct Search {
    WindowFixture fixture;
    MainWindow& window = fixture.window();
    SearchPanel& panel = *window.docks().searchPanel;
    QLineEdit& field = *panel.findChild<QLineEdit*>();
    QListView& list = *panel.findChild<QListView*>();

    bool open()
    {
        if (!fixture.openDigits())
            return false;
        window.actions().find->trigger();
        return panel.isVisible();
    }
    bool type(const QString& text)
    {
        panel.focusField();
        QTest::keyClicks(&field, text);
        return QTest::qWaitFor([this] { return !panel.isSearching(); });
    }
    int count(const char* op) const
    {
        int found = 0;
        for (const Node& node : window.graphPage().isVisible() ? nodes() : std::vector<Node>())
            found += node.opType == op;
        return found;
    }
    std::vector<Node> nodes() const
    {
        return const_cast<Search*>(this)->fixture.document().model()->graph.nodes;
    }
};

void SearchPanelTest::opensAndTypes()
{
    Search search;
    QVERIFY(!search.window.actions().find->isEnabled());
    QVERIFY(search.open());
    QVERIFY(!search.list.isVisible()); // examples instead
    QVERIFY(search.type("op:Conv"));
    QVERIFY(search.count("Conv") > 1);
    QCOMPARE(search.panel.results().hitCount(), search.count("Conv"));
    QVERIFY(search.list.isVisible());
    QVERIFY2(search.panel.countText().startsWith(QString::number(search.count("Conv")) + " of "),
             qPrintable(search.panel.countText()));
    QCOMPARE(search.panel.marks().size(), size_t(search.count("Conv")));
    QVERIFY(search.type("x\b")); // the field is selected: typing replaces
    search.field.clear();
    QTRY_COMPARE(search.panel.results().hitCount(), 0);
    QVERIFY(search.panel.marks().empty());
    QVERIFY(!search.list.isVisible());
}

void SearchPanelTest::stepsThroughHits()
{
    Search search;
    QVERIFY(search.open());
    QVERIFY(search.type("op:Conv"));
    std::vector<NodeId> convolutions;
    for (size_t i = 0; i < search.nodes().size(); ++i) {
        if (search.nodes()[i].opType == "Conv")
            convolutions.push_back(static_cast<NodeId>(i));
    }
    const auto selected = [&] { return search.fixture.document().selection(); };
    QTest::keyClick(&search.field, Qt::Key_Return);
    QCOMPARE(selected(), Selection::ofNode(convolutions[0]));
    search.window.actions().findNext->trigger();
    QCOMPARE(selected(), Selection::ofNode(convolutions[1]));
    QVERIFY(search.panel.countText().startsWith("2 of "));
    search.window.actions().findPrevious->trigger();
    QTest::keyClick(&search.field, Qt::Key_Return, Qt::ShiftModifier); // from the first to the last
    QCOMPARE(selected(), Selection::ofNode(convolutions.back()));
    search.window.actions().runPage->trigger();
    search.window.actions().findNext->trigger(); // back on the page with the graph
    QCOMPARE(search.window.page(), Page::Graph);
    QTRY_COMPARE(selected(), Selection::ofNode(convolutions[0]));

    // Enter before the result is there takes its first hit.
    search.panel.setText("op:Relu");
    QTest::keyClick(&search.field, Qt::Key_Return);
    QTRY_COMPARE(search.nodes()[static_cast<size_t>(selected().node)].opType, "Relu");
}

void SearchPanelTest::listChooses()
{
    Search search;
    QVERIFY(search.open());
    QVERIFY(search.type("op:Conv"));
    QSignalSpy walked(&search.panel, &SearchPanel::walked);
    QTest::mouseClick(search.list.viewport(), Qt::LeftButton, {},
                      search.list.visualRect(search.panel.results().index(1)).center());
    QVERIFY(walked.count() > 0);
    QCOMPARE(search.fixture.document().selection(), search.panel.results().selection(1));
    search.panel.focusField();
    QTest::keyClick(&search.field, Qt::Key_Down);
    QVERIFY(search.list.hasFocus());
    QTest::keyClick(&search.list, Qt::Key_Up);
    QCOMPARE(search.fixture.document().selection(), search.panel.results().selection(0));
    QTest::keyClick(&search.list, Qt::Key_Up);
    QVERIFY(search.field.hasFocus());
}

// In the graph and, where it is shown, in the minimap; from far away and from near.
void SearchPanelTest::hitsAreMarked()
{
    Search search;
    QSignalSpy drawn(&search.window.graphPage(), &GraphPage::drawn);
    QVERIFY(search.open());
    QTRY_VERIFY(!drawn.isEmpty());
    GraphView& view = search.window.graphPage().view();
    const auto marked = [&view] {
        const QColor color = GraphTheme::of(view.palette()).hit;
        const QImage image = view.grab().toImage();
        int pixels = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                pixels += image.pixelColor(x, y) == color;
        }
        return pixels;
    };
    QCOMPARE(marked(), 0);
    QVERIFY(search.type("op:Conv"));
    QTRY_VERIFY(marked() > 20);
    for (int i = 0; i < 20; ++i)
        view.zoomOut();
    QTRY_VERIFY(marked() > 8);
    view.actualSize();
    QTRY_VERIFY(marked() > 20);
    search.window.docks().search->hide();
    QTRY_COMPARE(marked(), 0);
}

void SearchPanelTest::kindsAreHidden()
{
    Search search;
    QVERIFY(search.open());
    QVERIFY(search.type("weight"));
    SearchResults& results = search.panel.results();
    const SearchResult& result = results.result();
    QVERIFY(result.counts[2] > 0);
    results.setShown(SearchHit::Kind::Node, false);
    results.setShown(SearchHit::Kind::Tensor, false);
    QCOMPARE(results.hitCount(), static_cast<int>(result.counts[2]));
    QCOMPARE(results.hit(0).kind, SearchHit::Kind::Weight);
    QCOMPARE(search.panel.marks().size(), result.counts[2]);
}

void SearchPanelTest::mistakesKeepTheResults()
{
    Search search;
    QVERIFY(search.open());
    QVERIFY(search.type("op:Conv"));
    const int before = search.panel.results().hitCount();
    search.field.end(false);
    QTest::keyClicks(&search.field, " params:>x");
    QVERIFY2(search.panel.errorText().contains("“>x”"), qPrintable(search.panel.errorText()));
    QTest::qWait(50);
    QCOMPARE(search.panel.results().hitCount(), before);
    QTest::keyClick(&search.field, Qt::Key_Backspace);
    QCOMPARE(search.panel.errorText(), QString());
    search.panel.setText("nothing has this name");
    QTRY_COMPARE(search.panel.results().hitCount(), 0);
    QVERIFY(!search.list.isVisible());
    QVERIFY(!search.panel.findChild<QToolButton*>("nextHit")->isEnabled());
}

// Every example is a query without mistakes.
void SearchPanelTest::examplesCanBeTried()
{
    Search search;
    QVERIFY(search.open());
    const auto* text = search.panel.findChild<QLabel*>("searchExamples");
    QVERIFY(text && text->isVisible());
    static const QRegularExpression link("href='([^']*)'");
    int tried = 0;
    for (auto it = link.globalMatch(text->text()); it.hasNext(); ++tried) {
        emit const_cast<QLabel*>(text)->linkActivated(it.next().captured(1));
        QVERIFY(!search.panel.text().isEmpty());
        QVERIFY2(search.panel.errorText().isEmpty(), qPrintable(search.panel.text()));
    }
    QVERIFY(tried >= 8);
    auto* help = search.panel.findChild<QToolButton*>("searchHelp");
    QTRY_VERIFY(!search.panel.isSearching());
    help->click();
    QVERIFY(text->isVisible());
    QVERIFY(search.type("Conv"));
    QVERIFY(!text->isVisible());
}

void SearchPanelTest::followsTheModel()
{
    Search search;
    QVERIFY(search.open());
    QVERIFY(search.type("op:Conv"));
    search.fixture.document().close();
    QCOMPARE(search.panel.results().hitCount(), 0);
    search.fixture.document().open(digitsPath());
    QTRY_VERIFY(search.fixture.document().model());
    search.window.actions().find->trigger();
    QTRY_COMPARE(search.panel.results().hitCount(), search.count("Conv"));
    search.window.docks().search->hide();
    QVERIFY(search.panel.marks().empty());
}

void SearchPanelTest::escapeLeadsToTheGraph()
{
    Search search;
    QVERIFY(search.open());
    QVERIFY(search.field.hasFocus());
    QTest::keyClick(&search.field, Qt::Key_Escape);
    QVERIFY(!search.field.hasFocus());
    QVERIFY(search.window.graphPage().view().isAncestorOf(search.window.focusWidget()));
    QVERIFY(search.panel.isVisible());
}

void SearchPanelTest::speaksSpanish()
{
    Search search;
    QVERIFY(search.open());
    const auto english = qScopeGuard([] { applyLanguage("en"); });
    applyLanguage("es");
    QCoreApplication::processEvents();
    QVERIFY(search.type("op:Conv"));
    QVERIFY2(search.panel.countText().contains("nodos"), qPrintable(search.panel.countText()));
    QTest::keyClicks(&search.field, " -> ");
    QVERIFY(!search.panel.errorText().isEmpty());
    search.window.resize(900, 600);
    QCoreApplication::processEvents();
    QVERIFY(search.window.minimumSizeHint().width() <= 900);
}

void SearchPanelTest::longListsComeInParts()
{
    auto model = std::make_shared<Model>();
    for (int i = 0; i < 2500; ++i) {
        Node node;
        node.opType = "Relu";
        node.name = "node " + std::to_string(i);
        model->graph.nodes.push_back(node);
    }
    model->graph.connect();
    JobContext job;
    const auto index = SearchIndex::build(model, job).value();
    SearchResults results;
    results.setResult(index, nullptr, search(*index, nullptr, parseQuery("Relu").query, job).value());
    QCOMPARE(results.hitCount(), 2500);
    QVERIFY(results.rowCount() < 2500);
    results.fetchUpTo(2400);
    QCOMPARE(results.index(2400).data().toString(), "node 2400");
    while (results.canFetchMore({}))
        results.fetchMore({});
    QCOMPARE(results.rowCount(), 2500);
    QAbstractItemModelTester tester(&results, QAbstractItemModelTester::FailureReportingMode::QtTest);
    results.setShown(SearchHit::Kind::Node, false);
    QCOMPARE(results.rowCount(), 0);
}

void SearchPanelTest::placeOfBodies()
{
    auto body = std::make_shared<Graph>();
    Node inner;
    inner.opType = "Gelu";
    body->nodes.push_back(inner);
    body->connect();
    auto model = std::make_shared<Model>();
    Node loop;
    loop.opType = "Loop";
    loop.name = "repeat";
    Attribute attribute;
    attribute.name = "body";
    attribute.data = std::shared_ptr<const Graph>(body);
    loop.attributes.push_back(attribute);
    model->graph.nodes.push_back(loop);
    model->graph.connect();
    JobContext job;
    const auto index = SearchIndex::build(model, job).value();
    SearchResults results;
    results.setResult(index, nullptr, search(*index, nullptr, parseQuery("op:Gelu").query, job).value());
    QVERIFY(results.index(0).data(SearchResults::DetailRole).toString().contains("repeat"));
    QCOMPARE(results.selection(0), Selection::ofNode(0, body.get()));
    QCOMPARE(results.marks(), (std::vector<HitMark>{{body.get(), 0, noValue, 0}}));
}

} // namespace

std::unique_ptr<QObject> createSearchPanelTest() { return std::make_unique<SearchPanelTest>(); }

} // namespace lapidary

#include "search_panel_test.moc"
