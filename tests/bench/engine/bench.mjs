// SPDX-License-Identifier: GPL-3.0-or-later
// One table: Lapidary and ONNX Runtime on the same models, taking turns on the same processors. See ../README.md.
import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const {values: options, positionals} = parseArgs({allowPositionals: true, options: {
    modules: {type: 'string', default: 'node_modules'},
    program: {type: 'string', default: path.join(here, '../../../build/release/bin/lapidary')},
    threads: {type: 'string', default: '2'},
    rounds: {type: 'string', default: '5'},
    only: {type: 'string'},
    precision: {type: 'string', default: 'float32'},
    spinning: {type: 'string', default: '1'},
    json: {type: 'string'},
    help: {type: 'boolean', default: false},
}});
if (options.help || positionals.length === 0) {
    console.log('node bench.mjs [--modules node_modules] [--program lapidary] [--threads 2] [--rounds 5] [--only PATTERN] ' +
                '[--precision P] [--spinning 0|1] [--json FILE] FOLDER...\n' +
                'FOLDER: where the models of models.json are looked for.');
    process.exit(options.help ? 0 : 2);
}

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const median = list => {
    const sorted = [...list].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const geometricMean = list => Math.exp(list.reduce((sum, x) => sum + Math.log(x), 0) / list.length);

// A program that says a line when it is ready, and answers each line with one.
class Worker {
    constructor(command, args) {
        this.child = spawn(command, args, {stdio: ['pipe', 'pipe', 'pipe']});
        this.errors = '';
        this.child.stderr.on('data', text => { this.errors += text; });
        this.lines = readline.createInterface({input: this.child.stdout})[Symbol.asyncIterator]();
    }
    async answer() {
        const {value, done} = await this.lines.next();
        if (done)
            throw new Error(this.errors.trim() || 'ended without a word');
        const answer = JSON.parse(value);
        if (answer.error)
            throw new Error(JSON.stringify(answer.error));
        return answer;
    }
    async round() {
        this.child.stdin.write('\n');
        return this.answer();
    }
    end() { this.child.stdin.end(); }
}

function workers(file, dims, runs, ortRuns = runs) {
    const shared = ['--threads', options.threads, '--warmup', '2', ...dims.flatMap(dim => ['--dim', dim])];
    return {
        ours: () => new Worker(options.program, ['bench', file, ...shared, '--runs', String(runs), '--paced', '--precision', options.precision]),
        ort: () => new Worker(process.execPath, [path.join(here, 'ort_worker.mjs'), file, ...shared, '--runs', String(ortRuns),
                                                 '--modules', options.modules, '--spinning', options.spinning]),
    };
}

// Runs that take about 0.2 s together, at least 3.
const runsFor = ms => Math.max(3, Math.min(2000, Math.round(200 / ms)));

async function compare(file, dims) {
    const probe = workers(file, dims, 3).ort();
    await probe.answer();
    const runs = runsFor(median(await probe.round()));
    probe.end();
    await sleep(50);
    const make = workers(file, dims, runs);
    const result = {};
    const running = {};
    for (const name of ['ours', 'ort']) {
        running[name] = make[name]();
        result[name] = {...await running[name].answer(), latencies: []};
        await sleep(50);
    }
    const ratios = [];
    for (let round = 0; round < +options.rounds; ++round) {
        const times = {};
        for (const name of round % 2 ? ['ours', 'ort'] : ['ort', 'ours']) {
            await sleep(30); // what still spins in the other one comes to rest
            const latencies = await running[name].round();
            times[name] = median(latencies);
            result[name].latencies.push(...latencies);
        }
        ratios.push(times);
    }
    for (const name of ['ours', 'ort']) {
        result[name].ms = median(ratios.map(times => times[name]));
        running[name].end();
        delete result[name].latencies;
    }
    return result;
}

// What Node's binding adds to a run of ONNX Runtime: a model of one Identity, timed.
async function bindingMs() {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'engine-bench-')), 'identity.onnx');
    const field = (number, content) => Buffer.concat([Buffer.from([number << 3 | 2, content.length]), Buffer.from(content)]);
    const valueInfo = name => Buffer.concat([field(1, name), field(2, field(1, Buffer.concat([
        Buffer.from([1 << 3, 1]), field(2, field(1, Buffer.from([1 << 3, 1])))])))]);
    const node = Buffer.concat([field(1, 'x'), field(2, 'y'), field(4, 'Identity')]);
    const graph = Buffer.concat([field(1, node), field(2, 'g'), field(11, valueInfo('x')), field(12, valueInfo('y'))]);
    writeFileSync(file, Buffer.concat([Buffer.from([1 << 3, 7]), field(7, graph), field(8, Buffer.from([2 << 3, 13]))]));
    const worker = workers(file, [], 2000).ort();
    await worker.answer();
    const times = [];
    for (let i = 0; i < 5; ++i)
        times.push(median(await worker.round()));
    worker.end();
    return median(times);
}

const models = JSON.parse(readFileSync(path.join(here, 'models.json')))
    .filter(({name}) => !options.only || new RegExp(options.only).test(name));
const overheadMs = await bindingMs();
const rows = [];
const number = (value, digits = 2) => value < 1 ? value.toFixed(3) : value.toFixed(digits);
console.log(`${os.cpus()[0].model}, ${options.threads} threads, ${new Date().toISOString().slice(0, 10)}; ` +
            `Node's binding, taken off ONNX Runtime's times: ${(overheadMs * 1000).toFixed(1)} µs\n`);
console.log('| model | ONNX Runtime ms | Lapidary ms | ratio | load ratio | memory MB | first / median |');
console.log('|---|--:|--:|--:|--:|--:|--:|');
for (const {name, file, dims = [], group} of models) {
    const found = positionals.map(folder => path.join(folder, file)).find(existsSync);
    if (!found) {
        console.log(`| ${name} | not found | | | | | |`);
        continue;
    }
    try {
        const {ours, ort} = await compare(found, dims);
        ort.ms = Math.max(ort.ms - overheadMs, 1e-4);
        const row = {name, group, ours, ort, ratio: ort.ms / ours.ms, load: ours.load_ms / ort.load_ms};
        rows.push(row);
        console.log(`| ${name} | ${number(ort.ms)} | ${number(ours.ms)} | **${row.ratio.toFixed(2)}** | ${row.load.toFixed(2)} | ` +
                    `${(ort.peak_rss_mb - ort.base_rss_mb).toFixed(0)} / ${ours.peak_rss_mb.toFixed(0)} | ${(ours.first_run_ms / ours.ms).toFixed(2)} |`);
    } catch (error) {
        console.log(`| ${name} | ${error.message.split('\n')[0].slice(0, 80)} | | | | | |`);
    }
}
console.log('');
for (const group of [undefined, ...new Set(rows.map(row => row.group))]) {
    const chosen = rows.filter(row => group === undefined || row.group === group);
    if (chosen.length)
        console.log(`${group ?? 'all'}: geometric mean ${geometricMean(chosen.map(row => row.ratio)).toFixed(2)}, ` +
                    `least ${Math.min(...chosen.map(row => row.ratio)).toFixed(2)} (${chosen.length} models)`);
}
if (rows.length)
    console.log(`load: geometric mean ${geometricMean(rows.map(row => row.load)).toFixed(2)} of ONNX Runtime's`);
if (options.json)
    writeFileSync(options.json, JSON.stringify(rows, null, 1));
