// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: small models for tests, written as lines: values are named, not numbered.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

class GraphBuilder {
public:
    GraphBuilder& input(const std::string& name, Shape shape = {});
    GraphBuilder& output(const std::string& name);
    // A float32 tensor of zeros.
    GraphBuilder& weight(const std::string& name, Dims dims);
    GraphBuilder& constant(const std::string& name, Tensor tensor); // an initializer
    // "" is a missing input. Returns the node, to add attributes; valid until the next node.
    Node& node(const std::string& opType, const std::vector<std::string>& inputs,
               const std::vector<std::string>& outputs);
    // A Constant node.
    GraphBuilder& constantNode(const std::string& output, Tensor tensor);
    std::shared_ptr<const Model> build();

private:
    std::shared_ptr<Model> m_model = std::make_shared<Model>();
};

} // namespace lapidary
