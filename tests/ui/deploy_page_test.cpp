// SPDX-License-Identifier: GPL-3.0-or-later
// The deploy page on this computer: from the model to an answer and back, and what goes wrong on the way.
#include "engine/deploy/choices.h"
#include "tests/gui_tests.h"
#include "tests/ui/window_fixture.h"
#include "ui/deploy/connect_step.h"
#include "ui/deploy/deploy_page.h"
#include "ui/deploy/deploy_wizard.h"
#include "ui/deploy/deployment_list.h"
#include "ui/deploy/snippets.h"
#include "ui/deploy/target_text.h"
#include "ui/deploy/test_step.h"
#include "ui/settings/language.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>

namespace lapidary {

namespace {

// The page with the wizard of a new deployment on this computer.
struct Wizard {
    explicit Wizard(WindowFixture& fixture)
        : page(fixture.window().deployPage()), deployments(fixture.tabs().deployments())
    {
        fixture.window().showPage(Page::Deploy);
        page.begin();
        page.wizard()->connectStep()->chooseTarget(deploy::localTarget);
    }

    DeployWizard& wizard() const { return *page.wizard(); }

    // With the button, as a user does.
    bool next(WizardStep expected) const
    {
        const auto button = expected == WizardStep::Deploy ? QWizard::CommitButton : QWizard::NextButton;
        QAbstractButton* next = wizard().button(button);
        if (!QTest::qWaitFor([&] { return next->isEnabled(); }, 30'000))
            return false;
        next->click();
        return wizard().step() == expected;
    }

    bool review() const
    {
        return next(WizardStep::Register) && next(WizardStep::Image) && next(WizardStep::Target) &&
               next(WizardStep::Review);
    }

    const deploy::DeployRun* run() const { return deployments.run(wizard().run()); }
    bool ended() const
    {
        return QTest::qWaitFor([this] { return !deployments.isUnderWay(wizard().run()); }, 60'000);
    }

    template <typename T>
    T& part(const char* name) const
    {
        T* found = wizard().findChild<T*>(QLatin1String(name));
        if (!found)
            qFatal("the wizard has no %s", name);
        return *found;
    }

    // Whatever is left is taken away, also after a failure.
    ~Wizard()
    {
        for (const deploy::DeployRun& run : deployments.runs())
            deployments.takeAway(QString::fromStdString(run.plan.id));
        std::ignore = QTest::qWaitFor(
            [this] {
                return std::ranges::none_of(deployments.runs(), [this](const deploy::DeployRun& run) {
                    return deployments.isUnderWay(QString::fromStdString(run.plan.id));
                });
            },
            30'000);
    }

    DeployPage& page;
    Deployments& deployments;
};

} // namespace

class DeployPageTest : public QObject {
    Q_OBJECT

private slots:
    void fromTheModelToAnAnswerAndBack()
    {
        WindowFixture fixture;
        QVERIFY(fixture.openDigits());
        const Wizard at(fixture);
        QVERIFY(at.next(WizardStep::Register));
        QCOMPARE(at.part<QLineEdit>("modelName").text(), QStringLiteral("digits"));
        QVERIFY(at.next(WizardStep::Image));
        QVERIFY(at.next(WizardStep::Target));
        QVERIFY(at.next(WizardStep::Review));
        QVERIFY(at.deployments.runs().empty()); // nothing has happened yet
        QVERIFY(at.next(WizardStep::Deploy));
        QVERIFY(at.ended());
        QVERIFY2(at.run()->isDone(), qPrintable(at.part<QPlainTextEdit>("runLog").toPlainText()));
        QVERIFY(at.part<QPlainTextEdit>("runLog").toPlainText().contains("the same as the engine's"));

        QVERIFY(at.next(WizardStep::Test));
        at.part<QPushButton>("sendRequests").click();
        TestStep& test = at.wizard().testStep();
        QVERIFY(QTest::qWaitFor([&] { return test.result().has_value(); }, 60'000));
        QVERIFY2(test.result()->same, test.result()->verdict.c_str());
        QCOMPARE(test.result()->failures, 0);
        QCOMPARE(test.result()->endpointMs.size(), size_t{20});
        QCOMPARE(test.result()->localMs.size(), size_t{20});
        QVERIFY(at.part<QPlainTextEdit>("snippet").toPlainText().contains(
            QString::fromStdString(at.run()->values.at("server.url")) + "/score"));

        QVERIFY(at.next(WizardStep::Watch));
        at.deployments.takeAway(at.wizard().run());
        QVERIFY(at.ended());
        QVERIFY(at.run()->deleted);
    }

    void aFailureSaysWhyAndGoesOn()
    {
        WindowFixture fixture;
        QVERIFY(fixture.openDigits());
        const QByteArray path = qgetenv("PATH");
        const auto restore = qScopeGuard([&] { qputenv("PATH", path); });
        qputenv("PATH", "/nowhere"); // no container engine
        const Wizard at(fixture);
        QVERIFY(at.next(WizardStep::Register) && at.next(WizardStep::Image) && at.next(WizardStep::Target));
        auto& engine = at.part<QComboBox>("engine");
        engine.setCurrentIndex(engine.findData("podman"));
        QVERIFY(at.next(WizardStep::Review));
        QVERIFY(at.next(WizardStep::Deploy));
        QVERIFY(at.ended());
        QVERIFY(!at.run()->isDone());
        QVERIFY(!at.wizard().button(QWizard::NextButton)->isEnabled());
        auto& resume = at.part<QPushButton>("resumeRun");
        QVERIFY(resume.isVisible());
        QCOMPARE(at.part<QLabel>("failureCause").text().contains("podman"), true);
        QVERIFY(!at.part<QLabel>("failureNextStep").text().isEmpty());
        // The image is there already: only what failed is tried again.
        const std::string written = at.run()->steps[0].finishedAt;
        resume.click();
        QVERIFY(at.ended());
        QCOMPARE(at.run()->steps[0].finishedAt, written);
    }

    // The window is closed in the middle; the next one goes on.
    void aClosedWindowLosesNothing()
    {
        WindowFixture fixture;
        QString id;
        {
            Workbench first;
            first.document().open(digitsPath());
            QVERIFY(QTest::qWaitFor([&] { return first.document().model() != nullptr; }));
            first.tabs.show();
            DeployPage& page = first.window().deployPage();
            first.window().showPage(Page::Deploy);
            page.begin();
            page.wizard()->connectStep()->chooseTarget(deploy::localTarget);
            for (int step = 0; step < 4; ++step) {
                QAbstractButton* next = page.wizard()->button(QWizard::NextButton);
                QVERIFY(QTest::qWaitFor([&] { return next->isEnabled(); }, 30'000));
                next->click();
            }
            QAbstractButton* commit = page.wizard()->button(QWizard::CommitButton);
            QVERIFY(QTest::qWaitFor([&] { return commit->isEnabled(); }, 30'000));
            commit->click();
            id = page.wizard()->run();
        }
        QVERIFY(fixture.openDigits());
        fixture.window().showPage(Page::Deploy);
        Deployments& deployments = fixture.tabs().deployments();
        QVERIFY(QTest::qWaitFor([&] { return deployments.run(id) != nullptr; }));
        QVERIFY(!deployments.run(id)->isDone());
        fixture.window().deployPage().showRun(id);
        const Wizard guard(fixture); // takes away what is left
        fixture.window().deployPage().showRun(id);
        QCOMPARE(guard.wizard().step(), WizardStep::Deploy);
        guard.part<QPushButton>("resumeRun").click();
        QVERIFY(guard.ended());
        QVERIFY(deployments.run(id)->isDone());
    }

    void aDraftEndsWithItsModel()
    {
        WindowFixture fixture;
        QVERIFY(fixture.openDigits());
        fixture.window().showPage(Page::Deploy);
        fixture.window().deployPage().begin();
        QVERIFY(fixture.window().deployPage().wizard());
        fixture.document().close();
        QVERIFY(!fixture.window().deployPage().wizard());
    }

    void aWrongNameIsRefused()
    {
        WindowFixture fixture;
        QVERIFY(fixture.openDigits());
        const Wizard at(fixture);
        QVERIFY(at.next(WizardStep::Register));
        auto& name = at.part<QLineEdit>("modelName");
        name.setText("two words");
        QVERIFY(!at.wizard().button(QWizard::NextButton)->isEnabled());
        name.setText("two-words");
        QVERIFY(at.next(WizardStep::Image));
    }

    void azureNeedsAnAccountAndAWorkspace()
    {
        WindowFixture fixture;
        QVERIFY(fixture.openDigits());
        const Wizard at(fixture);
        at.wizard().connectStep()->chooseTarget(deploy::managedTarget);
        QVERIFY(!at.wizard().button(QWizard::NextButton)->isEnabled());
        at.wizard().connectStep()->chooseTarget(deploy::localTarget);
        QVERIFY(at.wizard().button(QWizard::NextButton)->isEnabled());
    }

    void fitsSmallWindows()
    {
        WindowFixture fixture;
        const auto english = qScopeGuard([] { applyLanguage("en"); });
        applyLanguage("es");
        fixture.tabs().resize(900, 600);
        QVERIFY(fixture.openDigits());
        const Wizard at(fixture);
        const auto fits = [&] {
            QTest::qWait(50);
            const QSize least = fixture.window().minimumSizeHint();
            // What a page scrolls must not be wider than what is seen of it.
            const auto* area = at.wizard().currentPage()->findChild<QScrollArea*>();
            const int needed = area->widget()->minimumSizeHint().width();
            const bool good =
                least.width() <= 900 && least.height() <= 560 && needed <= area->viewport()->width();
            if (!good)
                qWarning("step %d: %dx%d, %d of %d", static_cast<int>(at.wizard().step()), least.width(),
                         least.height(), needed, area->viewport()->width());
            return good;
        };
        bool all = true;
        for (const TargetText& target : targetTexts()) {
            at.wizard().connectStep()->chooseTarget(target.id);
            all = fits() && all;
        }
        at.wizard().connectStep()->chooseTarget(deploy::localTarget);
        for (int step = 1; step < wizardSteps; ++step) {
            QVERIFY(at.next(static_cast<WizardStep>(step)));
            if (at.wizard().step() == WizardStep::Deploy)
                QVERIFY(at.ended());
            all = fits() && all;
        }
        QVERIFY(all);
    }

    void snippetsHoldNoKey_data()
    {
        QTest::addColumn<int>("language");
        for (int i = 0; i < snippetLanguages; ++i)
            QTest::newRow(qPrintable(snippetLanguageName(static_cast<SnippetLanguage>(i)))) << i;
    }

    void snippetsHoldNoKey()
    {
        QFETCH(const int, language);
        SnippetRequest request{"https://one.example/score", true, "{\"data\":{\"it's\":[1,2]}}"};
        const auto text = [&] { return snippet(static_cast<SnippetLanguage>(language), request); };
        QVERIFY(text().contains(request.url));
        QVERIFY(text().contains("ENDPOINT_KEY"));
        request.needsKey = false;
        QVERIFY(!text().contains("ENDPOINT_KEY"));
        QVERIFY(!text().contains("request.json"));
        request.body = QString(5000, QLatin1Char('1'));
        QVERIFY(text().contains("request.json"));
        QVERIFY(!text().contains(request.body));
    }
};

std::unique_ptr<QObject> createDeployPageTest() { return std::make_unique<DeployPageTest>(); }

} // namespace lapidary

#include "deploy_page_test.moc"
