// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the user wants to feed the model of a document with. One for each document, shared by
// the pages that run it. GUI thread; files are read on the document's job lanes.
#pragma once

#include "engine/base/error.h"
#include "ui/document/model_document.h"
#include "ui/inputs/load_input.h"
#include "ui/inputs/samples.h"

#include <QObject>

#include <functional>
#include <optional>

namespace lapidary {

class RunInputs : public QObject {
    Q_OBJECT
public:
    // The one of the document, made at the first call and owned by it.
    static RunInputs& of(ModelDocument& document);

    const std::vector<InputSpec>& specs() const { return m_specs; }
    const InputChoice& choice(size_t index) const { return m_entries[index].choice; }
    void setChoice(size_t index, const InputChoice& choice);
    // Empty while the input is being looked at, or when it is wrong: then error() says why.
    const InputPreview& preview(size_t index) const { return m_entries[index].preview; }
    const std::optional<Error>& error(size_t index) const { return m_entries[index].error; }

    // Dimensions without a fixed size, each name once, in the order of the inputs.
    std::vector<std::string> freeDims() const;
    int64_t dimSize(const std::string& key) const;     // 0: automatic
    bool isAutomaticDim(const std::string& key) const; // may be 0
    void setDimSize(const std::string& key, int64_t size);

    const RunSamples& samples() const { return m_samples; }
    // Labels of the classes: a file picked by the user, beside the model, or in its metadata.
    const ClassLabels& labels() const { return m_labels; }
    void useLabels(const ClassLabels& labels);

    // Feeds the (first) input that wants pictures with this one.
    void useImage(const QString& path);
    // Feeds the inputs from the folder's files; outputs in it are what a run is compared with.
    void useDataFolder(const QString& folder);
    QString dataFolder() const { return m_dataFolder; } // empty when not used
    const std::optional<Error>& dataFolderError() const { return m_dataFolderError; }

    // Loads everything in the background and delivers, on the GUI thread, what to run: the session with the
    // sizes of the inputs' dimensions, the inputs, the outputs of the data folder. Nothing is delivered when
    // it is called off, started again, or the model changes.
    void prepare(SessionOptions session, std::function<void(Result<RunRequest>)> done);
    void cancelPreparing();
    bool isPreparing() const { return m_preparing != 0; }
    // One line for people: "7.png", "random (seed 0)", "test_data_set_0".
    QString summary() const;

signals:
    void rebuilt(); // other inputs: the model changed
    void choiceChanged(size_t index);
    void previewChanged(size_t index);
    void dimsChanged();
    void samplesChanged();
    void labelsChanged();
    void dataFolderChanged();
    void preparingChanged();

private:
    struct Entry {
        InputChoice choice;
        InputPreview preview;
        std::optional<Error> error;
        bool touched = false; // by the user: defaults that arrive late leave it alone
    };

    explicit RunInputs(ModelDocument& document);
    void rebuild(bool again);
    void searchSamples();
    void useDefaults();
    void refreshPreview(size_t index);
    void replaceChoice(size_t index, const InputChoice& choice);
    void feedFromFolder();
    void leaveDataFolder();
    std::optional<size_t> imageInput() const;

    ModelDocument& m_document;
    std::vector<InputSpec> m_specs;
    std::vector<Entry> m_entries;
    DimSizes m_dimSizes;
    RunSamples m_samples;
    ClassLabels m_labels;
    QString m_dataFolder;
    std::optional<Error> m_dataFolderError;
    JobId m_preparing = 0; // 0: none under way
    int m_preparation = 0; // number of the newest: older answers are stale
    std::shared_ptr<const int> m_alive = std::make_shared<int>();
};

} // namespace lapidary
