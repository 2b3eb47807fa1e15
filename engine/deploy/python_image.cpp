// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/deploy/python_image.h"

#include "engine/deploy/files.h"
#include "engine/deploy/yaml.h"
#include "engine/onnx/reader.h"

#include <QRegularExpression>
#include <QString>

#include <algorithm>

namespace fs = std::filesystem;

namespace lapidary::deploy {

namespace {

constexpr auto pythonVersion = "3.12";
// Fixed: the usual way for a build to hang is that pip looks for versions that fit.
constexpr const char* packages[] = {"azureml-inference-server-http==1.5.1", "numpy==2.2.6",
                                    "onnxruntime==1.22.0"};

constexpr uint64_t largestText = uint64_t{1} << 20;

const char* const scoreStart =
    R"py("""Scores requests with ONNX Runtime: {"data": ...} in, {"result": ...} out.

Azure's inference server calls init() once in each worker and run() for each request.
"""
@IMPORT_HMAC@import json
import logging
import math
import os
from pathlib import Path

import numpy as np
import onnxruntime
@IMPORT_RAW@from azureml_inference_server_http.api.aml_response import AMLResponse

MODEL_FILE = @MODEL@

# Of each input the type and the shape; None: any size. The type None: no array, it goes to the model as it is.
INPUTS = {
@INPUTS@}
OUTPUTS = @OUTPUTS@
@KEY@
session = None


class BadRequest(Exception):
    """What the caller can put right."""


def init():
    """Loads the model, which Azure puts somewhere below AZUREML_MODEL_DIR."""
    global session
    folder = Path(os.environ["AZUREML_MODEL_DIR"])
    found = sorted(folder.rglob(MODEL_FILE))
    if not found:
        raise FileNotFoundError(f"there is no {MODEL_FILE} below {folder}")
    # On a machine with a GPU: the package onnxruntime-gpu, and "CUDAExecutionProvider" before the other.
    session = onnxruntime.InferenceSession(str(found[0]), providers=["CPUExecutionProvider"])
    logging.info("loaded %s", found[0])

)py";

const char* const plainRun = R"py(
def run(data):
    """data: the body of the request."""
    return answer(data)

)py";

const char* const rawRun = R"py(
@rawhttp
def run(request):
    """The whole request: container groups have nobody else who checks the key."""
    sent = request.headers.get("Authorization", "")
    if KEY and not hmac.compare_digest(sent.encode(), f"Bearer {KEY}".encode()):
        return failure("the key is missing or wrong. Send it as 'Authorization: Bearer KEY'", 401)
    return answer(request.get_data(as_text=True))

)py";

const char* const scoreEnd = R"py(
def answer(body):
    try:
        return {"result": score(parse(body))}
    except BadRequest as problem:
        return failure(str(problem), 400)
    except Exception as problem:
        logging.exception("the model fails")
        return failure(f"the model fails: {problem}", 500)


def failure(text, status):
    return AMLResponse({"error": text}, status, json_str=True)


def parse(body):
    try:
        return json.loads(body)
    except ValueError as problem:
        raise BadRequest(f"the body is no JSON: {problem}") from problem


def score(request):
    """{"data": VALUE} for a model of one input, {"data": {NAME: VALUE, ...}} for any."""
    data = request.get("data", request) if isinstance(request, dict) else request
    named = isinstance(data, dict) and (len(INPUTS) > 1 or set(data) & set(INPUTS))
    if not named:
        if len(INPUTS) != 1:
            raise BadRequest(f"the model has the inputs {list(INPUTS)}: send each by its name")
        data = {next(iter(INPUTS)): data}
    missing, unknown = set(INPUTS) - set(data), set(data) - set(INPUTS)
    if missing or unknown:
        raise BadRequest(f"missing inputs: {sorted(missing)}, unknown: {sorted(unknown)}")
    values = session.run(OUTPUTS, {name: to_input(name, value) for name, value in data.items()})
    results = {name: to_json(value) for name, value in zip(OUTPUTS, values)}
    return results if len(results) > 1 else next(iter(results.values()))


def to_input(name, value):
    kind, shape = INPUTS[name]
    if kind is None:
        return value
    try:
        array = np.asarray(value, dtype=kind)
    except (TypeError, ValueError, OverflowError) as problem:
        raise BadRequest(f"input '{name}': {problem}") from problem
    if shape is not None:
        fits = array.ndim == len(shape) and all(
            wanted is None or wanted == there for wanted, there in zip(shape, array.shape)
        )
        if not fits:
            raise BadRequest(f"input '{name}' has the shape {list(array.shape)}, expected {shape}")
    return array


def to_json(value):
    """Lists and plain numbers; infinite ones and NaN as null, because JSON has none."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            value = np.where(np.isfinite(value), value.astype(object), None)
        return value.tolist()
    if isinstance(value, np.generic):
        return to_json(value.item())
    if isinstance(value, dict):
        return {str(key): to_json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
)py";

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    for (size_t from = 0; (from = text.find(what, from)) != std::string::npos; from += by.size())
        text.replace(from, what.size(), by);
    return text;
}

// A JSON string is a Python string.
std::string pythonText(const std::string& text) { return Json(text).dump(-1, ' ', true); }

// numpy's name; "None" for what numpy has no array for.
std::string numpyType(const TypeInfo& type)
{
    if (!type.isTensor())
        return "None";
    switch (type.dataType) {
    case DataType::String: return "object";
    case DataType::Float:
    case DataType::Double:
    case DataType::Float16:
    case DataType::UInt8:
    case DataType::Int8:
    case DataType::UInt16:
    case DataType::Int16:
    case DataType::UInt32:
    case DataType::Int32:
    case DataType::UInt64:
    case DataType::Int64:
    case DataType::Bool: return std::string(dataTypeName(type.dataType));
    default: return "None";
    }
}

std::string inputLine(const GraphValue& value)
{
    const std::string type = numpyType(value.type);
    std::string shape = "None";
    if (value.type.isTensor() && value.type.shape) {
        shape = "[";
        for (const Dim& dim : *value.type.shape)
            shape += (shape.size() > 1 ? ", " : "") + (dim.known() ? std::to_string(dim.value) : "None");
        shape += "]";
    }
    return "    " + pythonText(value.name) + ": (" + (type == "None" ? type : pythonText(type)) + ", " +
           shape + "),  # " + replaced(toString(value.type), "\n", " ") + "\n";
}

bool checksKey(const Choices& choices)
{
    return choices.target == aciTarget || (choices.target == kubernetesTarget && !choices.keySecret.empty());
}

std::string scoreScript(const Model& model, const Choices& choices)
{
    std::string inputs;
    for (const ValueId id : model.graph.requiredInputs())
        inputs += inputLine(model.graph.value(id));
    std::string outputs;
    for (const ValueId id : model.graph.outputs)
        outputs += (outputs.empty() ? "[" : ", ") + pythonText(model.graph.value(id).name);
    const bool key = checksKey(choices);
    std::string script = std::string(scoreStart) + (key ? rawRun : plainRun) + scoreEnd;
    script = replaced(script, "@IMPORT_HMAC@", key ? "import hmac\n" : "");
    script = replaced(script, "@IMPORT_RAW@",
                      key ? "from azureml_inference_server_http.api.aml_request import rawhttp\n" : "");
    script = replaced(script, "@KEY@", key ? "KEY = os.environ.get(\"LAPIDARY_API_KEY\", \"\")\n" : "");
    // What comes of the model last: nothing in it is replaced again.
    script = replaced(script, "@MODEL@", pythonText(fs::path(choices.modelFile).filename().string()));
    script = replaced(script, "@OUTPUTS@", outputs + "]");
    return replaced(script, "@INPUTS@", inputs);
}

std::string condaFile(const Choices& choices)
{
    Json pip = Json::array();
    for (const char* package : packages)
        pip.push_back(package);
    Json dependencies = Json::array({"python=" + std::string(pythonVersion), "pip"});
    dependencies.push_back({{"pip", pip}});
    const Json conda = {{"name", choices.modelName},
                        {"channels", Json::array({"conda-forge"})},
                        {"dependencies", dependencies}};
    return toYaml(conda);
}

std::string dockerFile(const Choices& choices)
{
    std::string text =
        "FROM python:" + std::string(pythonVersion) + "-slim-bookworm\nRUN pip install --no-cache-dir";
    for (const char* package : packages)
        text += std::string(" \\\n    ") + package;
    text += "\nWORKDIR /app\nCOPY score.py ./\n";
    if (modelInImage(choices))
        text += "COPY model/ /model/\n";
    text += "# Azure sets AZUREML_MODEL_DIR where it mounts the registered model.\n"
            "ENV AZUREML_MODEL_DIR=/model AML_APP_ROOT=/app AZUREML_ENTRY_SCRIPT=score.py HOME=/tmp\n"
            "EXPOSE 5001\nUSER 65532\n"
            "CMD [\"sh\", \"-c\", \"exec azmlinfsrv --entry_script score.py --port ${SERVER_PORT:-5001}\"]\n";
    return text;
}

std::string readMe(const Choices& choices)
{
    const std::string image = choices.modelName;
    return "# " + choices.modelName +
           ": scoring with ONNX Runtime\n\nWritten by Lapidary; change what you like, and give it back with "
           "`--image-files FOLDER`.\n\n| file | what |\n|---|---|\n"
           "| `score.py` | `init` and `run`, as Azure's inference server calls them |\n"
           "| `conda.yml`, `myenv.yml` | the same packages, for an environment that Azure builds |\n"
           "| `Dockerfile`, `.dockerignore` | an image, built by a registry task or on this machine |\n\n"
           "Try it without Azure, with the model's file in a folder `model` beside this one:\n\n"
           "    docker build --tag " +
           image + " .\n    docker run --publish 5001:5001 --volume \"$PWD/model:/model:ro\" " + image +
           "\n    curl --header 'Content-Type: application/json' --data '{\"data\": ...}' "
           "http://127.0.0.1:5001/score\n";
}

bool isText(const std::string& text)
{
    return text.find('\0') == std::string::npos && QString::fromStdString(text).toStdString() == text;
}

Result<TextFiles> readTexts(const fs::path& folder)
{
    std::error_code problem;
    if (!fs::is_directory(folder, problem))
        return makeError(ErrorCode::NotFound, "there is no folder with the image's files")
            .at(folder.string());
    TextFiles texts;
    for (auto entry = fs::recursive_directory_iterator(folder, problem);
         !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        const std::string name = entry->path().lexically_relative(folder).generic_string();
        // The model is put there by the deployment itself.
        if (name == "model" || name == ".git" || name == "__pycache__") {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file(problem))
            continue;
        if (entry->file_size(problem) > largestText)
            return makeError(ErrorCode::InvalidArgument,
                             "the file is too large for a part of the image: 1 MiB",
                             "Models and weights are not put into this folder.")
                .at(entry->path().string());
        TRY_ASSIGN(std::string text, readTextFile(entry->path()));
        if (!isText(text))
            return makeError(ErrorCode::InvalidArgument, "the file is no text in UTF-8")
                .at(entry->path().string());
        texts[name] = std::move(text);
    }
    if (problem)
        return makeError(ErrorCode::IoError, problem.message()).at(folder.string());
    return texts;
}

} // namespace

TextFiles pythonImageTexts(const Model& model, const Choices& choices)
{
    return {{"score.py", scoreScript(model, choices)},
            {"conda.yml", condaFile(choices)},
            {"myenv.yml", condaFile(choices)},
            {"Dockerfile", dockerFile(choices)},
            {".dockerignore", "README.md\nconda.yml\nmyenv.yml\n.git\n**/__pycache__\n**/*.pyc\n"},
            {"README.md", readMe(choices)}};
}

Result<TextFiles> imageTextsFor(const Choices& choices, JobContext& job)
{
    if (choices.imageFiles.empty()) {
        TRY_ASSIGN(const auto model, loadModel(choices.modelFile, job));
        return pythonImageTexts(*model, choices);
    }
    TRY_ASSIGN(TextFiles texts, readTexts(choices.imageFiles));
    const bool environment = choices.buildRoute == "environment";
    const bool hasRecipe = environment ? !condaFileIn(texts).empty() : texts.contains("Dockerfile");
    if (!hasRecipe || (environment && !texts.contains("score.py")))
        return makeError(ErrorCode::NotFound, environment ? "the folder needs score.py and conda.yml"
                                                          : "the folder needs a Dockerfile")
            .at(choices.imageFiles);
    return texts;
}

Status writeImageTexts(const TextFiles& texts, const fs::path& folder)
{
    std::error_code problem;
    for (const auto& [name, text] : texts) {
        if (fs::exists(folder / name, problem))
            return makeError(ErrorCode::InvalidArgument, "the file is there already",
                             "Name an empty folder; what you changed is not overwritten.")
                .at((folder / name).string());
    }
    for (const auto& [name, text] : texts) {
        fs::create_directories((folder / name).parent_path(), problem);
        TRY(writeTextFile(folder / name, text));
    }
    return {};
}

std::string condaFileIn(const TextFiles& texts)
{
    for (const char* name : {"conda.yml", "conda.yaml", "myenv.yml", "environment.yml"}) {
        if (const auto found = texts.find(name); found != texts.end())
            return found->second;
    }
    return {};
}

bool isIgnored(const std::string& dockerignore, const std::string& name)
{
    bool ignored = false;
    for (QString line : QString::fromStdString(dockerignore).split(QLatin1Char('\n'))) {
        line = line.trimmed();
        if (line.isEmpty() || line.startsWith(QLatin1Char('#')))
            continue;
        const bool keep = line.startsWith(QLatin1Char('!'));
        QString pattern = keep ? line.mid(1) : line;
        while (pattern.startsWith(QLatin1Char('/')))
            pattern.remove(0, 1);
        while (pattern.endsWith(QLatin1Char('/')))
            pattern.chop(1);
        // "**/" is any number of folders, "*" stays within one; a folder stands for all in it.
        QString expression = QRegularExpression::escape(pattern);
        expression.replace(QStringLiteral("\\*\\*\\/"), QStringLiteral("(.*/)?"))
            .replace(QStringLiteral("\\*\\*"), QStringLiteral(".*"))
            .replace(QStringLiteral("\\*"), QStringLiteral("[^/]*"))
            .replace(QStringLiteral("\\?"), QStringLiteral("[^/]"));
        const QRegularExpression matcher(QStringLiteral("^(?:%1)(?:/.*)?$").arg(expression));
        if (matcher.match(QString::fromStdString(name)).hasMatch())
            ignored = !keep;
    }
    return ignored;
}

} // namespace lapidary::deploy
