// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: container images as folders of the OCI image layout (https://github.com/opencontainers/image-spec,
// 1.0), written without a container engine. The same files give the same digests on every machine.
#pragma once

#include "engine/base/job_context.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lapidary::deploy {

struct ImageFile {
    std::string path;             // in the image: "app/lapidary-serve"
    std::filesystem::path source; // what it is a copy of
    bool executable = false;
};

struct ImageLayer {
    std::vector<ImageFile> files;
    bool compressed = true; // by gzip; weights hardly shrink
    std::string comment;    // in the history that engines show
};

struct ImageConfig {
    std::vector<std::string> entrypoint;
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> labels;
    int port = 0;
    std::string user; // "65532": nobody in particular
};

struct ImageBlob {
    std::string mediaType;
    std::string digest; // "sha256:..."
    uint64_t sizeBytes = 0;
};

struct Image {
    std::filesystem::path folder;
    std::string tag;
    ImageBlob manifest;
    ImageBlob config;
    std::vector<ImageBlob> layers;

    std::filesystem::path fileOf(const ImageBlob& blob) const;
    uint64_t sizeBytes() const; // of all blobs: what a push moves
};

// Makes folder an image layout of one image; what was there is replaced. Docker, which reads no layouts, is
// told of the same blobs by a manifest.json, as its own archives have it beside the layout since version 25;
// dockerName: what it calls the image ("lapidary:1"), or empty. No digest depends on it. Errors: IoError,
// Cancelled.
Result<Image> writeImage(const std::vector<ImageLayer>& layers, const ImageConfig& config,
                         const std::filesystem::path& folder, const std::string& tag, JobContext& job,
                         const std::string& dockerName = {});

// The folder as one tar file: "docker load --input FILE". Errors: IoError, Cancelled.
Status archiveImage(const Image& image, const std::filesystem::path& file, JobContext& job);

// Errors: NotFound (no layout), InvalidArgument (one that is damaged; every blob's size is looked at).
Result<Image> readImage(const std::filesystem::path& folder);

// The files of the image below target, as an engine would unpack them. Errors: IoError, Cancelled.
Status unpackImage(const Image& image, const std::filesystem::path& target, JobContext& job);

// Errors: as readImage.
Result<ImageConfig> configOf(const Image& image);

} // namespace lapidary::deploy
