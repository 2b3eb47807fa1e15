// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/run_memory.h"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <numeric>
#include <sys/mman.h>

namespace lapidary {

namespace {

constexpr uint64_t hugePageBytes = uint64_t{2} << 20;
// Neighbours that begin at the same place of a page hinder each other in the caches.
constexpr uint64_t gapBytes = 128;
constexpr uint64_t pageBytes = 4096;

struct Block {
    size_t slot = 0;
    uint64_t bytes = 0;
    size_t firstStep = 0;
    size_t lastStep = 0;
    uint64_t offset = 0;

    bool meets(const Block& other) const
    {
        return firstStep <= other.lastStep && other.firstStep <= lastStep;
    }
};

// Largest first, each in the lowest gap that is free while it lives. Returns the bytes of all.
uint64_t placeBlocks(std::vector<Block>& blocks)
{
    std::stable_sort(blocks.begin(), blocks.end(),
                     [](const Block& a, const Block& b) { return a.bytes > b.bytes; });
    std::vector<const Block*> placed; // by offset
    uint64_t total = 0;
    for (Block& block : blocks) {
        uint64_t offset = 0;
        for (const Block* other : placed) {
            if (!other->meets(block))
                continue;
            if (other->offset >= offset + block.bytes)
                break;
            offset = std::max(offset, other->offset + other->bytes);
        }
        block.offset = offset;
        total = std::max(total, offset + block.bytes);
        placed.insert(std::upper_bound(placed.begin(), placed.end(), &block,
                                       [](const Block* a, const Block* b) { return a->offset < b->offset; }),
                      &block);
    }
    return total;
}

// Calls part(number) for each number of the key of inputs, until it returns false.
template <typename Part>
bool forKey(std::span<const Value> inputs, const Part& part)
{
    for (const Value& input : inputs) {
        const Tensor* tensor = input.tensor();
        if (!part(tensor ? tensor->rank() : -1))
            return false;
        for (size_t i = 0; tensor && i < tensor->dims().size(); ++i) {
            if (!part(tensor->dims()[i]))
                return false;
        }
    }
    return true;
}

} // namespace

RunMemory::RunMemory(std::vector<SlotLife> slots, size_t stepCount)
    : m_slots(std::move(slots)), m_escapes(m_slots.size()), m_stepCount(stepCount)
{
    for (const SlotLife& slot : m_slots)
        m_leaving.push_back(slot.leaves);
}

bool RunMemory::hasKey(const Plan& plan, std::span<const Value> inputs)
{
    size_t at = 0;
    return forKey(inputs, [&](int64_t number) { return at < plan.key.size() && plan.key[at++] == number; }) &&
           at == plan.key.size();
}

void RunMemory::begin(std::span<const Value> inputs)
{
    m_isOff = false;
    m_isOutgrown = false;
    m_hasEscapes = false;
    m_record = nullptr;
    m_plan = nullptr;
    const auto found =
        std::find_if(m_plans.begin(), m_plans.end(), [&](const auto& plan) { return hasKey(*plan, inputs); });
    if (found != m_plans.end()) {
        std::rotate(m_plans.begin(), found, found + 1);
        m_plan = m_plans.front().get();
        if (!m_plan->isLaidOut)
            layOut(*m_plan);
        if (m_plan->places.empty())
            bind(*m_plan);
    } else {
        // Shapes met for the first time make do with the places of others.
        if (!m_plans.empty() && !m_plans.front()->places.empty())
            m_plan = m_plans.front().get();
        if (m_plans.size() == largestPlanCount)
            m_plans.pop_back();
        auto plan = std::make_unique<Plan>();
        forKey(inputs, [&](int64_t number) {
            plan->key.push_back(number);
            return true;
        });
        plan->asked.resize(m_slots.size());
        plan->sharedWith.resize(m_slots.size());
        std::iota(plan->sharedWith.begin(), plan->sharedWith.end(), size_t{0});
        m_record = plan.get();
        m_plans.push_back(std::move(plan)); // to the front by its second run
    }
    m_handsOut = m_plan && !m_plan->places.empty();
}

void RunMemory::beginWithoutPlan()
{
    m_isOff = true;
    m_plan = nullptr;
    m_record = nullptr;
    m_handsOut = false;
    m_hasEscapes = false;
    m_isOutgrown = false;
}

StepMemory RunMemory::forStep(size_t first, size_t count, std::span<const uint8_t> dying)
{
    StepMemory memory;
    if (m_isOff)
        return memory;
    if (Plan* learns = m_record ? m_record : m_plan)
        memory.asked = std::span(learns->asked).subspan(first, count);
    if (m_handsOut && m_plan)
        memory.places = std::span<const TensorMemory>(m_plan->places).subspan(first, count);
    memory.dying = dying;
    memory.leaving = std::span<const uint8_t>(m_leaving).subspan(first, count);
    if (m_arena) {
        memory.arenaBegin = m_arena->data.get();
        memory.arenaEnd = memory.arenaBegin + m_arena->sizeBytes;
    }
    return memory;
}

void RunMemory::endStep(size_t step)
{
    if (!m_handsOut || !m_plan)
        return;
    for (const size_t slot : m_plan->ends[step]) {
        if (m_plan->places[slot].owner.use_count() != 1) {
            // Its memory must not go to anyone else in this run, nor to it in another.
            m_escapes[slot] = true;
            m_hasEscapes = true;
            m_handsOut = false;
        }
        if (uint64_t& asked = m_plan->asked[slot]; asked > m_plan->places[slot].sizeBytes) {
            asked += asked / 4; // it may go on growing
            m_isOutgrown = true;
        }
    }
}

void RunMemory::end(bool complete)
{
    if (m_plan && (m_hasEscapes || !complete)) {
        const bool isHeld =
            std::any_of(m_plan->places.begin(), m_plan->places.end(), [](const TensorMemory& place) {
                return place.owner && place.owner.use_count() != 1;
            });
        if (isHeld)
            dropArena();
    }
    if (m_hasEscapes || m_isOutgrown) {
        for (const auto& plan : m_plans) {
            if (m_hasEscapes || plan.get() == m_plan) {
                plan->isLaidOut = false;
                plan->places.clear();
            }
        }
    }
    if (m_record && !complete)
        std::erase_if(m_plans, [this](const auto& plan) { return plan.get() == m_record; });
    m_plan = nullptr;
    m_record = nullptr;
    m_handsOut = false;
}

void RunMemory::layOut(Plan& plan) const
{
    std::vector<size_t> lastStep(m_slots.size());
    std::vector<bool> stays(m_slots.size(), true);
    for (size_t slot = 0; slot < m_slots.size(); ++slot) {
        const size_t first = plan.sharedWith[slot];
        lastStep[first] = std::max(lastStep[first], m_slots[slot].lastStep);
        if (m_slots[slot].leaves || m_escapes[slot])
            stays[first] = false;
    }
    std::vector<Block> blocks;
    for (size_t slot = 0; slot < m_slots.size(); ++slot) {
        if (plan.sharedWith[slot] != slot || !stays[slot] || plan.asked[slot] == 0)
            continue;
        const uint64_t bytes = plan.asked[slot] + (plan.asked[slot] >= pageBytes ? gapBytes : 0);
        blocks.push_back({slot, bytes, m_slots[slot].step, lastStep[slot], 0});
    }
    plan.sizeBytes = placeBlocks(blocks);
    plan.pieces.clear();
    plan.ends.assign(m_stepCount, {});
    for (const Block& block : blocks) {
        plan.pieces.push_back({block.slot, block.offset, plan.asked[block.slot]});
        plan.ends[block.lastStep].push_back(block.slot);
    }
    plan.places.clear();
    plan.isLaidOut = true;
}

void RunMemory::bind(Plan& plan)
{
    if (plan.sizeBytes == 0)
        return;
    uint64_t wanted = 0;
    for (const auto& other : m_plans)
        wanted = std::max(wanted, other->isLaidOut ? other->sizeBytes : 0);
    if (!m_arena || m_arena->sizeBytes < plan.sizeBytes || m_arena->sizeBytes / 2 > wanted + hugePageBytes) {
        dropArena();
        const bool isLarge = wanted >= hugePageBytes;
        const uint64_t alignment = isLarge ? hugePageBytes : 64;
        const uint64_t bytes = (wanted + alignment - 1) / alignment * alignment;
        if (isLarge)
            malloc_trim(0); // what the runs without a plan used
        auto* data = static_cast<std::byte*>(std::aligned_alloc(alignment, bytes));
        if (!data)
            return; // the heap is asked piece by piece then, and says what is missing
        if (isLarge)
            madvise(data, bytes, MADV_HUGEPAGE);
        m_arena = std::make_shared<Arena>(Arena{{data, [](std::byte* p) { std::free(p); }}, bytes});
    }
    plan.places.resize(m_slots.size());
    for (const Piece& piece : plan.pieces) // each with an owner that tells who still uses it
        plan.places[piece.slot] = {m_arena->data.get() + piece.offset, piece.bytes,
                                   std::make_shared<std::shared_ptr<Arena>>(m_arena)};
}

void RunMemory::dropArena()
{
    for (const auto& plan : m_plans)
        plan->places.clear();
    m_arena = nullptr;
}

} // namespace lapidary
