// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/docks/weight_summary.h"

#include "ui/document/model_document.h"
#include "viewers/tensor/element_text.h"
#include "viewers/tensor/plane_picture.h"

namespace lapidary {

namespace {
constexpr int64_t firstValueCount = 24;
}

const TensorRef* selectedWeight(const ModelDocument& document)
{
    const std::shared_ptr<const Model> model = document.model();
    const Selection& selection = document.selection();
    return model && selection.kind == Selection::Kind::Value
               ? selection.graphIn(*model).constantOf(selection.value)
               : nullptr;
}

TensorPlane firstPlane(const Dims& dims)
{
    if (isKernel(dims))
        return kernelPlane(dims);
    const PlaneAxes axes = planeAxes(dims);
    return slicePlane(dims, axes.row, axes.column, Dims(dims.size(), 0));
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
