// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage.h"

#include "clock.h"
#include "cloud.h"
#include "crypto.h"
#include "forward.h"

#include <algorithm>
#include <regex>

namespace fake_azure {

const std::string storageKey =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

namespace {

const char version[] = "2023-11-03";

std::string signature(const std::string& text)
{
    return toForm(base64(hmacSha256(fromBase64(storageKey), text)));
}

// A little earlier than now: clocks differ.
int64_t startTime() { return now() - 60'000; }

std::string serviceSas(const std::string& resource, const char* kind, const std::string& permissions,
                       int seconds)
{
    const std::string start = isoSeconds(startTime()), end = isoSeconds(now() + seconds * 1000LL);
    // Permissions, start, end, resource, policy, addresses, protocol, version, kind, snapshot, encryption
    // scope, and five response headers.
    const std::string text = permissions + '\n' + start + '\n' + end + '\n' + resource +
                             "\n\n\nhttps,http\n" + version + '\n' + kind + "\n\n\n\n\n\n\n";
    return std::string("sv=") + version + "&spr=https%2Chttp&st=" + toForm(start) + "&se=" + toForm(end) +
           "&sr=" + kind + "&sp=" + permissions + "&sig=" + signature(text);
}

Reply request(Cloud& cloud, const char* method, const std::string& path, const std::string& query,
              const std::string& content, httplib::Headers headers, std::initializer_list<int> expected)
{
    Call call;
    call.method = method;
    call.body = content;
    call.headers = std::move(headers);
    call.headers.emplace("x-ms-version", version);
    call.path = '/' + storageAccount + '/' + path;
    call.target = call.path;
    addQuery(call, query + (query.empty() ? "" : "&") + accountSas());
    Reply answer = askStorage(cloud, call);
    if (std::find(expected.begin(), expected.end(), answer.status) == expected.end())
        throw std::runtime_error("storage answers " + std::to_string(answer.status) + ": " + path + ": " +
                                 answer.body);
    return answer;
}

} // namespace

std::string containerSas(const std::string& container, const std::string& permissions, int seconds)
{
    return serviceSas("/blob/" + storageAccount + '/' + container, "c", permissions, seconds);
}

std::string blobSas(const std::string& container, const std::string& blob, const std::string& permissions,
                    int seconds)
{
    return serviceSas("/blob/" + storageAccount + '/' + container + '/' + blob, "b", permissions, seconds);
}

std::string accountSas()
{
    const std::string permissions = "rwdlacupt", start = isoSeconds(startTime()),
                      end = isoSeconds(now() + 3'600'000);
    const std::string text = storageAccount + '\n' + permissions + "\nb\nsco\n" + start + '\n' + end +
                             "\n\nhttps,http\n" + version + "\n\n";
    return std::string("sv=") + version + "&ss=b&srt=sco&spr=https%2Chttp&st=" + toForm(start) +
           "&se=" + toForm(end) + "&sp=" + permissions + "&sig=" + signature(text);
}

Reply askStorage(Cloud& cloud, const Call& call)
{
    std::string azurite;
    {
        const std::lock_guard lock(cloud.mutex);
        azurite = cloud.options.azurite;
    }
    return azurite.empty() ? cloud.blobStore.answer(call) : forward(call, azurite, call.target);
}

void makeContainer(Cloud& cloud, const std::string& container)
{
    request(cloud, "PUT", container, "restype=container", "", {}, {201, 409});
}

void putBlob(Cloud& cloud, const std::string& path, const std::string& content,
             const httplib::Headers& headers)
{
    httplib::Headers all = headers;
    all.emplace("x-ms-blob-type", "BlockBlob");
    request(cloud, "PUT", path, "", content, all, {201});
}

void startLog(Cloud& cloud, const std::string& path)
{
    request(cloud, "PUT", path, "", "", {{"x-ms-blob-type", "AppendBlob"}}, {201});
}

void appendLog(Cloud& cloud, const std::string& path, const std::string& text)
{
    request(cloud, "PUT", path, "comp=appendblock", text, {}, {201});
}

void completeLog(Cloud& cloud, const std::string& path, const std::string& result)
{
    request(cloud, "PUT", path, "comp=metadata", "", {{"x-ms-meta-Complete", result}}, {200});
}

std::vector<std::string> listBlobs(Cloud& cloud, const std::string& container, const std::string& prefix)
{
    const Reply answer = request(cloud, "GET", container,
                                 "restype=container&comp=list&prefix=" + toForm(prefix), "", {}, {200});
    std::vector<std::string> names;
    const std::regex name("<Blob><Name>([^<]*)</Name>");
    for (std::sregex_iterator it(answer.body.begin(), answer.body.end(), name), end; it != end; ++it)
        names.push_back((*it)[1]);
    return names;
}

std::string downloadBlob(Cloud& cloud, const std::string& path)
{
    return request(cloud, "GET", path, "", "", {}, {200}).body;
}

} // namespace fake_azure
