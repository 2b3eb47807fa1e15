// SPDX-License-Identifier: GPL-3.0-or-later
// Checks every PUT body in a journal of fake_azure against Azure's published schemas: wrong types, missing and
// unknown members.
//   node validate_bodies.mjs JOURNAL SCHEMAS_FOLDER      (LAPIDARY_NPM: folder of node_modules)
// SCHEMAS_FOLDER holds aml.json (Microsoft.MachineLearningServices) and aci.json (Microsoft.ContainerInstance).
// Requests that the fake refused are passed over. Exit code 1 if a body is wrong, or if there was none to check.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ClosedSchemas } from './closed_schema.mjs';

const require = createRequire(path.join(path.resolve(process.env.LAPIDARY_NPM), 'package.json'));
const Ajv = require('ajv-draft-04');

const [journal, folder] = process.argv.slice(2);
const providers = {
    'microsoft.machinelearningservices': { file: 'aml.json', name: 'Microsoft.MachineLearningServices' },
    'microsoft.containerinstance': { file: 'aci.json', name: 'Microsoft.ContainerInstance' },
};
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const validators = new Map();

function validator(provider, kind) {
    const key = `${provider.name}/${kind}`;
    if (!validators.has(key)) {
        const source = JSON.parse(readFileSync(path.join(folder, provider.file)));
        // The pattern asks for a letter or digit; Azure's own samples send "/", and it is accepted.
        for (const part of source.definitions.Route?.properties?.path?.oneOf ?? [])
            delete part.pattern;
        // Templates have no fractions, so the schema calls these integers; in REST they are numbers.
        for (const definition of ['ResourceRequests', 'ResourceLimits']) {
            for (const [member, part] of Object.entries(source.definitions[definition]?.properties ?? {}))
                source.definitions[definition].properties[member] = ['cpu', 'memoryInGB'].includes(member) ? { type: 'number' } : part;
        }
        const schema = source.resourceDefinitions[kind] && new ClosedSchemas(source).resource(kind);
        validators.set(key, schema && { check: ajv.compile(schema), version: source.resourceDefinitions[kind].properties.apiVersion.enum[0] });
    }
    return validators.get(key);
}

// Of workspaces/ws/models/digits/versions/1: the types, and the last name, which is what patterns are for.
function resourceOf(provider, parts) {
    const types = parts.filter((_, i) => i % 2 === 0), names = parts.filter((_, i) => i % 2 === 1);
    return { types, name: names.at(-1) };
}

// Of the variants of an object, the errors of the one that was meant: its discriminator fits.
function told(errors) {
    const other = new Set(errors.filter(error => error.keyword === 'enum').map(error => error.schemaPath.match(/.*anyOf\/\d+/)?.[0]).filter(each => each));
    return errors.filter(error => error.keyword !== 'anyOf' && ![...other].some(variant => error.schemaPath.startsWith(variant)))
        .map(error => `    ${error.instancePath || '/'} ${error.message}${error.params.additionalProperty ? ': ' + error.params.additionalProperty : ''}`);
}

let checked = 0, wrong = 0, unknown = 0;
for (const line of readFileSync(journal, 'utf8').split('\n').filter(each => each)) {
    const entry = JSON.parse(line);
    if (entry.method !== 'PUT' || entry.status >= 400 || !entry.body)
        continue;
    const [, , tail] = entry.path.match(/^(.*)\/providers\/(.*)$/i) ?? [];
    const [namespace, ...parts] = (tail ?? '').split('/').filter(each => each);
    const provider = providers[namespace?.toLowerCase()];
    if (!provider)
        continue;
    const { types, name } = resourceOf(provider, parts);
    const known = JSON.parse(readFileSync(path.join(folder, provider.file))).resourceDefinitions;
    const kind = Object.keys(known).find(each => each.toLowerCase() === types.join('_').toLowerCase());
    if (!kind) {
        ++unknown;
        console.log(`no schema for ${entry.path}`);
        continue;
    }
    const { check, version } = validator(provider, kind);
    // What a template's resource has beside the body that goes over the wire.
    const resource = { ...entry.body, apiVersion: version, name, type: `${provider.name}/${kind.replaceAll('_', '/')}` };
    ++checked;
    if (!check(resource)) {
        ++wrong;
        const lines = told(check.errors);
        console.log(`WRONG ${entry.path}\n${(lines.length ? lines : [JSON.stringify(check.errors)]).join('\n')}`);
    }
}
console.log(`${checked} bodies checked, ${wrong} wrong, ${unknown} without a schema`);
process.exit(wrong || !checked ? 1 : 0);
