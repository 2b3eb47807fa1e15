// SPDX-License-Identifier: GPL-3.0-or-later
// What the panels say of a model, its nodes and its weights.
#include "engine/onnx/npy.h"
#include "tests/gui_tests.h"
#include "tests/support/graph_builder.h"
#include "tests/support/wire_writer.h"
#include "tests/ui/window_fixture.h"
#include "ui/cards/error_line.h"
#include "ui/docks/op_histogram.h"
#include "ui/docks/problems_panel.h"
#include "ui/docks/properties_panel.h"
#include "ui/docks/property_list.h"
#include "ui/docks/quantization_text.h"
#include "ui/docks/size_fields.h"
#include "ui/docks/weight_panel.h"
#include "ui/window/window_docks.h"
#include "viewers/plot/memory_plot.h"
#include "viewers/plot/value_histogram.h"
#include "viewers/tensor/plane_view.h"

#include <QComboBox>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTextBrowser>
#include <QTreeWidget>

namespace lapidary {

namespace {

// x: float32[batch×4] → Conv(x, w) → y with w: float32[dims] of a ramp.
QByteArray modelWithWeight(const std::vector<int64_t>& dims, const std::string& op = "MatMul",
                           int64_t opset = 17)
{
    int64_t count = 1;
    WireWriter weight;
    for (const int64_t dim : dims) {
        weight.number(1, dim);
        count *= dim;
    }
    std::string bytes(static_cast<size_t>(count) * 4, '\0');
    for (int64_t i = 0; i < count; ++i) {
        const float value = static_cast<float>(i % 1000) / 500 - 1;
        std::memcpy(bytes.data() + i * 4, &value, 4);
    }
    weight.number(2, 1).text(8, "w").text(9, bytes);
    WireWriter node;
    node.text(1, "x").text(1, "w").text(2, "y").text(3, "product").text(4, op);
    WireWriter shape;
    shape.message(1, WireWriter().text(2, "batch")).message(1, WireWriter().number(1, dims[0]));
    WireWriter type;
    type.message(1, WireWriter().number(1, 1).message(2, shape));
    WireWriter graph;
    graph.message(1, node).text(2, "g").message(5, weight);
    graph.message(11, WireWriter().text(1, "x").message(2, type)).message(12, WireWriter().text(1, "y"));
    WireWriter model;
    model.number(1, 8).message(7, graph).message(8, WireWriter().number(2, opset));
    return QByteArray::fromStdString(model.bytes());
}

class InspectTest : public QObject {
    Q_OBJECT
private slots:
    void modelPageShowsTheCost();
    void sizesChangeTheCost();
    void plotLeadsToANode();
    void operatorsLeadToANode();
    void defaultsAreQuiet();
    void documentationSaysItsVersion();
    void weightHasPictureAndHistogram();
    void bigWeightShowsAtOnce();
    void weightPanelShowsSlices();
    void kernelsAreTiles();
    void weightIsSaved();
    void badWeightSaysWhy();
    void problemsLeadToTheirNode();
    void quantizationIsAFormula();

private:
    static QList<PropertyField*> fields(WindowFixture& fixture)
    {
        return fixture.window().docks().propertiesPanel->list().widget()->findChildren<PropertyField*>();
    }
    static bool hasField(WindowFixture& fixture, const QString& text)
    {
        for (const PropertyField* field : fields(fixture)) {
            if (field->text().contains(text))
                return true;
        }
        return false;
    }
    template <typename T>
    static T* inProperties(WindowFixture& fixture)
    {
        return fixture.window().docks().propertiesPanel->list().widget()->findChild<T*>();
    }
    static bool open(WindowFixture& fixture, const QByteArray& model)
    {
        fixture.document().open(fixture.write("m.onnx", model));
        return QTest::qWaitFor([&] { return fixture.document().types() != nullptr; });
    }
    static ValueId weightOf(WindowFixture& fixture)
    {
        return fixture.document().model()->graph.initializers[0].value;
    }
};

void InspectTest::modelPageShowsTheCost()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    QTRY_VERIFY(hasField(fixture, "FLOP"));
    QTRY_VERIFY(inProperties<MemoryPlot>(fixture));
    QVERIFY(inProperties<MemoryPlot>(fixture)->isVisible());
}

void InspectTest::sizesChangeTheCost()
{
    WindowFixture fixture;
    QVERIFY(open(fixture, modelWithWeight({100, 50})));
    QTRY_VERIFY(hasField(fixture, "10.0 kFLOP")); // 2·100·50 for a batch of 1
    auto* sizes = inProperties<SizeFields>(fixture);
    QVERIFY(sizes);
    sizes->findChild<QSpinBox*>()->setValue(8);
    QTRY_VERIFY(hasField(fixture, "80.0 kFLOP"));
}

void InspectTest::plotLeadsToANode()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    QTRY_VERIFY(inProperties<MemoryPlot>(fixture));
    auto* plot = inProperties<MemoryPlot>(fixture);
    QWidget* surface = plot->findChild<QWidget*>();
    QVERIFY(surface);
    QTRY_VERIFY(plot->nodeAt(surface->rect().center()) >= 0);
    QTest::mouseClick(surface, Qt::LeftButton, {}, surface->rect().center());
    QTRY_VERIFY(fixture.document().selection().kind == Selection::Kind::Node);
}

void InspectTest::operatorsLeadToANode()
{
    WindowFixture fixture;
    QVERIFY(fixture.openDigits());
    QTRY_VERIFY(inProperties<OpHistogram>(fixture));
    auto* histogram = inProperties<OpHistogram>(fixture);
    QTest::mouseClick(histogram, Qt::LeftButton, {}, {5, 5});
    QTRY_VERIFY(fixture.document().selection().kind == Selection::Kind::Node);
    const Graph& graph = fixture.document().model()->graph;
    const QString first = countOperators(graph).front().opType;
    QCOMPARE(QString::fromStdString(graph.node(fixture.document().selection().node).opType), first);
}

void InspectTest::defaultsAreQuiet()
{
    WindowFixture fixture;
    QVERIFY(open(fixture, modelWithWeight({8, 3}, "Gemm")));
    fixture.document().select(Selection::ofNode(0));
    // Gemm of the model says nothing: alpha, beta, transA, transB are the specification's.
    const auto quiet = [&] {
        QStringList texts;
        for (const PropertyField* field : fields(fixture)) {
            if (field->detail() == "default")
                texts << field->text();
        }
        return texts;
    };
    QTRY_COMPARE(quiet(), (QStringList{"1", "1", "0", "0"}));
    QVERIFY(hasField(fixture, "ai.onnx, version 17"));
    QTRY_VERIFY(hasField(fixture, "FLOP"));
}

void InspectTest::documentationSaysItsVersion()
{
    WindowFixture fixture;
    const auto text = [&] {
        auto* panel = static_cast<QTextBrowser*>(fixture.window().docks().documentation->widget());
        return panel->toPlainText();
    };
    // Add changed in opset 14; opset 13 has the version of 13.
    for (const auto& [opset, since] : {std::pair(13, 13), std::pair(17, 14)}) {
        QVERIFY(open(fixture, modelWithWeight({8, 3}, "Add", opset)));
        fixture.window().docks().documentation->raise();
        fixture.document().select(Selection::ofNode(0));
        QTRY_VERIFY(text().contains(QString("since version %1").arg(since)));
        fixture.document().close();
    }
    // Identity has a version 25, which not every ONNX library knows.
    QVERIFY(open(fixture, modelWithWeight({8, 3}, "Identity", 25)));
    fixture.window().docks().documentation->raise();
    fixture.document().select(Selection::ofNode(0));
    QTRY_VERIFY(text().contains("since version"));
    QVERIFY(text().contains("since version 25") || text().contains("The model uses version 25"));
}

void InspectTest::weightHasPictureAndHistogram()
{
    WindowFixture fixture;
    QVERIFY(open(fixture, modelWithWeight({100, 50})));
    fixture.document().select(Selection::ofValue(weightOf(fixture)));
    QTRY_VERIFY(inProperties<PlaneView>(fixture) && inProperties<PlaneView>(fixture)->isShown());
    QTRY_VERIFY(inProperties<ValueHistogram>(fixture));
    QVERIFY(inProperties<PlaneView>(fixture)->isVisible());
    QVERIFY(hasField(fixture, "float32[100×50]"));
    // The widgets live on when another thing is selected.
    fixture.document().select(Selection::ofNode(0));
    QTRY_VERIFY(!inProperties<PlaneView>(fixture));
    fixture.document().select(Selection::ofValue(weightOf(fixture)));
    QTRY_VERIFY(inProperties<PlaneView>(fixture));
}

// Said, not judged: a busy machine is slow.
void InspectTest::bigWeightShowsAtOnce()
{
    WindowFixture fixture;
    QVERIFY(open(fixture, modelWithWeight({4096, 1024})));
    fixture.window().docks().showWeight();
    QTRY_VERIFY(!fixture.window().isBusy());
    PlaneView& plane = fixture.window().docks().weightPanel->plane();
    QSignalSpy shown(&plane, &PlaneView::pictureShown);
    QElapsedTimer timer;
    timer.start();
    fixture.document().select(Selection::ofValue(weightOf(fixture)));
    QVERIFY(shown.wait());
    plane.repaint();
    qInfo("first picture of a 16 MB weight: %lld ms", timer.elapsed());
    QVERIFY(plane.isShown());
}

void InspectTest::weightPanelShowsSlices()
{
    WindowFixture fixture;
    QVERIFY(open(fixture, modelWithWeight({6, 5, 40, 3}, "Add")));
    WeightPanel& panel = *fixture.window().docks().weightPanel;
    fixture.document().select(Selection::ofValue(weightOf(fixture)));
    fixture.window().docks().showWeight();
    auto* tabs = panel.findChild<QTabBar*>();
    QTRY_COMPARE(tabs->count(), 2); // 40 is no kernel
    QTRY_VERIFY(panel.plane().isShown());
    const QList<QComboBox*> axes = panel.findChildren<QComboBox*>();
    QCOMPARE(axes.size(), 2);
    QCOMPARE(axes[0]->currentIndex(), 2);
    // Columns to the dimension of the rows: they change places.
    axes[1]->setCurrentIndex(2);
    emit axes[1]->activated(2);
    QTRY_VERIFY(panel.findChildren<QComboBox*>().size() == 2 &&
                panel.findChildren<QComboBox*>()[0]->currentIndex() == 3);
    panel.showView(WeightPanel::View::Table);
    QTRY_VERIFY(!panel.plane().isVisible());
}

void InspectTest::kernelsAreTiles()
{
    WindowFixture fixture;
    QVERIFY(open(fixture, modelWithWeight({16, 8, 3, 3}, "Conv")));
    WeightPanel& panel = *fixture.window().docks().weightPanel;
    fixture.document().select(Selection::ofValue(weightOf(fixture)));
    emit fixture.window().docks().propertiesPanel->weightWanted();
    QTRY_VERIFY(panel.isVisible());
    QTRY_COMPARE(panel.findChild<QTabBar*>()->count(), 3);
    QTRY_VERIFY(panel.plane().isShown());
    QSignalSpy pointed(&panel.plane(), &PlaneView::pointed);
    QTest::mouseMove(&panel.plane(), panel.plane().rect().center() + QPoint(2, 2));
    QTRY_VERIFY(!pointed.isEmpty());
}

void InspectTest::weightIsSaved()
{
    WindowFixture fixture;
    QVERIFY(open(fixture, modelWithWeight({10, 5})));
    WeightPanel& panel = *fixture.window().docks().weightPanel;
    fixture.document().select(Selection::ofValue(weightOf(fixture)));
    fixture.window().docks().showWeight();
    QTRY_VERIFY(panel.plane().isShown());
    QSignalSpy saved(&panel, &WeightPanel::saved);
    const QString path = fixture.folder() + "/w.npy";
    panel.saveTo(path);
    QVERIFY(saved.wait());
    const auto read = loadNpy(path.toStdString());
    QVERIFY(read.ok());
    QCOMPARE(read->dims(), (Dims{10, 5}));
    QCOMPARE(elementAsDouble(*read, 49), static_cast<double>(49.0F / 500 - 1));
    panel.saveTo("/no/such/folder/w.npy");
    QTRY_VERIFY(panel.findChild<ErrorLine*>()->isVisible());
}

void InspectTest::badWeightSaysWhy()
{
    QByteArray model = modelWithWeight({10, 5});
    const WireWriter fine = WireWriter().number(1, 10).number(1, 5);
    const qsizetype at = model.indexOf(QByteArray::fromStdString(fine.bytes()));
    QVERIFY(at >= 0);
    model[at + 1] = 11; // more elements than bytes
    WindowFixture fixture;
    QVERIFY(open(fixture, model));
    fixture.document().select(Selection::ofValue(weightOf(fixture)));
    fixture.window().docks().showWeight();
    QTRY_VERIFY(fixture.window().docks().weightPanel->findChild<ErrorLine*>()->isVisible());
}

void InspectTest::problemsLeadToTheirNode()
{
    WindowFixture fixture;
    QVERIFY(open(fixture, modelWithWeight({10, 5}, "NoSuchOperator")));
    fixture.window().docks().problems->show();
    fixture.window().docks().problems->raise();
    auto* list = fixture.window().docks().problems->widget()->findChild<QTreeWidget*>();
    QTRY_VERIFY(list->topLevelItemCount() > 0);
    for (int i = 0; i < list->topLevelItemCount(); ++i) {
        if (list->topLevelItem(i)->text(1).contains("product"))
            emit list->itemClicked(list->topLevelItem(i), 0);
    }
    QCOMPARE(fixture.document().selection(), Selection::ofNode(0));
}

void InspectTest::quantizationIsAFormula()
{
    const std::vector<float> scales{0.5F, 0.25F, 1, 2};
    GraphBuilder builder;
    builder.input("x", {1, 4})
        .constant("s", Tensor::scalar(0.5F))
        .constant("z", Tensor::scalar<uint8_t>(128));
    builder.constant("many", Tensor::of<float>({4}, scales)).constant("minus", Tensor::scalar<int8_t>(-3));
    builder.node("Identity", {"s"}, {"shared"});
    builder.node("QuantizeLinear", {"x", "shared", "z"}, {"q"});
    builder.node("DequantizeLinear", {"q", "many"}, {"y"});
    builder.node("DequantizeLinear", {"q", "s", "minus"}, {"u"});
    const auto model = builder.output("y").build();
    const Graph& graph = model->graph;
    QCOMPARE(quantizationFormulas(model->graph, graph.node(1)).at(0).formula, "real = 0.5 × (q − 128)");
    const auto perAxis = quantizationFormulas(model->graph, graph.node(2)).at(0);
    QCOMPARE(perAxis.formula, "real = scale × q");
    QCOMPARE(perAxis.detail, "4 scales along axis 1");
    QCOMPARE(quantizationFormulas(model->graph, graph.node(3)).at(0).formula, "real = 0.5 × (q − (-3))");
    QCOMPARE(quantizationFormulas(model->graph, graph.findValue("q")).at(0).formula,
             "real = 0.5 × (q − 128)");
    QVERIFY(quantizationFormulas(model->graph, graph.node(0)).empty());
    QVERIFY(quantizationFormulas(model->graph, graph.findValue("x")).empty());
}

} // namespace

std::unique_ptr<QObject> createInspectTest() { return std::make_unique<InspectTest>(); }

} // namespace lapidary

#include "inspect_test.moc"
