// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: who the window is signed in to Azure as; one for all tabs. How is remembered in the settings, a
// refresh token in the keychain, all else in memory only. GUI thread; asking goes on in jobs.
#pragma once

#include "engine/base/job_queue.h"
#include "engine/deploy/account.h"
#include "engine/deploy/actions.h"

#include <QObject>

#include <optional>

namespace lapidary {

// What a job needs to talk to Azure, or, without credentials, to anybody else.
struct AzureAccess {
    deploy::HttpOptions http;
    deploy::Cloud cloud;
    std::shared_ptr<deploy::Credentials> credentials;
    std::string apiKey; // what callers of a container group send; the user's

    // For the thread of the job. Errors: of deploy::connect.
    Result<std::unique_ptr<deploy::Connection>> open() const
    {
        return deploy::connect(http, cloud, credentials);
    }
    deploy::Services services(deploy::Connection& connection) const;
};

class AzureAccount : public QObject {
    Q_OBJECT
public:
    enum class State { SignedOut, SigningIn, SignedIn };

    // jobs outlives it.
    explicit AzureAccount(JobQueue& jobs, QObject* parent = nullptr);

    State state() const { return m_state; }
    const std::optional<Error>& error() const { return m_error; } // why the last try failed
    // While a user is asked: the page to sign in at, and the code to type there, if one is needed.
    QString page() const { return m_page; }
    QString code() const { return m_code; }
    // False: it ends with the window.
    bool isKept() const { return m_kept; }

    // As the settings have it. Errors: of the file that lists the hosts of a cloud of one's own.
    static Result<deploy::SignIn> rememberedWay();
    void signIn(deploy::SignIn how);
    // Once: with what the keychain has, if anything; quietly.
    void tryAgain();
    void cancel();
    void signOut();

    AzureAccess access() const;

signals:
    void changed();

private:
    void begin(const deploy::SignIn& how, const std::optional<QString>& refreshToken);
    void end(Result<std::shared_ptr<deploy::Credentials>> credentials);
    void keep(const QString& refreshToken);
    QString secretName() const;

    JobQueue& m_jobs;
    State m_state = State::SignedOut;
    std::optional<Error> m_error;
    QString m_page;
    QString m_code;
    bool m_kept = false;
    bool m_triedAgain = false;
    JobId m_job = 0;
    int m_attempt = 0;
    deploy::SignIn m_how;
    std::shared_ptr<deploy::Credentials> m_credentials;
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

// What every connection is made with, as the settings have it.
deploy::HttpOptions httpOptions();

} // namespace lapidary
