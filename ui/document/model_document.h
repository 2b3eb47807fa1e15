// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the one mutable object of the window: the model, what is selected, what was run. Pages and
// docks read it and listen; only it starts jobs on the model. Lives on the GUI thread.
#pragma once

#include "engine/base/job_queue.h"
#include "engine/benchmark/benchmark.h"
#include "engine/onnx/writer.h"
#include "engine/ops/inference.h"
#include "engine/session/session.h"
#include "viewers/graph/selection.h"

#include <QObject>
#include <QString>

class QUndoStack;

namespace lapidary {

// A run as the user asked for it. Inputs in the order of Graph::requiredInputs().
struct RunRequest {
    SessionOptions session;
    std::vector<Value> inputs;
    bool profile = true;
    // By output name; compared after the run. May be empty.
    std::map<std::string, Value> expected;
};

struct RunReport {
    RunRequest request;
    RunResult result;
    std::vector<NodePlacement> placements;
    double createMs = 0; // making the session; 0 when it was there already
    double runMs = 0;
};

struct BenchmarkReport {
    SessionOptions session;
    BenchmarkResult result;
    double createMs = 0;
};

// A changed copy of a model. Runs on a worker thread.
using EditWork = std::function<Result<Model>(const Model& model, JobContext& job)>;

class ModelDocument : public QObject {
    Q_OBJECT
public:
    // jobs outlives the document.
    explicit ModelDocument(JobQueue& jobs, QObject* parent = nullptr);
    ~ModelDocument() override;

    JobQueue& jobs() const;

    // What open() takes, for a file dialog.
    static QString fileFilter();

    // Opens a file in the background; the model shown so far stays until the new one is there. What is
    // selected stays so when it is the same file again, and has it by the same name.
    void open(const QString& path);
    void close();
    QString path() const; // of the model shown; empty when none
    bool isOpening() const;

    std::shared_ptr<const Model> model() const;         // null when none
    std::shared_ptr<const InferredTypes> types() const; // null until inference is done

    // Shows a changed copy of the model, made in the background; one edit at a time, in the order of the
    // calls. what names the edit in menus. done hears how it went, unless the model changed meanwhile.
    void edit(const QString& what, EditWork work, std::function<void(const Status&)> done = {});
    // Edits since the file was opened; clean: as last saved, or opened. Memory: one model without its
    // weights for each edit, the last 50.
    QUndoStack& edits() const;
    // Writes what is shown, in the background; afterwards path() is where it was saved. Never over the file
    // that was opened. Ends with saved or saveFailed, unless another file was opened meanwhile.
    void save(const QString& path, WeightStorage storage);
    bool isSaving() const;

    const Selection& selection() const;
    void select(const Selection& selection);
    // Back to what was selected before, and forward again.
    void selectBack();
    void selectForward();
    bool canSelectBack() const;
    bool canSelectForward() const;

    // Runs in the background (lane "run", newest wins). Sessions are kept while their options stay
    // the same. Ends with runFinished or runFailed (also for a cancelled run: ErrorCode::Cancelled).
    void run(RunRequest request);
    bool isRunning() const;
    std::shared_ptr<const RunReport> lastRun() const; // null when none, or the model changed

    void benchmark(RunRequest request, BenchmarkOptions options);
    bool isBenchmarking() const;
    std::shared_ptr<const BenchmarkReport> lastBenchmark() const;

    // Stops the run or benchmark under way.
    void cancel();

signals:
    void openStarted(const QString& path);
    // again: another version of the model that was shown, of the same file.
    void modelChanged(bool again);
    void typesChanged();
    void openFailed(const QString& path, const lapidary::Error& error);
    void saved(const QString& path);
    void saveFailed(const QString& path, const lapidary::Error& error);
    void selectionChanged();
    void runStarted();
    void runProgress(double fraction, const QString& text);
    void runFinished();
    void runFailed(const lapidary::Error& error);
    void benchmarkStarted(int warmupRuns, int runs);
    void benchmarkRun(int index, double latencyMs); // one signal for each run
    void benchmarkFinished();
    void benchmarkFailed(const lapidary::Error& error);

private:
    struct Private;
    class Edit;
    std::unique_ptr<Private> d;
};

} // namespace lapidary
