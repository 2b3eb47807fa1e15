// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: small models for tests, written as lines: values are named, not numbered.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

class GraphBuilder {
public:
    // float32
    GraphBuilder& input(const std::string& name, Shape shape = {});
    GraphBuilder& input(const std::string& name, TypeInfo type);
    GraphBuilder& output(const std::string& name);
    // A float32 tensor of zeros.
    GraphBuilder& weight(const std::string& name, Dims dims);
    GraphBuilder& constant(const std::string& name, Tensor tensor); // an initializer
    // "" is a missing input. Returns the node, to add attributes; valid until the next node.
    Node& node(const std::string& opType, const std::vector<std::string>& inputs,
               const std::vector<std::string>& outputs);
    // A Constant node.
    GraphBuilder& constantNode(const std::string& output, Tensor tensor);
    // Opset 17 of ai.onnx unless another one is set.
    GraphBuilder& opset(int64_t version);
    std::shared_ptr<Model> build();
    // What was built, as an attribute of a node in another graph: names that it does not define are
    // those of the graph around it.
    Attribute body(const std::string& attributeName);
    // What was built, as a function of a model.
    Function function(const std::string& name, const std::string& domain);

private:
    std::shared_ptr<Model> m_model = std::make_shared<Model>();
};

} // namespace lapidary
