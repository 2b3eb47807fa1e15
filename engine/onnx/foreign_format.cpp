// SPDX-License-Identifier: GPL-3.0-or-later
// To add a format: a row in formats, its two sentences in ui/errors/engine_texts.cpp.
#include "engine/onnx/foreign_format.h"

#include "engine/base/text.h"
#include "engine/onnx/wire.h"

#include <algorithm>
#include <set>

namespace lapidary {

namespace {

using namespace std::string_view_literals;

struct File {
    std::span<const std::byte> bytes;
    std::string_view head; // the first bytes, as text
    std::string name;      // in lower case

    std::string_view part(size_t offset, size_t count) const
    {
        return offset < head.size() ? head.substr(offset, count) : std::string_view();
    }
    bool has(std::string_view text) const { return head.find(text) != std::string_view::npos; }
};

constexpr size_t headBytes = 8192;
constexpr int mostFields = 100'000; // of a message that are looked at

std::string_view trimmed(std::string_view text)
{
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return text;
}

// The numbers of the fields of a message; empty when it is not one.
std::set<int> fieldsOf(wire::Bytes bytes)
{
    std::set<int> ids;
    wire::Fields fields(bytes, bytes.data());
    int count = 0;
    while (fields.next() && ++count < mostFields)
        ids.insert(fields->id);
    return fields.status().ok() ? ids : std::set<int>();
}

// The first field of this number, if it is a message, text or bytes.
wire::Bytes firstField(wire::Bytes bytes, int id)
{
    wire::Fields fields(bytes, bytes.data());
    for (int count = 0; fields.next() && count < mostFields; ++count) {
        if (fields->id == id && fields->type == wire::Field::Type::Delimited)
            return fields->bytes;
    }
    return {};
}

bool startsWithMessage(const File& file)
{
    return !file.bytes.empty() && file.bytes.size() < (size_t{1} << 31);
}

bool isLfsPointer(const File& file) { return file.head.starts_with("version https://git-lfs.github.com/"); }

bool isWebPage(const File& file)
{
    const std::string start = lowerCase(trimmed(file.head).substr(0, 64));
    return start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head");
}

bool isOrt(const File& file) { return file.part(4, 4) == "ORTM"; }
bool isTfLite(const File& file) { return file.part(4, 4) == "TFL3"; }
bool isGguf(const File& file) { return file.head.starts_with("GGUF"); }
bool isHdf5(const File& file) { return file.head.starts_with("\x89HDF\r\n\x1a\n"); }
bool isNumpy(const File& file) { return file.head.starts_with("\x93NUMPY"); }
bool isTensorRt(const File& file) { return file.head.starts_with("ftrt") || file.head.starts_with("trtp"); }

// A length in 8 bytes, then JSON that says where each tensor is.
bool isSafetensors(const File& file)
{
    return file.part(8, 1) == "{" && (file.has("\"data_offsets\"") || file.has("\"__metadata__\"")) &&
           file.part(6, 2) == "\0\0"sv;
}

bool isPickle(const File& file)
{
    return file.head.size() > 2 && file.head[0] == '\x80' && file.head[1] >= 2 && file.head[1] <= 5 &&
           static_cast<char>(file.bytes.back()) == '.';
}

// torch.save before 1.6: pickled magic number first.
bool isOldTorch(const File& file)
{
    return file.head.starts_with("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv);
}

bool isPicture(const File& file)
{
    return file.head.starts_with("\x89PNG") || file.head.starts_with("\xff\xd8\xff") ||
           file.head.starts_with("GIF8") || (file.head.starts_with("RIFF") && file.part(8, 4) == "WEBP") ||
           file.head.starts_with("II*\0"sv) || file.head.starts_with("MM\0*"sv);
}

bool isPdf(const File& file) { return file.head.starts_with("%PDF-"); }
bool isOpenVino(const File& file)
{
    return trimmed(file.head).starts_with('<') && file.has("<net ") && file.has("<layers");
}
bool isTfText(const File& file)
{
    const std::string_view text = trimmed(file.head);
    return (text.starts_with("node {") || text.starts_with("node{") || text.starts_with("saved_model")) &&
           file.has("op:");
}
bool isTfJs(const File& file) { return trimmed(file.head).starts_with('{') && file.has("\"modelTopology\""); }

// SavedModel: a version and MetaGraphDefs, each with its info and a graph.
bool isSavedModel(const File& file)
{
    if (!startsWithMessage(file) || fieldsOf(file.bytes) != std::set<int>{1, 2})
        return false;
    const std::set<int> graph = fieldsOf(firstField(file.bytes, 2));
    return graph.contains(1) && graph.contains(2);
}

// GraphDef: NodeDefs with a name and an operator.
bool isGraphDef(const File& file)
{
    if (!startsWithMessage(file))
        return false;
    const std::set<int> fields = fieldsOf(file.bytes);
    const wire::Bytes node = firstField(file.bytes, 1);
    return !fields.empty() && *fields.rbegin() <= 6 && !firstField(node, 1).empty() &&
           !firstField(node, 2).empty();
}

// Model: a version, a description, and one of the kinds of model from field 200 on.
bool isCoreMl(const File& file)
{
    if (!startsWithMessage(file))
        return false;
    const std::set<int> fields = fieldsOf(file.bytes);
    return fields.contains(1) && fields.contains(2) && *fields.rbegin() >= 200 && *fields.rbegin() < 10000;
}

// A TensorProto: a type, then the elements.
bool isTensor(const File& file)
{
    if (!file.name.ends_with(".pb") || !startsWithMessage(file))
        return false;
    const std::set<int> fields = fieldsOf(file.bytes);
    return fields.contains(2) && firstField(file.bytes, 2).empty() &&
           (fields.contains(9) || fields.contains(4) || fields.contains(7)) && *fields.rbegin() <= 16;
}

struct Format {
    const char* message;
    const char* nextStep;
    bool (*matches)(const File& file); // null: by the name only
    std::vector<std::string_view> endings;
};

constexpr const char* exportTorch =
    "Load it in Python and export it: torch.onnx.export(model, inputs, 'model.onnx').";
constexpr const char* convertTf =
    "Convert it: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx";
constexpr const char* exportKeras =
    "Load it in Python and export it: model.export('model.onnx', format='onnx').";
constexpr const char* exportSource = "Export the model that it was made from to ONNX.";
constexpr const char* feedArray = "Open the model first; the page Run takes the array as an input.";
constexpr const char* mlPackage = "this is a Core ML model, not an ONNX model";
constexpr const char* savedModel = "this is a TensorFlow SavedModel, not an ONNX model";

// The first row that matches counts.
const std::vector<Format>& formats()
{
    static const std::vector<Format> table = {
        {"this is a Git LFS pointer: a few lines that stand for the model",
         "Fetch the model itself with 'git lfs pull', or download it from the web page of the repository.",
         isLfsPointer,
         {}},
        {"this is a web page that was saved in place of the model",
         "Download the file itself; on a page of a repository that is the link 'Download' or 'Raw'.",
         isWebPage,
         {}},
        {"this is an ONNX Runtime model (.ort); it is made from an ONNX model and cannot be turned back",
         "Open the .onnx file that it was made from.",
         isOrt,
         {".ort"}},
        {"this is a TensorFlow Lite model, not an ONNX model",
         "Convert it: python -m tf2onnx.convert --tflite model.tflite --output model.onnx",
         isTfLite,
         {".tflite", ".lite"}},
        {"these are weights in GGUF, without a graph",
         "Export the model that they belong to: optimum-cli export onnx --model NAME FOLDER",
         isGguf,
         {".gguf", ".ggml"}},
        {"these are weights in safetensors, without a graph",
         "Export the model that they belong to: optimum-cli export onnx --model NAME FOLDER",
         isSafetensors,
         {".safetensors"}},
        {"this is a Keras model (HDF5), not an ONNX model", exportKeras, isHdf5, {".h5", ".hdf5", ".keras"}},
        {"this is a NumPy array, not a model", feedArray, isNumpy, {".npy", ".npz"}},
        {"this is a picture, not a model",
         "Open the model first; the page Run takes the picture as an input.",
         isPicture,
         {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"}},
        {"this is a PyTorch file, not an ONNX model", exportTorch, isOldTorch, {".pt", ".pth", ".pt2"}},
        {"this is a Python pickle, not an ONNX model",
         "Load it in Python and export it: torch.onnx.export for PyTorch, skl2onnx for scikit-learn.",
         isPickle,
         {".pkl", ".pickle", ".joblib"}},
        {"this is a TensorRT engine, built for one kind of GPU",
         "Open the .onnx file that it was built from.",
         isTensorRt,
         {".engine", ".plan", ".trt"}},
        {"this is an OpenVINO model, not an ONNX model",
         "Open the model that it was converted from; OpenVINO has no way back to ONNX.",
         isOpenVino,
         {}},
        {"this is a TensorFlow.js model, not an ONNX model", convertTf, isTfJs, {}},
        {"this is a TensorFlow graph as text, not an ONNX model", convertTf, isTfText, {}},
        {"this is an ONNX tensor, not a model",
         "Open the model first; the page Run takes the tensor as an input.",
         isTensor,
         {}},
        {savedModel, convertTf, isSavedModel, {"saved_model.pb"}},
        {mlPackage, exportSource, isCoreMl, {".mlmodel"}},
        {"this is a TensorFlow graph, not an ONNX model",
         "Convert it: python -m tf2onnx.convert --graphdef model.pb --inputs IN:0 --outputs OUT:0 --output "
         "model.onnx",
         isGraphDef,
         {}},
        {"this is a PDF document, not a model", "Choose an .onnx file.", isPdf, {".pdf"}},
        {"this is a Caffe model, not an ONNX model", exportSource, nullptr, {".caffemodel", ".prototxt"}},
        {"this is a PaddlePaddle model, not an ONNX model",
         "Convert it: paddle2onnx --model_dir FOLDER --model_filename model.pdmodel --save_file model.onnx",
         nullptr,
         {".pdmodel", ".pdiparams"}},
    };
    return table;
}

Error errorOf(const char* message, const char* nextStep)
{
    return makeError(ErrorCode::InvalidModel, message, nextStep);
}

} // namespace

std::optional<Error> foreignFormat(const std::filesystem::path& path, std::span<const std::byte> bytes)
{
    if (bytes.empty())
        return {};
    const std::string_view head(reinterpret_cast<const char*>(bytes.data()),
                                std::min(bytes.size(), headBytes));
    const File file{bytes, head, lowerCase(path.filename().string())};
    for (const Format& format : formats()) {
        if (format.matches != nullptr && format.matches(file))
            return errorOf(format.message, format.nextStep);
    }
    for (const Format& format : formats()) {
        for (const std::string_view ending : format.endings) {
            if (file.name.ends_with(ending))
                return errorOf(format.message, format.nextStep);
        }
    }
    return {};
}

std::optional<Error> foreignArchive(const std::vector<std::string>& names)
{
    const auto ends = [&](std::string_view ending) {
        return std::any_of(names.begin(), names.end(),
                           [&](const std::string& name) { return name.ends_with(ending); });
    };
    const auto holds = [&](std::string_view part) {
        return std::any_of(names.begin(), names.end(),
                           [&](const std::string& name) { return name.find(part) != std::string::npos; });
    };
    if (holds("serialized_exported_program") || ends("models/model.json"))
        return errorOf("this is a program of torch.export, not an ONNX model",
                       "Load it in Python and export it: torch.onnx.export(program).save('model.onnx').");
    if (ends("data.pkl") && holds("/code/"))
        return errorOf("this is a TorchScript model, not an ONNX model", exportTorch);
    if (ends("data.pkl"))
        return errorOf("this is a PyTorch file, not an ONNX model", exportTorch);
    if (ends("model.weights.h5") || (ends("config.json") && ends(".h5")))
        return errorOf("this is a Keras model, not an ONNX model", exportKeras);
    if (ends(".mlmodel"))
        return errorOf(mlPackage, exportSource);
    if (ends("saved_model.pb"))
        return errorOf(savedModel, convertTf);
    if (!names.empty() && std::all_of(names.begin(), names.end(),
                                      [](const std::string& name) { return name.ends_with(".npy"); }))
        return errorOf("these are NumPy arrays, not a model", feedArray);
    return {};
}

std::optional<Error> foreignFolder(const std::filesystem::path& folder)
{
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / "saved_model.pb", ignored))
        return errorOf(savedModel, convertTf);
    if (folder.extension() == ".mlpackage" && std::filesystem::is_directory(folder, ignored))
        return errorOf(mlPackage, exportSource);
    return {};
}

} // namespace lapidary
