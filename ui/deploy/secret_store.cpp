// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deploy/secret_store.h"

#include <QCoreApplication>
#include <qt6keychain/keychain.h>

namespace lapidary {

namespace {

Error keychainError(const QKeychain::Job& job)
{
    return makeError(job.error() == QKeychain::EntryNotFound ? ErrorCode::NotFound
                                                             : ErrorCode::BackendUnavailable,
                     "the keychain says: " + job.errorString().toStdString());
}

} // namespace

void readSecret(const QString& name, QObject* context, std::function<void(Result<QString>)> done)
{
    auto* job = new QKeychain::ReadPasswordJob(QCoreApplication::applicationName());
    job->setKey(name);
    QObject::connect(job, &QKeychain::Job::finished, context, [job, done = std::move(done)] {
        if (job->error() == QKeychain::NoError)
            done(job->textData());
        else
            done(keychainError(*job));
    });
    job->start();
}

void keepSecret(const QString& name, const QString& secret, QObject* context,
                std::function<void(Status)> done)
{
    auto* job = new QKeychain::WritePasswordJob(QCoreApplication::applicationName());
    job->setKey(name);
    job->setTextData(secret);
    QObject::connect(job, &QKeychain::Job::finished, context, [job, done = std::move(done)] {
        done(job->error() == QKeychain::NoError ? Status() : Status(keychainError(*job)));
    });
    job->start();
}

void forgetSecret(const QString& name)
{
    auto* job = new QKeychain::DeletePasswordJob(QCoreApplication::applicationName());
    job->setKey(name);
    job->start();
}

} // namespace lapidary
