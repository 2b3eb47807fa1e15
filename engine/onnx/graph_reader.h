// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: ModelProto, GraphProto, NodeProto, ... from the wire into the IR. Field numbers are those of
// onnx.proto (ONNX 1.23). Internal to engine/onnx.
#pragma once

#include "engine/base/job_context.h"
#include "engine/ir/model.h"
#include "engine/onnx/tensor_file.h"

namespace lapidary {

class GraphReader {
public:
    // tensors receives every tensor; base is the first byte of the file.
    GraphReader(std::shared_ptr<TensorFile> tensors, const std::byte* base, JobContext& job);

    // Errors: InvalidModel, Cancelled.
    Status readModel(wire::Bytes bytes, Model& model);
    Result<TypeInfo> readType(wire::Bytes bytes);

private:
    Status readGraph(wire::Bytes bytes, Graph& graph);
    Status readNode(wire::Bytes bytes, Graph& graph);
    Result<Attribute> readAttribute(wire::Bytes bytes);
    Status readInitializer(wire::Bytes bytes, Graph& graph);
    Status readSparseInitializer(wire::Bytes bytes, Graph& graph);
    Result<SparseTensorRef> readSparseTensor(wire::Bytes bytes);
    Result<ValueId> readValueInfo(wire::Bytes bytes, Graph& graph);
    Result<Function> readFunction(wire::Bytes bytes);
    Status readQuantization(wire::Bytes bytes, Graph& graph);
    Result<OpSetImport> readOpset(wire::Bytes bytes);
    Result<std::pair<std::string, std::string>> readPair(wire::Bytes bytes);
    Result<TypeInfo> readTensorType(wire::Bytes bytes, TypeInfo::Kind kind);
    Result<TypeInfo> readMapType(wire::Bytes bytes);
    Result<TypeInfo> readElementType(wire::Bytes bytes, TypeInfo::Kind kind);
    Result<Shape> readShape(wire::Bytes bytes);

    std::shared_ptr<TensorFile> m_tensors;
    const std::byte* m_base;
    JobContext& m_job;
    int m_depth = 0;
    uint64_t m_nodeCount = 0;
};

} // namespace lapidary
