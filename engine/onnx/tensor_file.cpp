// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/onnx/tensor_file.h"

#include "engine/base/lost_pages.h"
#include "engine/base/mapped_file.h"

#include <cstring>

namespace lapidary {

namespace {

// Field numbers of TensorProto.
enum TensorField {
    dimsField = 1,
    dataTypeField = 2,
    segmentField = 3,
    floatDataField = 4,
    int32DataField = 5,
    stringDataField = 6,
    int64DataField = 7,
    nameField = 8,
    rawDataField = 9,
    doubleDataField = 10,
    uint64DataField = 11,
    docField = 12,
    externalDataField = 13,
    dataLocationField = 14,
};

std::string tensorPlace(const TensorRef& ref) { return "tensor '" + ref.name + "'"; }

Error wrongSize(const TensorRef& ref, uint64_t foundBytes)
{
    return makeError(ErrorCode::InvalidModel,
                     "shape " + toString(ref.dims) + " of " + std::string(dataTypeName(ref.type)) +
                         " needs " + std::to_string(ref.sizeBytes()) + " bytes, found " +
                         std::to_string(foundBytes),
                     "The file may be truncated or written wrongly.")
        .at(tensorPlace(ref));
}

Error wrongCount(const TensorRef& ref, int64_t found)
{
    return makeError(ErrorCode::InvalidModel, "shape " + toString(ref.dims) + " needs " +
                                                  std::to_string(elementCount(ref.dims).value_or(-1)) +
                                                  " elements, found " + std::to_string(found))
        .at(tensorPlace(ref));
}

bool parseNumber(const std::string& text, int64_t& number)
{
    char* end = nullptr;
    number = std::strtoll(text.c_str(), &end, 10);
    return !text.empty() && *end == '\0' && number >= 0;
}

} // namespace

TensorFile::TensorFile(std::shared_ptr<const void> owner, std::filesystem::path folder)
    : m_owner(std::move(owner)), m_folder(std::move(folder))
{
}

Result<TensorRef> TensorFile::add(wire::Bytes tensorProto, const std::byte* base)
{
    TensorRef ref;
    Entry entry;
    External external;
    bool isExternal = false;
    int64_t dataType = 0;
    const auto addField = [&entry](Encoding encoding, const wire::Field& field) {
        entry.encoding = encoding;
        if (field.type == wire::Field::Type::Delimited && field.bytes.empty())
            return;
        // The usual case is one packed field: kept as a view, without an allocation.
        if (entry.bytes.empty() && entry.fields.empty() && field.type == wire::Field::Type::Delimited) {
            entry.bytes = field.bytes;
            return;
        }
        if (!entry.bytes.empty()) {
            wire::Field first;
            first.type = wire::Field::Type::Delimited;
            first.bytes = std::exchange(entry.bytes, {});
            entry.fields.push_back(first);
        }
        entry.fields.push_back(field);
    };

    wire::Fields fields(tensorProto, base);
    while (fields.next()) {
        switch (fields->id) {
        case dimsField:
            if (!wire::appendVarints(*fields, ref.dims))
                return makeError(ErrorCode::InvalidModel, "the dimensions of a tensor cannot be decoded");
            break;
        case dataTypeField: dataType = fields->integer(); break;
        case segmentField:
            return makeError(ErrorCode::InvalidModel, "tensors stored in segments are not part of ONNX");
        case floatDataField: addField(Encoding::Floats, *fields); break;
        case int32DataField:
        case int64DataField:
        case uint64DataField: addField(Encoding::Varints, *fields); break;
        case doubleDataField: addField(Encoding::Doubles, *fields); break;
        case stringDataField:
            entry.encoding = Encoding::Strings;
            entry.fields.push_back(*fields);
            break;
        case rawDataField:
            entry.encoding = Encoding::Raw;
            entry.bytes = fields->bytes;
            break;
        case nameField: ref.name = fields->text(); break;
        case docField: ref.doc = fields->text(); break;
        case externalDataField: TRY(readExternal(fields->bytes, base, external)); break;
        case dataLocationField: isExternal = fields->integer() == 1; break;
        default: break;
        }
    }
    TRY(fields.status());

    const auto type = dataTypeFromOnnx(dataType);
    if (!type)
        return makeError(ErrorCode::InvalidModel, "data type " + std::to_string(dataType) + " is not known")
            .at("tensor '" + ref.name + "'");
    ref.type = *type;
    if (isExternal) {
        entry.encoding = Encoding::External;
        entry.external = static_cast<int>(m_externals.size());
        m_externals.push_back(std::move(external));
    }
    ref.token = m_entries.size();
    m_entries.push_back(std::move(entry));
    ref.source = shared_from_this();
    return ref;
}

Status TensorFile::readExternal(wire::Bytes entry, const std::byte* base, External& external) const
{
    std::string key;
    std::string value;
    wire::Fields fields(entry, base);
    while (fields.next()) {
        if (fields->id == 1)
            key = fields->text();
        else if (fields->id == 2)
            value = fields->text();
    }
    TRY(fields.status());
    if (key == "location") {
        external.location = value;
    } else if (key == "offset" || key == "length") {
        if (!parseNumber(value, key == "offset" ? external.offset : external.length))
            return makeError(ErrorCode::InvalidModel,
                             "the " + key + " of external data is not a number: '" + value + "'");
    }
    return {};
}

Result<Tensor> TensorFile::load(const TensorRef& ref) const
{
    const auto count = elementCount(ref.dims);
    if (!count || *count > (int64_t{1} << 46))
        return makeError(ErrorCode::InvalidModel, "the shape " + toString(ref.dims) + " is not possible")
            .at(tensorPlace(ref));
    const Entry& entry = m_entries[ref.token];
    switch (entry.encoding) {
    case Encoding::Raw: return fromRaw(ref, entry.bytes, m_owner);
    case Encoding::External: return fromExternal(ref, m_externals[static_cast<size_t>(entry.external)]);
    case Encoding::Strings: return fromStrings(ref, entry);
    case Encoding::Varints: return fromVarints(ref, entry);
    case Encoding::Floats:
    case Encoding::Doubles: break;
    case Encoding::None:
        if (*count == 0)
            return Tensor::allocate(ref.type, ref.dims);
        return wrongCount(ref, 0);
    }
    // float_data and double_data are little-endian and contiguous: the same as raw bytes if packed.
    if (entry.fields.empty())
        return fromRaw(ref, entry.bytes, m_owner);
    std::vector<std::byte> gathered;
    for (const wire::Field& field : entry.fields) {
        if (field.type == wire::Field::Type::Delimited) {
            gathered.insert(gathered.end(), field.bytes.begin(), field.bytes.end());
            continue;
        }
        const auto* bits = reinterpret_cast<const std::byte*>(&field.number);
        gathered.insert(gathered.end(), bits, bits + (field.type == wire::Field::Type::Fixed32 ? 4 : 8));
    }
    const auto owner = std::make_shared<std::vector<std::byte>>(std::move(gathered));
    return fromRaw(ref, *owner, owner);
}

Result<Tensor> TensorFile::fromRaw(const TensorRef& ref, wire::Bytes bytes,
                                   std::shared_ptr<const void> owner) const
{
    if (isMappingDamaged(bytes.data()))
        return makeError(ErrorCode::IoError, "the file was cut short by another program while it was open",
                         "Open it again.")
            .at(tensorPlace(ref));
    if (ref.type == DataType::String || ref.type == DataType::Undefined)
        return makeError(ErrorCode::InvalidModel,
                         std::string(dataTypeName(ref.type)) + " tensors cannot be stored as raw bytes")
            .at(tensorPlace(ref));
    const uint64_t needed = ref.sizeBytes();
    // complex64 in float_data and complex128 in double_data have the layout of raw bytes too.
    if (bytes.size() == needed)
        return Tensor::view(ref.type, ref.dims, bytes.data(), std::move(owner));
    // Writers of sub-byte tensors disagree about padding: a longer last part is harmless.
    if (isSubByte(ref.type) && bytes.size() > needed)
        return Tensor::view(ref.type, ref.dims, bytes.data(), std::move(owner));
    return wrongSize(ref, bytes.size());
}

Result<Tensor> TensorFile::fromVarints(const TensorRef& ref, const Entry& entry) const
{
    std::vector<int64_t> numbers;
    wire::Field packed;
    packed.type = wire::Field::Type::Delimited;
    packed.bytes = entry.bytes;
    bool good = wire::appendVarints(packed, numbers);
    for (const wire::Field& field : entry.fields)
        good = good && wire::appendVarints(field, numbers);
    if (!good)
        return makeError(ErrorCode::InvalidModel, "the numbers cannot be decoded").at(tensorPlace(ref));

    const int bits = bitWidth(ref.type);
    const bool wide = bits > 64 || bits == 0;
    // int32_data holds one element each; for 2 and 4 bit types one number holds a packed byte.
    const int64_t expected =
        isSubByte(ref.type) ? static_cast<int64_t>(ref.sizeBytes()) : *elementCount(ref.dims);
    if (wide || static_cast<int64_t>(numbers.size()) < expected ||
        (!isSubByte(ref.type) && static_cast<int64_t>(numbers.size()) != expected))
        return wrongCount(ref, static_cast<int64_t>(numbers.size()));
    // Not before: a shape without its numbers may ask for any amount of memory.
    TRY_ASSIGN(Tensor tensor, Tensor::allocate(ref.type, ref.dims));
    const size_t width = bits < 8 ? 1 : static_cast<size_t>(bits) / 8;
    for (size_t i = 0; i < static_cast<size_t>(expected); ++i)
        std::memcpy(tensor.mutableBytes() + i * width, &numbers[i], width);
    return tensor;
}

Result<Tensor> TensorFile::fromStrings(const TensorRef& ref, const Entry& entry) const
{
    if (static_cast<int64_t>(entry.fields.size()) != elementCount(ref.dims))
        return wrongCount(ref, static_cast<int64_t>(entry.fields.size()));
    std::vector<std::string> strings;
    strings.reserve(entry.fields.size());
    for (const wire::Field& field : entry.fields)
        strings.push_back(field.text());
    return Tensor::ofStrings(ref.dims, std::move(strings));
}

Result<std::shared_ptr<const MappedFile>> TensorFile::openExternal(const std::string& location) const
{
    const std::filesystem::path relative(location);
    // A model must not read files outside its folder: ONNX, "External Data".
    bool leavesFolder = location.empty() || relative.is_absolute();
    for (const auto& part : relative)
        leavesFolder = leavesFolder || part == "..";
    if (leavesFolder)
        return makeError(ErrorCode::InvalidModel,
                         "external data must be a file beside the model, found '" + location + "'");
    const std::lock_guard lock(m_mutex);
    auto& file = m_files[location];
    if (!file) {
        TRY_ASSIGN(file, MappedFile::open(m_folder / relative));
    }
    return file;
}

Result<Tensor> TensorFile::fromExternal(const TensorRef& ref, const External& external) const
{
    auto opened = openExternal(external.location);
    if (!opened.ok())
        return std::move(opened).error().at("external data of " + tensorPlace(ref));
    const wire::Bytes all = opened.value()->bytes();
    const auto offset = static_cast<uint64_t>(external.offset);
    const uint64_t length = external.length >= 0 ? static_cast<uint64_t>(external.length) : ref.sizeBytes();
    if (offset > all.size() || length > all.size() - offset)
        return makeError(ErrorCode::InvalidModel,
                         "bytes " + std::to_string(offset) + " to " + std::to_string(offset + length) +
                             " are wanted, but the file has " + std::to_string(all.size()),
                         "The file may be truncated; copy it again beside the model.")
            .at(opened.value()->path().string())
            .at("external data of " + tensorPlace(ref));
    return fromRaw(ref, all.subspan(offset, length), opened.value());
}

std::string TensorFile::location(const TensorRef& ref) const
{
    const Entry& entry = m_entries[ref.token];
    if (entry.encoding != Encoding::External)
        return "in the model file";
    const External& external = m_externals[static_cast<size_t>(entry.external)];
    return external.location + " at byte " + std::to_string(external.offset);
}

std::filesystem::path TensorFile::externalFile(const TensorRef& ref) const
{
    const Entry& entry = m_entries[ref.token];
    if (entry.encoding != Encoding::External)
        return {};
    return m_folder / m_externals[static_cast<size_t>(entry.external)].location;
}

} // namespace lapidary
