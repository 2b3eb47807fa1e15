// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what the graph can be coloured by.
#pragma once

#include "ui/document/model_document.h"
#include "viewers/graph/node_data.h"

#include <filesystem>

namespace lapidary {

enum class ColourBy { Operator, Type, Memory, Time, Device, File };

// Null for Operator and File, and for what is not known: types before they are inferred, times before a run.
std::shared_ptr<const NodeData> graphData(ColourBy by, const ModelDocument& document);

// Whether graphData gives something; without making it.
bool hasGraphData(ColourBy by, const ModelDocument& document);

// A file of lines "node,value": a node by its name, its number ("#12"), or the name of one of its results;
// values are numbers, or words, which become kinds. The first line may be a heading. Other lines are
// left out. Errors: NotFound, IoError; InvalidArgument when no line names a node of the model.
Result<NodeData> readNodeData(const std::filesystem::path& path, const Model& model);

} // namespace lapidary
