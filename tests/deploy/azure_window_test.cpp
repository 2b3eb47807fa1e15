// SPDX-License-Identifier: GPL-3.0-or-later
// The whole wizard in the real window, against a fake Azure over HTTPS with a real registry and, where it is
// installed, a real storage emulator. Run by ./dev test --cloud.
#include "engine/deploy/choices.h"
#include "engine/deploy/local_server.h"
#include "tests/deploy/azure_fixture.h"
#include "tests/ui/window_fixture.h"
#include "ui/deploy/connect_step.h"
#include "ui/deploy/deploy_page.h"
#include "ui/deploy/deploy_wizard.h"
#include "ui/deploy/test_step.h"
#include "ui/deploy/workspace_chooser.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTcpServer>
#include <QTreeWidget>

using namespace lapidary;

namespace {

fake_azure::Options realParts()
{
    fake_azure::Options options;
    options.registry = "start";
    options.azurite = qEnvironmentVariable("LAPIDARY_AZURITE").toStdString();
    return options;
}

} // namespace

class AzureWindowTest : public QObject {
    Q_OBJECT

    deploy::AzureFixture m_azure{realParts()};
    std::unique_ptr<WindowFixture> m_window;

    DeployPage& page() { return m_window->window().deployPage(); }
    DeployWizard& wizard() { return *page().wizard(); }
    Deployments& deployments() { return m_window->tabs().deployments(); }
    const deploy::DeployRun* run() { return deployments().run(wizard().run()); }

    template <typename T>
    T& part(const char* name)
    {
        T* found = wizard().findChild<T*>(QLatin1String(name));
        if (!found)
            qFatal("the wizard has no %s", name);
        return *found;
    }

    // For people to look at: LAPIDARY_PICTURES names a folder.
    void picture(const char* name)
    {
        if (const QString folder = qEnvironmentVariable("LAPIDARY_PICTURES"); !folder.isEmpty())
            m_window->tabs().grab().save(folder + QLatin1Char('/') + QLatin1String(name) +
                                         QStringLiteral(".png"));
    }

    bool next(WizardStep expected)
    {
        const auto button = expected == WizardStep::Deploy ? QWizard::CommitButton : QWizard::NextButton;
        QAbstractButton* next = wizard().button(button);
        if (!QTest::qWaitFor([&] { return next->isEnabled(); }, 60'000)) {
            qWarning("the step %d cannot be left", static_cast<int>(wizard().step()));
            return false;
        }
        next->click();
        return wizard().step() == expected;
    }

    bool ended()
    {
        return QTest::qWaitFor([this] { return !deployments().isUnderWay(wizard().run()); }, 120'000);
    }

    // As a person does it: way, tenant, client, secret, button, then the workspace from the lists.
    bool signInAndBrowse()
    {
        const auto addresses = m_azure.fake->addresses();
        const auto text = [&](const char* name) {
            return QString::fromStdString(addresses[name].get<std::string>());
        };
        part<QComboBox>("signInWay").setCurrentIndex(static_cast<int>(deploy::SignInWay::ServicePrincipal));
        part<QLineEdit>("tenant").setText(text("tenant"));
        part<QLineEdit>("clientId").setText(text("clientId"));
        part<QLineEdit>("clientSecret").setText(text("clientSecret"));
        part<QPushButton>("signInButton").click();
        auto& workspaces = part<QComboBox>("workspaces");
        if (!QTest::qWaitFor([&] { return workspaces.count() > 0 && workspaces.isEnabled(); }, 30'000)) {
            const auto& error = deployments().account().error();
            qWarning("no workspaces: %s", error ? error->toString().c_str() : "signed in");
            return false;
        }
        const int row = workspaces.findText(QStringLiteral("ws-one"), Qt::MatchStartsWith);
        workspaces.setCurrentIndex(row);
        emit workspaces.activated(row);
        return wizard().connectStep()->isComplete();
    }

    bool reachReview(const char* target)
    {
        page().begin();
        wizard().connectStep()->chooseTarget(target);
        if (!wizard().connectStep()->isComplete() && !signInAndBrowse())
            return false;
        picture("connect");
        const bool there = next(WizardStep::Register) && next(WizardStep::Image) && next(WizardStep::Target);
        picture("size");
        return there && next(WizardStep::Review);
    }

private slots:
    void init()
    {
        m_window = std::make_unique<WindowFixture>();
        writeSetting(settings::azureCloud, QString::fromStdString(m_azure.below("cloud.json").string()));
        writeSetting(settings::azureCaFile, QString::fromStdString(m_azure.fake->caFile()));
        QVERIFY(m_window->openDigits());
        m_window->window().showPage(Page::Deploy);
    }

    void cleanup()
    {
        m_azure.fake->clearFaults();
        m_window.reset();
    }

    void fromTheModelToAWatchedEndpoint()
    {
        QVERIFY(reachReview(deploy::managedTarget));
        // What was not tried here first needs a person's word.
        QVERIFY(QTest::qWaitFor([this] { return part<QTreeWidget>("planSteps").topLevelItemCount() > 0; },
                                60'000));
        QVERIFY(!wizard().button(QWizard::CommitButton)->isEnabled());
        QVERIFY(QTest::qWaitFor([this] { return part<QLabel>("cost").text().contains("USD"); }, 60'000));
        picture("review");
        part<QCheckBox>("deployAnyway").setChecked(true);
        QVERIFY(next(WizardStep::Deploy));
        QVERIFY(ended());
        QVERIFY2(run()->isDone(), qPrintable(part<QPlainTextEdit>("runLog").toPlainText()));
        picture("deploy");

        QVERIFY(next(WizardStep::Test));
        part<QPushButton>("sendRequests").click();
        TestStep& test = wizard().testStep();
        QVERIFY(QTest::qWaitFor([&] { return test.result().has_value(); }, 60'000));
        QVERIFY2(test.result()->same, test.result()->verdict.c_str());
        QCOMPARE(test.result()->endpointMs.size(), size_t{20});
        QVERIFY(part<QPlainTextEdit>("snippet").toPlainText().contains("ENDPOINT_KEY"));
        picture("test");

        QVERIFY(next(WizardStep::Watch));
        QVERIFY(QTest::qWaitFor([this] { return !part<QLabel>("metricValue").text().isEmpty(); }, 30'000));
        QTest::qWait(500);
        picture("watch");
        const std::string endpoint = deploy::choicesFromJson(run()->plan.choices).endpoint;
        QVERIFY(!m_azure.resource("/onlineEndpoints/" + endpoint).is_null());
        // The end, with its question.
        part<QPushButton>("endRun").click();
        auto* question = wizard().findChild<QMessageBox*>();
        QVERIFY(question);
        question->findChild<QPushButton*>(QStringLiteral("confirmTakeAway"))->click();
        QVERIFY(ended());
        QVERIFY(run()->deleted);
        QVERIFY(m_azure.resource("/onlineEndpoints/" + endpoint).is_null());
    }

    // Nothing of a secret in what is left on disk.
    void secretsAreNowhere()
    {
        QVERIFY(reachReview(deploy::managedTarget));
        const std::string secret = m_azure.fake->addresses()["clientSecret"].get<std::string>();
        part<QCheckBox>("deployAnyway").setChecked(true);
        QVERIFY(next(WizardStep::Deploy));
        QVERIFY(ended());
        QSettings().sync();
        QDirIterator files(m_window->folder(), QDir::Files, QDirIterator::Subdirectories);
        int texts = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.size() > 1'000'000 || !file.open(QIODevice::ReadOnly))
                continue;
            const QByteArray text = file.readAll();
            ++texts;
            for (const char* part : {secret.c_str(), "sig=", "Bearer ", "AccountKey="})
                QVERIFY2(!text.contains(part), qPrintable(file.fileName() + ": " + part));
        }
        QVERIFY(texts >= 3); // run.json, log.txt, settings
        deployments().takeAway(wizard().run());
        QVERIFY(ended());
    }

    void aFaultSaysWhyAndGoesOn()
    {
        QVERIFY(reachReview(deploy::managedTarget));
        part<QCheckBox>("deployAnyway").setChecked(true);
        m_azure.fake->addFault({.kind = "outOfQuota", .method = "PUT", .path = "/deployments/", .times = 1});
        QVERIFY(next(WizardStep::Deploy));
        QVERIFY(ended());
        QVERIFY(!run()->isDone());
        picture("failure");
        QVERIFY(part<QLabel>("failureCause").text().contains("quota", Qt::CaseInsensitive));
        QVERIFY(part<QLabel>("failureNextStep").text().contains("smaller size"));
        part<QPushButton>("resumeRun").click();
        QVERIFY(ended());
        QVERIFY(run()->isDone());
        deployments().takeAway(wizard().run());
        QVERIFY(ended());
    }

    void aContainerGroupWithItsKey()
    {
        page().begin();
        wizard().connectStep()->chooseTarget(deploy::aciTarget);
        QVERIFY(signInAndBrowse());
        QVERIFY(next(WizardStep::Register) && next(WizardStep::Image) && next(WizardStep::Target));
        // What the container would be: the server, with the key that the group is made with.
        QTcpServer port;
        QVERIFY(port.listen(QHostAddress::LocalHost));
        part<QSpinBox>("port").setValue(port.serverPort());
        port.close();
        QProcess server;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("LAPIDARY_API_KEY", part<QLineEdit>("apiKey").text());
        server.setProcessEnvironment(environment);
        const auto log = m_azure.below("server.log");
        server.setStandardErrorFile(QString::fromStdString(log.string()));
        server.start(LAPIDARY_SERVE, {digitsPath(), "--host", "127.0.0.1", "--port", "0"});
        QTRY_VERIFY(!deploy::addressIn(log).empty());
        m_azure.fake->setBackend("aci", part<QLineEdit>("endpointName").text().toStdString(),
                                 deploy::addressIn(log));
        const auto end = qScopeGuard([&] {
            server.terminate();
            server.waitForFinished();
        });
        QVERIFY(next(WizardStep::Review));
        part<QCheckBox>("deployAnyway").setChecked(true);
        QVERIFY(next(WizardStep::Deploy));
        QVERIFY(ended());
        QVERIFY2(run()->isDone(), qPrintable(part<QPlainTextEdit>("runLog").toPlainText()));
        QVERIFY(next(WizardStep::Test));
        part<QPushButton>("sendRequests").click();
        TestStep& test = wizard().testStep();
        QVERIFY(QTest::qWaitFor([&] { return test.result().has_value(); }, 60'000));
        QVERIFY2(test.result()->same, test.result()->verdict.c_str());
        deployments().takeAway(wizard().run());
        QVERIFY(ended());
        QVERIFY(run()->deleted);
    }

    void changedPythonFilesAreInThePlan()
    {
        page().begin();
        wizard().connectStep()->chooseTarget(deploy::managedTarget);
        QVERIFY(signInAndBrowse());
        QVERIFY(next(WizardStep::Register) && next(WizardStep::Image));
        part<QRadioButton>("pythonFlavour").click();
        auto& names = part<QListWidget>("imageFiles");
        QVERIFY(QTest::qWaitFor([&] { return names.count() >= 4; }, 30'000));
        QCOMPARE(names.currentItem()->text(), QStringLiteral("score.py"));
        auto& text = part<QPlainTextEdit>("imageText");
        QVERIFY(text.toPlainText().contains("probabilities")); // the model's own output
        text.setPlainText(text.toPlainText() + "\n# changed by hand\n");
        picture("image");
        QVERIFY(next(WizardStep::Target) && next(WizardStep::Review));
        QVERIFY(QTest::qWaitFor([this] { return part<QTreeWidget>("planSteps").topLevelItemCount() > 0; },
                                60'000));
        part<QCheckBox>("deployAnyway").setChecked(true);
        QVERIFY(next(WizardStep::Deploy));
        deployments().stop(wizard().run());
        QVERIFY(ended());
        QVERIFY(toJson(run()->plan).dump().find("# changed by hand") != std::string::npos);
        deployments().takeAway(wizard().run());
        QVERIFY(ended());
    }

    // Another window knows the deployment, but not who may touch it.
    void anotherWindowAsksWhoIsThere()
    {
        QVERIFY(reachReview(deploy::managedTarget));
        part<QCheckBox>("deployAnyway").setChecked(true);
        QVERIFY(next(WizardStep::Deploy));
        const QString id = wizard().run();
        QVERIFY(ended());
        Workbench second;
        second.document().open(digitsPath());
        QVERIFY(QTest::qWaitFor([&] { return second.document().model() != nullptr; }));
        second.tabs.show();
        second.window().showPage(Page::Deploy);
        Deployments& theirs = second.tabs.deployments();
        QVERIFY(QTest::qWaitFor([&] { return theirs.run(id) != nullptr; }));
        second.window().deployPage().showRun(id);
        DeployWizard& shown = *second.window().deployPage().wizard();
        QCOMPARE(shown.step(), WizardStep::Deploy);
        auto* button = shown.findChild<QPushButton*>(QStringLiteral("signInButton"));
        QVERIFY(button && button->isVisible());
        theirs.takeAway(id);
        QVERIFY(QTest::qWaitFor([&] { return !theirs.isUnderWay(id); }, 30'000));
        QVERIFY(!theirs.run(id)->deleted);
        shown.findChild<QLineEdit*>(QStringLiteral("clientSecret"))
            ->setText(QString::fromStdString(m_azure.fake->addresses()["clientSecret"].get<std::string>()));
        button->click();
        QVERIFY(QTest::qWaitFor([&] { return theirs.account().state() == AzureAccount::State::SignedIn; },
                                30'000));
        theirs.takeAway(id);
        QVERIFY(QTest::qWaitFor([&] { return !theirs.isUnderWay(id); }, 60'000));
        QVERIFY(theirs.run(id)->deleted);
    }

    void aWrongSecretIsSaidAtOnce()
    {
        page().begin();
        wizard().connectStep()->chooseTarget(deploy::managedTarget);
        const auto addresses = m_azure.fake->addresses();
        part<QComboBox>("signInWay").setCurrentIndex(static_cast<int>(deploy::SignInWay::ServicePrincipal));
        part<QLineEdit>("tenant").setText(QString::fromStdString(addresses["tenant"].get<std::string>()));
        part<QLineEdit>("clientId").setText(QString::fromStdString(addresses["clientId"].get<std::string>()));
        part<QLineEdit>("clientSecret").setText(QStringLiteral("wrong"));
        part<QPushButton>("signInButton").click();
        QVERIFY(QTest::qWaitFor([this] { return deployments().account().error().has_value(); }, 30'000));
        QVERIFY(!wizard().button(QWizard::NextButton)->isEnabled());
    }
};

QTEST_MAIN(AzureWindowTest)

#include "azure_window_test.moc"
