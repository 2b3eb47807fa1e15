// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: numbers as people read them, in the language of the window.
#pragma once

#include <QString>

namespace lapidary {

QString bytesText(uint64_t bytes);                             // "1.3 MB", "812 bytes"
QString wholeNumberText(int64_t count);                        // "25 557 032" with the language's separators
QString percentText(double share, int decimals);               // 0.123: "12.3 %"
QString workText(uint64_t operations);                         // "1.3 GFLOP"
QString moneyText(double amount, const std::string& currency); // "0.60 USD"
QString durationText(double milliseconds);                     // "3.21 ms", "1.4 s"

} // namespace lapidary
