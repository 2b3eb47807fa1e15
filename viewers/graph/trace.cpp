// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewers/graph/trace.h"

#include <algorithm>

namespace lapidary {

namespace {

bool isWithin(const GraphScene& scene, BoxId box, BoxId frame)
{
    while (box != noBox && box != frame)
        box = scene.box(box).frame;
    return box == frame;
}

// Boxes reached from one, by box.
std::vector<char> reach(const GraphScene& scene, BoxId from, bool downstream)
{
    std::vector<char> reached(scene.display().boxes.size(), 0);
    std::vector<BoxId> stack;
    // What is in a frame follows it.
    for (BoxId box = from; static_cast<size_t>(box) < reached.size() && isWithin(scene, box, from); ++box)
        stack.push_back(box);
    for (const BoxId box : stack)
        reached[static_cast<size_t>(box)] = 1;
    while (!stack.empty()) {
        const BoxId box = stack.back();
        stack.pop_back();
        for (const EdgeId edge : downstream ? scene.outEdges(box) : scene.inEdges(box)) {
            const BoxId next = downstream ? scene.edge(edge).to : scene.edge(edge).from;
            char& seen = reached[static_cast<size_t>(next)];
            if (!seen)
                stack.push_back(next);
            seen = 1;
        }
    }
    return reached;
}

Trace traceOf(const GraphScene& scene, std::vector<char> boxes)
{
    Trace trace;
    trace.wires.assign(scene.wires().size(), 0);
    for (size_t wire = 0; wire < trace.wires.size(); ++wire) {
        const SceneWire& shown = scene.wires()[wire];
        if (!boxes[static_cast<size_t>(shown.source)])
            continue;
        const std::vector<EdgeId> edges = scene.edgesOf(shown);
        trace.wires[wire] = std::any_of(edges.begin(), edges.end(), [&](EdgeId edge) {
            return boxes[static_cast<size_t>(scene.edge(edge).to)] != 0;
        });
    }
    // The frames around what is on the way are part of the picture.
    for (size_t box = boxes.size(); box-- > 0;) {
        const BoxId frame = scene.box(static_cast<BoxId>(box)).frame;
        if (boxes[box] && frame != noBox)
            boxes[static_cast<size_t>(frame)] = 1;
    }
    trace.boxes = std::move(boxes);
    return trace;
}

std::vector<char> both(std::vector<char> a, const std::vector<char>& b)
{
    std::transform(a.begin(), a.end(), b.begin(), a.begin(),
                   [](char left, char right) { return static_cast<char>(left && right); });
    return a;
}

} // namespace

Trace traceUpstream(const GraphScene& scene, BoxId from) { return traceOf(scene, reach(scene, from, false)); }

Trace traceDownstream(const GraphScene& scene, BoxId from)
{
    return traceOf(scene, reach(scene, from, true));
}

Trace traceBetween(const GraphScene& scene, BoxId a, BoxId b)
{
    std::vector<char> boxes = both(reach(scene, a, true), reach(scene, b, false));
    if (std::count(boxes.begin(), boxes.end(), 1) == 0)
        boxes = both(reach(scene, b, true), reach(scene, a, false));
    boxes[static_cast<size_t>(a)] = boxes[static_cast<size_t>(b)] = 1;
    return traceOf(scene, std::move(boxes));
}

} // namespace lapidary
