// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/edit/properties.h"

#include <set>

namespace lapidary {

ModelProperties propertiesOf(const Model& model)
{
    return {model.graph.name, model.doc,          model.producerName, model.producerVersion,
            model.domain,     model.modelVersion, model.metadata};
}

Result<Model> withProperties(const Model& model, const ModelProperties& properties)
{
    // What the file has already may stay.
    std::multiset<std::string> before;
    for (const auto& [key, value] : model.metadata)
        before.insert(key);
    std::multiset<std::string> keys;
    for (const auto& [key, value] : properties.metadata) {
        keys.insert(key);
        if (keys.count(key) <= before.count(key))
            continue;
        if (key.empty())
            return makeError(ErrorCode::InvalidArgument, "an entry of the metadata has no key",
                             "Enter a key.");
        if (keys.count(key) > 1)
            return makeError(ErrorCode::InvalidArgument, "the key '" + key + "' occurs twice in the metadata",
                             "Choose another key, or remove one of them.");
    }
    Model changed = model;
    changed.graph.name = properties.graphName;
    changed.doc = properties.doc;
    changed.producerName = properties.producerName;
    changed.producerVersion = properties.producerVersion;
    changed.domain = properties.domain;
    changed.modelVersion = properties.modelVersion;
    changed.metadata = properties.metadata;
    return changed;
}

} // namespace lapidary
