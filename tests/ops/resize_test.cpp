// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;

NodeCase resize(Tensor x, std::vector<double> scales, std::vector<Attribute> attributes)
{
    const auto count = static_cast<int64_t>(scales.size());
    return {.opType = "Resize",
            .opset = 13,
            .inputs = {std::move(x), Value(), tensorOf({count}, scales)},
            .attributes = std::move(attributes)};
}

} // namespace

class ResizeTest : public QObject {
    Q_OBJECT
private slots:
    void nearestDoubles()
    {
        const Tensor x = tensorOf({1, 1, 2, 2}, {1, 2, 3, 4});
        const std::vector<double> doubled{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4};
        checkRows({.opType = "Upsample", .opset = 9, .inputs = {x, tensorOf({4}, {1, 1, 2, 2})}}, f32,
                  {1, 1, 4, 4}, doubled, {}, 1);
        checkRows({.opType = "Upsample",
                   .opset = 1,
                   .inputs = {x},
                   .attributes = {floatAttribute("height_scale", 2), floatAttribute("width_scale", 2)}},
                  f32, {1, 1, 4, 4}, doubled, {}, 1);
        checkRows({.opType = "Resize", .opset = 10, .inputs = {x, tensorOf({4}, {1, 1, 2, 2})}}, f32,
                  {1, 1, 4, 4}, doubled, {}, 1);
        checkRows(resize(x, {1, 1, 2, 2}, {}), f32, {1, 1, 4, 4}, doubled, {}, 1);
    }

    // A straight line stays one where the borders do not bend it.
    void linearKeepsLines()
    {
        const Tensor line = tensorOf({5}, {0, 1, 2, 3, 4});
        checkRows(resize(line, {2}, {stringAttribute("mode", "linear")}), f32, {10},
                  {0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 4}, {}, 1);
        checkRows(resize(line, {1.8},
                         {stringAttribute("mode", "linear"),
                          stringAttribute("coordinate_transformation_mode", "align_corners")}),
                  f32, {9}, {0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4}, {1e-5, 1e-5}, 1);
        checkRows(resize(line, {2},
                         {stringAttribute("mode", "linear"),
                          stringAttribute("coordinate_transformation_mode", "asymmetric")}),
                  f32, {10}, {0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4}, {}, 1);
    }

    void sizesAndAxes()
    {
        const Tensor x = tensorOf({1, 2, 2}, {1, 2, 3, 4});
        NodeCase sized{.opType = "Resize",
                       .opset = 18,
                       .inputs = {x, Value(), Value(), Tensor::of<int64_t>({2}, std::vector<int64_t>{1, 4})},
                       .attributes = {intsAttribute("axes", {1, 2})}};
        checkRows(sized, f32, {1, 1, 4}, {1, 1, 2, 2}, {}, 1);
        sized.attributes.push_back(stringAttribute("keep_aspect_ratio_policy", "not_larger"));
        checkRows(sized, f32, {1, 1, 1}, {1}, {}, 1);
    }

    void types()
    {
        const Tensor bytes = tensorOf({2}, {0, 255}, DataType::UInt8);
        checkRows(resize(bytes, {2}, {stringAttribute("mode", "linear")}), DataType::UInt8, {4},
                  {0, 63, 191, 255}, {}, 1);
        checkRows(resize(tensorOf({2}, {0, 1}, DataType::Float16), {2}, {stringAttribute("mode", "linear")}),
                  DataType::Float16, {4}, {0, 0.25, 0.75, 1}, {}, 1);
    }

    void badRequests()
    {
        const Tensor x = tensorOf({2}, {1, 2});
        checkAllFail(resize(x, {2, 2}, {}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(resize(x, {-2}, {}), ErrorCode::InvalidArgument, 1);
        checkAllFail(resize(tensorOf({1, 1}, {1}), {9e8, 9e8}, {}), ErrorCode::InvalidArgument, 1);
    }
};

std::unique_ptr<QObject> lapidary::createResizeTest() { return std::make_unique<ResizeTest>(); }

#include "resize_test.moc"
