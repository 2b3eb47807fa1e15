// SPDX-License-Identifier: GPL-3.0-or-later
// One table: lapidary-serve and a minimal Node server over onnxruntime-node, for each model, body and number of connections.
'use strict';
const {spawn, spawnSync} = require('child_process');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const {parseArgs} = require('util');
const {halfFrom} = require('./half.js');

const {values: options, positionals: models} = parseArgs({allowPositionals: true, options: {
    modules: {type: 'string', default: 'node_modules'},
    program: {type: 'string', default: path.join(__dirname, '../../../build/release/bin/lapidary-serve')},
    connections: {type: 'string', default: '1,8,64'},
    seconds: {type: 'string', default: '3'},
    rounds: {type: 'string', default: '3'},
    help: {type: 'boolean', default: false},
}});
if (options.help || models.length === 0) {
    console.log('node bench.js [--modules node_modules] [--program lapidary-serve] [--connections 1,8,64] ' +
                '[--seconds 3] [--rounds 3] MODEL.onnx...');
    process.exit(options.help ? 0 : 2);
}
process.env.NODE_PATH = path.resolve(options.modules);
require('module').Module._initPaths();
const ort = require('onnxruntime-node');

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'serve-bench-'));
const cores = os.cpus().length;
let nextPort = 20000 + process.pid % 20000;

// The bodies of both kinds for the model's one input, of reproducible numbers.
async function bodiesFor(model) {
    const session = await ort.InferenceSession.create(model);
    const input = session.inputMetadata[0];
    const dims = input.shape.map(size => typeof size === 'number' && size > 0 ? size : 1);
    let seed = 1;
    const numbers = Float32Array.from({length: dims.reduce((a, b) => a * b, 1)}, () => {
        seed = (seed * 48271) % 2147483647;
        return Math.round(seed / 2147483647 * 1e4) / 1e4;
    });
    let list = Array.from(numbers, number => Number(number.toFixed(4)));
    for (const size of dims.slice(1).reverse())
        list = Array.from({length: list.length / size}, (_, i) => list.slice(i * size, (i + 1) * size));
    const isHalf = input.type === 'float16';
    const data = isHalf ? halfFrom(numbers) : numbers;
    const bytes = Buffer.from(data.buffer);
    const json = JSON.stringify({inputs: [{name: input.name, shape: dims, datatype: isHalf ? 'FP16' : 'FP32',
        parameters: {binary_data_size: bytes.length}}], parameters: {binary_data_output: true}});
    const files = {JSON: path.join(scratch, 'body.json'), binary: path.join(scratch, 'body.bin')};
    fs.writeFileSync(files.JSON, JSON.stringify({data: list}));
    fs.writeFileSync(files.binary, Buffer.concat([Buffer.from(json), bytes]));
    return [{name: 'JSON', path: '/score', arguments: [files.JSON]},
            {name: 'binary', path: '/v2/models/m/infer', arguments: [files.binary, String(json.length)]}];
}

const isUp = port => new Promise(resolve => {
    const request = http.get({host: '127.0.0.1', port, path: '/ready'}, response => {
        response.resume();
        resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
});

async function start(name, command, args) {
    const port = nextPort++;
    const child = spawn(command, args(port), {stdio: 'ignore'});
    for (let i = 0; i < 200 && !await isUp(port); ++i)
        await new Promise(resolve => setTimeout(resolve, 50));
    return {name, port, child};
}

function residentMb(child) {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`))[1]) / 1024);
}

function load(server, body, connections) {
    const before = residentMb(server.child);
    const {stdout} = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${options.seconds}s`, '--timeout', '30s', '-s',
        path.join(__dirname, 'post.lua'), `http://127.0.0.1:${server.port}${body.path}`, '--', ...body.arguments]);
    const result = JSON.parse(String(stdout).trim().split('\n').pop());
    return {rate: (result.requests - result.refused) / result.seconds, p50: result.p50, p99: result.p99,
        errors: result.refused + result.failed, before, after: residentMb(server.child)};
}

function median(results) {
    return results.slice().sort((a, b) => a.rate - b.rate)[Math.floor(results.length / 2)];
}

async function main() {
    const row = cells => console.log(cells.map((cell, i) => i < 2 || i === 3 ? String(cell).padEnd([20, 7, 0, 20][i])
        : String(cell).padStart(9)).join(' '));
    row(['model', 'body', 'conns', 'server', 'req/s', 'p50_ms', 'p99_ms', 'errors', 'rss_mb', 'after_mb', 'ratio']);
    for (const model of models) {
        const bodies = await bodiesFor(model);
        const node = path.join(__dirname, 'node_server.js');
        const servers = [
            await start('lapidary', options.program, port => ['--host', '127.0.0.1', '--port', port, '--name', 'm', model]),
            await start('node, 1 thread', process.execPath, port => [node, model, port, 1]),
            await start(`node, ${cores} threads`, process.execPath, port => [node, model, port, cores])];
        for (const body of bodies) {
            for (const connections of options.connections.split(',')) {
                const results = servers.map(() => []);
                for (let round = 0; round < Number(options.rounds); ++round)
                    servers.forEach((server, i) => results[i].push(load(server, body, connections)));
                const medians = results.map(median);
                medians.forEach((one, i) => row([path.basename(path.dirname(model)), body.name, connections,
                    servers[i].name, one.rate.toFixed(0), one.p50.toFixed(2), one.p99.toFixed(2),
                    results[i].reduce((sum, result) => sum + result.errors, 0), results[i][0].before,
                    results[i].at(-1).after, (medians[0].rate / one.rate).toFixed(2)]));
            }
        }
        for (const server of servers)
            server.child.kill();
    }
    fs.rmSync(scratch, {recursive: true});
}

main();
