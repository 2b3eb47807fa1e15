// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inputs/run_inputs.h"

#include "engine/session/test_data.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace lapidary {

namespace {

std::filesystem::path nativePath(const QString& path) { return std::filesystem::path(path.toStdU16String()); }

} // namespace

RunInputs& RunInputs::of(ModelDocument& document)
{
    if (auto* existing = document.findChild<RunInputs*>(QString(), Qt::FindDirectChildrenOnly))
        return *existing;
    return *new RunInputs(document);
}

RunInputs::RunInputs(ModelDocument& document) : QObject(&document), m_document(document)
{
    connect(&document, &ModelDocument::modelChanged, this, &RunInputs::rebuild);
    rebuild(false);
}

void RunInputs::rebuild(bool again)
{
    cancelPreparing(); // of the model before
    // Another version that asks for the same gets what was chosen.
    if (auto specs = m_document.model() ? inputSpecs(m_document.model()->graph) : std::vector<InputSpec>();
        again && sameInputs(specs, m_specs)) {
        m_specs = std::move(specs);
        return;
    }
    m_specs.clear();
    m_entries.clear();
    m_dimSizes.clear();
    m_samples = {};
    m_labels = {};
    m_dataFolder.clear();
    m_dataFolderError.reset();
    if (const auto model = m_document.model()) {
        m_specs = inputSpecs(model->graph);
        m_entries.resize(m_specs.size());
        for (size_t i = 0; i < m_specs.size(); ++i) {
            m_entries[i].choice.seed = i; // two inputs of one shape shall differ
            m_entries[i].choice.source = possibleSources(m_specs[i]).front();
            if (m_entries[i].choice.source == InputSource::Image) // until one is chosen
                m_entries[i].choice.source = InputSource::Random;
            m_entries[i].choice.image = guessImageOptions(*model, m_specs[i]);
            for (size_t axis = 0; axis < m_specs[i].dimKeys.size(); ++axis) {
                if (const std::string& key = m_specs[i].dimKeys[axis]; !key.empty())
                    m_dimSizes.emplace(key, isImageSide(m_specs[i], axis) ? 0 : 1);
            }
        }
        m_labels = labelsInMetadata(*model);
    }
    emit rebuilt();
    for (size_t i = 0; i < m_specs.size(); ++i)
        refreshPreview(i);
    if (!m_specs.empty() && !m_document.path().isEmpty())
        searchSamples();
}

void RunInputs::searchSamples()
{
    JobOptions options;
    options.title = tr("Look for samples").toStdString();
    options.lane = "samples";
    options.replaceKey = "samples";
    options.withOwner(m_alive);
    const QString path = m_document.path();
    m_document.jobs().start(
        options, [path](JobContext& job) { return findSamples(path, job); },
        [this, path](Result<RunSamples> samples) {
            if (!samples.ok() || path != m_document.path())
                return;
            m_samples = std::move(*samples);
            emit samplesChanged();
            if (m_labels.names.isEmpty() && !m_samples.labels.names.isEmpty())
                useLabels(m_samples.labels);
            useDefaults();
        });
}

void RunInputs::useDefaults()
{
    const bool untouched = std::ranges::none_of(m_entries, &Entry::touched) && m_dataFolder.isEmpty();
    if (!untouched)
        return;
    if (imageInput() && m_specs.size() == 1 && !m_samples.images.empty())
        useImage(m_samples.images.front().path);
    else if (!m_samples.dataFolders.isEmpty())
        useDataFolder(m_samples.dataFolders.front());
}

std::optional<size_t> RunInputs::imageInput() const
{
    for (size_t i = 0; i < m_specs.size(); ++i) {
        if (looksLikeImageInput(m_specs[i]))
            return i;
    }
    return std::nullopt;
}

void RunInputs::setChoice(size_t index, const InputChoice& choice)
{
    if (m_entries[index].choice == choice)
        return;
    m_entries[index].touched = true;
    leaveDataFolder();
    replaceChoice(index, choice);
}

void RunInputs::leaveDataFolder()
{
    // One input changed: the expected outputs of the folder are no longer those of this run.
    if (m_dataFolder.isEmpty() && !m_dataFolderError)
        return;
    m_dataFolder.clear();
    m_dataFolderError.reset();
    emit dataFolderChanged();
}

void RunInputs::replaceChoice(size_t index, const InputChoice& choice)
{
    m_entries[index].choice = choice;
    emit choiceChanged(index);
    refreshPreview(index);
}

void RunInputs::refreshPreview(size_t index)
{
    JobOptions options;
    options.title = tr("Look at input %1").arg(QString::fromStdString(m_specs[index].name)).toStdString();
    options.lane = "inputs";
    options.replaceKey = "input " + std::to_string(index);
    options.withOwner(m_alive);
    m_document.jobs().start(
        options,
        [spec = m_specs[index], choice = m_entries[index].choice, sizes = m_dimSizes](JobContext& job) {
            return previewInput(spec, choice, sizes, job);
        },
        [this, index, name = m_specs[index].name](Result<InputPreview> preview) {
            const bool stale = !preview.ok() && preview.error().code == ErrorCode::Cancelled;
            if (stale || index >= m_specs.size() || m_specs[index].name != name)
                return;
            m_entries[index].error = preview.ok() ? std::nullopt : std::optional(preview.error());
            m_entries[index].preview = preview.ok() ? *preview : InputPreview{};
            emit previewChanged(index);
        });
}

std::vector<std::string> RunInputs::freeDims() const
{
    std::vector<std::string> keys;
    for (const InputSpec& spec : m_specs) {
        for (const std::string& key : spec.dimKeys) {
            if (!key.empty() && std::ranges::find(keys, key) == keys.end())
                keys.push_back(key);
        }
    }
    return keys;
}

int64_t RunInputs::dimSize(const std::string& key) const
{
    const auto found = m_dimSizes.find(key);
    return found == m_dimSizes.end() ? 1 : found->second;
}

bool RunInputs::isAutomaticDim(const std::string& key) const
{
    for (const InputSpec& spec : m_specs) {
        for (size_t axis = 0; axis < spec.dimKeys.size(); ++axis) {
            if (spec.dimKeys[axis] == key && isImageSide(spec, axis))
                return true;
        }
    }
    return false;
}

void RunInputs::setDimSize(const std::string& key, int64_t size)
{
    if (dimSize(key) == size)
        return;
    m_dimSizes[key] = size;
    emit dimsChanged();
    for (size_t i = 0; i < m_specs.size(); ++i) {
        if (std::ranges::find(m_specs[i].dimKeys, key) != m_specs[i].dimKeys.end())
            refreshPreview(i);
    }
}

void RunInputs::useLabels(const ClassLabels& labels)
{
    m_labels = labels;
    emit labelsChanged();
}

void RunInputs::useImage(const QString& path)
{
    std::optional<size_t> index = imageInput();
    if (!index && m_specs.size() == 1)
        index = 0;
    if (!index)
        return;
    leaveDataFolder();
    InputChoice choice = m_entries[*index].choice;
    choice.source = InputSource::Image;
    choice.file = path;
    replaceChoice(*index, choice);
}

void RunInputs::useDataFolder(const QString& folder)
{
    const auto model = m_document.model();
    if (!model)
        return;
    m_dataFolder = folder;
    m_dataFolderError.reset();
    emit dataFolderChanged();
    JobOptions options;
    options.title = tr("Read test data").toStdString();
    options.lane = "inputs";
    options.replaceKey = "data folder";
    options.withOwner(m_alive);
    m_document.jobs().start(
        options,
        [model, path = nativePath(folder)](JobContext&) { return loadTestDataSet(model->graph, path); },
        [this, folder, model](Result<TestDataSet> data) {
            if (model != m_document.model() || folder != m_dataFolder)
                return;
            if (data.ok()) {
                feedFromFolder();
            } else if (data.error().code != ErrorCode::Cancelled) {
                m_dataFolder.clear();
                m_dataFolderError = data.error();
                emit dataFolderChanged();
            }
        });
}

void RunInputs::feedFromFolder()
{
    for (size_t i = 0; i < m_specs.size(); ++i) {
        // An input without a file keeps what it had.
        const QString file = QDir(m_dataFolder).filePath(QStringLiteral("input_%1.pb").arg(i));
        if (!QFileInfo::exists(file))
            continue;
        InputChoice choice = m_entries[i].choice;
        choice.source = InputSource::TensorProto;
        choice.file = file;
        replaceChoice(i, choice);
    }
}

void RunInputs::prepare(SessionOptions session, std::function<void(Result<RunRequest>)> done)
{
    const auto model = m_document.model();
    if (!model)
        return;
    std::vector<InputChoice> choices;
    for (const Entry& entry : m_entries)
        choices.push_back(entry.choice);
    JobOptions options;
    options.title = tr("Prepare inputs").toStdString();
    options.lane = "inputs";
    options.replaceKey = "prepare";
    options.withOwner(m_alive);
    m_preparing = m_document.jobs().start(
        options,
        [model, specs = m_specs, choices, sizes = m_dimSizes, folder = nativePath(m_dataFolder),
         session = std::move(session)](JobContext& job) mutable -> Result<RunRequest> {
            RunRequest request;
            for (size_t i = 0; i < specs.size(); ++i) {
                TRY_ASSIGN(Value value, loadInput(specs[i], choices[i], sizes, job));
                request.inputs.push_back(std::move(value));
            }
            request.session = std::move(session);
            request.session.dims = boundDims(specs, request.inputs);
            if (!folder.empty()) {
                TRY_ASSIGN(TestDataSet data, loadTestDataSet(model->graph, folder));
                request.expected = std::move(data.expected);
            }
            return request;
        },
        [this, number = ++m_preparation, done = std::move(done)](Result<RunRequest> request) {
            if (number != m_preparation)
                return;
            m_preparing = 0;
            done(std::move(request)); // first, so that a run takes over without a gap
            emit preparingChanged();
        });
    emit preparingChanged();
}

void RunInputs::cancelPreparing()
{
    if (!isPreparing())
        return;
    ++m_preparation;
    m_document.jobs().cancel(std::exchange(m_preparing, 0));
    emit preparingChanged();
}

QString RunInputs::summary() const
{
    if (!m_dataFolder.isEmpty())
        return QFileInfo(m_dataFolder).fileName();
    QStringList parts;
    for (const Entry& entry : m_entries) {
        const InputChoice& choice = entry.choice;
        const QString text = choice.source == InputSource::Random ? tr("random values")
                             : choice.source == InputSource::Constant
                                 ? tr("constant %1").arg(QLocale().toString(choice.number))
                                 : QFileInfo(choice.file).fileName();
        if (!parts.contains(text))
            parts << text;
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace lapidary
