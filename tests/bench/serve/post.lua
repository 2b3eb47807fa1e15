-- SPDX-License-Identifier: GPL-3.0-or-later
-- wrk -s post.lua URL -- BODY [JSON_BYTES]: posts the file; with JSON_BYTES, tensors follow the JSON as bytes.
local text

function init(args)
    local file = assert(io.open(args[1], "rb"))
    wrk.method = "POST"
    wrk.body = file:read("*a")
    file:close()
    wrk.headers["Content-Type"] = args[2] and "application/octet-stream" or "application/json"
    wrk.headers["Inference-Header-Content-Length"] = args[2]
    text = wrk.format()
end

function request()
    return text
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format('{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "refused": %d, "failed": %d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
