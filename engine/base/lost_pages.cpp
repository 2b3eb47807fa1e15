// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/lost_pages.h"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <sys/mman.h>
#include <unistd.h>

namespace lapidary {

namespace {

// Read by a signal handler: nothing here is ever locked or freed.
struct Watched {
    std::atomic<uintptr_t> begin = 0; // 0: free
    std::atomic<size_t> sizeBytes = 0;
    std::atomic<bool> damaged = false;
};
std::array<Watched, 1024> watched;
struct sigaction before;
uintptr_t pageSize = 0;

Watched* find(uintptr_t address)
{
    for (Watched& mapping : watched) {
        const uintptr_t begin = mapping.begin.load(std::memory_order_acquire);
        if (begin != 0 && address >= begin &&
            address - begin < mapping.sizeBytes.load(std::memory_order_relaxed))
            return &mapping;
    }
    return nullptr;
}

void onBusError(int signal, siginfo_t* info, void* context)
{
    const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
    if (Watched* mapping = find(address)) {
        void* page = reinterpret_cast<void*>(address / pageSize * pageSize);
        if (::mmap(page, pageSize, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
            mapping->damaged.store(true, std::memory_order_release);
            return; // the read is done again
        }
    }
    // Not ours: as if this handler were not there.
    if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction != nullptr)
        before.sa_sigaction(signal, info, context);
    else
        ::sigaction(SIGBUS, &before, nullptr);
}

void installOnce()
{
    static std::once_flag once;
    std::call_once(once, [] {
        pageSize = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
        struct sigaction action {};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO | SA_NODEFER;
        ::sigemptyset(&action.sa_mask);
        ::sigaction(SIGBUS, &action, &before);
    });
}

} // namespace

void watchMapping(const void* address, size_t sizeBytes)
{
    installOnce();
    static std::mutex mutex; // of writers
    const std::lock_guard lock(mutex);
    for (Watched& mapping : watched) {
        if (mapping.begin.load(std::memory_order_relaxed) != 0)
            continue;
        mapping.damaged.store(false, std::memory_order_relaxed);
        mapping.sizeBytes.store(sizeBytes, std::memory_order_relaxed);
        mapping.begin.store(reinterpret_cast<uintptr_t>(address), std::memory_order_release);
        return;
    }
}

void forgetMapping(const void* address)
{
    if (Watched* mapping = find(reinterpret_cast<uintptr_t>(address)))
        mapping->begin.store(0, std::memory_order_release);
}

bool isMappingDamaged(const void* address)
{
    const Watched* mapping = find(reinterpret_cast<uintptr_t>(address));
    return mapping != nullptr && mapping->damaged.load(std::memory_order_acquire);
}

void givePagesBack(const void* address, size_t sizeBytes)
{
    const auto begin = reinterpret_cast<uintptr_t>(address);
    const Watched* mapping = find(begin);
    if (mapping == nullptr)
        return;
    const uintptr_t first = (begin + pageSize - 1) / pageSize * pageSize;
    const uintptr_t last = (begin + sizeBytes) / pageSize * pageSize;
    if (last > first)
        ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

} // namespace lapidary
