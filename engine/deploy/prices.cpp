// SPDX-License-Identifier: GPL-3.0-or-later
// The retail price list: https://prices.azure.com/api/retail/prices.
#include "engine/deploy/prices.h"

#include "engine/deploy/token_endpoint.h"

namespace lapidary::deploy {

namespace {

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

Result<std::vector<Json>> itemsOf(const Choices& choices, const std::string& filter, HttpClient& http,
                                  JobContext& job)
{
    std::vector<Json> items;
    std::string url = choices.cloud.prices + "/api/retail/prices?$filter=" + percentEncoded(filter);
    for (int pages = 0; !url.empty() && pages < 50; ++pages) {
        TRY_ASSIGN(const HttpResponse response, http.sendPatiently({.url = url}, job));
        if (!response.ok())
            return makeError(ErrorCode::NetworkFailure,
                             "the price list does not answer: " + failureText(response));
        const Json page = response.json();
        for (const Json& item : at(page, "Items"))
            items.push_back(item);
        url = textAt(page, "NextPageLink");
    }
    return items;
}

// What a person pays who asks for nothing special: Linux, neither spare capacity nor a cloud service.
bool isPlainLinux(const Json& item)
{
    const std::string product = textAt(item, "productName");
    const std::string meter = textAt(item, "meterName") + textAt(item, "skuName");
    return textAt(item, "type") == "Consumption" && !has(product, "Windows") && !has(product, "Cloud") &&
           !has(meter, "Spot") && !has(meter, "Low Priority");
}

double priceOf(const Json& item)
{
    const Json& price = at(item, "retailPrice");
    return price.is_number() ? price.get<double>() : 0;
}

Error noPrice(const std::string& what, const Choices& choices)
{
    return makeError(ErrorCode::NotFound, "the price list has no " + what + " in " + choices.location,
                     "See https://azure.microsoft.com/pricing.");
}

std::string inRegion(const Choices& choices, const char* service)
{
    return std::string("serviceName eq '") + service + "' and armRegionName eq '" + choices.location +
           "' and priceType eq 'Consumption'";
}

Result<Price> machinePrice(const Choices& choices, HttpClient& http, JobContext& job)
{
    const std::string filter =
        inRegion(choices, "Virtual Machines") + " and armSkuName eq '" + choices.instanceType + "'";
    TRY_ASSIGN(const std::vector<Json> items, itemsOf(choices, filter, http, job));
    for (const Json& item : items) {
        if (isPlainLinux(item) && priceOf(item) > 0)
            return Price{priceOf(item) * choices.instances, textAt(item, "currencyCode"),
                         "list price: " + std::to_string(choices.instances) + " " + choices.instanceType +
                             " in " + choices.location + ", Linux"};
    }
    return noPrice(choices.instanceType, choices);
}

// By the second, for what the group has asked for, used or not.
Result<Price> groupPrice(const Choices& choices, HttpClient& http, JobContext& job)
{
    TRY_ASSIGN(const std::vector<Json> items,
               itemsOf(choices, inRegion(choices, "Container Instances"), http, job));
    double perCore = 0;
    double perGb = 0;
    std::string currency;
    for (const Json& item : items) {
        const std::string meter = textAt(item, "meterName");
        if (!isPlainLinux(item))
            continue;
        currency = textAt(item, "currencyCode");
        if (meter == "Standard vCPU Duration")
            perCore = priceOf(item);
        else if (meter == "Standard Memory Duration")
            perGb = priceOf(item);
    }
    if (perCore == 0 || perGb == 0)
        return noPrice("container group", choices);
    return Price{choices.cpu * perCore + choices.memoryGb * perGb, currency,
                 "list price: " + Json(choices.cpu).dump() + " processors and " +
                     Json(choices.memoryGb).dump() + " GB of Container Instances in " + choices.location};
}

} // namespace

Result<Price> listPrice(const Choices& choices, HttpClient& http, JobContext& job)
{
    if (choices.target == managedTarget)
        return machinePrice(choices, http, job);
    if (choices.target == aciTarget)
        return groupPrice(choices, http, job);
    return makeError(ErrorCode::InvalidArgument,
                     "a deployment to '" + choices.target + "' has no price of its own",
                     "It runs on machines that are paid for already.");
}

} // namespace lapidary::deploy
