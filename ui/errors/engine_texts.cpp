// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/errors/engine_texts.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

namespace lapidary {

namespace {

// As the errors of engine, viewers and inputs have them; %1, %2 ... stand for any text.
constexpr const char* patterns[] = {
    // Places.
    QT_TRANSLATE_NOOP("engine", "node %1"),
    QT_TRANSLATE_NOOP("engine", "input %1"),
    QT_TRANSLATE_NOOP("engine", "output %1"),
    QT_TRANSLATE_NOOP("engine", "in the model file"),
    QT_TRANSLATE_NOOP("engine", "in memory"),
    // Files.
    QT_TRANSLATE_NOOP("engine", "expected a file, found a folder"),
    QT_TRANSLATE_NOOP("engine", "Choose a file."),
    QT_TRANSLATE_NOOP("engine", "cannot open the file: No such file or directory"),
    QT_TRANSLATE_NOOP("engine", "cannot open the file: Permission denied"),
    QT_TRANSLATE_NOOP("engine", "Check the path."),
    QT_TRANSLATE_NOOP("engine", "Check the file's permissions."),
    QT_TRANSLATE_NOOP("engine", "cannot write the file"),
    QT_TRANSLATE_NOOP("engine", "Check the folder and the free space."),
    QT_TRANSLATE_NOOP("engine", "There is no file %1."),
    // Models.
    QT_TRANSLATE_NOOP("engine", "the file is empty; expected an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "Export or download the file again."),
    QT_TRANSLATE_NOOP("engine", "the data cannot be decoded as an ONNX (protobuf) message at byte %1"),
    QT_TRANSLATE_NOOP("engine", "The file may be truncated, corrupt or of another format."),
    QT_TRANSLATE_NOOP("engine", "the file holds no graph, so it is not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "Choose a file written by an ONNX exporter."),
    QT_TRANSLATE_NOOP("engine", "Save the model with its weights as external data."),
    QT_TRANSLATE_NOOP("engine", "The file may be truncated or written wrongly."),
    QT_TRANSLATE_NOOP("engine", "The file may be truncated; copy it again beside the model."),
    QT_TRANSLATE_NOOP("engine", "the other model has no input %1 that could be given to this one"),
    QT_TRANSLATE_NOOP("engine", "Compare models of the same inputs."),
    // Edits and saving.
    QT_TRANSLATE_NOOP("engine", "cannot write the file: %1"),
    QT_TRANSLATE_NOOP("engine", "Check the folder and its permissions."),
    QT_TRANSLATE_NOOP("engine", "Free some space on the disk, or choose another folder."),
    QT_TRANSLATE_NOOP("engine", "the model is read from this file, which is never changed"),
    QT_TRANSLATE_NOOP("engine", "Save under another name."),
    QT_TRANSLATE_NOOP("engine", "the file would have %1 bytes; a protobuf file cannot exceed 2 GB"),
    QT_TRANSLATE_NOOP("engine", "Save the weights in a file of their own."),
    QT_TRANSLATE_NOOP("engine", "the name %1 is taken by another value"),
    QT_TRANSLATE_NOOP("engine", "the name %1 is taken by node %2"),
    QT_TRANSLATE_NOOP("engine", "Choose another name."),
    QT_TRANSLATE_NOOP("engine", "a value without a name cannot be read by any node"),
    QT_TRANSLATE_NOOP("engine", "Enter a name."),
    QT_TRANSLATE_NOOP("engine", "%1 is a value of the graph around this body"),
    QT_TRANSLATE_NOOP("engine", "Rename it in the graph that it comes from."),
    QT_TRANSLATE_NOOP("engine", "an entry of the metadata has no key"),
    QT_TRANSLATE_NOOP("engine", "Enter a key."),
    QT_TRANSLATE_NOOP("engine", "the key %1 occurs twice in the metadata"),
    QT_TRANSLATE_NOOP("engine", "Choose another key, or remove one of them."),
    QT_TRANSLATE_NOOP("engine", "no tensor is chosen where the part ends"),
    QT_TRANSLATE_NOOP("engine", "Choose at least one."),
    QT_TRANSLATE_NOOP("engine", "%1 is computed by no node"),
    QT_TRANSLATE_NOOP("engine", "Choose the result of a node as the end."),
    QT_TRANSLATE_NOOP("engine", "%1 is both the beginning and the end"),
    QT_TRANSLATE_NOOP("engine", "Choose another tensor for one of them."),
    QT_TRANSLATE_NOOP("engine", "%1 is a constant"),
    QT_TRANSLATE_NOOP("engine", "Constants go along by themselves: leave it out."),
    QT_TRANSLATE_NOOP("engine", "%1 does not lead to any of the chosen ends"),
    QT_TRANSLATE_NOOP("engine", "Leave it out, or choose an end behind it."),
    QT_TRANSLATE_NOOP("engine", "%1 is computed by a node of the part, which other results need"),
    QT_TRANSLATE_NOOP("engine", "Choose a beginning before that node."),
    QT_TRANSLATE_NOOP("engine", "%1 has no known type, so it cannot be an input or output"),
    QT_TRANSLATE_NOOP("engine", "Choose a tensor whose type is known."),
    QT_TRANSLATE_NOOP("engine", "a dimension cannot be %1"),
    QT_TRANSLATE_NOOP("engine", "Enter a size, a name, or nothing for an open one."),
    // Archives, texts and files of other kinds.
    QT_TRANSLATE_NOOP("engine", "the archive cannot be unpacked: %1"),
    QT_TRANSLATE_NOOP("engine", "The file may be truncated; download it again."),
    QT_TRANSLATE_NOOP("engine", "the archive is locked with a password"),
    QT_TRANSLATE_NOOP("engine", "Unpack it first, then open the model in it."),
    QT_TRANSLATE_NOOP("engine", "the archive unpacks to far more than a model has; it was not unpacked"),
    QT_TRANSLATE_NOOP("engine", "If you trust it, unpack it yourself and open the model in it."),
    QT_TRANSLATE_NOOP("engine", "cannot unpack the archive into the temporary folder"),
    QT_TRANSLATE_NOOP("engine", "Check the free space of the folder for temporary files."),
    QT_TRANSLATE_NOOP("engine", "the archive holds no ONNX model; it holds %1"),
    QT_TRANSLATE_NOOP("engine", "Choose an archive with one .onnx file in it."),
    QT_TRANSLATE_NOOP("engine", "the archive holds several models: %1"),
    QT_TRANSLATE_NOOP("engine", "Unpack it first, then open one of them."),
    QT_TRANSLATE_NOOP("engine", "the text cannot be read as an ONNX model: %1"),
    QT_TRANSLATE_NOOP("engine", "Correct the text there, or open the binary .onnx file."),
    QT_TRANSLATE_NOOP("engine", "this is a Git LFS pointer: a few lines that stand for the model"),
    // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one sentence in two lines
    QT_TRANSLATE_NOOP("engine",
                      "Fetch the model itself with 'git lfs pull', or download it from the web page of "
                      "the repository."),
    QT_TRANSLATE_NOOP("engine", "this is a web page that was saved in place of the model"),
    // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one sentence in two lines
    QT_TRANSLATE_NOOP("engine",
                      "Download the file itself; on a page of a repository that is the link 'Download' "
                      "or 'Raw'."),
    // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one sentence in two lines
    QT_TRANSLATE_NOOP("engine",
                      "this is an ONNX Runtime model (.ort); it is made from an ONNX model and cannot "
                      "be turned back"),
    QT_TRANSLATE_NOOP("engine", "Open the .onnx file that it was made from."),
    QT_TRANSLATE_NOOP("engine", "this is a TensorFlow Lite model, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "these are weights in GGUF, without a graph"),
    QT_TRANSLATE_NOOP("engine", "these are weights in safetensors, without a graph"),
    QT_TRANSLATE_NOOP("engine", "Export the model that they belong to: %1"),
    QT_TRANSLATE_NOOP("engine", "this is a Keras model (HDF5), not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a Keras model, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "Load it in Python and export it: %1"),
    QT_TRANSLATE_NOOP("engine", "this is a NumPy array, not a model"),
    QT_TRANSLATE_NOOP("engine", "these are NumPy arrays, not a model"),
    QT_TRANSLATE_NOOP("engine", "Open the model first; the page Run takes the array as an input."),
    QT_TRANSLATE_NOOP("engine", "this is a picture, not a model"),
    QT_TRANSLATE_NOOP("engine", "Open the model first; the page Run takes the picture as an input."),
    QT_TRANSLATE_NOOP("engine", "this is a PyTorch file, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a TorchScript model, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a program of torch.export, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a Python pickle, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a TensorRT engine, built for one kind of GPU"),
    QT_TRANSLATE_NOOP("engine", "Open the .onnx file that it was built from."),
    QT_TRANSLATE_NOOP("engine", "this is an OpenVINO model, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine",
                      "Open the model that it was converted from; OpenVINO has no way back to ONNX."),
    QT_TRANSLATE_NOOP("engine", "this is a TensorFlow.js model, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a TensorFlow graph as text, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a TensorFlow graph, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a TensorFlow SavedModel, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is an ONNX tensor, not a model"),
    QT_TRANSLATE_NOOP("engine", "Open the model first; the page Run takes the tensor as an input."),
    QT_TRANSLATE_NOOP("engine", "this is a Core ML model, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a Caffe model, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "this is a PaddlePaddle model, not an ONNX model"),
    QT_TRANSLATE_NOOP("engine", "Export the model that it was made from to ONNX."),
    QT_TRANSLATE_NOOP("engine", "Convert it: %1"),
    QT_TRANSLATE_NOOP("engine", "this is a PDF document, not a model"),
    QT_TRANSLATE_NOOP("engine", "Choose an .onnx file."),
    // Pictures of the graph.
    // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one sentence in two lines
    QT_TRANSLATE_NOOP("engine",
                      "a PNG of %1 × %2 pixels is too large; it can have 1000000 pixels on a side and "
                      "1000000000 in all"),
    QT_TRANSLATE_NOOP("engine", "Choose a scale of at most %1, or save SVG or PDF."),
    QT_TRANSLATE_NOOP("engine", "the scale must be greater than 0"),
    QT_TRANSLATE_NOOP("engine", "the printer does not take the pages"),
    QT_TRANSLATE_NOOP("engine", "Check the printer, or print to a file."),
    // Runs.
    QT_TRANSLATE_NOOP("engine", "node %1: no kernel for %2 of opset %3"),
    QT_TRANSLATE_NOOP("engine",
                      "The model can still be viewed; this version has no kernel for the nodes above."),
    QT_TRANSLATE_NOOP("engine", "expected shape %1, found %2"),
    QT_TRANSLATE_NOOP("engine", "expected %1, found %2"),
    QT_TRANSLATE_NOOP("engine", "Give an input that fits the model's signature."),
    QT_TRANSLATE_NOOP("engine", "Give the input as a file."),
    // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one sentence in two lines
    QT_TRANSLATE_NOOP("engine",
                      "shapes %1 and %2 do not broadcast: each dimension must be equal or 1, counted "
                      "from the last"),
    QT_TRANSLATE_NOOP("engine", "Use a smaller input or close other programs."),
    QT_TRANSLATE_NOOP("engine", "Choose the device 'cpu'."),
    QT_TRANSLATE_NOOP("engine", "the folder holds no input_0.pb or output_0.pb"),
    QT_TRANSLATE_NOOP("engine", "Choose a test_data_set_N folder of a model zoo."),
    // Inputs that people choose.
    QT_TRANSLATE_NOOP("engine", "This folder holds inputs for a model, but no model is open."),
    QT_TRANSLATE_NOOP("engine", "Open the model first, then drop the folder again."),
    QT_TRANSLATE_NOOP("engine", "No image is chosen."),
    QT_TRANSLATE_NOOP("engine", "Choose or drop an image file."),
    QT_TRANSLATE_NOOP("engine", "Choose another image."),
    QT_TRANSLATE_NOOP("engine", "Choose a PNG, JPEG, BMP or WebP file."),
    QT_TRANSLATE_NOOP("engine", "No file is chosen."),
    QT_TRANSLATE_NOOP("engine", "Choose or drop a .npy file."),
    QT_TRANSLATE_NOOP("engine", "Choose or drop a .pb file."),
    QT_TRANSLATE_NOOP("engine", "Write the array with numpy.save."),
    QT_TRANSLATE_NOOP("engine", "Choose a text file with one class name in each line."),
    QT_TRANSLATE_NOOP("engine", "Choose the other layout, or feed the input from a .npy file."),
    QT_TRANSLATE_NOOP("engine", "Choose an image file."),
    QT_TRANSLATE_NOOP("engine", "The standard deviation of a channel must not be 0."),
    QT_TRANSLATE_NOOP("engine", "Enter 1 to leave the scale as it is."),
    QT_TRANSLATE_NOOP("engine", "Feed this input from a file or make it up."),
    QT_TRANSLATE_NOOP("engine", "Check that the folder exists and that you may write there."),
    QT_TRANSLATE_NOOP("engine", "There are no numbers in this tensor."),
    // Deployments: steps, sign-in, what Azure answers.
    QT_TRANSLATE_NOOP("engine", "the same as the engine's, largest difference %1"),
    QT_TRANSLATE_NOOP("engine", "Upload the model's files"),
    QT_TRANSLATE_NOOP("engine", "Register the model %1"),
    QT_TRANSLATE_NOOP("engine", "Write the image"),
    QT_TRANSLATE_NOOP("engine", "Write the files of the image"),
    QT_TRANSLATE_NOOP("engine", "Build the image with %1"),
    QT_TRANSLATE_NOOP("engine", "Build the image in %1"),
    QT_TRANSLATE_NOOP("engine", "Push the image to %1"),
    QT_TRANSLATE_NOOP("engine", "Make the image an environment"),
    QT_TRANSLATE_NOOP("engine", "Describe the environment, which Azure builds with the first deployment"),
    QT_TRANSLATE_NOOP("engine", "Upload the scoring script"),
    QT_TRANSLATE_NOOP("engine", "Register the scoring script"),
    QT_TRANSLATE_NOOP("engine", "Create the endpoint %1"),
    QT_TRANSLATE_NOOP("engine", "Deploy %1 as %2"),
    QT_TRANSLATE_NOOP("engine", "Send all traffic to %1"),
    QT_TRANSLATE_NOOP("engine", "Send %1 % of the traffic to %2"),
    QT_TRANSLATE_NOOP("engine", "Send a sample request and compare with the engine"),
    QT_TRANSLATE_NOOP("engine", "Start the server from the image"),
    QT_TRANSLATE_NOOP("engine", "Run the image with %1"),
    QT_TRANSLATE_NOOP("engine", "Wait until it is ready"),
    QT_TRANSLATE_NOOP("engine", "Wait until the container runs"),
    QT_TRANSLATE_NOOP("engine", "Make the container group %1 (plain HTTP: use it on trusted networks)"),
    QT_TRANSLATE_NOOP("engine", "Attach the cluster as %1"),
    QT_TRANSLATE_NOOP("engine", "Write the manifests"),
    QT_TRANSLATE_NOOP("engine", "Apply them to the cluster and wait until the pods are ready"),
    QT_TRANSLATE_NOOP("engine", "nobody is signed in to Azure"),
    QT_TRANSLATE_NOOP("engine", "Sign in, then resume."),
    QT_TRANSLATE_NOOP("engine", "Sign in again."),
    QT_TRANSLATE_NOOP("engine", "Azure CLI is not installed: there is no program 'az'"),
    QT_TRANSLATE_NOOP("engine", "Install it, or sign in another way."),
    QT_TRANSLATE_NOOP("engine", "Azure CLI gives no token: %1"),
    QT_TRANSLATE_NOOP("engine", "Sign in with: az login"),
    QT_TRANSLATE_NOOP("engine", "a service principal needs a tenant, a client id and a secret"),
    QT_TRANSLATE_NOOP("engine", "the deployment has no endpoint yet"),
    QT_TRANSLATE_NOOP("engine", "Let it go on until its endpoint is there."),
    QT_TRANSLATE_NOOP("engine", "a deployment of this kind has no endpoint that can be called"),
    QT_TRANSLATE_NOOP("engine", "the endpoint answers no request: %1"),
    QT_TRANSLATE_NOOP("engine", "'%1' cannot name a model"),
    QT_TRANSLATE_NOOP("engine", "Up to 255 letters, digits, '-', '_' and '.'; first a letter or digit."),
    QT_TRANSLATE_NOOP("engine", "'%1' cannot name an endpoint or deployment"),
    QT_TRANSLATE_NOOP("engine", "3 to 32 letters, digits and single dashes; first a letter, last no dash."),
    QT_TRANSLATE_NOOP("engine", "'%1' is not installed or cannot be started"),
    QT_TRANSLATE_NOOP("engine", "Install it, or choose a way that needs no container engine."),
    QT_TRANSLATE_NOOP("engine", "Ask an owner of the resource group for the role AzureML Data Scientist (or "
                                "Contributor); then resume."),
    QT_TRANSLATE_NOOP("engine", "The subscription belongs to another tenant: sign in to that one."),
    QT_TRANSLATE_NOOP(
        "engine",
        "Choose a smaller size or fewer instances, or ask for more quota in the portal; then resume."),
    QT_TRANSLATE_NOOP("engine", "The container crashed or its probes never came true: see its log. Run the "
                                "image on this machine first."),
    QT_TRANSLATE_NOOP("engine", "Wait some minutes, then resume."),
    QT_TRANSLATE_NOOP("engine", "list price: %1"),
    QT_TRANSLATE_NOOP("engine", "Quota for %1"),
};

// Matches whole lines and captures what stands for %1, %2 ...
QRegularExpression matcherOf(const char* pattern)
{
    QStringList parts = QString::fromUtf8(pattern).split(QRegularExpression(QStringLiteral("%[1-9]")));
    for (QString& part : parts)
        part = QRegularExpression::escape(part);
    return QRegularExpression(QRegularExpression::anchoredPattern(parts.join(QStringLiteral("(.+)"))));
}

// Unlike QString::arg, leaves alone what looks like a placeholder in a name ("%12" is one of torch's).
QString filled(const QString& pattern, const QStringList& texts)
{
    static const QRegularExpression placeholder(QStringLiteral("%([1-9])"));
    QString result;
    qsizetype end = 0;
    for (auto match = placeholder.globalMatch(pattern); match.hasNext();) {
        const auto found = match.next();
        result += pattern.mid(end, found.capturedStart() - end);
        result += texts.value(found.captured(1).toInt() - 1);
        end = found.capturedEnd();
    }
    return result + pattern.mid(end);
}

QString translatedLine(const QString& line)
{
    // The more specific of two patterns that match has more text of its own.
    const char* best = nullptr;
    QStringList captures;
    static const std::vector<QRegularExpression> matchers = [] {
        std::vector<QRegularExpression> made;
        for (const char* pattern : patterns)
            made.push_back(matcherOf(pattern));
        return made;
    }();
    for (size_t i = 0; i < matchers.size(); ++i) {
        const char* pattern = patterns[i];
        const auto match = matchers[i].match(line);
        if (match.hasMatch() && (!best || qstrlen(pattern) > qstrlen(best))) {
            best = pattern;
            captures = match.capturedTexts().mid(1);
        }
    }
    if (!best)
        return line;
    return filled(QCoreApplication::translate("engine", best), captures);
}

} // namespace

QString inUsersLanguage(const std::string& text)
{
    QStringList lines = QString::fromStdString(text).split(QLatin1Char('\n'));
    for (QString& line : lines)
        line = translatedLine(line);
    return lines.join(QLatin1Char('\n'));
}

} // namespace lapidary
