// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: the one way to spread a loop over threads. The threads are OpenMP's, which oneDNN uses
// too: a second pool beside it would oversubscribe the cores.
#pragma once

#include "engine/base/job_context.h"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace lapidary {

// Threads for loops and for oneDNN, for work started by the calling thread; 0: one per physical core.
void setParallelThreads(int count);

// Physical cores that this process may use; at least 1.
int physicalCoreCount();

// While it lives, the calling thread treats denormal floats as zero: arithmetic on them is up to
// 200 times slower and no operator depends on them. parallelFor carries the mode to its threads.
class FlushDenormals {
public:
    FlushDenormals();
    ~FlushDenormals();
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;

private:
    unsigned m_saved;
};

// The floating point mode of the calling thread, and a scope that takes one over.
unsigned floatMode();
class FloatModeScope {
public:
    explicit FloatModeScope(unsigned mode);
    ~FloatModeScope();
    FloatModeScope(const FloatModeScope&) = delete;
    FloatModeScope& operator=(const FloatModeScope&) = delete;

private:
    unsigned m_saved;
};

namespace parallel {

int threads(); // that a loop of the calling thread may use

// Calls run(body, chunk) for chunk 0..chunks-1 on a team of threads in the floating point mode of the caller.
using RunChunk = void (*)(const void* body, int64_t chunk);
void runChunks(int64_t chunks, int64_t teamSize, RunChunk run, const void* body);

} // namespace parallel

// Calls body(begin, end) for disjoint ranges that cover 0..count, each of about grain items or more,
// perhaps on several threads at once. With count <= grain it is a plain call. body must not throw.
// grain: the number of items worth handing to another thread (about 20 microseconds of work).
template <typename Body>
void parallelFor(int64_t count, int64_t grain, const Body& body)
{
    if (count <= 0)
        return;
    // More chunks than threads, so that a thread held up by another process does not hold up all.
    const int64_t wanted = (count + std::max<int64_t>(grain, 1) - 1) / std::max<int64_t>(grain, 1);
    const int64_t threads = wanted <= 1 ? 1 : parallel::threads();
    const int64_t chunks = std::min(wanted, threads * 4);
    if (threads <= 1 || chunks <= 1) {
        body(int64_t{0}, count);
        return;
    }
    const auto runChunk = [&body, count, chunks](int64_t chunk) {
        const int64_t base = count / chunks;
        const int64_t rest = count % chunks;
        const int64_t begin = chunk * base + std::min(chunk, rest);
        body(begin, begin + base + (chunk < rest ? 1 : 0));
    };
    using Chunk = decltype(runChunk);
    parallel::runChunks(
        chunks, std::min(chunks, threads),
        [](const void* run, int64_t chunk) { (*static_cast<const Chunk*>(run))(chunk); }, &runChunk);
}

// The same for single items, each long enough to ask after it whether the user stops: body(item). Error
// Cancelled when the user did.
template <typename Body>
Status stoppableFor(const JobContext& job, int64_t count, int64_t grain, const Body& body)
{
    std::atomic<bool> stopped = false;
    parallelFor(count, grain, [&](int64_t begin, int64_t end) {
        for (int64_t item = begin; item < end && !stopped; ++item) {
            body(item);
            if (job.stopRequested())
                stopped = true;
        }
    });
    return stopped ? Status(cancelled()) : Status();
}

} // namespace lapidary
