// SPDX-License-Identifier: GPL-3.0-or-later
// Values computed by hand.
#include "tests/engine_tests.h"
#include "tests/support/row_check.h"

#include <QTest>
#include <cmath>

using namespace lapidary;

namespace {

constexpr DataType f32 = DataType::Float;

Tensor list(const std::vector<int64_t>& values)
{
    return Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values);
}

} // namespace

class LegacyTest : public QObject {
    Q_OBJECT
private slots:
    void elements()
    {
        const Attribute alpha = floatAttribute("alpha", 2);
        const Attribute beta = floatAttribute("beta", 0.5f);
        for (const DataType type : {DataType::Float, DataType::Double, DataType::Float16}) {
            const Tolerance near{2e-3 * (type == DataType::Float16 ? 1 : 1e-3), 1e-6};
            const Tensor x = tensorOf({3}, {-1, 0, 2}, type);
            const auto run = [&](const char* op, std::vector<Attribute> attributes, std::vector<double> y) {
                checkRows({.opType = op, .opset = 1, .inputs = {x}, .attributes = std::move(attributes)},
                          type, {3}, y, near, 1);
            };
            run("Affine", {alpha, beta}, {-1.5, 0.5, 4.5});
            run("Affine", {}, {-1, 0, 2});
            run("Scale", {floatAttribute("scale", -3)}, {3, 0, -6});
            run("Scale", {}, {-1, 0, 2});
            run("ScaledTanh", {alpha, beta}, {2 * std::tanh(-0.5), 0, 2 * std::tanh(1)});
            run("ParametricSoftplus", {alpha, beta},
                {2 * std::log1p(std::exp(-0.5)), 2 * std::log(2), 2 * std::log1p(std::exp(1))});
        }
        checkRows({.opType = "ParametricSoftplus", .opset = 1, .inputs = {tensorOf({2}, {1000, -1000})}}, f32,
                  {2}, {1000, 0}, {}, 1);
        checkRows({.opType = "Scale", .opset = 1, .inputs = {tensorOf({0}, {})}}, f32, {0}, {}, {}, 1);
    }

    void images()
    {
        const Tensor x = tensorOf({1, 2, 1, 2}, {1, 2, 3, 4});
        NodeCase scaler{.opType = "ImageScaler",
                        .opset = 1,
                        .inputs = {x},
                        .attributes = {floatsAttribute("bias", {10, -1}), floatAttribute("scale", 2)}};
        checkRows(scaler, f32, {1, 2, 1, 2}, {12, 14, 5, 7}, {}, 1);
        scaler.attributes = {floatsAttribute("bias", {10})};
        checkAllFail(scaler, ErrorCode::ShapeMismatch, 1);

        std::vector<double> pixels(4 * 5);
        for (size_t i = 0; i < pixels.size(); ++i)
            pixels[i] = static_cast<double>(i);
        const Tensor image = tensorOf({1, 1, 4, 5}, pixels);
        const auto crop = [&](std::vector<int64_t> border, std::vector<int64_t> size) {
            NodeCase result{.opType = "Crop",
                            .opset = 1,
                            .inputs = {image},
                            .attributes = {intsAttribute("border", std::move(border))}};
            if (!size.empty())
                result.attributes.push_back(intsAttribute("scale", std::move(size)));
            return result;
        };
        checkRows(crop({1, 0, 2, 2}, {}), f32, {1, 1, 2, 2}, {1, 2, 6, 7}, {}, 1); // left, top, right, bottom
        checkRows(crop({2, 1, 0, 0}, {1, 3}), f32, {1, 1, 1, 3}, {7, 8, 9}, {}, 1);
        checkAllFail(crop({3, 0, 3, 0}, {}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(crop({3, 0, 0, 0}, {4, 3}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(crop({INT64_MAX, 0, INT64_MAX, 0}, {}), ErrorCode::ShapeMismatch, 1);
        checkAllFail(crop({1, 2}, {}), ErrorCode::InvalidModel, 1);
    }

    void fills()
    {
        const auto fill = [](std::vector<Value> inputs, std::vector<Attribute> attributes) {
            attributes.push_back(floatsAttribute("values", {1, 2, 3, 4}));
            return NodeCase{.opType = "GivenTensorFill",
                            .opset = 1,
                            .inputs = std::move(inputs),
                            .attributes = std::move(attributes)};
        };
        const std::vector<double> values{1, 2, 3, 4};
        checkRows(fill({}, {intsAttribute("shape", {2, 2})}), f32, {2, 2}, values, {}, 1);
        checkRows(fill({list({4, 1})}, {intAttribute("input_as_shape", 1)}), f32, {4, 1}, values, {}, 1);
        checkRows(fill({list({0, 0})}, {intsAttribute("extra_shape", {2})}), f32, {2, 2}, values, {}, 1);
        checkAllFail(fill({}, {intsAttribute("shape", {3})}), ErrorCode::ShapeMismatch, 1);
    }

    void slices()
    {
        const Tensor x = tensorOf({2, 3}, {1, 2, 3, 4, 5, 6});
        const auto slice = [&](const std::vector<int64_t>& starts, const std::vector<int64_t>& ends,
                               Value axes) {
            return NodeCase{.opType = "DynamicSlice",
                            .opset = 1,
                            .inputs = {x, list(starts), list(ends), std::move(axes)}};
        };
        checkRows(slice({0, 1}, {1, 1000}, Value()), f32, {1, 2}, {2, 3}, {}, 1);
        checkRows(slice({-1}, {INT64_MAX}, list({1})), f32, {2, 1}, {3, 6}, {}, 1);
        checkRows(slice({2}, {1}, list({1})), f32, {2, 0}, {}, {}, 1);
        checkAllFail(slice({0}, {1}, list({2})), ErrorCode::ShapeMismatch, 1);
    }

    void gruUnit()
    {
        const Tensor hidden = tensorOf({1, 2, 1}, {0.5, -0.5});
        const Tensor gates = tensorOf({1, 2, 3}, {9, 0, 1, 9, 1, 2});
        NodeCase unit{.opType = "GRUUnit",
                      .opset = 1,
                      .inputs = {hidden, gates, Tensor::of<int32_t>({2}, std::vector<int32_t>{3, 2}),
                                 Tensor::of<int32_t>({1}, std::vector<int32_t>{2})}};
        const double first = 0.5 * 0.5 + 0.5 * std::tanh(1);
        checkRows(unit, f32, {1, 2, 1}, {first, -0.5}, {1e-6, 0}, 1);
        unit.attributes = {intAttribute("drop_states", 1)};
        checkRows(unit, f32, {1, 2, 1}, {first, 0}, {1e-6, 0}, 1);
        unit.inputs[1] = tensorOf({1, 2, 2}, {0, 0, 0, 0});
        checkAllFail(unit, ErrorCode::ShapeMismatch, 1);
    }
};

std::unique_ptr<QObject> lapidary::createLegacyTest() { return std::make_unique<LegacyTest>(); }

#include "legacy_test.moc"
