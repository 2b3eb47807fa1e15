// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/op_docs.h"

#include <algorithm>
#include <onnx/defs/schema.h>
#include <sstream>
#include <tuple>

namespace lapidary {

namespace {

std::string typeName(onnx::AttributeProto::AttributeType type)
{
    switch (type) {
    case onnx::AttributeProto::FLOAT: return "float";
    case onnx::AttributeProto::INT: return "int";
    case onnx::AttributeProto::STRING: return "string";
    case onnx::AttributeProto::TENSOR: return "tensor";
    case onnx::AttributeProto::GRAPH: return "graph";
    case onnx::AttributeProto::FLOATS: return "list of floats";
    case onnx::AttributeProto::INTS: return "list of ints";
    case onnx::AttributeProto::STRINGS: return "list of strings";
    case onnx::AttributeProto::TENSORS: return "list of tensors";
    case onnx::AttributeProto::GRAPHS: return "list of graphs";
    case onnx::AttributeProto::SPARSE_TENSOR: return "sparse tensor";
    case onnx::AttributeProto::TYPE_PROTO: return "type";
    default: return "unknown";
    }
}

template <typename List>
std::string joined(const List& list)
{
    std::ostringstream text;
    text << "[";
    for (int i = 0; i < list.size(); ++i)
        text << (i == 0 ? "" : ", ") << list[i];
    text << "]";
    return text.str();
}

std::string defaultText(const onnx::AttributeProto& value)
{
    std::ostringstream text;
    switch (value.type()) {
    case onnx::AttributeProto::FLOAT: text << value.f(); break;
    case onnx::AttributeProto::INT: text << value.i(); break;
    case onnx::AttributeProto::STRING: return "\"" + value.s() + "\"";
    case onnx::AttributeProto::FLOATS: return joined(value.floats());
    case onnx::AttributeProto::INTS: return joined(value.ints());
    case onnx::AttributeProto::STRINGS: return joined(value.strings());
    default: break;
    }
    return text.str();
}

OpParameter toParameter(const onnx::OpSchema::FormalParameter& formal)
{
    OpParameter parameter;
    parameter.name = formal.GetName();
    parameter.typeText = formal.GetTypeStr();
    parameter.doc = formal.GetDescription();
    parameter.optional = formal.GetOption() == onnx::OpSchema::Optional;
    parameter.variadic = formal.GetOption() == onnx::OpSchema::Variadic;
    return parameter;
}

} // namespace

std::optional<OpDocumentation> opDocumentation(std::string_view domain, std::string_view opType,
                                               int64_t opset)
{
    const onnx::OpSchema* schema =
        onnx::OpSchemaRegistry::Schema(std::string(opType), static_cast<int>(opset),
                                       domain == "ai.onnx" ? std::string() : std::string(domain));
    if (!schema)
        return std::nullopt;
    OpDocumentation documentation;
    documentation.domain = domain;
    documentation.name = opType;
    documentation.sinceVersion = schema->SinceVersion();
    documentation.doc = schema->doc() ? schema->doc() : "";
    documentation.deprecated = schema->deprecated();
    for (const auto& [name, attribute] : schema->attributes())
        documentation.attributes.push_back({name, typeName(attribute.type), attribute.description,
                                            attribute.required, defaultText(attribute.default_value)});
    for (const auto& formal : schema->inputs())
        documentation.inputs.push_back(toParameter(formal));
    for (const auto& formal : schema->outputs())
        documentation.outputs.push_back(toParameter(formal));
    return documentation;
}

std::vector<OpVersion> documentedOperators()
{
    std::vector<OpVersion> operators;
    for (const onnx::OpSchema& schema : onnx::OpSchemaRegistry::get_all_schemas_with_history())
        operators.push_back({schema.domain(), schema.Name(), schema.SinceVersion()});
    std::sort(operators.begin(), operators.end(), [](const OpVersion& a, const OpVersion& b) {
        return std::tie(a.domain, a.name, a.version) < std::tie(b.domain, b.name, b.version);
    });
    return operators;
}

int64_t newestDocumentedOpset()
{
    return onnx::OpSchemaRegistry::DomainToVersionRange::Instance().Map().at(onnx::ONNX_DOMAIN).second;
}

} // namespace lapidary
