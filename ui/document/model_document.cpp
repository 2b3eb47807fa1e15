// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/model_document.h"

#include "engine/onnx/reader.h"
#include "ui/document/run_work.h"
#include "ui/document/same_selection.h"
#include "ui/document/selection_history.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QUndoStack>

#include <mutex>

namespace lapidary {

namespace {

// From any thread: runs function on the GUI thread, unless alive has died by then.
template <typename Function>
void postToGui(const std::weak_ptr<const int>& alive, Function function)
{
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [alive, function = std::move(function)] {
            if (!alive.expired())
                function();
        },
        Qt::QueuedConnection);
}

// Latencies on their way from the worker to the GUI thread, in batches: a fast model makes more of
// them in a second than an event loop should see events.
struct LatencyBatch {
    std::mutex mutex;
    std::vector<std::pair<int, double>> runs;

    // True when the caller has to post a delivery.
    bool add(int index, double latencyMs)
    {
        const std::lock_guard lock(mutex);
        runs.emplace_back(index, latencyMs);
        return runs.size() == 1;
    }
    std::vector<std::pair<int, double>> take()
    {
        const std::lock_guard lock(mutex);
        return std::exchange(runs, {});
    }
};

constexpr int editsKept = 50;

} // namespace

struct ModelDocument::Private {
    ModelDocument* q;
    JobQueue& jobs;
    // Dies with the document: what arrives later is dropped.
    std::shared_ptr<const int> alive = std::make_shared<const int>(0);

    QString path;
    std::shared_ptr<const Model> model;
    std::shared_ptr<const InferredTypes> types;
    std::shared_ptr<SessionCache> sessions; // used on the lane "run" only
    Selection selection;
    SelectionHistory history;
    std::shared_ptr<const RunReport> lastRun;
    std::shared_ptr<const BenchmarkReport> lastBenchmark;
    QUndoStack edits;
    int opened = 0; // files so far
    int saving = 0; // jobs under way

    JobId openJob = 0; // 0: none under way
    JobId inferJob = 0;
    JobId runJob = 0;
    JobId benchmarkJob = 0;

    Private(ModelDocument* document, JobQueue& queue) : q(document), jobs(queue)
    {
        edits.setUndoLimit(editsKept);
    }

    // Starts work; done sees the result unless a newer job took the place of this one in current.
    template <typename Work, typename Done>
    void startJob(JobId& current, const QString& title, const char* lane, Work work, Done done);
    void open(const QString& shownPath, std::shared_ptr<const Model> shown);
    void show(const QString& shownPath, std::shared_ptr<const Model> shown);
    void startInference();
    QString fileName() const { return QFileInfo(path).fileName(); }
};

template <typename Work, typename Done>
void ModelDocument::Private::startJob(JobId& current, const QString& title, const char* lane, Work work,
                                      Done done)
{
    JobOptions options;
    options.title = title.toStdString();
    options.lane = lane;
    options.replaceKey = lane;
    options.withOwner(alive);
    // The id is known after start(); the result cannot come before, it goes through the event loop.
    const auto id = std::make_shared<JobId>(0);
    *id = jobs.start(std::move(options), std::move(work),
                     [&current, id, done = std::move(done)](auto result) mutable {
                         if (*id != current)
                             return;
                         current = 0;
                         done(std::move(result));
                     });
    current = *id;
}

void ModelDocument::Private::open(const QString& shownPath, std::shared_ptr<const Model> shown)
{
    ++opened;
    show(shownPath, std::move(shown));
    edits.clear();
}

void ModelDocument::Private::show(const QString& shownPath, std::shared_ptr<const Model> shown)
{
    for (const JobId job : {inferJob, runJob, benchmarkJob})
        jobs.cancel(job);
    const bool again = model && shown && shownPath == path;
    selection = again ? sameSelection(selection, *model, *shown) : Selection();
    path = shownPath;
    model = std::move(shown);
    types.reset();
    sessions = model ? std::make_shared<SessionCache>(model) : nullptr;
    history.clear();
    history.add(selection);
    lastRun.reset();
    lastBenchmark.reset();
    emit q->modelChanged(again);
    emit q->selectionChanged();
    if (model)
        startInference();
}

void ModelDocument::Private::startInference()
{
    startJob(
        inferJob, tr("Finding shapes in %1").arg(fileName()), "infer",
        [subject = model](JobContext& job) { return inferTypes(*subject, {}, job); },
        [this, subject = model](Result<InferredTypes> result) {
            if (subject != model || !result.ok())
                return;
            types = std::make_shared<const InferredTypes>(std::move(result).value());
            emit q->typesChanged();
        });
}

ModelDocument::ModelDocument(JobQueue& jobs, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, jobs))
{
}

ModelDocument::~ModelDocument()
{
    for (const JobId job : {d->openJob, d->inferJob, d->runJob, d->benchmarkJob})
        d->jobs.cancel(job);
}

JobQueue& ModelDocument::jobs() const { return d->jobs; }

QString ModelDocument::fileFilter()
{
    return tr("Models (*.onnx *.onnxtxt *.textproto *.pbtxt *.onnxjson *.gz *.bz2 *.xz *.zst *.zip *.tar "
              "*.tgz);;All files (*)");
}

void ModelDocument::open(const QString& path)
{
    const QFileInfo info(path);
    const QString absolute = info.absoluteFilePath();
    const std::filesystem::path file(absolute.toStdU16String());
    d->startJob(
        d->openJob, tr("Opening %1").arg(info.fileName()), "open",
        [file](JobContext& job) { return loadModel(file, job); },
        [this, absolute, edits = d->edits.index()](Result<std::shared_ptr<const Model>> result) {
            // Changed while its file was read again: the change is not thrown away.
            if (result.ok() && d->edits.index() != edits && !d->edits.isClean())
                result = cancelled();
            if (result.ok())
                d->open(absolute, std::move(result).value());
            else
                emit openFailed(absolute, result.error());
        });
    emit openStarted(absolute);
}

void ModelDocument::close()
{
    d->jobs.cancel(d->openJob);
    d->openJob = 0;
    d->open({}, nullptr);
}

QString ModelDocument::path() const { return d->path; }

bool ModelDocument::isOpening() const { return d->openJob != 0; }

std::shared_ptr<const Model> ModelDocument::model() const { return d->model; }

std::shared_ptr<const InferredTypes> ModelDocument::types() const { return d->types; }

class ModelDocument::Edit final : public QUndoCommand {
public:
    Edit(Private& document, const QString& what, std::shared_ptr<const Model> after)
        : QUndoCommand(what), m_document(document), m_before(document.model), m_after(std::move(after))
    {
    }
    void undo() override { m_document.show(m_document.path, m_before); }
    void redo() override { m_document.show(m_document.path, m_after); }

private:
    Private& m_document;
    std::shared_ptr<const Model> m_before;
    std::shared_ptr<const Model> m_after;
};

void ModelDocument::edit(const QString& what, EditWork work, std::function<void(const Status&)> done)
{
    if (!d->model)
        return;
    JobOptions options;
    options.title = what.toStdString();
    options.lane = "edit";
    options.withOwner(d->alive);
    d->jobs.start(
        std::move(options),
        [subject = d->model, work = std::move(work)](JobContext& job) { return work(*subject, job); },
        [this, subject = d->model, what, done = std::move(done)](Result<Model> result) {
            if (subject != d->model)
                return;
            if (result.ok())
                d->edits.push(new Edit(*d, what, std::make_shared<const Model>(std::move(*result))));
            if (done)
                done(result.ok() ? Status() : Status(result.error()));
        });
}

QUndoStack& ModelDocument::edits() const { return d->edits; }

void ModelDocument::save(const QString& path, WeightStorage storage)
{
    if (!d->model)
        return;
    JobOptions options;
    options.title = tr("Saving %1").arg(QFileInfo(path).fileName()).toStdString();
    options.lane = "save";
    options.withOwner(d->alive);
    const std::filesystem::path file(path.toStdU16String());
    ++d->saving;
    d->jobs.start(
        std::move(options),
        [subject = d->model, file, storage](JobContext& job) {
            return saveModel(*subject, file, storage, job);
        },
        [this, subject = d->model, path, opened = d->opened](const Status& status) {
            --d->saving;
            if (opened != d->opened)
                return;
            if (!status.ok()) {
                emit saveFailed(path, status.error());
                return;
            }
            if (subject == d->model) {
                d->path = path;
                d->edits.setClean();
            }
            emit saved(path);
        });
}

bool ModelDocument::isSaving() const { return d->saving > 0; }

const Selection& ModelDocument::selection() const { return d->selection; }

void ModelDocument::select(const Selection& selection)
{
    if (selection == d->selection)
        return;
    d->selection = selection;
    d->history.add(selection);
    emit selectionChanged();
}

bool ModelDocument::canSelectBack() const { return d->history.canGoBack(); }
bool ModelDocument::canSelectForward() const { return d->history.canGoForward(); }

void ModelDocument::selectBack()
{
    if (!d->history.canGoBack())
        return;
    d->selection = d->history.back();
    emit selectionChanged();
}

void ModelDocument::selectForward()
{
    if (!d->history.canGoForward())
        return;
    d->selection = d->history.forward();
    emit selectionChanged();
}

void ModelDocument::run(RunRequest request)
{
    if (!d->model)
        return;
    // Named here so that the lambdas that run on the worker do not touch the document.
    const auto progress = [this, alive = std::weak_ptr(d->alive)](double fraction, const std::string& text) {
        postToGui(alive,
                  [this, fraction, text] { emit runProgress(fraction, QString::fromStdString(text)); });
    };
    d->startJob(
        d->runJob, tr("Running %1").arg(d->fileName()), "run",
        [sessions = d->sessions, request = std::move(request), progress](JobContext& job) mutable {
            JobContext reporting(job.stopToken(), [&job, progress](double fraction, const std::string& text) {
                job.report(fraction, text);
                progress(fraction, text);
            });
            return performRun(std::move(request), *sessions, reporting);
        },
        [this, subject = d->model](Result<RunReport> result) {
            if (result.ok() && subject != d->model)
                result = cancelled(); // finished just when another model took its place
            if (!result.ok()) {
                emit runFailed(result.error());
                return;
            }
            d->lastRun = std::make_shared<const RunReport>(std::move(result).value());
            emit runFinished();
        });
    emit runStarted();
}

bool ModelDocument::isRunning() const { return d->runJob != 0; }

std::shared_ptr<const RunReport> ModelDocument::lastRun() const { return d->lastRun; }

void ModelDocument::benchmark(RunRequest request, BenchmarkOptions options)
{
    if (!d->model)
        return;
    const auto batch = std::make_shared<LatencyBatch>();
    const auto deliver = [this, batch] {
        for (const auto& [index, latencyMs] : batch->take())
            emit benchmarkRun(index, latencyMs);
    };
    const auto onRun = [batch, deliver, alive = std::weak_ptr(d->alive)](int index, double latencyMs) {
        if (batch->add(index, latencyMs))
            postToGui(alive, deliver);
    };
    d->startJob(
        d->benchmarkJob, tr("Timing %1").arg(d->fileName()), "run",
        [sessions = d->sessions, request = std::move(request), options, onRun](JobContext& job) {
            return performBenchmark(request, options, *sessions, job, onRun);
        },
        [this, subject = d->model](Result<BenchmarkReport> result) {
            if (result.ok() && subject != d->model)
                result = cancelled();
            if (!result.ok()) {
                emit benchmarkFailed(result.error());
                return;
            }
            d->lastBenchmark = std::make_shared<const BenchmarkReport>(std::move(result).value());
            emit benchmarkFinished();
        });
    emit benchmarkStarted(options.warmupRuns, options.runs);
}

bool ModelDocument::isBenchmarking() const { return d->benchmarkJob != 0; }

std::shared_ptr<const BenchmarkReport> ModelDocument::lastBenchmark() const { return d->lastBenchmark; }

void ModelDocument::cancel()
{
    for (const JobId job : {d->runJob, d->benchmarkJob})
        d->jobs.cancel(job);
}

} // namespace lapidary
