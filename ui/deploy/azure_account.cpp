// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/azure_account.h"

#include "engine/deploy/files.h"
#include "ui/deploy/secret_store.h"
#include "ui/document/gui_dispatcher.h"
#include "ui/settings/settings.h"

#include <QDesktopServices>
#include <QUrl>

namespace lapidary {

namespace {

bool isUsers(deploy::SignInWay way)
{
    return way == deploy::SignInWay::Browser || way == deploy::SignInWay::DeviceCode;
}

Result<deploy::Cloud> rememberedCloud()
{
    const std::string name = readSetting(settings::azureCloud).toStdString();
    if (!std::filesystem::exists(name))
        return deploy::cloudNamed(name);
    TRY_ASSIGN(const deploy::Json json, deploy::readJsonFile(name));
    return deploy::cloudFromJson(json);
}

} // namespace

deploy::HttpOptions httpOptions()
{
    deploy::HttpOptions options;
    options.extraCaFile = readSetting(settings::azureCaFile).toStdString();
    return options;
}

deploy::Services AzureAccess::services(deploy::Connection& connection) const
{
    deploy::Services services{.http = *connection.http, .arm = connection.arm.get(), .serverProgram = {}};
    if (!apiKey.empty())
        services.secret = [key = apiKey](const std::string&) -> Result<std::string> { return key; };
    return services;
}

AzureAccount::AzureAccount(JobQueue& jobs, QObject* parent) : QObject(parent), m_jobs(jobs) {}

Result<deploy::SignIn> AzureAccount::rememberedWay()
{
    deploy::SignIn how;
    TRY_ASSIGN(how.cloud, rememberedCloud());
    how.way = static_cast<deploy::SignInWay>(std::clamp(readSetting(settings::azureSignIn), 0, 4));
    how.tenant = readSetting(settings::azureTenant).toStdString();
    how.clientId = readSetting(settings::azureClientId).toStdString();
    // An organisation's own registration of this program.
    if (isUsers(how.way) && !how.clientId.empty())
        how.cloud.clientId = how.clientId;
    return how;
}

QString AzureAccount::secretName() const
{
    return QString::fromStdString("azure " + m_how.cloud.authority + " " + m_how.tenant + " " +
                                  m_how.cloud.clientId);
}

void AzureAccount::signIn(deploy::SignIn how) { begin(how, std::nullopt); }

void AzureAccount::tryAgain()
{
    if (m_triedAgain || m_state != State::SignedOut)
        return;
    m_triedAgain = true;
    auto how = rememberedWay();
    if (!how.ok() || !isUsers(how->way))
        return;
    m_how = *how;
    readSecret(secretName(), this, [this](const Result<QString>& secret) {
        if (secret.ok() && m_state == State::SignedOut)
            begin(m_how, *secret);
    });
}

void AzureAccount::begin(const deploy::SignIn& how, const std::optional<QString>& refreshToken)
{
    cancel();
    m_how = how;
    m_error.reset();
    m_page.clear();
    m_code.clear();
    m_credentials.reset();
    m_state = State::SigningIn;
    // Told on threads of jobs; shown here.
    const auto here = [this, alive = std::weak_ptr<const int>(m_alive)](auto work) {
        guiDispatcher()([this, alive, work] {
            if (!alive.expired())
                work(*this);
        });
    };
    deploy::SignIn asking = how;
    asking.openPage = [here](const std::string& url) {
        here([page = QString::fromStdString(url)](AzureAccount& account) {
            account.m_page = page;
            QDesktopServices::openUrl(QUrl(page));
            emit account.changed();
        });
    };
    asking.showCode = [here](const deploy::DeviceCode& code) {
        here([code](AzureAccount& account) {
            account.m_page = QString::fromStdString(code.page);
            account.m_code = QString::fromStdString(code.userCode);
            emit account.changed();
        });
    };
    asking.keepToken = [here](const std::string& token) {
        here([token = QString::fromStdString(token)](AzureAccount& account) { account.keep(token); });
    };
    JobOptions options;
    options.title = tr("Sign in to Azure").toStdString();
    options.lane = "sign in";
    options.withOwner(m_alive);
    const auto work = [asking, refreshToken, http = httpOptions()](
                          JobContext& job) -> Result<std::shared_ptr<deploy::Credentials>> {
        TRY_ASSIGN(const auto client, deploy::HttpClient::create(http));
        if (refreshToken)
            return deploy::signInAgain(asking, refreshToken->toStdString(), *client, job);
        return deploy::signIn(asking, *client, job);
    };
    // An earlier try that was called off still answers.
    const int attempt = ++m_attempt;
    m_job = m_jobs.start(options, work,
                         [this, attempt](Result<std::shared_ptr<deploy::Credentials>> credentials) {
                             if (attempt == m_attempt)
                                 end(std::move(credentials));
                         });
    emit changed();
}

void AzureAccount::end(Result<std::shared_ptr<deploy::Credentials>> credentials)
{
    m_job = 0;
    m_page.clear();
    m_code.clear();
    if (credentials.ok()) {
        m_credentials = std::move(*credentials);
        m_state = State::SignedIn;
    } else {
        m_state = State::SignedOut;
        m_error = credentials.error();
    }
    emit changed();
}

void AzureAccount::keep(const QString& refreshToken)
{
    keepSecret(secretName(), refreshToken, this, [this](const Status& status) {
        m_kept = status.ok();
        emit changed();
    });
}

void AzureAccount::cancel()
{
    if (m_job != 0)
        m_jobs.cancel(m_job);
}

void AzureAccount::signOut()
{
    cancel();
    if (isUsers(m_how.way))
        forgetSecret(secretName());
    m_kept = false;
    m_credentials.reset();
    m_error.reset();
    m_state = State::SignedOut;
    emit changed();
}

AzureAccess AzureAccount::access() const { return {httpOptions(), m_how.cloud, m_credentials, {}}; }

} // namespace lapidary
