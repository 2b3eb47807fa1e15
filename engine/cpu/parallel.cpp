// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu/parallel.h"

#include <fstream>
#include <omp.h>
#include <sched.h>
#include <set>
#include <string>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace lapidary {

namespace {

constexpr unsigned flushToZero = 0x8000;
constexpr unsigned denormalsAreZero = 0x0040;

void setFloatMode([[maybe_unused]] unsigned mode)
{
#if defined(__SSE2__)
    _mm_setcsr(mode);
#endif
}

// The id of a core as the kernel gives it; the CPU's own number when it does not say.
std::pair<int, int> coreOf(int cpu)
{
    const std::string folder = "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    int package = 0;
    int core = cpu;
    std::ifstream(folder + "physical_package_id") >> package;
    std::ifstream coreFile(folder + "core_id");
    int value = 0;
    if (coreFile >> value)
        core = value;
    return {package, core};
}

} // namespace

int physicalCoreCount()
{
    static const int count = [] {
        cpu_set_t allowed;
        CPU_ZERO(&allowed);
        if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
            return std::max(1, omp_get_num_procs());
        std::set<std::pair<int, int>> cores;
        for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
            if (CPU_ISSET(cpu, &allowed))
                cores.insert(coreOf(cpu));
        }
        return std::max(1, static_cast<int>(cores.size()));
    }();
    return count;
}

void setParallelThreads(int count) { omp_set_num_threads(count > 0 ? count : physicalCoreCount()); }

namespace parallel {

int threads() { return omp_in_parallel() ? 1 : omp_get_max_threads(); }

void runChunks(int64_t chunks, int64_t teamSize, RunChunk run, const void* body)
{
    const unsigned mode = floatMode();
    const auto team = static_cast<int>(teamSize);
#pragma omp parallel for schedule(dynamic, 1) num_threads(team)
    for (int64_t chunk = 0; chunk < chunks; ++chunk) {
        const FloatModeScope scope(mode);
        run(body, chunk);
    }
}

} // namespace parallel

unsigned floatMode()
{
#if defined(__SSE2__)
    return _mm_getcsr();
#else
    return 0;
#endif
}

FloatModeScope::FloatModeScope(unsigned mode) : m_saved(floatMode()) { setFloatMode(mode); }

FloatModeScope::~FloatModeScope() { setFloatMode(m_saved); }

FlushDenormals::FlushDenormals() : m_saved(floatMode())
{
    setFloatMode(m_saved | flushToZero | denormalsAreZero);
}

FlushDenormals::~FlushDenormals() { setFloatMode(m_saved); }

} // namespace lapidary
