// SPDX-License-Identifier: GPL-3.0-or-later
// Where Azure's clients come from, and small things that all steps use.
import { createRequire } from 'node:module';
import * as path from 'node:path';

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
