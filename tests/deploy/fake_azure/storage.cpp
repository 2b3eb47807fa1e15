// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage.h"

#include "clock.h"
#include "crypto.h"

#include <fstream>
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

httplib::Result checked(httplib::Result result, const std::string& path, std::initializer_list<int> expected)
{
    if (!result)
        throw std::runtime_error("Azurite does not answer: " + path + ": " + to_string(result.error()));
    if (std::find(expected.begin(), expected.end(), result->status) == expected.end())
        throw std::runtime_error("Azurite answers " + std::to_string(result->status) + ": " + path + ": " +
                                 result->body);
    return result;
}

httplib::Result put(const std::string& azurite, const std::string& path, const std::string& query,
                    const std::string& content, httplib::Headers headers, std::initializer_list<int> expected)
{
    httplib::Client client(azurite);
    headers.emplace("x-ms-version", version);
    const std::string target =
        '/' + storageAccount + '/' + path + '?' + query + (query.empty() ? "" : "&") + accountSas();
    return checked(client.Put(target, headers, content, "application/octet-stream"), path, expected);
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

void makeContainer(const std::string& azurite, const std::string& container)
{
    put(azurite, container, "restype=container", "", {}, {201, 409});
}

void putBlob(const std::string& azurite, const std::string& path, const std::string& content,
             const httplib::Headers& headers)
{
    httplib::Headers all = headers;
    all.emplace("x-ms-blob-type", "BlockBlob");
    put(azurite, path, "", content, all, {201});
}

void startLog(const std::string& azurite, const std::string& path)
{
    put(azurite, path, "", "", {{"x-ms-blob-type", "AppendBlob"}}, {201});
}

void appendLog(const std::string& azurite, const std::string& path, const std::string& text)
{
    put(azurite, path, "comp=appendblock", text, {}, {201});
}

void completeLog(const std::string& azurite, const std::string& path, const std::string& result)
{
    put(azurite, path, "comp=metadata", "", {{"x-ms-meta-Complete", result}}, {200});
}

std::vector<std::string> listBlobs(const std::string& azurite, const std::string& container,
                                   const std::string& prefix)
{
    httplib::Client client(azurite);
    const std::string target = '/' + storageAccount + '/' + container +
                               "?restype=container&comp=list&prefix=" + toForm(prefix) + '&' + accountSas();
    const auto result = checked(client.Get(target, {{"x-ms-version", version}}), container, {200});
    std::vector<std::string> names;
    const std::regex name("<Blob><Name>([^<]*)</Name>");
    for (std::sregex_iterator it(result->body.begin(), result->body.end(), name), end; it != end; ++it)
        names.push_back((*it)[1]);
    return names;
}

void downloadBlob(const std::string& azurite, const std::string& path, const std::string& file)
{
    httplib::Client client(azurite);
    std::ofstream out(file, std::ios::binary);
    const std::string target = '/' + storageAccount + '/' + path + '?' + accountSas();
    const auto result = client.Get(target, {{"x-ms-version", version}}, [&](const char* data, size_t length) {
        out.write(data, static_cast<std::streamsize>(length));
        return out.good();
    });
    if (!result || result->status != 200)
        throw std::runtime_error("cannot download " + path);
}

} // namespace fake_azure
