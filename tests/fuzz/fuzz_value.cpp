// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes are read as a .npy file and as the values that test data is made of.
#include "engine/onnx/npy.h"
#include "engine/onnx/reader.h"

#include <cstdint>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

using namespace lapidary;

namespace {

// A file without a name on any disk.
class MemoryFile {
public:
    MemoryFile() : m_descriptor(memfd_create("fuzz", 0))
    {
        if (m_descriptor < 0)
            std::abort();
    }
    void write(const uint8_t* data, size_t size) const
    {
        if (ftruncate(m_descriptor, 0) != 0 ||
            pwrite(m_descriptor, data, size, 0) != static_cast<ssize_t>(size))
            std::abort();
    }
    std::string path() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }

private:
    int m_descriptor;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const MemoryFile file;
    file.write(data, size);
    (void)loadNpy(file.path());
    const TypeInfo tensor = TypeInfo::tensor(DataType::Float, std::nullopt);
    for (const TypeInfo& type : {tensor, TypeInfo::sequence(tensor), TypeInfo::optional(tensor)})
        (void)loadValueFile(file.path(), type);
    return 0;
}
