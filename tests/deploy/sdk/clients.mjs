// SPDX-License-Identifier: GPL-3.0-or-later
// Where Azure's clients come from, and small things that all steps use.
import { webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';
import * as path from 'node:path';

// Debian 12 has Node 18, where the clients do not find this under its global name.
globalThis.crypto ??= webcrypto;

export const require = createRequire(path.join(path.resolve(process.env.LAPIDARY_NPM), 'package.json'));

// The official pollers wait for two seconds unless told otherwise.
export const quick = { updateIntervalInMs: 20 };

export async function all(pages) {
    const list = [];
    for await (const item of pages)
        list.push(item);
    return list;
}

export async function rejection(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    throw new Error('this should have been refused');
}

export const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
