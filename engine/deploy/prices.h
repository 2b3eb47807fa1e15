// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: what a deployment costs by Azure's public price list. Discounts, traffic, storage and registry are
// not in it.
#pragma once

#include "engine/deploy/choices.h"
#include "engine/deploy/http.h"

namespace lapidary::deploy {

constexpr double hoursPerMonth = 730;

struct Price {
    double perHour = 0; // of all instances
    std::string currency;
    std::string source; // "list price: 2 Standard_DS3_v2 in westeurope, Linux"

    double perMonth() const { return perHour * hoursPerMonth; }
};

// Asks nobody but Cloud::prices, which needs no sign-in. Errors: InvalidArgument (a target without a price of
// its own), NotFound (the list has no such machine there), of HttpClient::sendPatiently.
Result<Price> listPrice(const Choices& choices, HttpClient& http, JobContext& job);

} // namespace lapidary::deploy
