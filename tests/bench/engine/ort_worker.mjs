// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX Runtime as `lapidary bench --paced`: one line of JSON when the model is ready, then a round of runs for each
// line of standard input. Options: MODEL --threads N --runs N --warmup N --dim NAME=N
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import {performance} from 'node:perf_hooks';
import {parseArgs} from 'node:util';

const {values: options, positionals: [model]} = parseArgs({allowPositionals: true, options: {
    modules: {type: 'string'},
    threads: {type: 'string', default: '2'},
    runs: {type: 'string', default: '10'},
    warmup: {type: 'string', default: '3'},
    dim: {type: 'string', multiple: true, default: []},
    spinning: {type: 'string', default: '1'},
}});
const ort = createRequire(path.resolve(options.modules) + '/')('onnxruntime-node');
const residentMb = key => +new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))[1] / 1024;

const baseMb = residentMb('VmRSS');
const begin = performance.now();
const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: +options.threads, interOpNumThreads: 1, graphOptimizationLevel: 'all',
    executionMode: 'sequential', extra: {session: {intra_op: {allow_spinning: options.spinning}}},
});
const loadMs = performance.now() - begin;

// Seeded: floats in [-1, 1), integers 0 or 1, bool true, as Lapidary draws them.
const arrays = {float32: Float32Array, float64: Float64Array, int32: Int32Array, int64: BigInt64Array, uint8: Uint8Array,
                int8: Int8Array, bool: Uint8Array, float16: Uint16Array};
const dims = Object.fromEntries(options.dim.map(pair => pair.split('=')));
let seed = 12345;
const random = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 4294967296;
const draw = {
    float32: () => random() * 2 - 1, float64: () => random() * 2 - 1, float16: () => 0x3000 + Math.floor(random() * 0x800),
    int64: () => BigInt(Math.floor(random() * 2)), bool: () => 1,
};
const feeds = {};
for (const input of session.inputMetadata) {
    const shape = input.shape.map(size => typeof size === 'number' && size >= 0 ? size : +(dims[size] ?? 1));
    const data = new arrays[input.type](shape.reduce((a, b) => a * b, 1));
    const next = draw[input.type] ?? (() => Math.floor(random() * 2));
    for (let i = 0; i < data.length; ++i)
        data[i] = next();
    feeds[input.name] = new ort.Tensor(input.type, data, shape);
}
async function runOnce() {
    const start = performance.now();
    await session.run(feeds);
    return performance.now() - start;
}
const firstMs = await runOnce();
for (let i = 0; i < +options.warmup; ++i)
    await runOnce();
console.log(JSON.stringify({load_ms: loadMs, first_run_ms: firstMs, base_rss_mb: baseMb, peak_rss_mb: residentMb('VmHWM')}));
for await (const _ of readline.createInterface({input: process.stdin})) {
    const latencies = [];
    await runOnce();
    for (let i = 0; i < +options.runs; ++i)
        latencies.push(await runOnce());
    console.log(JSON.stringify(latencies));
}
