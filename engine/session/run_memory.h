// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the memory of the values that the steps of one graph make. What a run asked for tells the next
// run with such inputs where everything lies in one block, so that it takes nothing from the heap.
// Internal to engine/session.
#pragma once

#include "engine/backend/kernel.h"

namespace lapidary {

// A value that a step makes, its slot numbered through all steps.
struct SlotLife {
    size_t step = 0;
    size_t lastStep = 0; // of the steps that read it
    bool leaves = false; // it outlives the run
};

class RunMemory {
public:
    RunMemory() = default;
    RunMemory(std::vector<SlotLife> slots, size_t stepCount);

    // Before the steps. inputs: what the run was given; plans are kept for their dims.
    void begin(std::span<const Value> inputs);
    // The same without plan and record: every value from the heap, none over another.
    void beginWithoutPlan();
    // For the outputs of a step, which are slots first, first + 1, ...
    StepMemory forStep(size_t first, size_t count, std::span<const uint8_t> dying);
    // After the kernel of a step ran: output `slot` is a view of the memory of another value.
    void share(size_t slot, size_t other) { m_record->sharedWith[slot] = m_record->sharedWith[other]; }
    bool records() const { return m_record != nullptr; } // whether share() wants to be called
    // After a step, when what it was the last to read is gone.
    void endStep(size_t step);
    // After the steps, when all values are gone that do not leave. complete: all steps ran.
    void end(bool complete);

    uint64_t arenaBytes() const { return m_arena ? m_arena->sizeBytes : 0; }

private:
    struct Arena {
        std::unique_ptr<std::byte, void (*)(std::byte*)> data;
        uint64_t sizeBytes = 0;
    };
    struct Piece {
        size_t slot = 0;
        uint64_t offset = 0;
        uint64_t bytes = 0;
    };
    struct Plan {
        std::vector<int64_t> key;       // ranks and dims of the inputs
        std::vector<uint64_t> asked;    // by slot
        std::vector<size_t> sharedWith; // by slot: the first slot with the same memory
        bool isLaidOut = false;
        // Where it is laid out:
        uint64_t sizeBytes = 0;
        std::vector<Piece> pieces;             // of the arena
        std::vector<std::vector<size_t>> ends; // by step: slots whose memory is free after it
        // Where it is bound to the arena, by slot:
        std::vector<TensorMemory> places;
    };
    static constexpr size_t largestPlanCount = 4;

    static bool hasKey(const Plan& plan, std::span<const Value> inputs);
    void layOut(Plan& plan) const;
    void bind(Plan& plan);
    void dropArena();

    std::vector<SlotLife> m_slots;
    std::vector<uint8_t> m_leaving; // by slot
    std::vector<uint8_t> m_escapes; // by slot: somebody held on to its memory beyond the plan
    size_t m_stepCount = 0;
    std::vector<std::unique_ptr<Plan>> m_plans; // newest use first
    std::shared_ptr<Arena> m_arena;
    // Of the run under way:
    Plan* m_plan = nullptr;   // whose places are handed out
    Plan* m_record = nullptr; // that learns
    bool m_handsOut = false;
    bool m_isOff = false;
    bool m_isOutgrown = false;
    bool m_hasEscapes = false;
};

} // namespace lapidary
