// SPDX-License-Identifier: GPL-3.0-or-later
// node node_server.js MODEL PORT THREADS: a model behind Node's http, with the bodies of lapidary-serve and nothing else.
'use strict';
const http = require('http');
const ort = require('onnxruntime-node');
const {halfFrom, numberFromHalf} = require('./half.js');

const types = {float32: ['FP32', Float32Array], float16: ['FP16', Uint16Array]};
const [model, port, threads] = process.argv.slice(2);

function fill(list, data, at) {
    for (const element of list) {
        if (Array.isArray(element))
            at = fill(element, data, at);
        else
            data[at++] = element;
    }
    return at;
}

function nested(data, dims, axis, offset) {
    if (axis === dims.length)
        return data[offset];
    const step = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Array.from({length: dims[axis]}, (_, i) => nested(data, dims, axis + 1, offset + i * step));
}

async function main() {
    const session = await ort.InferenceSession.create(model, {intraOpNumThreads: Number(threads)});
    const input = session.inputMetadata[0];
    const dims = input.shape.map(size => typeof size === 'number' && size > 0 ? size : 1);
    const count = dims.reduce((a, b) => a * b, 1);
    const [typeName, Storage] = types[input.type];
    const isHalf = input.type === 'float16';
    const output = session.outputNames[0];

    async function run(data, shape) {
        const results = await session.run({[input.name]: new ort.Tensor(input.type, data, shape)});
        return results[output];
    }

    async function score(body) {
        const numbers = new Float32Array(count);
        fill(JSON.parse(body.toString()).data, numbers, 0);
        const result = await run(isHalf ? halfFrom(numbers) : numbers, dims);
        const data = isHalf ? Array.from(result.data, numberFromHalf) : result.data;
        return JSON.stringify({result: nested(data, result.dims, 0, 0)});
    }

    async function infer(body, jsonBytes) {
        const {shape, parameters} = JSON.parse(body.subarray(0, jsonBytes).toString()).inputs[0];
        const data = new Storage(parameters.binary_data_size / Storage.BYTES_PER_ELEMENT);
        body.copy(Buffer.from(data.buffer), 0, jsonBytes);
        const result = await run(data, shape);
        const bytes = Buffer.from(result.data.buffer, result.data.byteOffset, result.data.byteLength);
        const json = Buffer.from(JSON.stringify({model_name: 'm', outputs: [{name: output, datatype: typeName,
            shape: result.dims, parameters: {binary_data_size: bytes.length}}]}));
        return [json.length, Buffer.concat([json, bytes])];
    }

    http.createServer((request, response) => {
        const parts = [];
        request.on('data', part => parts.push(part));
        request.on('end', async () => {
            const body = parts.length === 1 ? parts[0] : Buffer.concat(parts);
            const length = request.headers['inference-header-content-length'];
            try {
                if (request.method === 'GET') {
                    response.end('ready');
                } else if (length) {
                    const [jsonBytes, bytes] = await infer(body, Number(length));
                    response.writeHead(200, {'Content-Type': 'application/octet-stream',
                        'Inference-Header-Content-Length': jsonBytes, 'Content-Length': bytes.length});
                    response.end(bytes);
                } else {
                    const text = await score(body);
                    response.writeHead(200, {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text)});
                    response.end(text);
                }
            } catch (error) {
                response.writeHead(500);
                response.end(JSON.stringify({error: error.message}));
            }
        });
    }).listen(Number(port), '127.0.0.1');
}

main();
