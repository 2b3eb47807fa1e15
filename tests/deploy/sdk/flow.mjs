// SPDX-License-Identifier: GPL-3.0-or-later
// Azure's official JavaScript clients go through the whole flow against fake_azure: what they accept, the fake
// says as Azure does.
//   node flow.mjs FAKE_AZURE_PROGRAM FOLDER [STEP...]
// with LAPIDARY_NPM (folder of node_modules) and LAPIDARY_AZURITE (address; the fake keeps blobs itself without it)
// set, as `cloud_parts with` does it.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as path from 'node:path';

const [program, folder, ...only] = process.argv.slice(2);

// Node reads the authority to trust when it starts; so this file starts the fake, then itself again.
async function startFake() {
    rmSync(folder, { recursive: true, force: true }); // what an earlier run left
    mkdirSync(folder, { recursive: true });
    const fake = spawn(program, ['--folder', folder, '--azurite', process.env.LAPIDARY_AZURITE ?? '', '--registry', 'start',
                                 '--set', 'deploymentMs=400', '--set', 'deviceIntervalSeconds=1'],
                       { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise((resolve, reject) => {
        createInterface({ input: fake.stdout }).once('line', resolve);
        fake.once('exit', code => reject(new Error(`fake_azure ended: ${code}`)));
    });
    // Node 18 goes to the first address of localhost only, and the fake is at the one of IPv4.
    const env = { ...process.env, FAKE_ADDRESSES: line, NODE_EXTRA_CA_CERTS: JSON.parse(line).ca,
                  NODE_OPTIONS: '--dns-result-order=ipv4first' };
    const child = spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
    const code = await new Promise(resolve => child.once('exit', resolve));
    fake.removeAllListeners('exit');
    fake.kill();
    process.exit(code ?? 1);
}

async function run() {
    const addresses = JSON.parse(process.env.FAKE_ADDRESSES);
    const { steps, context } = await import('./steps.mjs');
    const state = await context(addresses, folder);
    let failed = 0;
    for (const [name, step] of Object.entries(steps)) {
        if (only.length && !only.includes(name))
            continue;
        const start = Date.now();
        try {
            const said = await step(state);
            console.log(`ok      ${name} (${Date.now() - start} ms)${said ? ': ' + said : ''}`);
        } catch (error) {
            ++failed;
            console.log(`FAILED  ${name}: ${error.stack}`);
        }
    }
    console.log(`${failed ? failed + ' steps failed' : 'all steps passed'}; journal: ${path.join(folder, 'journal.jsonl')}`);
    process.exit(failed ? 1 : 0);
}

await (process.env.FAKE_ADDRESSES ? run() : startFake());
