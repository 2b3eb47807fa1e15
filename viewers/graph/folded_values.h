// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: which values of a graph are constants that are shown inside the cards that use them, and
// the text that shows one.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

class FoldedValues {
public:
    // outer: of the graph around, for a body; its values are known here by name. Both must outlive this.
    // foldQuantization: also what QuantizeLinear and DequantizeLinear make of constants.
    explicit FoldedValues(const Graph& graph, const FoldedValues* outer = nullptr,
                          bool foldQuantization = false);

    const Graph& graph() const { return m_graph; }

    bool isFolded(ValueId value) const { return m_foldedValue[static_cast<size_t>(value)]; }
    // A node that has no card: all its outputs are folded.
    bool isFoldedNode(NodeId node) const { return m_foldedNode[static_cast<size_t>(node)]; }
    // "⟨64×3×7×7⟩" for a tensor, "= 0.1" or "= [0, -1]" for a small one; "" when nothing is known.
    std::string text(ValueId value) const;

private:
    bool foldable(const Node& node) const;
    const TensorRef* tensorOf(ValueId value, int depth = 0) const;
    std::string filledText(const Node& node) const;

    const Graph& m_graph;
    const FoldedValues* m_outer;
    bool m_foldQuantization;
    std::vector<char> m_foldedValue;
    std::vector<char> m_foldedNode;
};

// QuantizeLinear or DequantizeLinear, of any domain.
bool isQuantization(const Node& node);

} // namespace lapidary
