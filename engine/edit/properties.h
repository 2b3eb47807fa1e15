// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a model says of itself, to be changed.
#pragma once

#include "engine/ir/model.h"

namespace lapidary {

struct ModelProperties {
    std::string graphName;
    std::string doc;
    std::string producerName;
    std::string producerVersion;
    std::string domain;
    int64_t modelVersion = 0;
    MetadataList metadata;

    bool operator==(const ModelProperties&) const = default;
};

ModelProperties propertiesOf(const Model& model);
// Errors: InvalidArgument (a key of the metadata is empty or occurs twice).
Result<Model> withProperties(const Model& model, const ModelProperties& properties);

} // namespace lapidary
