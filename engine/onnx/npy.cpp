// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/npy.h"

#include "engine/base/file_writer.h"
#include "engine/base/mapped_file.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace lapidary {

namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct Header {
    std::string descr; // "<f4"
    bool fortranOrder = false;
    Dims dims;
    size_t dataOffset = 0;
};

struct DtypeRow {
    std::string_view code; // without the byte order
    DataType type;
};
constexpr DtypeRow dtypes[] = {
    {"b1", DataType::Bool},      {"i1", DataType::Int8},        {"i2", DataType::Int16},
    {"i4", DataType::Int32},     {"i8", DataType::Int64},       {"u1", DataType::UInt8},
    {"u2", DataType::UInt16},    {"u4", DataType::UInt32},      {"u8", DataType::UInt64},
    {"f2", DataType::Float16},   {"f4", DataType::Float},       {"f8", DataType::Double},
    {"c8", DataType::Complex64}, {"c16", DataType::Complex128},
};

Error notNpy(const std::filesystem::path& path, std::string message)
{
    return makeError(ErrorCode::InvalidArgument, std::move(message), "Write the array with numpy.save.")
        .at(path.string());
}

// The text after 'key': in the header's Python dictionary; empty if there is no such key.
std::string_view entry(std::string_view header, std::string_view key)
{
    const std::string quoted = "'" + std::string(key) + "'";
    const size_t position = header.find(quoted);
    if (position == std::string_view::npos)
        return {};
    const size_t colon = header.find(':', position + quoted.size());
    if (colon == std::string_view::npos)
        return {};
    std::string_view rest = header.substr(colon + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest;
}

bool parseShape(std::string_view text, Dims& dims)
{
    const size_t end = text.find(')');
    if (text.empty() || text[0] != '(' || end == std::string_view::npos)
        return false;
    text = text.substr(1, end - 1);
    while (!text.empty()) {
        text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
        if (text.empty())
            break;
        int64_t dim = 0;
        const auto [next, problem] = std::from_chars(text.data(), text.data() + text.size(), dim);
        if (problem != std::errc() || dim < 0)
            return false;
        dims.push_back(dim);
        text.remove_prefix(static_cast<size_t>(next - text.data()));
    }
    return true;
}

Result<Header> parseHeader(const MappedFile& file)
{
    const auto bytes = file.bytes();
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    if (bytes.size() < 10 || std::memcmp(data, magic.data(), magic.size()) != 0)
        return notNpy(file.path(), "the file is not a .npy file");
    const bool wideLength = data[6] >= 2;
    const size_t start = wideLength ? 12 : 10;
    size_t length = data[8] | (data[9] << 8);
    if (wideLength && bytes.size() >= 12)
        length |= (static_cast<size_t>(data[10]) << 16) | (static_cast<size_t>(data[11]) << 24);
    if (bytes.size() < start + length)
        return notNpy(file.path(), "the file is truncated inside its header");
    const std::string_view text(reinterpret_cast<const char*>(data) + start, length);

    Header header;
    header.dataOffset = start + length;
    const std::string_view descr = entry(text, "descr");
    const size_t close = descr.size() > 1 ? descr.find('\'', 1) : std::string_view::npos;
    if (descr.empty() || descr[0] != '\'' || close == std::string_view::npos)
        return notNpy(file.path(), "arrays with fields or objects cannot be read; expected a plain array");
    header.descr = descr.substr(1, close - 1);
    header.fortranOrder = entry(text, "fortran_order").rfind("True", 0) == 0;
    if (!parseShape(entry(text, "shape"), header.dims) || !elementCount(header.dims))
        return notNpy(file.path(), "the shape in the header cannot be understood");
    return header;
}

// Copies count elements of width bytes into row-major order, swapping bytes in units of swapBytes
// (0: not at all).
void copyElements(const std::byte* source, std::byte* target, const Header& header, size_t width,
                  size_t swapBytes)
{
    const int64_t count = *elementCount(header.dims);
    const size_t rank = header.dims.size();
    std::vector<int64_t> index(rank, 0);
    for (int64_t i = 0; i < count; ++i) {
        int64_t from = i;
        if (header.fortranOrder) {
            from = 0;
            for (size_t axis = rank; axis-- > 0;)
                from = from * header.dims[axis] + index[axis];
            for (size_t axis = rank; axis-- > 0;) {
                if (++index[axis] < header.dims[axis])
                    break;
                index[axis] = 0;
            }
        }
        std::byte* element = target + static_cast<size_t>(i) * width;
        std::memcpy(element, source + static_cast<size_t>(from) * width, width);
        for (size_t unit = 0; swapBytes > 1 && unit < width; unit += swapBytes)
            std::reverse(element + unit, element + unit + swapBytes);
    }
}

void appendUtf8(std::string& text, uint32_t code)
{
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xc0 | (code >> 6));
        text += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        text += static_cast<char>(0xe0 | (code >> 12));
        text += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        text += static_cast<char>(0xf0 | (code >> 18));
        text += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
        text += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (code & 0x3f));
    }
}

// numpy's fixed-width UTF-32 strings, padded with zeros.
Tensor decodeStrings(const std::vector<std::byte>& data, const Header& header, size_t width)
{
    std::vector<std::string> strings(static_cast<size_t>(*elementCount(header.dims)));
    for (size_t i = 0; i < strings.size(); ++i) {
        for (size_t offset = 0; offset < width; offset += 4) {
            uint32_t code = 0;
            std::memcpy(&code, data.data() + i * width + offset, 4);
            if (code == 0)
                break;
            appendUtf8(strings[i], code);
        }
    }
    return Tensor::ofStrings(header.dims, std::move(strings));
}

// numpy has no such types: their bits are written as unsigned integers.
std::string_view saveCode(DataType type)
{
    for (const DtypeRow& row : dtypes) {
        if (row.type == type)
            return row.code;
    }
    return type == DataType::BFloat16 ? "u2" : "u1";
}

std::string headerOf(const Tensor& tensor)
{
    std::string shape;
    for (const int64_t dim : tensor.dims())
        shape += std::to_string(dim) + ",";
    if (tensor.rank() > 1)
        shape.pop_back();
    std::string header = "{'descr': '" + std::string(bitWidth(tensor.type()) > 8 ? "<" : "|") +
                         std::string(saveCode(tensor.type())) + "', 'fortran_order': False, 'shape': (" +
                         shape + "), }";
    // The data starts at a multiple of 64 bytes; the header ends with a line feed.
    header.append(63 - (magic.size() + 4 + header.size()) % 64, ' ').append(1, '\n');
    return header;
}

// Errors: Cancelled. What the stream thinks of the writing is left to the caller.
Status writeElements(FileWriter& file, const Tensor& tensor, JobContext& job)
{
    constexpr int64_t piece = int64_t{1} << 22; // bytes, or elements of sub-byte types
    const bool unpacks = isSubByte(tensor.type());
    const int64_t total = unpacks ? tensor.count() : static_cast<int64_t>(tensor.sizeBytes());
    std::string bytes;
    for (int64_t begin = 0; begin < total; begin += piece) {
        job.report(static_cast<double>(begin) / static_cast<double>(total));
        const int64_t length = std::min(piece, total - begin);
        if (!unpacks) {
            TRY(file.write({tensor.bytes() + begin, static_cast<size_t>(length)}, job));
            continue;
        }
        bytes.clear();
        for (int64_t i = begin; i < begin + length; ++i)
            bytes += static_cast<char>(static_cast<int>(elementAsDouble(tensor, i)));
        TRY(file.write(std::as_bytes(std::span(bytes)), job));
    }
    return {};
}

} // namespace

Result<Tensor> loadNpy(const std::filesystem::path& path)
{
    TRY_ASSIGN(const auto file, MappedFile::open(path));
    TRY_ASSIGN(const Header header, parseHeader(*file));
    const std::string_view code =
        std::string_view(header.descr).substr(std::min<size_t>(1, header.descr.size()));
    const bool bigEndian = header.descr[0] == '>';
    const auto count = static_cast<uint64_t>(*elementCount(header.dims));
    const auto available = file->bytes().subspan(header.dataOffset);

    const auto* row =
        std::find_if(std::begin(dtypes), std::end(dtypes), [&](const DtypeRow& r) { return r.code == code; });
    size_t width = row != std::end(dtypes) ? static_cast<size_t>(bitWidth(row->type)) / 8 : 0;
    const bool isString = !code.empty() && code[0] == 'U';
    if (isString) {
        uint32_t characters = 0;
        std::from_chars(code.data() + 1, code.data() + code.size(), characters);
        width = size_t{4} * characters;
    }
    // Of strings without a character, a few bytes of a file could announce any number.
    if (width == 0)
        return notNpy(path, "arrays of type '" + header.descr + "' cannot be read");
    if (count > available.size() / width)
        return notNpy(path, "the file is truncated: shape " + toString(header.dims) + " of '" + header.descr +
                                "' needs " + std::to_string(count * width) + " bytes, found " +
                                std::to_string(available.size()));
    const bool isComplex = code[0] == 'c';
    const size_t swapBytes = !bigEndian ? 0 : isString ? 4 : isComplex ? width / 2 : width;
    if (isString) {
        std::vector<std::byte> data(count * width);
        copyElements(available.data(), data.data(), header, width, swapBytes);
        return decodeStrings(data, header, width);
    }
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(row->type, header.dims));
    if (!header.fortranOrder && swapBytes <= 1 && count > 0)
        std::memcpy(tensor.mutableBytes(), available.data(), tensor.sizeBytes());
    else
        copyElements(available.data(), tensor.mutableBytes(), header, width, swapBytes);
    return tensor;
}

Status saveNpy(const std::filesystem::path& path, const Tensor& tensor, JobContext& job)
{
    if (tensor.type() == DataType::String || tensor.type() == DataType::Undefined)
        return makeError(ErrorCode::InvalidArgument,
                         std::string(dataTypeName(tensor.type())) + " tensors cannot be saved as .npy");
    const std::string header = headerOf(tensor);
    std::string start(magic);
    start += {'\1', '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
    start += header;
    TRY_ASSIGN(FileWriter file, FileWriter::create(path));
    TRY(file.write(std::as_bytes(std::span(start)), job));
    TRY(writeElements(file, tensor, job));
    return file.finish();
}

Status saveNpy(const std::filesystem::path& path, const Tensor& tensor)
{
    JobContext job;
    return saveNpy(path, tensor, job);
}

} // namespace lapidary
