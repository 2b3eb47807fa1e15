// SPDX-License-Identifier: GPL-3.0-or-later
// List prices, as prices.azure.com tells them to anybody. The numbers are made up.
#include "areas.h"
#include "crypto.h"
#include "machine_sizes.h"

#include <regex>

namespace fake_azure {

namespace {

Json item(const std::string& service, const std::string& region, const std::string& product,
          const std::string& meter, double price, const std::string& sku)
{
    return {{"currencyCode", "USD"},
            {"tierMinimumUnits", 0.0},
            {"retailPrice", price},
            {"unitPrice", price},
            {"armRegionName", region},
            {"location", region},
            {"meterName", meter},
            {"productName", product},
            {"skuName", meter},
            {"serviceName", service},
            {"armSkuName", sku},
            {"serviceFamily", "Compute"},
            {"unitOfMeasure", "1 Hour"},
            {"type", "Consumption"},
            {"priceType", "Consumption"},
            {"isPrimaryMeterRegion", true},
            {"effectiveStartDate", "2024-01-01T00:00:00Z"},
            {"meterId", randomGuid()}};
}

// For each size Linux, Windows, Spot and Low Priority, as there: a client must choose the right one.
std::vector<Json> allItems()
{
    std::vector<Json> items;
    for (const char* region : {"westeurope", "northeurope", "eastus"}) {
        for (const MachineSize& size : machineSizes()) {
            std::string shortName = size.name.substr(9);
            std::replace(shortName.begin(), shortName.end(), '_', ' ');
            const std::string product = "Virtual Machines " + size.family;
            const double price = 0.057 * size.cores + 0.9 * size.gpus;
            const auto add = [&](const std::string& of, const std::string& meter, double factor) {
                items.push_back(item("Virtual Machines", region, of, meter, price * factor, size.name));
            };
            add(product + " Windows", shortName, 1.7);
            add(product, shortName + " Spot", 0.2);
            add(product, shortName + " Low Priority", 0.25);
            add(product, shortName, 1);
        }
        items.push_back(
            item("Container Instances", region, "Container Instances", "Standard vCPU Duration", 0.0405, ""));
        items.push_back(item("Container Instances", region, "Container Instances", "Standard Memory Duration",
                             0.00445, ""));
    }
    return items;
}

// name eq 'value' and ...; anything else is refused, as a typing error would be.
std::vector<std::pair<std::string, std::string>> clausesOf(const std::string& filter)
{
    static const std::regex whole(R"(\s*(\w+\s+eq\s+'[^']*')(\s+and\s+\w+\s+eq\s+'[^']*')*\s*)");
    static const std::regex clause(R"((\w+)\s+eq\s+'([^']*)')");
    if (!filter.empty() && !std::regex_match(filter, whole))
        throw ArmError(400, "BadRequest", "Invalid OData parameters supplied");
    std::vector<std::pair<std::string, std::string>> clauses;
    for (std::sregex_iterator it(filter.begin(), filter.end(), clause), end; it != end; ++it)
        clauses.emplace_back((*it)[1], (*it)[2]);
    return clauses;
}

} // namespace

void addPrices(Router& router, Cloud& cloud)
{
    router.add("GET", "/api/retail/prices", Area::Open, [&](Call& call) {
        const auto clauses = clausesOf(call.parameter("$filter"));
        std::vector<Json> found;
        for (const Json& each : allItems()) {
            const bool fits = std::all_of(clauses.begin(), clauses.end(), [&](const auto& clause) {
                return each.contains(clause.first) && each[clause.first] == clause.second;
            });
            if (fits)
                found.push_back(each);
        }
        const size_t skip = call.hasParameter("$skip") ? std::stoul(call.parameter("$skip")) : 0;
        const size_t end = std::min(found.size(), skip + static_cast<size_t>(cloud.options.pageSize));
        Json items = Json::array();
        for (size_t i = skip; i < end; ++i) {
            found[i].erase("priceType"); // a name for filters only; items say "type"
            items.push_back(found[i]);
        }
        Json body{{"BillingCurrency", "USD"},       {"CustomerEntityId", "Default"},
                  {"CustomerEntityType", "Retail"}, {"Items", items},
                  {"Count", items.size()},          {"NextPageLink", nullptr}};
        if (end < found.size())
            body["NextPageLink"] = cloud.url +
                                   "/api/retail/prices?$filter=" + toForm(call.parameter("$filter")) +
                                   "&$skip=" + std::to_string(end);
        return reply(200, body);
    });
}

} // namespace fake_azure
