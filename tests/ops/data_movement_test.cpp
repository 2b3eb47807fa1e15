// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that rearrange elements, on seeded random shapes and attributes, against the specification read
// one output element at a time; on 1, 2 and 4 threads with equal results.
#include "tests/engine_tests.h"
#include "tests/support/elementwise_reference.h"

#include <QTest>
#include <algorithm>
#include <numeric>

using namespace lapidary;
using namespace lapidary::elementwise_reference;

class DataMovementTest : public QObject {
    Q_OBJECT
private slots:
    void transpose()
    {
        Dice dice(1);
        for (int round = 0; round < rounds; ++round) {
            const Tensor x = dice.values(dice.dims(), -50, 50, movedType(round));
            std::vector<int64_t> perm(x.dims().size());
            std::iota(perm.begin(), perm.end(), 0);
            for (size_t i = perm.size(); i > 1; --i)
                std::swap(perm[i - 1],
                          perm[static_cast<size_t>(dice.between(0, static_cast<int64_t>(i) - 1))]);
            Dims out;
            for (const int64_t axis : perm)
                out.push_back(x.dims()[static_cast<size_t>(axis)]);
            const auto source = [&](const Dims& index) {
                Dims from(index.size());
                for (size_t i = 0; i < perm.size(); ++i)
                    from[static_cast<size_t>(perm[i])] = index[i];
                return element(x, from);
            };
            NodeCase node{.opType = "Transpose", .inputs = {x}};
            if (!perm.empty())
                node.attributes = {intsAttribute("perm", perm)};
            check(node, out, build(out, source));
        }
    }

    void slice()
    {
        Dice dice(2);
        for (int round = 0; round < rounds; ++round) {
            const Tensor x = dice.values(dice.dims(1), -50, 50, movedType(round));
            std::vector<int64_t> starts, ends, axes, steps, first(x.dims().size(), 0),
                step(x.dims().size(), 1);
            Dims out = x.dims();
            for (size_t axis = 0; axis < x.dims().size(); ++axis) {
                if (dice.coin())
                    continue;
                const int64_t size = x.dims()[axis];
                const auto bound = [&] {
                    const int64_t far = dice.between(0, 9);
                    return far == 0 ? INT64_MAX : far == 1 ? INT64_MIN : dice.between(-size - 2, size + 2);
                };
                starts.push_back(bound());
                ends.push_back(bound());
                steps.push_back(dice.coin() ? dice.between(1, 3) : dice.between(-3, -1));
                axes.push_back(static_cast<int64_t>(axis) - (dice.coin() ? x.rank() : 0));
                const auto place = [&](int64_t at) { // as Python's slices
                    const int64_t low = steps.back() > 0 ? 0 : -1;
                    return std::clamp(at < 0 && at > INT64_MIN / 2 ? at + size : at, low, low + size);
                };
                first[axis] = place(starts.back());
                step[axis] = steps.back();
                int64_t count = 0;
                for (int64_t i = first[axis];
                     step[axis] > 0 ? i < place(ends.back()) : i > place(ends.back()); i += step[axis])
                    ++count;
                out[axis] = count;
            }
            const auto source = [&](Dims index) {
                for (size_t i = 0; i < index.size(); ++i)
                    index[i] = first[i] + index[i] * step[i];
                return element(x, index);
            };
            check({.opType = "Slice", .inputs = {x, list(starts), list(ends), list(axes), list(steps)}}, out,
                  build(out, source));
        }
    }

    void pad()
    {
        Dice dice(3);
        for (int round = 0; round < 2 * rounds; ++round) {
            static constexpr const char* modes[] = {"constant", "edge", "reflect", "wrap"};
            const std::string mode = modes[round % 4];
            const DataType type = movedType(round);
            const double fill = type == DataType::Bool ? 1 : 7;
            Tensor x = dice.values(dice.dims(mode == "constant" ? 0 : 1, 6), -50, 50, type);
            if (mode != "constant" && x.count() == 0)
                continue;
            const size_t rank = x.dims().size();
            std::vector<int64_t> pads(2 * rank);
            Dims out = x.dims();
            for (size_t i = 0; i < rank; ++i) {
                const int64_t size = x.dims()[i];
                const int64_t most = mode == "reflect" ? size - 1 : 3;
                pads[i] = dice.between(0, std::min<int64_t>(most, 3));
                pads[rank + i] = dice.between(0, std::min<int64_t>(most, 3));
                if (mode == "constant" && size > 1 && dice.coin()) // cuts off
                    pads[dice.coin() ? i : rank + i] = -1;
                out[i] += pads[i] + pads[rank + i];
            }
            const auto source = [&](Dims index) {
                for (size_t i = 0; i < rank; ++i) {
                    const int64_t size = x.dims()[i];
                    int64_t& place = index[i] -= pads[i];
                    if (place >= 0 && place < size)
                        continue;
                    if (mode == "constant")
                        return fill;
                    if (mode == "edge")
                        place = std::clamp<int64_t>(place, 0, size - 1);
                    else if (mode == "wrap")
                        place = (place % size + size) % size;
                    else
                        place = place < 0 ? -place : 2 * (size - 1) - place;
                }
                return element(x, index);
            };
            check({.opType = "Pad",
                   .opset = 19,
                   .inputs = {x, list(pads), tensorOf({}, {fill}, type)},
                   .attributes = {stringAttribute("mode", mode)}},
                  out, build(out, source));
        }
    }

    void concatAndSplit()
    {
        Dice dice(4);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(1);
            const int64_t axis = dice.axis(dims);
            const size_t along = at(axis, dims);
            std::vector<int64_t> sizes;
            for (int64_t rest = dims[along]; rest > 0 || sizes.empty(); rest -= sizes.back())
                sizes.push_back(dice.between(0, rest));
            const DataType type = movedType(round);
            const Tensor x = dice.values(dims, -50, 50, type);
            NodeCase split{.opType = "Split",
                           .inputs = {x, list(sizes)},
                           .attributes = {intAttribute("axis", axis)},
                           .outputCount = sizes.size()};
            NodeCase concat{.opType = "Concat", .inputs = {}, .attributes = {intAttribute("axis", axis)}};
            int64_t begin = 0;
            for (size_t part = 0; part < sizes.size(); ++part) {
                Dims out = dims;
                out[along] = sizes[part];
                const auto values = build(out, [&](Dims index) {
                    index[along] += begin;
                    return element(x, index);
                });
                check(split, out, values, type, part);
                concat.inputs.push_back(tensorOf(out, values, type));
                begin += sizes[part];
            }
            check(concat, dims, valuesOf(x));
        }
    }

    void tileAndExpand()
    {
        Dice dice(5);
        for (int round = 0; round < rounds; ++round) {
            const Tensor x = dice.values(dice.dims(0, 6), -50, 50, movedType(round));
            std::vector<int64_t> repeats;
            Dims out = x.dims();
            for (int64_t& size : out) {
                repeats.push_back(dice.between(0, 6) == 0 ? 0 : dice.between(1, 3));
                size *= repeats.back();
            }
            check({.opType = "Tile", .inputs = {x, list(repeats)}}, out, build(out, [&](Dims index) {
                      for (size_t i = 0; i < index.size(); ++i)
                          index[i] %= x.dims()[i];
                      return element(x, index);
                  }));

            Dims from = x.dims();
            for (int64_t& size : from)
                size = dice.coin() ? 1 : size;
            const Tensor small = dice.values(from, -50, 50, movedType(round));
            const size_t extra = static_cast<size_t>(dice.between(0, 1));
            Dims wide(extra, 2);
            std::vector<int64_t> target = wide;
            for (const int64_t size : from) {
                wide.push_back(size == 1 ? dice.between(0, 4) : size);
                target.push_back(dice.coin() && wide.back() != 0 && size != 1 ? 1 : wide.back());
            }
            check({.opType = "Expand", .inputs = {small, list(target)}}, wide, build(wide, [&](Dims index) {
                      index.erase(index.begin(), index.begin() + static_cast<ptrdiff_t>(extra));
                      for (size_t i = 0; i < index.size(); ++i)
                          index[i] = from[i] == 1 ? 0 : index[i];
                      return element(small, index);
                  }));
        }
    }

    void depthAndSpace()
    {
        Dice dice(6);
        for (int round = 0; round < rounds; ++round) {
            const int64_t block = dice.between(1, 3), c = dice.between(0, 3), h = dice.between(0, 4),
                          w = dice.between(1, 4);
            const bool rows = dice.coin();
            const DataType type = movedType(round);
            const Tensor deep = dice.values({2, c * block * block, h, w}, -50, 50, type);
            const Dims flat{2, c, h * block, w * block};
            const auto values = build(flat, [&](const Dims& i) {
                const int64_t within = i[2] % block * block + i[3] % block;
                return element(deep, {i[0], rows ? within * c + i[1] : i[1] * block * block + within,
                                      i[2] / block, i[3] / block});
            });
            check({.opType = "DepthToSpace",
                   .inputs = {deep},
                   .attributes = {intAttribute("blocksize", block),
                                  stringAttribute("mode", rows ? "DCR" : "CRD")}},
                  flat, values);
            if (rows)
                check({.opType = "SpaceToDepth",
                       .inputs = {tensorOf(flat, values, type)},
                       .attributes = {intAttribute("blocksize", block)}},
                      deep.dims(), valuesOf(deep));
        }
    }

    void matrices()
    {
        Dice dice(13);
        for (int round = 0; round < rounds; ++round) {
            const Dims dims = dice.dims(2, 5);
            const Tensor x = dice.values(dims, -50, 50, movedType(round));
            const int64_t k = dice.between(-6, 6);
            const bool upper = dice.coin();
            check({.opType = "Trilu",
                   .inputs = {x, Tensor::scalar(k)},
                   .attributes = {intAttribute("upper", upper)}},
                  dims, build(dims, [&](const Dims& index) {
                      const int64_t distance = index.back() - index[index.size() - 2];
                      return (upper ? distance >= k : distance <= k) ? element(x, index) : 0.0;
                  }));
            const Dims flat{dims[0], dims[1]};
            check({.opType = "EyeLike",
                   .inputs = {dice.values(flat, -50, 50, numericType(round))},
                   .attributes = {intAttribute("k", k)}},
                  flat, build(flat, [&](const Dims& index) { return index[1] - index[0] == k ? 1.0 : 0.0; }));
            // ReverseSequence: axes 0 and 1, either of which may be time.
            const int64_t time = dice.between(0, 1);
            const auto along = static_cast<size_t>(time), batch = static_cast<size_t>(1 - time);
            if (dims[along] == 0)
                continue;
            std::vector<int64_t> lengths;
            for (int64_t i = 0; i < dims[batch]; ++i)
                lengths.push_back(dice.between(0, dims[along]));
            check({.opType = "ReverseSequence",
                   .inputs = {x, list(lengths)},
                   .attributes = {intAttribute("time_axis", time), intAttribute("batch_axis", 1 - time)}},
                  dims, build(dims, [&](Dims index) {
                      const int64_t length = lengths[static_cast<size_t>(index[batch])];
                      if (index[along] < length)
                          index[along] = length - 1 - index[along];
                      return element(x, index);
                  }));
        }
    }
};

std::unique_ptr<QObject> lapidary::createDataMovementTest() { return std::make_unique<DataMovementTest>(); }

#include "data_movement_test.moc"
