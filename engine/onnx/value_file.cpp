// SPDX-License-Identifier: GPL-3.0-or-later
// TensorProto, SequenceProto, MapProto and OptionalProto files: the test data of model zoos.
#include "engine/base/mapped_file.h"
#include "engine/onnx/reader.h"
#include "engine/onnx/tensor_file.h"

namespace lapidary {

namespace {

constexpr int maxDepth = 32;

// Reads one value; every call makes its own TensorFile, kept alive by the tensors made from it.
class ValueReader {
public:
    ValueReader(std::shared_ptr<const MappedFile> file) : m_file(std::move(file)) {}

    Result<Value> read(wire::Bytes bytes, TypeInfo::Kind kind, std::string* name)
    {
        if (++m_depth > maxDepth)
            return makeError(ErrorCode::InvalidModel, "values are nested too deep");
        Result<Value> value = readKind(bytes, kind, name);
        --m_depth;
        return value;
    }

private:
    Result<Value> readKind(wire::Bytes bytes, TypeInfo::Kind kind, std::string* name)
    {
        switch (kind) {
        case TypeInfo::Kind::Sequence: return readSequence(bytes, name);
        case TypeInfo::Kind::Map: return readMap(bytes, name);
        case TypeInfo::Kind::Optional: return readOptional(bytes, name);
        case TypeInfo::Kind::SparseTensor: return readSparse(bytes);
        default: return readTensor(bytes, name);
        }
    }

    Result<Value> readTensor(wire::Bytes bytes, std::string* name)
    {
        auto tensors = std::make_shared<TensorFile>(m_file, m_file->path().parent_path());
        TRY_ASSIGN(TensorRef ref, tensors->add(bytes, m_file->bytes().data()));
        if (name)
            *name = ref.name;
        TRY_ASSIGN(Tensor tensor, ref.load());
        TRY_ASSIGN(tensor, tensor.aligned());
        return Value(std::move(tensor));
    }

    // SequenceProto: name 1, elem_type 2, tensors 3, sparse 4, sequences 5, maps 6, optionals 7.
    Result<Value> readSequence(wire::Bytes bytes, std::string* name)
    {
        Sequence sequence;
        wire::Fields fields(bytes, m_file->bytes().data());
        while (fields.next()) {
            if (fields->id == 1 && name)
                *name = fields->text();
            if (fields->id < 3 || fields->id > 7)
                continue;
            TRY_ASSIGN(Value item, read(fields->bytes, itemKind(fields->id), nullptr));
            sequence.items.push_back(std::move(item));
        }
        TRY(fields.status());
        return Value(std::move(sequence));
    }

    // MapProto: name 1, key_type 2, keys 3 (varints), string_keys 4, values 5 (SequenceProto).
    Result<Value> readMap(wire::Bytes bytes, std::string* name)
    {
        Map map;
        std::vector<int64_t> numbers;
        std::vector<std::string> strings;
        DataType keyType = DataType::Int64;
        wire::Fields fields(bytes, m_file->bytes().data());
        while (fields.next()) {
            if (fields->id == 1 && name) {
                *name = fields->text();
            } else if (fields->id == 2) {
                keyType = dataTypeFromOnnx(fields->integer()).value_or(DataType::Undefined);
            } else if (fields->id == 3 && !wire::appendVarints(*fields, numbers)) {
                return makeError(ErrorCode::InvalidModel, "the keys of a map cannot be decoded");
            } else if (fields->id == 4) {
                strings.push_back(fields->text());
            } else if (fields->id == 5) {
                TRY_ASSIGN(const Value values, readSequence(fields->bytes, nullptr));
                map.values = values.sequence()->items;
            }
        }
        TRY(fields.status());
        const size_t keyCount = keyType == DataType::String ? strings.size() : numbers.size();
        if (keyCount != map.values.size())
            return makeError(ErrorCode::InvalidModel, "a map has " + std::to_string(keyCount) + " keys and " +
                                                          std::to_string(map.values.size()) + " values");
        const Dims dims{static_cast<int64_t>(keyCount)};
        map.keys = keyType == DataType::String ? Tensor::ofStrings(dims, std::move(strings))
                                               : Tensor::of<int64_t>(dims, numbers);
        return Value(std::move(map));
    }

    // OptionalProto: name 1, elem_type 2, tensor 3, sparse 4, sequence 5, map 6, optional 7.
    Result<Value> readOptional(wire::Bytes bytes, std::string* name)
    {
        Value value;
        wire::Fields fields(bytes, m_file->bytes().data());
        while (fields.next()) {
            if (fields->id == 1 && name) {
                *name = fields->text();
            } else if (fields->id >= 3 && fields->id <= 7) {
                TRY_ASSIGN(value, read(fields->bytes, itemKind(fields->id), nullptr));
            }
        }
        TRY(fields.status());
        return value;
    }

    Result<Value> readSparse(wire::Bytes bytes)
    {
        SparseTensor sparse;
        wire::Fields fields(bytes, m_file->bytes().data());
        while (fields.next()) {
            if (fields->id == 1 || fields->id == 2) {
                TRY_ASSIGN(Value part, readTensor(fields->bytes, nullptr));
                (fields->id == 1 ? sparse.values : sparse.indices) = *part.tensor();
            } else if (fields->id == 3 && !wire::appendVarints(*fields, sparse.dims)) {
                return makeError(ErrorCode::InvalidModel,
                                 "the dimensions of a sparse tensor cannot be decoded");
            }
        }
        TRY(fields.status());
        return Value(std::move(sparse));
    }

    // SequenceProto and OptionalProto number their kinds of content alike.
    static TypeInfo::Kind itemKind(int field)
    {
        switch (field) {
        case 4: return TypeInfo::Kind::SparseTensor;
        case 5: return TypeInfo::Kind::Sequence;
        case 6: return TypeInfo::Kind::Map;
        case 7: return TypeInfo::Kind::Optional;
        default: return TypeInfo::Kind::Tensor;
        }
    }

    std::shared_ptr<const MappedFile> m_file;
    int m_depth = 0;
};

} // namespace

Result<Value> loadValueFile(const std::filesystem::path& path, const TypeInfo& type, std::string* name)
{
    TRY_ASSIGN(const auto file, MappedFile::open(path));
    if (file->bytes().size() > (size_t{1} << 31) - 1)
        return makeError(ErrorCode::InvalidModel, "the file is larger than 2 GB, which protobuf cannot hold")
            .at(path.string());
    auto value = ValueReader(file).read(file->bytes(), type.kind, name);
    if (!value.ok())
        return std::move(value).error().at(path.string());
    return value;
}

} // namespace lapidary
