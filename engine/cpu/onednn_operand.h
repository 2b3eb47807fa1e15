// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: a tensor of a oneDNN primitive, which may want another layout than the row-major one that
// tensors have between nodes. Reordered copies live in buffers shared by all kernels of a thread, so
// that a model needs the largest of them, not the sum.
#pragma once

#include "engine/cpu/onednn.h"
#include "engine/ir/tensor.h"

namespace lapidary::onednn {

// What a shared buffer is for; two operands of one primitive must not share one.
enum class Slot { Source, Weights, Bias, Destination, Scratchpad, count };

// At least sizeBytes, aligned to 64 bytes, valid until the slot is asked for again by the calling
// thread. Throws std::bad_alloc (called inside guarded()).
void* sharedBuffer(Slot slot, size_t sizeBytes);

class Operand {
public:
    Operand() = default;
    // outside: how the tensor lies in memory; inside: what the primitive wants.
    Operand(dnnl::memory::desc outside, dnnl::memory::desc inside, Slot slot);

    bool reorders() const { return m_reorders; }
    const dnnl::memory::desc& inside() const { return m_inside; }

    // The tensor as the primitive reads it.
    dnnl::memory read(const void* data) const;
    // The same in memory of its own, for weights that stay.
    dnnl::memory pack(const void* data) const;
    // Where the primitive writes; after it ran, finish() brings the result to data.
    dnnl::memory write(void* data) const;
    void finish(const dnnl::memory& written, void* data) const;

private:
    dnnl::memory::desc m_outside;
    dnnl::memory::desc m_inside;
    Slot m_slot = Slot::Source;
    bool m_reorders = false;
    dnnl::reorder m_reorder; // outside to inside, or back for Slot::Destination
};

// Weights that never change, in the layouts that primitives want. The tensor as the model has it is let go
// of, and its pages of the file given back, once it was packed.
class PackedWeights {
public:
    PackedWeights() = default;
    // outside: how the tensor lies in memory.
    PackedWeights(Tensor tensor, dnnl::memory::desc outside)
        : m_tensor(std::move(tensor)), m_outside(std::move(outside))
    {
    }
    // Called inside guarded().
    dnnl::memory as(const dnnl::memory::desc& inside);
    // As the model has them. Error ShapeMismatch after they were let go of.
    Result<Tensor> plain() const;
    // Nobody will ask again: another form of them is at hand for the only shape there is.
    void letGo();

private:
    Tensor m_tensor; // empty once packed
    dnnl::memory::desc m_outside;
    Dims m_dims;
    std::vector<dnnl::memory> m_packed; // shapes often agree on one layout
};

// Memory for the scratchpad of a primitive; null when it needs none.
void* scratchpadData(const dnnl::memory::desc& desc);

// The scratchpad that a primitive made with userScratchpad() needs in each run.
dnnl::memory scratchpad(const dnnl::memory::desc& desc);

} // namespace lapidary::onednn
