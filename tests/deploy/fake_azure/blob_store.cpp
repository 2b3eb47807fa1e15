// SPDX-License-Identifier: GPL-3.0-or-later
#include "blob_store.h"

#include "clock.h"
#include "crypto.h"
#include "storage.h"

#include <algorithm>
#include <openssl/evp.h>
#include <regex>

namespace fake_azure {

namespace {

std::string md5(const std::string& bytes)
{
    std::string digest(16, '\0');
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
               EVP_md5(), nullptr);
    return base64(digest);
}

Reply done(int status, Blob& blob)
{
    return emptyReply(status).set("ETag", blob.etag).set("Last-Modified", httpTime(blob.modified));
}

void touch(Blob& blob)
{
    blob.modified = now();
    blob.etag = "\"0x" + randomHex(8) + '"';
    blob.committed = true;
}

void takeProperties(const Call& call, Blob& blob)
{
    blob.metadata.clear();
    for (const auto& [name, value] : call.headers) {
        if (lower(name).compare(0, 10, "x-ms-meta-") == 0)
            blob.metadata.emplace(name, value);
    }
    if (const std::string type = call.header("x-ms-blob-content-type"); !type.empty())
        blob.type = type;
    blob.md5 = call.header("x-ms-blob-content-md5");
}

// Ids and sizes of blocks, as in the answer to "which blocks do you have".
std::string blockXml(const std::string& id, size_t size)
{
    return "<Block><Name>" + id + "</Name><Size>" + std::to_string(size) + "</Size></Block>";
}

Reply xml(const std::string& body)
{
    return {200, "<?xml version=\"1.0\" encoding=\"utf-8\"?>" + body, "application/xml"};
}

Reply read(const Call& call, const Blob& blob)
{
    if (const std::string match = call.header("If-Match");
        !match.empty() && match != "*" && match != blob.etag)
        return blobError(412, "ConditionNotMet",
                         "The condition specified using HTTP conditional header(s) is not met.");
    Reply answer{200, blob.content, blob.type};
    std::string range = call.header("x-ms-range");
    if (range.empty())
        range = call.header("Range");
    static const std::regex form(R"(bytes=(\d+)-(\d*))");
    if (std::smatch parts; std::regex_match(range, parts, form)) {
        const size_t first = std::stoull(parts[1]);
        const size_t size = blob.content.size();
        if (first >= size)
            return blobError(416, "InvalidRange",
                             "The range specified is invalid for the current size of the resource.");
        const size_t last =
            std::min(size - 1, parts[2].length() ? static_cast<size_t>(std::stoull(parts[2])) : size - 1);
        answer.status = 206;
        answer.body = blob.content.substr(first, last - first + 1);
        answer.set("Content-Range", "bytes " + std::to_string(first) + '-' + std::to_string(last) + '/' +
                                        std::to_string(size));
    }
    if (call.method == "HEAD") {
        answer.set("Content-Length", std::to_string(answer.body.size())).set("Content-Type", blob.type);
        answer.body.clear();
    }
    answer.set("ETag", blob.etag).set("Last-Modified", httpTime(blob.modified)).set("Accept-Ranges", "bytes");
    answer.set("x-ms-blob-type", blob.append ? "AppendBlob" : "BlockBlob");
    if (!blob.md5.empty())
        answer.set(answer.status == 206 ? "x-ms-blob-content-md5" : "Content-MD5", blob.md5);
    for (const auto& [name, value] : blob.metadata)
        answer.set(name, value);
    return answer;
}

} // namespace

Reply blobError(int status, const std::string& code, const std::string& message)
{
    Reply answer{status,
                 "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code + "</Code><Message>" +
                     message + "\nRequestId:" + randomGuid() + "</Message></Error>",
                 "application/xml"};
    return answer.set("x-ms-error-code", code);
}

Reply BlobStore::answer(const Call& call)
{
    const std::string path = call.path.substr(std::min(call.path.size(), storageAccount.size() + 2));
    const size_t slash = std::min(path.find('/'), path.size());
    const std::string container = path.substr(0, slash),
                      name = slash < path.size() ? path.substr(slash + 1) : "";
    if (auto refused = checkSas(call, container, name))
        return *refused;
    const std::lock_guard lock(m_mutex);
    return (name.empty() ? answerContainer(call, container) : answerBlob(call, container, name))
        .set("x-ms-version", "2023-11-03");
}

Reply BlobStore::answerContainer(const Call& call, const std::string& container)
{
    const bool exists = m_containers.count(container) != 0;
    if (call.method == "PUT") {
        if (exists)
            return blobError(409, "ContainerAlreadyExists", "The specified container already exists.");
        m_containers[container];
        return emptyReply(201);
    }
    if (!exists)
        return blobError(404, "ContainerNotFound", "The specified container does not exist.");
    return call.parameter("comp") == "list" ? list(call, container) : emptyReply(200);
}

Reply BlobStore::list(const Call& call, const std::string& container)
{
    const std::string prefix = call.parameter("prefix"), marker = call.parameter("marker");
    const size_t most = call.hasParameter("maxresults") ? std::stoul(call.parameter("maxresults")) : 5000;
    std::string blobs, next;
    size_t count = 0;
    for (const auto& [name, blob] : m_containers[container]) {
        if (!blob.committed || name.compare(0, prefix.size(), prefix) != 0 || name < marker)
            continue;
        if (count++ == most) {
            next = name;
            break;
        }
        blobs += "<Blob><Name>" + name + "</Name><Properties><Last-Modified>" + httpTime(blob.modified) +
                 "</Last-Modified><Etag>" + blob.etag + "</Etag><Content-Length>" +
                 std::to_string(blob.content.size()) + "</Content-Length><Content-Type>" + blob.type +
                 "</Content-Type>" + (blob.md5.empty() ? "" : "<Content-MD5>" + blob.md5 + "</Content-MD5>") +
                 "<BlobType>" + (blob.append ? "AppendBlob" : "BlockBlob") +
                 "</BlobType></Properties></Blob>";
    }
    return xml("<EnumerationResults ContainerName=\"" + container + "\"><Prefix>" + prefix +
               "</Prefix><Blobs>" + blobs + "</Blobs><NextMarker>" + next +
               "</NextMarker></EnumerationResults>");
}

Reply BlobStore::answerBlob(const Call& call, const std::string& container, const std::string& name)
{
    const auto found = m_containers.find(container);
    if (found == m_containers.end())
        return blobError(404, "ContainerNotFound", "The specified container does not exist.");
    if (call.method == "PUT")
        return put(call, container, name);
    const auto entry = found->second.find(name);
    const bool blockList = call.parameter("comp") == "blocklist";
    if (entry == found->second.end() || (!entry->second.committed && !blockList))
        return blobError(404, "BlobNotFound", "The specified blob does not exist.");
    const Blob& blob = entry->second;
    if (blockList) {
        const std::string kind = call.parameter("blocklisttype");
        std::string body = "<BlockList>";
        if (kind != "uncommitted") {
            body += "<CommittedBlocks>";
            for (const auto& [id, size] : blob.blocks)
                body += blockXml(id, size);
            body += "</CommittedBlocks>";
        }
        if (kind == "uncommitted" || kind == "all") {
            body += "<UncommittedBlocks>";
            for (const auto& [id, bytes] : blob.uncommitted)
                body += blockXml(id, bytes.size());
            body += "</UncommittedBlocks>";
        }
        return xml(body + "</BlockList>");
    }
    if (call.method == "DELETE") {
        found->second.erase(entry);
        return emptyReply(202);
    }
    return read(call, blob);
}

Reply BlobStore::put(const Call& call, const std::string& container, const std::string& name)
{
    std::map<std::string, Blob>& blobs = m_containers[container];
    const std::string comp = call.parameter("comp");
    const auto entry = blobs.find(name);
    const bool exists = entry != blobs.end() && entry->second.committed;
    if (const std::string sum = call.header("Content-MD5"); !sum.empty() && sum != md5(call.body))
        return blobError(400, "Md5Mismatch",
                         "The MD5 value specified in the request did not match with the MD5 value calculated "
                         "by the server.");
    if (comp == "block") {
        const std::string id = call.parameter("blockid");
        Blob& blob = blobs[name];
        if (fromBase64(id).empty() ||
            (!blob.uncommitted.empty() && blob.uncommitted.front().first.size() != id.size()))
            return blobError(
                400, "InvalidBlobOrBlock",
                "The specified blob or block content is invalid: all ids must be of one length.");
        const auto same = std::find_if(blob.uncommitted.begin(), blob.uncommitted.end(),
                                       [&](const auto& each) { return each.first == id; });
        if (same != blob.uncommitted.end())
            same->second = call.body;
        else
            blob.uncommitted.emplace_back(id, call.body);
        return emptyReply(201).set("Content-MD5", md5(call.body));
    }
    if (exists && call.header("If-None-Match") == "*")
        return blobError(409, "BlobAlreadyExists", "The specified blob already exists.");
    if (comp == "blocklist")
        return putBlockList(call, blobs[name]);
    if (!comp.empty()) {
        if (!exists)
            return blobError(404, "BlobNotFound", "The specified blob does not exist.");
        Blob& blob = entry->second;
        if (comp == "metadata")
            takeProperties(call, blob);
        else if (comp == "appendblock" && blob.append)
            blob.content += call.body;
        else
            return blobError(409, "InvalidBlobType", "The blob type is invalid for this operation.");
        touch(blob);
        return done(comp == "metadata" ? 200 : 201, blob);
    }
    const std::string type = call.header("x-ms-blob-type");
    if (type != "BlockBlob" && type != "AppendBlob")
        return blobError(
            400, "MissingRequiredHeader",
            "An HTTP header that's mandatory for this request is not specified: x-ms-blob-type.");
    // Blocks that were not committed vanish when a whole blob is put.
    Blob& blob = blobs[name] = Blob();
    blob.append = type == "AppendBlob";
    blob.content = call.body;
    if (const std::string contentType = call.header("Content-Type"); !contentType.empty())
        blob.type = contentType;
    takeProperties(call, blob);
    if (blob.md5.empty())
        blob.md5 = md5(call.body);
    touch(blob);
    return done(201, blob);
}

Reply BlobStore::putBlockList(const Call& call, Blob& blob)
{
    static const std::regex item("<(Latest|Uncommitted|Committed)>([^<]+)</");
    std::string content;
    std::vector<std::pair<std::string, size_t>> blocks;
    for (std::sregex_iterator it(call.body.begin(), call.body.end(), item), end; it != end; ++it) {
        const std::string id = (*it)[2];
        const auto fresh = std::find_if(blob.uncommitted.begin(), blob.uncommitted.end(),
                                        [&](const auto& each) { return each.first == id; });
        if (fresh != blob.uncommitted.end() && (*it)[1] != "Committed") {
            content += fresh->second;
            blocks.emplace_back(id, fresh->second.size());
            continue;
        }
        // A block of the blob as it is.
        size_t offset = 0;
        const auto old = std::find_if(blob.blocks.begin(), blob.blocks.end(), [&](const auto& each) {
            if (each.first == id)
                return true;
            offset += each.second;
            return false;
        });
        if (old == blob.blocks.end() || (*it)[1] == "Uncommitted")
            return blobError(400, "InvalidBlockList", "The specified block list is invalid.");
        content += blob.content.substr(offset, old->second);
        blocks.push_back(*old);
    }
    blob.content = std::move(content);
    blob.blocks = std::move(blocks);
    blob.uncommitted.clear();
    takeProperties(call, blob);
    touch(blob);
    return done(201, blob);
}

} // namespace fake_azure
