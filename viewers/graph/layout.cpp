// SPDX-License-Identifier: GPL-3.0-or-later
// Frames inside frames. Each edge is cut into legs, one for every level that it passes; where a leg
// crosses the border of a frame, the frame's level has a port: a box without size, pinned to that side.
// Levels are oriented from the outside in, since that decides at which side an edge comes in, and laid
// out from the inside out, since that decides sizes.
#include "viewers/graph/layout.h"

#include "engine/base/hash.h"
#include "viewers/graph/layout/level.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace lapidary {

namespace {

using layered::freePort;
using layered::Level;
using layered::LevelEdge;
using layered::LevelLayout;
using layered::Pin;
using layered::Size;

constexpr int32_t outside = -1;

// A part of an edge within one level, between two of its boxes or a box and the border.
struct Leg {
    int32_t from;  // box, or outside
    int32_t to;    // box, or outside
    int32_t wire;  // as LevelEdge::wire
    int32_t outer; // the leg of the level around that this one goes on with; -1: none
    int32_t levelEdge = -1;
};

struct Frame {
    int32_t box = -1; // -1: the whole graph
    int32_t parent = -1;
    std::vector<int32_t> children; // boxes
    std::vector<Leg> legs;
    std::vector<Pin> pins;                   // of the level's boxes: children, then ports
    std::vector<int32_t> innerFrom, innerTo; // by level edge: port within the frame at its end, or -1
    std::unique_ptr<Level> level;
    LevelLayout laid;
    Size size;                // with header and padding
    double contentAcross = 0; // of the level within the frame
    double contentAlong = 0;
    double originAcross = 0; // of the frame in the graph
    double originAlong = 0;
};

// Where an edge runs: a leg of a frame.
struct Place {
    int32_t frame;
    int32_t leg;
};

struct EdgeKey {
    int32_t from;
    int32_t to;
    int32_t wire;
    bool operator==(const EdgeKey&) const = default;
};

struct EdgeKeyHash {
    size_t operator()(const EdgeKey& key) const
    {
        return mix(mix(static_cast<uint32_t>(key.from), static_cast<uint32_t>(key.to)),
                   static_cast<uint32_t>(key.wire));
    }
};

class NestedLayout {
public:
    NestedLayout(const LayoutInput& input, const LayoutOptions& options)
        : m_input(input), m_options(options), m_horizontal(options.direction == LayoutDirection::Horizontal)
    {
        makeFrames();
        makeLegs();
    }

    Result<GraphLayout> layout(JobContext& job)
    {
        for (Frame& frame : m_frames) {
            if (job.stopRequested())
                return cancelled();
            makeLevel(frame);
        }
        for (size_t i = m_frames.size(); i-- > 0;) {
            if (job.stopRequested())
                return cancelled();
            layoutFrame(m_frames[i], job);
        }
        if (job.stopRequested())
            return cancelled();
        return assemble();
    }

private:
    int32_t parentOf(int32_t box) const
    {
        return m_input.parents.empty() ? -1 : m_input.parents[static_cast<size_t>(box)];
    }
    Frame& frameAround(int32_t box)
    {
        const int32_t parent = parentOf(box);
        return m_frames[static_cast<size_t>(parent < 0 ? 0 : m_frameOf[static_cast<size_t>(parent)])];
    }
    // Null for a box that is not a frame.
    Frame* frameOf(int32_t box)
    {
        if (box < 0 || m_frames.size() == 1 || m_frameOf[static_cast<size_t>(box)] < 0)
            return nullptr;
        return &m_frames[static_cast<size_t>(m_frameOf[static_cast<size_t>(box)])];
    }
    int32_t indexOf(const Frame& frame) const { return static_cast<int32_t>(&frame - m_frames.data()); }

    // The whole graph first; parents before children.
    void makeFrames()
    {
        const size_t count = m_input.boxes.size();
        m_frames.emplace_back();
        if (!m_input.parents.empty()) {
            m_frameOf.assign(count, -1);
            m_depth.assign(count, 0);
            for (const int32_t parent : m_input.parents) {
                if (parent >= 0)
                    m_frameOf[static_cast<size_t>(parent)] = 0;
            }
            for (size_t box = 0; box < count; ++box) {
                const auto id = static_cast<int32_t>(box);
                if (const int32_t parent = parentOf(id); parent >= 0)
                    m_depth[box] = m_depth[static_cast<size_t>(parent)] + 1;
                if (m_frameOf[box] < 0)
                    continue;
                const int32_t parent = parentOf(id);
                m_frameOf[box] = static_cast<int32_t>(m_frames.size());
                Frame& frame = m_frames.emplace_back();
                frame.box = id;
                frame.parent = parent < 0 ? 0 : m_frameOf[static_cast<size_t>(parent)];
            }
        }
        m_childIndex.resize(count);
        for (size_t box = 0; box < count; ++box) {
            auto& children = frameAround(static_cast<int32_t>(box)).children;
            m_childIndex[box] = static_cast<int32_t>(children.size());
            children.push_back(static_cast<int32_t>(box));
        }
    }

    void makeLegs()
    {
        std::unordered_map<uint64_t, int32_t> wires;
        const auto wireOf = [&](const LayoutEdge& edge) {
            if (m_frames.size() == 1)
                return edge.wire;
            const uint64_t key = static_cast<uint64_t>(static_cast<uint32_t>(edge.from)) << 32 |
                                 static_cast<uint32_t>(edge.wire);
            return wires.emplace(key, static_cast<int32_t>(wires.size())).first->second;
        };
        m_placeStart.push_back(0);
        for (const LayoutEdge& edge : m_input.edges) {
            if (edge.from != edge.to)
                cut(edge.from, edge.to, wireOf(edge));
            m_placeStart.push_back(m_places.size());
        }
    }

    // Legs of one edge: out of the frames of its source, across, into the frames of its target.
    void cut(int32_t from, int32_t to, int32_t wire)
    {
        m_leaving.clear();
        m_entering.clear();
        while (parentOf(from) != parentOf(to)) {
            if (m_depth[static_cast<size_t>(from)] >= m_depth[static_cast<size_t>(to)]) {
                m_leaving.push_back(from);
                from = parentOf(from);
            } else {
                m_entering.push_back(to);
                to = parentOf(to);
            }
        }
        if (from == to)
            return;
        const auto add = [this](Frame& frame, Leg leg) {
            frame.legs.push_back(leg);
            return Place{indexOf(frame), static_cast<int32_t>(frame.legs.size()) - 1};
        };
        const Place across = add(frameAround(from), {from, to, wire, -1});
        const size_t first = m_places.size();
        int32_t outer = across.leg;
        for (size_t i = m_leaving.size(); i-- > 0;) {
            m_places.push_back(add(frameAround(m_leaving[i]), {m_leaving[i], outside, wire, outer}));
            outer = m_places.back().leg;
        }
        std::reverse(m_places.begin() + static_cast<std::ptrdiff_t>(first), m_places.end());
        m_places.push_back(across);
        outer = across.leg;
        for (size_t i = m_entering.size(); i-- > 0;) {
            m_places.push_back(add(frameAround(m_entering[i]), {outside, m_entering[i], wire, outer}));
            outer = m_places.back().leg;
        }
    }

    // The level around is oriented already.
    void makeLevel(Frame& frame)
    {
        if (frame.parent >= 0)
            frame.pins.assign(frame.children.size(), Pin::None);
        std::vector<LevelEdge> edges;
        std::unordered_map<EdgeKey, int32_t, EdgeKeyHash> known;
        std::unordered_map<uint64_t, int32_t> outPorts; // by wire and side
        for (Leg& leg : frame.legs) {
            const EdgeKey key{leg.from == outside ? portIn(frame, leg) : childIndex(leg.from),
                              leg.to == outside ? portOut(frame, leg, outPorts) : childIndex(leg.to),
                              leg.wire};
            leg.levelEdge = static_cast<int32_t>(edges.size());
            if (m_frames.size() > 1)
                leg.levelEdge = known.emplace(key, leg.levelEdge).first->second;
            if (static_cast<size_t>(leg.levelEdge) == edges.size())
                edges.push_back({key.from, key.to, key.wire});
        }
        frame.innerFrom.assign(edges.size(), -1);
        frame.innerTo.assign(edges.size(), -1);
        const size_t boxes = frame.parent < 0 ? frame.children.size() : frame.pins.size();
        const bool pinned = frame.pins.size() > frame.children.size();
        frame.level =
            std::make_unique<Level>(boxes, pinned ? frame.pins : std::vector<Pin>(), std::move(edges));
        frame.level->orient();
    }

    int32_t childIndex(int32_t box) const { return m_childIndex[static_cast<size_t>(box)]; }

    static int32_t addPort(Frame& frame, Pin pin)
    {
        frame.pins.push_back(pin);
        return static_cast<int32_t>(frame.pins.size()) - 1;
    }

    int32_t portIn(Frame& frame, const Leg& leg)
    {
        Frame& around = m_frames[static_cast<size_t>(frame.parent)];
        const int32_t edge = around.legs[static_cast<size_t>(leg.outer)].levelEdge;
        int32_t& port = around.innerTo[static_cast<size_t>(edge)];
        if (port < 0)
            port = addPort(frame, isReversed(around, edge) ? Pin::Last : Pin::First);
        return port;
    }

    // One for all edges that leave with the same value to the same side.
    int32_t portOut(Frame& frame, const Leg& leg, std::unordered_map<uint64_t, int32_t>& ports)
    {
        Frame& around = m_frames[static_cast<size_t>(frame.parent)];
        const int32_t edge = around.legs[static_cast<size_t>(leg.outer)].levelEdge;
        const bool reversed = isReversed(around, edge);
        const uint64_t key = static_cast<uint64_t>(static_cast<uint32_t>(leg.wire)) << 1 | (reversed ? 1 : 0);
        const auto [entry, fresh] = ports.emplace(key, 0);
        if (fresh)
            entry->second = addPort(frame, reversed ? Pin::First : Pin::Last);
        around.innerFrom[static_cast<size_t>(edge)] = entry->second;
        return entry->second;
    }

    static bool isReversed(const Frame& frame, int32_t edge)
    {
        return frame.level->edges()[static_cast<size_t>(edge)].reversed;
    }

    // What is inside is laid out already.
    void layoutFrame(Frame& frame, JobContext& job)
    {
        std::vector<Size> sizes;
        for (const int32_t child : frame.children) {
            const BoxSize& size = m_input.boxes[static_cast<size_t>(child)];
            const Frame* inner = frameOf(child);
            sizes.push_back(inner != nullptr ? inner->size
                            : m_horizontal   ? Size::centred(size.height, size.width)
                                             : Size::centred(size.width, size.height));
        }
        if (frame.parent >= 0)
            sizes.resize(frame.pins.size());
        for (size_t e = 0; e < frame.level->edges().size(); ++e) {
            LevelEdge& edge = frame.level->edges()[e];
            edge.fromPort = portOffset(frame, edge.from, frame.innerFrom[e]);
            edge.toPort = portOffset(frame, edge.to, frame.innerTo[e]);
        }
        frame.laid = frame.level->layout(sizes, m_options, job);
        if (frame.parent >= 0 && !frame.laid.boxAcross.empty())
            surround(frame);
    }

    double portOffset(const Frame& frame, int32_t box, int32_t port)
    {
        if (port < 0)
            return freePort;
        const Frame* inner = frameOf(frame.children[static_cast<size_t>(box)]);
        return inner->contentAcross + inner->laid.boxAcross[static_cast<size_t>(port)];
    }

    // Header and padding around the content. The gap to ports is room enough.
    void surround(Frame& frame) const
    {
        const auto has = [&](Pin pin) { return std::count(frame.pins.begin(), frame.pins.end(), pin) > 0; };
        const double first = has(Pin::First) ? 0 : m_options.framePadding;
        const double last = has(Pin::Last) ? 0 : m_options.framePadding;
        const BoxSize& least = m_input.boxes[static_cast<size_t>(frame.box)];
        const double leastAcross = m_horizontal ? least.height : least.width;
        const double leastAlong = m_horizontal ? least.width : least.height;
        const double headerAcross = m_horizontal ? m_options.frameHeader : 0;
        const double headerAlong = m_horizontal ? 0 : m_options.frameHeader;
        const double across = frame.laid.across + 2 * m_options.framePadding + headerAcross;
        const double along = frame.laid.along + first + last + headerAlong;
        frame.size.across = std::max(across, leastAcross);
        frame.size.along = std::max(along, leastAlong);
        frame.contentAcross =
            headerAcross + m_options.framePadding + std::floor((frame.size.across - across) / 2);
        frame.contentAlong = headerAlong + first + std::floor((frame.size.along - along) / 2);
        frame.size.anchor =
            frame.laid.mainPort >= 0
                ? frame.contentAcross + frame.laid.boxAcross[static_cast<size_t>(frame.laid.mainPort)]
                : frame.size.across / 2;
    }

    GraphLayout assemble()
    {
        GraphLayout layout;
        layout.direction = m_options.direction;
        layout.boxes.resize(m_input.boxes.size());
        layout.ranks.resize(m_input.boxes.size());
        for (const Frame& frame : m_frames) {
            const double across = frame.originAcross + frame.contentAcross;
            const double along = frame.originAlong + frame.contentAlong;
            for (size_t i = 0; i < frame.children.size(); ++i)
                putBox(layout, frame, i, across + frame.laid.boxAcross[i], along + frame.laid.boxAlong[i]);
            layout.crossings += frame.laid.crossings;
        }
        layout.routeStart.push_back(0);
        for (size_t e = 0; e < m_input.edges.size(); ++e) {
            const size_t first = layout.runs.size();
            for (size_t i = m_placeStart[e]; i < m_placeStart[e + 1]; ++i)
                addLeg(layout, first, m_places[i]);
            layout.routeStart.push_back(static_cast<uint32_t>(layout.runs.size()));
        }
        const LevelLayout& whole = m_frames[0].laid;
        layout.width = m_horizontal ? whole.along : whole.across;
        layout.height = m_horizontal ? whole.across : whole.along;
        return layout;
    }

    void putBox(GraphLayout& layout, const Frame& around, size_t child, double across, double along)
    {
        const int32_t box = around.children[child];
        const auto i = static_cast<size_t>(box);
        BoxSize size = m_input.boxes[i];
        if (Frame* frame = frameOf(box)) {
            frame->originAcross = across;
            frame->originAlong = along;
            size = m_horizontal ? BoxSize{frame->size.along, frame->size.across}
                                : BoxSize{frame->size.across, frame->size.along};
        }
        layout.boxes[i] = m_horizontal ? BoxRect{along, across, size.width, size.height}
                                       : BoxRect{across, along, size.width, size.height};
        layout.ranks[i] = around.laid.ranks[child];
    }

    // A leg that goes on outside begins or ends at the border itself.
    void addLeg(GraphLayout& layout, size_t firstRun, Place place) const
    {
        const Frame& frame = m_frames[static_cast<size_t>(place.frame)];
        const Leg& leg = frame.legs[static_cast<size_t>(place.leg)];
        const auto& runs = frame.laid.routes[static_cast<size_t>(leg.levelEdge)];
        const LevelEdge& edge = frame.level->edges()[static_cast<size_t>(leg.levelEdge)];
        const double across = frame.originAcross + frame.contentAcross;
        const double along = frame.originAlong + frame.contentAlong;
        const auto border = [&](int32_t port) {
            return frame.originAlong +
                   (frame.pins[static_cast<size_t>(port)] == Pin::First ? 0 : frame.size.along);
        };
        for (size_t i = 0; i < runs.size(); ++i) {
            RouteRun run{runs[i].across + across, runs[i].start + along, runs[i].end + along};
            if (i == 0 && leg.from == outside)
                run.start = border(edge.from);
            if (i + 1 == runs.size() && leg.to == outside)
                run.end = border(edge.to);
            if (layout.runs.size() > firstRun && std::abs(layout.runs.back().across - run.across) < 0.01)
                layout.runs.back().end = run.end;
            else
                layout.runs.push_back(run);
        }
    }

    const LayoutInput& m_input;
    const LayoutOptions& m_options;
    const bool m_horizontal;
    std::vector<Frame> m_frames;
    std::vector<int32_t> m_frameOf;    // by box: its frame, or -1; empty without frames
    std::vector<int32_t> m_depth;      // by box; empty without frames
    std::vector<int32_t> m_childIndex; // by box, within the frame around it
    std::vector<Place> m_places;       // of edge e: [m_placeStart[e], m_placeStart[e + 1]), along its way
    std::vector<size_t> m_placeStart;
    std::vector<int32_t> m_leaving, m_entering;
};

Status check(const LayoutInput& input)
{
    const auto count = static_cast<int32_t>(input.boxes.size());
    for (const LayoutEdge& edge : input.edges) {
        if (edge.from < 0 || edge.to < 0 || edge.from >= count || edge.to >= count)
            return makeError(ErrorCode::InvalidArgument,
                             "An edge of the graph names box " + std::to_string(edge.from) + " or " +
                                 std::to_string(edge.to) + " of " + std::to_string(count) + ".");
    }
    if (!input.parents.empty() && input.parents.size() != input.boxes.size())
        return makeError(ErrorCode::InvalidArgument, "There are " + std::to_string(input.parents.size()) +
                                                         " parents for " + std::to_string(count) + " boxes.");
    for (size_t box = 0; box < input.parents.size(); ++box) {
        if (input.parents[box] < -1 || input.parents[box] >= static_cast<int32_t>(box))
            return makeError(ErrorCode::InvalidArgument, "The frame of box " + std::to_string(box) +
                                                             " is box " + std::to_string(input.parents[box]) +
                                                             ", which does not come before it.");
    }
    return {};
}

} // namespace

LayoutOptions LayoutOptions::along(LayoutDirection direction)
{
    LayoutOptions options;
    options.direction = direction;
    // Shapes beside edges that run sideways need room between the boxes.
    if (direction == LayoutDirection::Horizontal)
        options.rankGap = 64;
    return options;
}

Result<GraphLayout> layoutGraph(const LayoutInput& input, const LayoutOptions& options, JobContext& job)
{
    TRY(check(input));
    return NestedLayout(input, options).layout(job);
}

} // namespace lapidary
