// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/job_queue.h"
#include "tests/engine_tests.h"

#include <QTest>
#include <atomic>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

using namespace lapidary;

namespace {

// A dispatcher whose functions run when the test says so, on the test's thread.
class Mailbox {
public:
    JobQueue::Dispatcher dispatcher()
    {
        return [this](std::function<void()> function) {
            const std::lock_guard lock(m_mutex);
            m_functions.push_back(std::move(function));
        };
    }
    void deliver()
    {
        for (;;) {
            std::function<void()> next;
            {
                const std::lock_guard lock(m_mutex);
                if (m_functions.empty())
                    return;
                next = std::move(m_functions.front());
                m_functions.pop_front();
            }
            next();
        }
    }

private:
    std::mutex m_mutex;
    std::deque<std::function<void()>> m_functions;
};

Result<int> waitUntilStopped(JobContext& job)
{
    while (!job.stopRequested())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return cancelled();
}

} // namespace

class JobQueueTest : public QObject {
    Q_OBJECT
private slots:
    void resultArrivesOnTheDispatcherThread()
    {
        Mailbox mailbox;
        JobQueue jobs(mailbox.dispatcher());
        std::thread::id worker;
        std::thread::id receiver;
        int value = 0;
        jobs.start(
            {"add", "lane"},
            [&](JobContext&) -> Result<int> {
                worker = std::this_thread::get_id();
                return 42;
            },
            [&](Result<int> result) {
                receiver = std::this_thread::get_id();
                value = *result;
            });
        QTRY_COMPARE((mailbox.deliver(), value), 42);
        QCOMPARE(receiver, std::this_thread::get_id());
        QVERIFY(worker != receiver);
    }

    void aLaneRunsOneAtATimeInOrder()
    {
        Mailbox mailbox;
        JobQueue jobs(mailbox.dispatcher());
        std::atomic<int> running = 0;
        std::atomic<int> most = 0;
        std::vector<int> order;
        for (int i = 0; i < 8; ++i) {
            jobs.start(
                {"job", "lane"},
                [&, i](JobContext&) -> Result<int> {
                    most = std::max(most.load(), ++running);
                    std::this_thread::sleep_for(std::chrono::milliseconds(2));
                    --running;
                    return i;
                },
                [&](Result<int> result) { order.push_back(*result); });
        }
        QTRY_COMPARE((mailbox.deliver(), order.size()), size_t{8});
        QCOMPARE(most.load(), 1);
        QVERIFY(std::is_sorted(order.begin(), order.end()));
    }

    void lanesRunSideBySide()
    {
        Mailbox mailbox;
        JobQueue jobs(mailbox.dispatcher());
        // Each job waits for the other: only possible when both run.
        std::promise<void> first;
        std::promise<void> second;
        auto firstStarted = first.get_future();
        auto secondStarted = second.get_future();
        int finished = 0;
        const auto done = [&](Result<int>) { ++finished; };
        jobs.start(
            {"a", "lane a"},
            [&](JobContext&) -> Result<int> {
                first.set_value();
                secondStarted.wait();
                return 1;
            },
            done);
        jobs.start(
            {"b", "lane b"},
            [&](JobContext&) -> Result<int> {
                second.set_value();
                firstStarted.wait();
                return 2;
            },
            done);
        QTRY_COMPARE((mailbox.deliver(), finished), 2);
    }

    void newestWins()
    {
        Mailbox mailbox;
        JobQueue jobs(mailbox.dispatcher());
        std::vector<ErrorCode> errors;
        int value = 0;
        const auto done = [&](Result<int> result) {
            if (result.ok())
                value = *result;
            else
                errors.push_back(result.error().code);
        };
        JobOptions options{"layout", "lane", "layout"};
        jobs.start(options, waitUntilStopped, done);
        jobs.start(options, waitUntilStopped, done);
        jobs.start(
            options, [](JobContext&) -> Result<int> { return 3; }, done);
        QTRY_COMPARE((mailbox.deliver(), value), 3);
        QCOMPARE(errors, (std::vector{ErrorCode::Cancelled, ErrorCode::Cancelled}));
    }

    void cancelEndsTheRunningJob()
    {
        Mailbox mailbox;
        JobQueue jobs(mailbox.dispatcher());
        std::optional<ErrorCode> code;
        const JobId id =
            jobs.start({"wait", "lane"}, waitUntilStopped, [&](Result<int> r) { code = r.error().code; });
        jobs.cancel(id);
        QTRY_VERIFY((mailbox.deliver(), code.has_value()));
        QCOMPARE(*code, ErrorCode::Cancelled);
    }

    void resultIsDroppedWhenTheOwnerDied()
    {
        Mailbox mailbox;
        JobQueue jobs(mailbox.dispatcher());
        auto owner = std::make_shared<int>();
        bool delivered = false;
        bool laterDone = false;
        JobOptions options{"work", "lane"};
        jobs.start(
            options.withOwner(owner), [](JobContext&) -> Result<int> { return 1; },
            [&](Result<int>) { delivered = true; });
        jobs.start(
            {"later", "lane"}, [](JobContext&) -> Result<int> { return 2; },
            [&](Result<int>) { laterDone = true; });
        owner.reset();
        QTRY_VERIFY((mailbox.deliver(), laterDone));
        QVERIFY(!delivered);
    }

    void progressIsThrottledAndTheLastOneArrives()
    {
        Mailbox mailbox;
        JobQueue jobs(mailbox.dispatcher());
        int reports = 0;
        double last = -1;
        bool done = false;
        jobs.setObserver([&](const JobInfo& info) {
            if (info.state == JobState::Running && info.fraction >= 0) {
                ++reports;
                last = info.fraction;
            }
        });
        jobs.start(
            {"count", "lane"},
            [](JobContext& job) -> Result<int> {
                for (int i = 1; i <= 100000; ++i)
                    job.report(i / 100000.0);
                return 0;
            },
            [&](Result<int>) { done = true; });
        QTRY_VERIFY((mailbox.deliver(), done));
        QCOMPARE(last, 1.0);
        QVERIFY2(reports < 1000, qPrintable(QString::number(reports)));
    }

    void lackOfMemoryIsAnError()
    {
        Mailbox mailbox;
        JobQueue jobs(mailbox.dispatcher());
        std::optional<ErrorCode> code;
        jobs.start(
            {"big", "lane"}, [](JobContext&) -> Result<int> { throw std::bad_alloc(); },
            [&](Result<int> result) { code = result.error().code; });
        QTRY_VERIFY((mailbox.deliver(), code.has_value()));
        QCOMPARE(*code, ErrorCode::OutOfMemory);
    }

    void closingStopsWhatRuns()
    {
        Mailbox mailbox;
        bool delivered = false;
        {
            JobQueue jobs(mailbox.dispatcher());
            jobs.start({"wait", "lane"}, waitUntilStopped, [&](Result<int>) { delivered = true; });
            jobs.start({"wait", "lane"}, waitUntilStopped, [&](Result<int>) { delivered = true; });
        }
        mailbox.deliver();
        QVERIFY(!delivered);
    }
};

std::unique_ptr<QObject> lapidary::createJobQueueTest() { return std::make_unique<JobQueueTest>(); }

#include "job_queue_test.moc"
