// SPDX-License-Identifier: GPL-3.0-or-later
// The storage account: Azurite's well-known one, and signatures for it.
#pragma once

#include "call.h"

#include <string>

namespace fake_azure {

struct Cloud;

inline const std::string storageAccount = "devstoreaccount1";
extern const std::string storageKey; // published by Microsoft for emulators: no secret

// Shared access signatures, without a leading '?'.
std::string containerSas(const std::string& container, const std::string& permissions, int seconds);
std::string blobSas(const std::string& container, const std::string& blob, const std::string& permissions,
                    int seconds);
std::string accountSas();

// Requests of the fake itself, straight to Azurite, or to its own store. They throw std::runtime_error.
void makeContainer(Cloud& cloud, const std::string& container);
void putBlob(Cloud& cloud, const std::string& path, const std::string& content,
             const httplib::Headers& headers = {});
// An append blob, as logs are; `complete` goes to its metadata.
void startLog(Cloud& cloud, const std::string& path);
void appendLog(Cloud& cloud, const std::string& path, const std::string& text);
void completeLog(Cloud& cloud, const std::string& path, const std::string& result);
std::vector<std::string> listBlobs(Cloud& cloud, const std::string& container, const std::string& prefix);
std::string downloadBlob(Cloud& cloud, const std::string& path);

// A call of a client, sent on likewise.
Reply askStorage(Cloud& cloud, const Call& call);

} // namespace fake_azure
