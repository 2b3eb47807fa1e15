// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/weight_summary.h"

#include "viewers/tensor/element_text.h"
#include "viewers/tensor/plane_picture.h"
#include "viewers/tensor/tensor_table_model.h"

namespace lapidary {

namespace {
constexpr int64_t firstValueCount = 24;
}

const TensorRef* constantTensor(const Graph& graph, ValueId id)
{
    if (id == noValue)
        return nullptr;
    if (const TensorRef* weight = graph.initializerOf(id))
        return weight;
    const NodeId producer = graph.value(id).producer;
    if (producer == noNode || graph.node(producer).opType != "Constant")
        return nullptr;
    const Attribute* value = graph.node(producer).attribute("value");
    return value ? value->as<TensorRef>() : nullptr;
}

TensorPlane firstPlane(const Dims& dims)
{
    if (isKernel(dims))
        return kernelPlane(dims);
    const TensorGrid grid = tensorGrid(dims);
    // A single long dimension lies down: there is more width than height.
    if (grid.columnAxis < 0)
        return slicePlane(dims, -1, grid.rowAxis, Dims(dims.size(), 0));
    return slicePlane(dims, grid.rowAxis, grid.columnAxis, Dims(dims.size(), 0));
}

Result<WeightPicture> readPicture(const TensorRef& weight)
{
    WeightPicture picture;
    TRY_ASSIGN(picture.tensor, weight.load());
    if (picture.tensor.type() == DataType::String)
        return picture;
    picture.plane = firstPlane(picture.tensor.dims());
    picture.limit = colourLimit(picture.tensor);
    return picture;
}

Result<WeightSummary> summarizeWeight(const TensorRef& weight, JobContext& job)
{
    TRY_ASSIGN(const Tensor tensor, weight.load());
    WeightSummary summary;
    summary.count = tensor.count();
    for (int64_t i = 0; i < std::min(tensor.count(), firstValueCount); ++i)
        summary.firstValues << elementText(tensor, i);
    if (tensor.type() != DataType::String && tensor.count() > 0) {
        TRY_ASSIGN(summary.statistics, tensorStatistics(tensor, job));
        TRY_ASSIGN(summary.histogram, tensorHistogram(tensor, summary.statistics, job));
        summary.hasStatistics = true;
    }
    return summary;
}

} // namespace lapidary
