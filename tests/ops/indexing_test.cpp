// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that pick, place or order elements, on seeded random shapes and attributes, against the
// specification read one output element at a time; on 1, 2 and 4 threads with equal results.
#include "tests/engine_tests.h"
#include "tests/support/elementwise_reference.h"

#include <QTest>
#include <algorithm>
#include <numeric>

using namespace lapidary;
using namespace lapidary::elementwise_reference;

namespace {

void combine(double& target, double update, const std::string& reduction)
{
    if (reduction == "add")
        target += update;
    else if (reduction == "mul") // as int32 does
        target = static_cast<double>(static_cast<int32_t>(
            static_cast<uint32_t>(static_cast<int64_t>(target) * static_cast<int64_t>(update))));
    else if (reduction == "max")
        target = std::max(target, update);
    else if (reduction == "min")
        target = std::min(target, update);
    else
        target = update;
}

} // namespace

class IndexingTest : public QObject {
    Q_OBJECT
private slots:
    void gather()
    {
        Dice dice(7);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(1, 5);
            const Tensor x = dice.values(dims, -50, 50, movedType(round));
            const int64_t axis = dice.axis(dims);
            const size_t along = at(axis, dims);
            if (dims[along] == 0)
                continue;
            const Tensor picks = dice.indices(dice.dims(0, 2), dims[along]);
            Dims out(dims.begin(), dims.begin() + static_cast<ptrdiff_t>(along));
            out.insert(out.end(), picks.dims().begin(), picks.dims().end());
            out.insert(out.end(), dims.begin() + static_cast<ptrdiff_t>(along) + 1, dims.end());
            const auto wrapped = [&](int64_t index) { return index < 0 ? index + dims[along] : index; };
            check({.opType = "Gather", .inputs = {x, picks}, .attributes = {intAttribute("axis", axis)}}, out,
                  build(out, [&](const Dims& index) {
                      const auto begin = index.begin() + static_cast<ptrdiff_t>(along);
                      const Dims pick(begin, begin + picks.rank());
                      Dims from(index.begin(), begin);
                      from.push_back(wrapped(integer(picks, pick)));
                      from.insert(from.end(), begin + picks.rank(), index.end());
                      return element(x, from);
                  }));

            Dims shape = dims;
            for (int64_t& size : shape)
                size = dice.between(0, size);
            shape[along] = dice.between(0, 4);
            const Tensor places = dice.indices(shape, dims[along]);
            check({.opType = "GatherElements",
                   .inputs = {x, places},
                   .attributes = {intAttribute("axis", axis)}},
                  shape, build(shape, [&](Dims index) {
                      index[along] = wrapped(integer(places, index));
                      return element(x, index);
                  }));
        }
    }

    void gatherAndScatterTuples()
    {
        Dice dice(8);
        for (int round = 0; round < rounds; ++round) {
            Dims dims = dice.dims(1, 5);
            for (int64_t& size : dims)
                size = std::max<int64_t>(size, 1);
            const auto rank = static_cast<int64_t>(dims.size());
            const Tensor x = dice.values(dims, -50, 50, movedType(round));
            const int64_t batch = dice.between(0, rank - 1);
            const int64_t length = dice.between(1, rank - batch);
            Dims shape(dims.begin(), dims.begin() + batch);
            shape.push_back(dice.between(0, 3));
            shape.push_back(length);
            std::vector<int64_t> tuples;
            forEachIndex(shape, [&](const Dims& index) {
                const int64_t size = dims[static_cast<size_t>(batch + index.back())];
                tuples.push_back(dice.between(-size, size - 1));
            });
            const Tensor indices = Tensor::of<int64_t>(shape, tuples);
            Dims out(shape.begin(), shape.end() - 1);
            out.insert(out.end(), dims.begin() + batch + length, dims.end());
            // The place in x of element index of the gathered tensor.
            const auto place = [&](const Dims& index, const Tensor& from, int64_t batchDims) {
                const auto outer = static_cast<ptrdiff_t>(from.dims().size()) - 1;
                Dims result(index.begin(), index.begin() + batchDims);
                Dims tuple(index.begin(), index.begin() + outer);
                tuple.push_back(0);
                for (int64_t i = 0; i < from.dims().back(); ++i) {
                    tuple.back() = i;
                    const int64_t pick = integer(from, tuple);
                    result.push_back(pick < 0 ? pick + dims[result.size()] : pick);
                }
                result.insert(result.end(), index.begin() + outer, index.end());
                return result;
            };
            check({.opType = "GatherND",
                   .inputs = {x, indices},
                   .attributes = {intAttribute("batch_dims", batch)}},
                  out,
                  build(out, [&](const Dims& index) { return element(x, place(index, indices, batch)); }));

            static constexpr const char* reductions[] = {"none", "add", "mul", "max", "min"};
            const std::string reduction = reductions[round % 5];
            const DataType type = reduction == "none" ? movedType(round) : i32;
            const Tensor data = dice.values(dims, -50, 50, type);
            Dims tupleShape{dice.between(0, 5), dice.between(1, rank)};
            std::vector<int64_t> targets;
            forEachIndex(tupleShape, [&](const Dims& index) {
                const int64_t size = dims[static_cast<size_t>(index[1])];
                targets.push_back(dice.between(-size, size - 1));
            });
            const Tensor to = Tensor::of<int64_t>(tupleShape, targets);
            Dims updateShape{tupleShape[0]};
            updateShape.insert(updateShape.end(), dims.begin() + tupleShape[1], dims.end());
            const Tensor updates = dice.values(updateShape, -3, 3, type);
            std::vector<double> expected = valuesOf(data);
            forEachIndex(updateShape, [&](const Dims& index) {
                combine(expected[static_cast<size_t>(linear(place(index, to, 0), dims))],
                        element(updates, index), reduction);
            });
            check({.opType = "ScatterND",
                   .opset = 18,
                   .inputs = {data, to, updates},
                   .attributes = {stringAttribute("reduction", reduction)}},
                  dims, expected);
        }
    }

    void scatterElements()
    {
        Dice dice(9);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(1, 5);
            const int64_t axis = dice.axis(dims);
            const size_t along = at(axis, dims);
            if (dims[along] == 0)
                continue;
            static constexpr const char* reductions[] = {"none", "add", "mul", "max", "min"};
            const std::string reduction = reductions[round % 5];
            const DataType type = reduction == "none" ? movedType(round) : i32;
            const Tensor x = dice.values(dims, -50, 50, type);
            Dims shape = dims;
            for (int64_t& size : shape)
                size = dice.between(0, std::min<int64_t>(size, 6));
            const Tensor places = dice.indices(shape, dims[along]);
            const Tensor updates = dice.values(shape, -3, 3, type);
            std::vector<double> expected = valuesOf(x);
            forEachIndex(shape, [&](const Dims& index) {
                Dims to = index;
                to[along] = integer(places, index);
                to[along] += to[along] < 0 ? dims[along] : 0;
                combine(expected[static_cast<size_t>(linear(to, dims))], element(updates, index), reduction);
            });
            check({.opType = "ScatterElements",
                   .opset = 18,
                   .inputs = {x, places, updates},
                   .attributes = {intAttribute("axis", axis), stringAttribute("reduction", reduction)}},
                  dims, expected);
        }
    }

    void sums()
    {
        Dice dice(10);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(1, 5);
            const int64_t axis = dice.axis(dims);
            const size_t along = at(axis, dims);
            const bool exclusive = dice.coin(), reverse = dice.coin(), product = dice.coin();
            static constexpr DataType types[] = {i32, DataType::Int64, DataType::Float, DataType::Double};
            const Tensor x = dice.values(dims, -1, 1, types[round % 4]);
            const auto values = build(dims, [&](Dims index) {
                double total = product ? 1 : 0;
                const int64_t end = index[along];
                for (int64_t i = 0; i < dims[along]; ++i) {
                    const bool taken = i == end ? !exclusive : reverse ? i > end : i < end;
                    index[along] = i;
                    if (taken)
                        total = product ? total * element(x, index) : total + element(x, index);
                }
                return total;
            });
            check({.opType = product ? "CumProd" : "CumSum",
                   .opset = product ? 26 : 14,
                   .inputs = {x, Tensor::scalar(axis)},
                   .attributes = {intAttribute("exclusive", exclusive), intAttribute("reverse", reverse)}},
                  dims, values);
        }
    }

    void topK()
    {
        Dice dice(11);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(1, 4);
            const int64_t axis = dice.axis(dims);
            const size_t along = at(axis, dims);
            const bool largest = dice.coin();
            const int64_t k = dice.between(0, dims[along]);
            const Tensor x = dice.values(dims, -4, 4, numericType(round)); // with many ties
            Dims out = dims;
            out[along] = k;
            std::vector<double> places;
            const auto values = build(out, [&](Dims index) {
                std::vector<std::pair<double, int64_t>> all;
                const int64_t rankOf = index[along];
                for (int64_t i = 0; i < dims[along]; ++i) {
                    index[along] = i;
                    all.emplace_back(largest ? -element(x, index) : element(x, index), i);
                }
                std::sort(all.begin(), all.end());
                const auto& found = all[static_cast<size_t>(rankOf)];
                places.push_back(static_cast<double>(found.second));
                return largest ? -found.first : found.first;
            });
            const NodeCase node{.opType = "TopK",
                                .inputs = {x, list({k})},
                                .attributes = {intAttribute("axis", axis), intAttribute("largest", largest)},
                                .outputCount = 2};
            check(node, out, values);
            check(node, out, places, DataType::Int64, 1);
        }
    }

    void choices()
    {
        Dice dice(12);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(1, 5);
            const int64_t axis = dice.axis(dims);
            const size_t along = at(axis, dims);
            const DataType type = movedType(round);
            const Tensor x = dice.values(dims, 0, 2, type);
            // Compress along an axis; the condition may be shorter.
            std::vector<int64_t> kept;
            std::vector<double> condition;
            for (int64_t i = 0; i < dice.between(0, dims[along]); ++i) {
                condition.push_back(dice.coin());
                if (condition.back() != 0)
                    kept.push_back(i);
            }
            Dims out = dims;
            out[along] = static_cast<int64_t>(kept.size());
            check(
                {.opType = "Compress",
                 .inputs = {x, tensorOf({static_cast<int64_t>(condition.size())}, condition, DataType::Bool)},
                 .attributes = {intAttribute("axis", axis)}},
                out, build(out, [&](Dims index) {
                    index[along] = kept[static_cast<size_t>(index[along])];
                    return element(x, index);
                }));
            // NonZero: one row for each axis.
            std::vector<Dims> found;
            forEachIndex(dims, [&](const Dims& index) {
                if (element(x, index) != 0)
                    found.push_back(index);
            });
            const Dims table{static_cast<int64_t>(dims.size()), static_cast<int64_t>(found.size())};
            const Tensor numbers = tensorOf(dims, valuesOf(x), type == DataType::String ? i32 : type);
            check({.opType = "NonZero", .inputs = {numbers}}, table,
                  build(table,
                        [&](const Dims& index) {
                            return static_cast<double>(
                                found[static_cast<size_t>(index[1])][static_cast<size_t>(index[0])]);
                        }),
                  DataType::Int64);
            // OneHot: indices outside give no hot place.
            const int64_t depth = dice.between(1, 4);
            Dims hot = dims;
            const int64_t hotAxis =
                dice.between(-static_cast<int64_t>(dims.size()) - 1, static_cast<int64_t>(dims.size()));
            const auto place = hotAxis < 0 ? hotAxis + static_cast<int64_t>(dims.size()) + 1 : hotAxis;
            hot.insert(hot.begin() + place, depth);
            const Tensor classes = dice.values(dims, -5, 5);
            check({.opType = "OneHot",
                   .inputs = {classes, Tensor::scalar(depth), tensorOf({2}, {0, 1}, type)},
                   .attributes = {intAttribute("axis", hotAxis)}},
                  hot,
                  build(hot,
                        [&](Dims index) {
                            const int64_t level = index[static_cast<size_t>(place)];
                            index.erase(index.begin() + place);
                            const int64_t given = integer(classes, index);
                            return (given < 0 ? given + depth : given) == level ? 1.0 : 0.0;
                        }),
                  type);
        }
    }

    void where()
    {
        Dice dice(14);
        for (int round = 0; round < rounds; ++round) {
            const Dims out = dice.dims(0, 5);
            const auto part = [&] { // stretches to out
                Dims dims = out;
                for (int64_t& size : dims)
                    size = dice.between(0, 2) == 0 ? 1 : size;
                if (dice.coin() && !dims.empty())
                    dims.erase(dims.begin());
                return dims;
            };
            const auto stretched = [&](const Tensor& x, const Dims& index) {
                Dims from(index.end() - x.rank(), index.end());
                for (size_t i = 0; i < from.size(); ++i)
                    from[i] = x.dims()[i] == 1 ? 0 : from[i];
                return element(x, from);
            };
            const Dims shape = part();
            const Tensor condition = tensorOf(shape, valuesOf(dice.values(shape, 0, 1)), DataType::Bool);
            const DataType type = movedType(round);
            const Tensor a = dice.values(out, -50, 50, type), b = dice.values(part(), -50, 50, type);
            check({.opType = "Where", .inputs = {condition, a, b}}, out,
                  build(out,
                        [&](const Dims& index) {
                            return stretched(condition, index) != 0 ? element(a, index) : stretched(b, index);
                        }),
                  type);
        }
    }

    // Slices along an axis, or the elements of the flattened tensor, that are equal count once.
    void unique()
    {
        Dice dice(15);
        for (int round = 0; round < 2 * rounds; ++round) {
            const bool flat = round % 2 == 0;
            Dims dims = dice.dims(flat ? 0 : 1, 4);
            const DataType type = movedType(round);
            const Tensor x = dice.values(dims, 0, flat ? 3 : 1, type);
            const int64_t axis = flat ? 0 : dice.axis(dims);
            if (flat)
                dims = {x.count()};
            const size_t along = at(axis, dims);
            std::vector<std::vector<double>> slices(static_cast<size_t>(dims[along]));
            forEachIndex(dims, [&](const Dims& index) {
                slices[static_cast<size_t>(index[along])].push_back(valueAt(x, linear(index, dims)));
            });
            const bool sorted = dice.coin();
            std::vector<std::vector<double>> distinct;
            for (const auto& slice : slices) {
                if (std::find(distinct.begin(), distinct.end(), slice) == distinct.end())
                    distinct.push_back(slice);
            }
            if (sorted)
                std::sort(distinct.begin(), distinct.end());
            std::vector<double> first(distinct.size(), -1), inverse, counts(distinct.size(), 0);
            for (size_t i = 0; i < slices.size(); ++i) {
                const auto found = static_cast<size_t>(
                    std::find(distinct.begin(), distinct.end(), slices[i]) - distinct.begin());
                inverse.push_back(static_cast<double>(found));
                counts[found] += 1;
                if (first[found] < 0)
                    first[found] = static_cast<double>(i);
            }
            const auto count = static_cast<int64_t>(distinct.size());
            Dims out = dims, within = dims;
            out[along] = count;
            within[along] = 1;
            NodeCase node{.opType = "Unique",
                          .inputs = {x},
                          .attributes = {intAttribute("sorted", sorted)},
                          .outputCount = 4};
            if (!flat)
                node.attributes.push_back(intAttribute("axis", axis));
            check(node, out, build(out, [&](Dims index) {
                      const auto& slice = distinct[static_cast<size_t>(index[along])];
                      index[along] = 0;
                      return slice[static_cast<size_t>(linear(index, within))];
                  }));
            check(node, {count}, first, DataType::Int64, 1);
            check(node, {dims[along]}, inverse, DataType::Int64, 2);
            check(node, {count}, counts, DataType::Int64, 3);
        }
    }
};

std::unique_ptr<QObject> lapidary::createIndexingTest() { return std::make_unique<IndexingTest>(); }

#include "indexing_test.moc"
