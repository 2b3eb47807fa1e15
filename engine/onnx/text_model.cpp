// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/text_model.h"

#include "engine/base/log.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <onnx/defs/parser.h>
#include <onnx/onnx_pb.h>

namespace lapidary {

namespace {

constexpr size_t mostBytes = size_t{512} << 20; // a message takes several times as much memory
constexpr int mostDepth = 200;                  // of braces: parsers recurse
constexpr size_t headBytes = 65536;

std::string_view textOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool isText(std::string_view head)
{
    for (const char letter : head) {
        const auto code = static_cast<unsigned char>(letter);
        if (code < 0x20 && letter != '\n' && letter != '\r' && letter != '\t')
            return false;
    }
    return true;
}

// Without blanks and comments at its start.
std::string_view firstToken(std::string_view text)
{
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    for (;;) {
        const size_t start = text.find_first_not_of(" \t\r\n");
        if (start == std::string_view::npos)
            return {};
        text.remove_prefix(start);
        if (text.front() != '#')
            return text;
        text.remove_prefix(std::min(text.find('\n'), text.size()));
    }
}

// A field of ModelProto that a value follows.
bool startsWithField(std::string_view text)
{
    const size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
    if (end == std::string_view::npos || end == 0)
        return false;
    for (const std::string_view field :
         {"ir_version", "opset_import", "producer_name", "producer_version", "domain", "model_version",
          "doc_string", "graph", "metadata_props", "training_info", "functions"}) {
        if (text.substr(0, end) != field)
            continue;
        const size_t next = text.find_first_not_of(" \t\r\n", end);
        return next != std::string_view::npos && (text[next] == ':' || text[next] == '{');
    }
    return false;
}

Error wrongText(const std::string& what)
{
    return makeError(ErrorCode::InvalidModel, "the text cannot be read as an ONNX model: " + what,
                     "Correct the text there, or open the binary .onnx file.");
}

class Collector final : public google::protobuf::io::ErrorCollector {
public:
    std::string first;
    int unknown = 0;

    void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override
    {
        if (first.empty())
            first = "line " + std::to_string(line + 1) + ", column " + std::to_string(column + 1) + ": " +
                    message;
    }
    void AddWarning(int, google::protobuf::io::ColumnNumber, const std::string&) override { ++unknown; }
};

Status parseProto(std::string_view text, onnx::ModelProto& model)
{
    Collector collector;
    google::protobuf::TextFormat::Parser parser;
    parser.RecordErrorsTo(&collector);
    parser.AllowUnknownField(true); // written by a newer ONNX
    parser.AllowPartialMessage(true);
    parser.SetRecursionLimit(mostDepth);
    if (!parser.ParseFromString(std::string(text), &model))
        return wrongText(collector.first.empty() ? "it is malformed" : collector.first);
    if (collector.unknown > 0)
        log(LogLevel::Warning, "onnx",
            std::to_string(collector.unknown) + " fields of a newer ONNX were left out of the text");
    return {};
}

Status parseJson(std::string_view text, onnx::ModelProto& model)
{
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    const auto status = google::protobuf::util::JsonStringToMessage(std::string(text), &model, options);
    if (!status.ok())
        return wrongText(std::string(status.message()));
    return {};
}

bool isTooDeep(std::string_view text)
{
    int depth = 0;
    for (const char letter : text) {
        depth += letter == '{' ? 1 : letter == '}' ? -1 : 0;
        if (depth > mostDepth)
            return true;
    }
    return false;
}

Status parseOnnx(std::string_view text, onnx::ModelProto& model)
{
    if (isTooDeep(text))
        return wrongText("graphs are nested too deeply");
    try {
        const std::string copy(text); // the parser wants a zero at the end
        const auto status = onnx::OnnxParser::Parse(model, copy.c_str());
        if (status.IsOK())
            return {};
        std::string message = status.ErrorMessage();
        std::replace(message.begin(), message.end(), '\n', ' ');
        return wrongText(message.substr(0, 300));
    } catch (const std::exception& exception) {
        return wrongText(exception.what());
    }
}

} // namespace

std::optional<TextSyntax> textSyntaxOf(std::span<const std::byte> bytes)
{
    const std::string_view head = textOf(bytes.first(std::min(bytes.size(), headBytes)));
    if (!isText(head))
        return {};
    const std::string_view text = firstToken(head);
    const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
    if (text.starts_with('<') && has("ir_version"))
        return TextSyntax::Onnx;
    if (text.starts_with('{') && (has("\"irVersion\"") || has("\"ir_version\"") || has("\"opsetImport\"")))
        return TextSyntax::Json;
    if (startsWithField(text))
        return TextSyntax::Proto;
    return {};
}

Result<std::string> modelFromText(std::span<const std::byte> bytes, TextSyntax syntax)
{
    if (bytes.size() > mostBytes)
        return makeError(ErrorCode::InvalidModel, "the text is larger than 512 MB",
                         "Open the binary .onnx file.");
    onnx::ModelProto model;
    switch (syntax) {
    case TextSyntax::Proto: TRY(parseProto(textOf(bytes), model)); break;
    case TextSyntax::Json: TRY(parseJson(textOf(bytes), model)); break;
    case TextSyntax::Onnx: TRY(parseOnnx(textOf(bytes), model)); break;
    }
    std::string serialized;
    if (!model.SerializePartialToString(&serialized))
        return wrongText("it is too large for a protobuf message");
    return serialized;
}

} // namespace lapidary
