// SPDX-License-Identifier: GPL-3.0-or-later
// The page that compares: the two ways to draw the models, and what links the two views.
#include "tests/gui_tests.h"
#include "tests/ui/window_fixture.h"
#include "ui/document/result_errors.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/difference_list.h"
#include "ui/pages/side_by_side.h"
#include "ui/settings/language.h"
#include "ui/settings/settings.h"
#include "viewers/graph/graph_canvas.h"
#include "viewers/graph/graph_picture.h"
#include "viewers/graph/graph_view.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QWheelEvent>

using namespace lapidary;

namespace {

// A chain of these operators.
QByteArray chain(const QByteArrayList& operators)
{
    QByteArray text = "ir_version: 8\nopset_import { version: 17 }\ngraph {\n";
    for (qsizetype i = 0; i < operators.size(); ++i) {
        text += "node { name: \"" + operators[i] + QByteArray::number(i) + "\" op_type: \"" + operators[i] +
                "\" input: \"v" + QByteArray::number(i) + "\" output: \"v" + QByteArray::number(i + 1) +
                "\" }\n";
    }
    return text + "input { name: \"v0\" }\noutput { name: \"v" + QByteArray::number(operators.size()) +
           "\" }\n}\n";
}

const QByteArrayList common{"Relu", "Sigmoid", "Tanh", "Neg", "Exp",  "Sqrt", "Ceil", "Floor",
                            "Sin",  "Cos",     "Erf",  "Log", "Sign", "Not",  "Atan", "Asin"};

// After has no Abs, but a Round near its end.
QByteArrayList beforeOperators()
{
    QByteArrayList operators = common;
    operators.insert(5, "Abs");
    return operators;
}

QByteArrayList afterOperators()
{
    QByteArrayList operators = common;
    operators.insert(12, "Round");
    return operators;
}

bool isOn(const GraphView& view) { return view.drawing().scene != nullptr; }

// Two chains in the window, compared.
struct Compared {
    Compared()
    {
        const QString before = fixture.write("before.textproto", chain(beforeOperators()));
        fixture.document().open(fixture.write("after.textproto", chain(afterOperators())));
        if (!QTest::qWaitFor([&] { return fixture.document().model() != nullptr; }))
            qFatal("the model does not open");
        fixture.window().showPage(Page::Compare);
        page().compareWith(before);
        if (!QTest::qWaitFor([&] { return page().comparison() != nullptr; }))
            qFatal("the models are not compared");
    }

    // False when a graph is not drawn.
    bool sideBySide()
    {
        page().setSideBySide(true);
        return QTest::qWaitFor([&] { return isOn(before()) && isOn(after()); });
    }

    ComparePage& page() { return fixture.window().comparePage(); }
    GraphView& before() { return page().sideBySide()->before(); }
    GraphView& after() { return page().sideBySide()->after(); }
    DifferenceList& list() { return *page().findChild<DifferenceList*>(); }

    WindowFixture fixture;
};

GraphCanvas& canvasOf(GraphView& view) { return *view.findChild<GraphCanvas*>(); }

Selection nodeOf(const QByteArrayList& operators, const char* name)
{
    return Selection::ofNode(static_cast<NodeId>(operators.indexOf(name)));
}
Selection before(const char* name) { return nodeOf(beforeOperators(), name); }
Selection after(const char* name) { return nodeOf(afterOperators(), name); }

QRectF placeOf(GraphView& view, const Selection& node)
{
    const GraphCanvas& canvas = canvasOf(view);
    return canvas.view().toView(canvas.scene()->rect(canvas.scene()->boxOf(node)));
}

void rest() { QTest::qWait(400); } // longer than animations take

bool isInView(GraphView& view, const Selection& node)
{
    return QRectF(view.rect()).contains(placeOf(view, node));
}

void click(GraphView& view, const Selection& node)
{
    QTest::mouseClick(&canvasOf(view), Qt::LeftButton, {}, placeOf(view, node).center().toPoint());
}

void clickNowhere(GraphView& view) { QTest::mouseClick(&canvasOf(view), Qt::LeftButton, {}, {3, 3}); }

void turnWheel(GraphView& view, int delta)
{
    const QPointF at = QRectF(view.rect()).center();
    QWheelEvent wheel(at, view.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&canvasOf(view), &wheel);
}

void drag(GraphView& view, const QPoint& by)
{
    const QPoint from(10, view.height() / 2);
    GraphCanvas& canvas = canvasOf(view);
    QTest::mousePress(&canvas, Qt::LeftButton, {}, from);
    for (int step = 1; step <= 4; ++step)
        QTest::mouseMove(&canvas, from + by * step / 4);
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, from + by);
}

// An operator stands at the same place in both views, seen from their middles.
bool isBeside(Compared& compared, const char* name)
{
    const QPointF left =
        placeOf(compared.before(), before(name)).center() - QRectF(compared.before().rect()).center();
    const QPointF right =
        placeOf(compared.after(), after(name)).center() - QRectF(compared.after().rect()).center();
    return (left - right).manhattanLength() < 1;
}

// What is in both and nearest to the middle of one view; nodeOf: before or after.
QByteArray nearestMiddle(GraphView& view, Selection (*nodeOf)(const char*))
{
    QByteArray nearest;
    double distance = 1e9;
    for (const QByteArray& name : common) {
        const double away = std::abs(placeOf(view, nodeOf(name)).center().y() - view.height() / 2.0);
        if (away < distance) {
            distance = away;
            nearest = name;
        }
    }
    return nearest;
}

class ComparePageTest : public QObject {
    Q_OBJECT
private slots:
    void switchesOnDemand()
    {
        Compared compared;
        QTRY_VERIFY(isOn(compared.page().oneGraph()));
        QVERIFY(!compared.page().sideBySide()); // nothing was laid out for it
        auto* way = compared.page().findChild<QTabBar*>();
        QVERIFY(way && way->isVisible());
        QTest::mouseClick(way, Qt::LeftButton, {}, way->tabRect(1).center());
        QVERIFY(compared.page().sideBySide());
        QTRY_VERIFY(isOn(compared.before()) && isOn(compared.after()));
        QVERIFY(compared.before().isVisible() && !compared.page().oneGraph().isVisible());
        QCOMPARE(compared.before().drawing().scene->graphOf(0).nodes.size(), size_t{17});
        QVERIFY(readSetting(settings::compareSideBySide));

        compared.page().setSideBySide(false);
        QVERIFY(compared.page().oneGraph().isVisible() && !compared.before().isVisible());
        QVERIFY(!readSetting(settings::compareSideBySide));
    }

    void remembersTheWay()
    {
        Compared compared;
        writeSetting(settings::compareSideBySide, true);
        Workbench again;
        again.tabs.show();
        again.document().open(compared.fixture.folder() + "/after.textproto");
        QTRY_VERIFY(again.document().model());
        again.window().showPage(Page::Compare);
        again.window().comparePage().compareWith(compared.fixture.folder() + "/before.textproto");
        QTRY_VERIFY(again.window().comparePage().sideBySide());
        QTRY_VERIFY(isOn(again.window().comparePage().sideBySide()->after()));
        QVERIFY(!isOn(again.window().comparePage().oneGraph()));
    }

    void selectionStaysOnTheSwitch()
    {
        Compared compared;
        QTRY_VERIFY(isOn(compared.page().oneGraph()));
        compared.list().setCurrentItem(compared.list().topLevelItem(0));
        const Selection merged = compared.page().oneGraph().selection();
        QCOMPARE(merged.kind, Selection::Kind::Node);
        QVERIFY(compared.sideBySide());
        QCOMPARE(compared.before().selection(), before("Abs"));
        QTRY_VERIFY(isInView(compared.before(), before("Abs")));
        click(compared.before(), before("Exp"));
        compared.page().setSideBySide(false);
        QVERIFY(compared.page().oneGraph().selection().ownNode() != merged.ownNode());
        QCOMPARE(compared.page().oneGraph().selection().kind, Selection::Kind::Node);
    }

    void coloursTellTheStatus()
    {
        Compared compared;
        const auto comparison = compared.page().comparison();
        const auto statusOf = [](const ComparedModel& model, const Selection& node) {
            return model.colours
                ->kinds[static_cast<int>(model.colours->values[static_cast<size_t>(node.node)])];
        };
        QCOMPARE(statusOf(comparison->before, before("Abs")), statusText(NodeStatus::Removed));
        QCOMPARE(statusOf(comparison->after, after("Round")), statusText(NodeStatus::Added));
        QCOMPARE(statusOf(comparison->before, before("Relu")), statusText(NodeStatus::Same));
        QCOMPARE(statusOf(comparison->after, after("Log")), statusText(NodeStatus::Same));
    }

    void selectsTheCounterpart()
    {
        Compared compared;
        QVERIFY(compared.sideBySide());
        click(compared.before(), before("Tanh"));
        QCOMPARE(compared.before().selection(), before("Tanh"));
        QCOMPARE(compared.after().selection(), after("Tanh"));
        QTRY_VERIFY(isInView(compared.after(), after("Tanh")));
        QTRY_VERIFY(isBeside(compared, "Tanh"));
        click(compared.after(), after("Neg"));
        QCOMPARE(compared.after().selection(), after("Neg"));
        QCOMPARE(compared.before().selection(), before("Neg"));
        QTRY_VERIFY(isBeside(compared, "Neg"));
        // Nothing in one is nothing in the other.
        clickNowhere(compared.after());
        QCOMPARE(compared.after().selection(), Selection());
        QCOMPARE(compared.before().selection(), Selection());
    }

    void withoutCounterpartNothingIsSelected()
    {
        Compared compared;
        QVERIFY(compared.sideBySide());
        click(compared.before(), before("Tanh"));
        QCOMPARE(compared.after().selection(), after("Tanh"));
        compared.list().setCurrentItem(nullptr);
        compared.before().select(before("Abs"));
        compared.before().revealSelection();
        QTRY_VERIFY(isInView(compared.before(), before("Abs")));
        compared.before().select({});
        click(compared.before(), before("Abs"));
        QCOMPARE(compared.before().selection(), before("Abs"));
        QCOMPARE(compared.after().selection(), Selection());
        QVERIFY(compared.list().currentItem());
        QVERIFY(compared.list().currentItem()->text(0).contains("Abs"));
        click(compared.before(), before("Exp"));
        QCOMPARE(compared.after().selection(), after("Exp"));
        QVERIFY(!compared.list().currentItem());
    }

    void zoomsTogether()
    {
        Compared compared;
        QVERIFY(compared.sideBySide());
        rest();
        const double start = compared.before().zoom();
        QCOMPARE(compared.after().zoom(), start);
        turnWheel(compared.before(), 240);
        rest();
        QCOMPARE_GT(compared.before().zoom(), start * 1.3);
        QCOMPARE(compared.after().zoom(), compared.before().zoom());
        turnWheel(compared.after(), -240);
        rest();
        QCOMPARE(compared.before().zoom(), compared.after().zoom());
        QCOMPARE_LT(std::abs(compared.after().zoom() - start), start / 100);
    }

    void movesTogether()
    {
        Compared compared;
        QVERIFY(compared.sideBySide());
        compared.before().actualSize();
        rest();
        const QByteArray first = nearestMiddle(compared.before(), before);
        QVERIFY(isBeside(compared, first));
        drag(compared.before(), {30, -250});
        const QByteArray next = nearestMiddle(compared.before(), before);
        QVERIFY(next != first);
        QTRY_VERIFY(isBeside(compared, next));
        // The other one leads as soon as it is touched.
        rest();
        const double moved = placeOf(compared.before(), before("Relu")).y();
        drag(compared.after(), {0, 300});
        QTRY_VERIFY(isBeside(compared, nearestMiddle(compared.after(), after)));
        QCOMPARE_GT(placeOf(compared.before(), before("Relu")).y(), moved + 200);
    }

    void staysTogetherInAnotherSize()
    {
        Compared compared;
        QVERIFY(compared.sideBySide());
        compared.before().actualSize();
        rest();
        drag(compared.before(), {0, -250});
        compared.fixture.tabs().resize(900, 600);
        QTRY_VERIFY(compared.before().height() < 450);
        QTRY_VERIFY(isBeside(compared, nearestMiddle(compared.before(), before)));
    }

    void unlinkedLeavesTheOtherAlone()
    {
        Compared compared;
        QVERIFY(compared.sideBySide());
        click(compared.before(), before("Tanh"));
        rest();
        auto* linked = compared.page().sideBySide()->findChild<QPushButton*>();
        QVERIFY(linked && linked->isChecked());
        QTest::mouseClick(linked, Qt::LeftButton);
        const QRectF shown = compared.after().shownArea();
        click(compared.before(), before("Relu"));
        turnWheel(compared.before(), 240);
        rest();
        drag(compared.before(), {0, -200});
        rest();
        QCOMPARE(compared.after().selection(), after("Tanh"));
        QCOMPARE(compared.after().shownArea(), shown);
        QVERIFY(compared.before().zoom() != compared.after().zoom());
        // Linked again, the other one comes along.
        linked->click();
        QCOMPARE(compared.after().selection(), after("Relu"));
        QTRY_COMPARE(compared.after().zoom(), compared.before().zoom());
    }

    void listPicksInBoth()
    {
        Compared compared;
        QVERIFY(compared.sideBySide());
        DifferenceList& list = compared.list();
        const auto pick = [&list](const char* name) {
            const auto items = list.findItems(QLatin1String(name), Qt::MatchContains);
            QVERIFY2(items.size() == 1, name);
            list.setCurrentItem(items.first());
        };
        pick("Abs"); // removed
        QCOMPARE(compared.before().selection(), before("Abs"));
        QCOMPARE(compared.after().selection(), Selection());
        QTRY_VERIFY(isInView(compared.before(), before("Abs")));
        pick("Round"); // added
        QCOMPARE(compared.before().selection(), Selection());
        QCOMPARE(compared.after().selection(), after("Round"));
        QTRY_VERIFY(isInView(compared.after(), after("Round")));
    }

    // Spanish has the longer words.
    // Two models that run: the second node computes something else, the third passes it on.
    void errorsOfResults()
    {
        const auto model = [](const QByteArray& alpha, const QByteArray& input) {
            return "ir_version: 8\nopset_import { version: 17 }\ngraph {\n"
                   "node { name: \"first\" op_type: \"Neg\" input: \"" +
                   input +
                   "\" output: \"a\" }\n"
                   "node { name: \"second\" op_type: \"LeakyRelu\" input: \"a\" output: \"b\" "
                   "attribute { name: \"alpha\" type: FLOAT f: " +
                   alpha +
                   " } }\n"
                   "node { name: \"third\" op_type: \"Neg\" input: \"b\" output: \"y\" }\n"
                   "input { name: \"" +
                   input +
                   "\" type { tensor_type { elem_type: 1 shape { dim { dim_value: 64 } } } } }\n"
                   "output { name: \"y\" }\n}\n";
        };
        WindowFixture fixture;
        fixture.document().open(fixture.write("after.textproto", model("0.2", "x")));
        QTRY_VERIFY(fixture.document().model());
        fixture.window().showPage(Page::Compare);
        ComparePage& page = fixture.window().comparePage();
        page.compareWith(fixture.write("before.textproto", model("0.1", "pixels")));
        QTRY_VERIFY(page.comparison());
        QVERIFY(!page.errors());
        page.colourByErrors(true);
        QTRY_VERIFY(page.errors());
        QCOMPARE(page.errors()->nodes.size(), size_t(3));
        QCOMPARE(page.errors()->nodes[0].relative, 0.0);
        QVERIFY(page.errors()->nodes[1].relative > 0.01);
        QCOMPARE(page.errors()->nodes[2].relative, page.errors()->nodes[1].relative);
        QVERIFY2(page.countsText().contains("second"), qPrintable(page.countsText()));
        QCOMPARE(page.oneGraph().drawing().data, page.errors()->merged);
        page.setSideBySide(true);
        QCOMPARE(page.sideBySide()->before().drawing().data, page.errors()->before);
        page.colourByErrors(false);
        QCOMPARE(page.sideBySide()->after().drawing().data, page.comparison()->after.colours);
        page.setSideBySide(false);

        // The other way round it is the first model that has the inputs.
        const double before = page.errors()->nodes[1].maxAbsolute;
        const auto compared = page.comparison();
        for (QPushButton* button : page.findChildren<QPushButton*>()) {
            if (button->text() == "Swap")
                button->click();
        }
        QTRY_VERIFY(page.comparison() != compared);
        QVERIFY(!page.errors());
        page.colourByErrors(true);
        QTRY_VERIFY(page.errors());
        QCOMPARE(page.errors()->nodes[1].maxAbsolute, before);
    }

    void errorsThatCannotBeHad()
    {
        Compared compared; // an operator that is not there in reality
        QSignalSpy failed(&compared.page(), &ComparePage::failed);
        compared.page().colourByErrors(true);
        QVERIFY(failed.wait());
        QVERIFY(!compared.page().errors());
        QVERIFY(compared.page().countsText().contains("1")); // the counts again
    }

    void fitsSmallScreens()
    {
        Compared compared;
        const auto english = qScopeGuard([] { applyLanguage("en"); });
        applyLanguage("es");
        for (const bool on : {false, true}) {
            compared.page().setSideBySide(on);
            QCoreApplication::processEvents();
            const QSize least = compared.fixture.tabs().minimumSizeHint();
            QVERIFY2(least.width() <= 900 && least.height() <= 600,
                     qPrintable(QString("%1x%2").arg(least.width()).arg(least.height())));
        }
    }

    void stepsThroughBoth()
    {
        Compared compared;
        QVERIFY(compared.sideBySide());
        compared.list().step(1);
        QCOMPARE(compared.before().selection(), before("Abs"));
        compared.list().step(1); // reads what Abs read
        QCOMPARE(compared.before().selection(), before("Sqrt"));
        QCOMPARE(compared.after().selection(), after("Sqrt"));
        compared.list().step(-1);
        QCOMPARE(compared.before().selection(), before("Abs"));
        QCOMPARE(compared.after().selection(), Selection());
        QTRY_VERIFY(isInView(compared.before(), before("Abs")));
    }
};

} // namespace

std::unique_ptr<QObject> lapidary::createComparePageTest() { return std::make_unique<ComparePageTest>(); }

#include "compare_page_test.moc"
