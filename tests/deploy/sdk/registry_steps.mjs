// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of the flow: container registry with builds, container groups, and what has no client here (plain fetch).
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { all, quick, rejection, require, sleep } from './clients.mjs';

const { ContainerRegistryManagementClient } = require('@azure/arm-containerregistry');
const { ContainerRegistryClient, ContainerRegistryContentClient } = require('@azure/container-registry');
const { ContainerInstanceManagementClient } = require('@azure/arm-containerinstance');
const { BlockBlobClient } = require('@azure/storage-blob');

const registry = 'fakeregistry';
const management = ({ credential, subscription, addresses }) =>
    new ContainerRegistryManagementClient(credential, subscription, { endpoint: addresses.arm });

function freePort() {
    return new Promise(resolve => {
        const server = createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

// As a client follows a build: new bytes from the last offset, until the metadata says that it is complete.
async function followLog(link) {
    let text = '', polls = 0;
    for (;;) {
        ++polls;
        const head = await fetch(link, { method: 'HEAD' });
        if (head.status === 200) {
            const length = Number(head.headers.get('content-length'));
            if (length > text.length)
                text += await (await fetch(link, { headers: { Range: `bytes=${text.length}-` } })).text();
            const complete = [...head.headers].find(([name]) => name.toLowerCase() === 'x-ms-meta-complete');
            if (complete)
                return { text, polls, result: complete[1] };
        } else {
            assert.equal(head.status, 404);
        }
        await sleep(30);
    }
}

async function build(state, image, options = {}) {
    const client = management(state);
    const source = await client.registries.getBuildSourceUploadUrl(state.group, registry);
    const context = path.join(state.folder, 'context');
    mkdirSync(context, { recursive: true });
    writeFileSync(path.join(context, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
    execFileSync('tar', ['-czf', path.join(state.folder, 'context.tgz'), '-C', context, '.']);
    await new BlockBlobClient(source.uploadUrl).uploadData(readFileSync(path.join(state.folder, 'context.tgz')));
    const run = await client.registries.beginScheduleRunAndWait(state.group, registry, {
        type: 'DockerBuildRequest', sourceLocation: source.relativePath, dockerFilePath: 'Dockerfile', imageNames: [image],
        isPushEnabled: true, noCache: false, platform: { os: 'Linux', architecture: 'amd64' }, agentConfiguration: { cpu: 2 },
        timeout: 3600, ...options }, quick);
    const { logLink } = await client.runs.getLogSasUrl(state.group, registry, run.runId);
    return { log: await followLog(logLink), run: await client.runs.get(state.group, registry, run.runId) };
}

export const registrySteps = {
    async 'the registry as a resource'(state) {
        const client = management(state);
        const found = await client.registries.get(state.group, registry);
        assert.equal(found.loginServer, state.addresses.registry);
        assert.equal((await client.registries.checkNameAvailability({ name: registry, type: 'Microsoft.ContainerRegistry/registries' })).nameAvailable, false);
        const made = await client.registries.beginCreateAndWait(state.group, 'otherregistry', {
            location: 'westeurope', sku: { name: 'Basic' }, adminUserEnabled: false }, quick);
        assert.equal(made.provisioningState, 'Succeeded');
        assert.equal((await rejection(client.registries.listCredentials(state.group, 'otherregistry'))).statusCode, 400);
        assert.equal((await client.registries.listCredentials(state.group, registry)).passwords.length, 2);
    },

    async 'build in the registry, with its log'(state) {
        const { log, run } = await build(state, 'models/digits:v1');
        assert.equal(log.result, 'successful');
        assert.equal(run.status, 'Succeeded');
        assert.match(log.text, /Step 1\/3 : FROM scratch\n/);
        state.digest = run.outputImages[0].digest;
        return `${log.text.split('\n').length} lines in ${log.polls} looks, ${run.outputImages[0].repository}@${state.digest.slice(0, 20)}`;
    },

    async 'a build that fails'(state) {
        await fetch(`${state.addresses.url}/_fake/faults`, { method: 'POST', body: JSON.stringify({ kind: 'runFailed', path: '/scheduleRun' }) });
        const { log, run } = await build(state, 'models/broken:v1');
        assert.equal(log.result, 'failed');
        assert.equal(run.status, 'Failed');
        return run.runErrorMessage;
    },

    async 'the registry refuses builds'(state) {
        await fetch(`${state.addresses.url}/_fake/faults`, { method: 'POST', body: JSON.stringify({ kind: 'tasksNotAllowed', path: '/scheduleRun' }) });
        const error = await rejection(build(state, 'models/x:v1'));
        assert.equal(error.code, 'TasksOperationsNotAllowed');
    },

    async 'push and pull through the token exchange'({ addresses, credential }) {
        const content = new ContainerRegistryContentClient(`https://${addresses.registry}`, 'models/pushed', credential);
        const layer = Buffer.alloc(5 << 20, 1), config = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}');
        const up = await content.uploadBlob(layer), upConfig = await content.uploadBlob(config);
        const manifest = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json',
                           config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: upConfig.digest, size: config.length },
                           layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: up.digest, size: layer.length }] };
        const { digest } = await content.setManifest(manifest, { tag: 'v1' });
        assert.equal((await content.getManifest('v1')).digest, digest);
        let bytes = 0;
        for await (const part of (await content.downloadBlob(up.digest)).content)
            bytes += part.length;
        assert.equal(bytes, layer.length);
        return `${digest.slice(0, 20)}, layer of ${bytes} bytes`;
    },

    async 'browse and delete images'({ addresses, credential, digest }) {
        const client = new ContainerRegistryClient(`https://${addresses.registry}`, credential);
        assert.deepEqual(await all(client.listRepositoryNames()), ['models/digits', 'models/pushed']);
        const manifests = await all(client.getRepository('models/digits').listManifestProperties());
        assert.deepEqual(manifests.map(each => each.digest), [digest]);
        assert.deepEqual(manifests[0].tags, ['v1']);
        await client.getArtifact('models/pushed', 'v1').getManifestProperties().catch(() => {}); // by tag: not offered here
        await client.deleteRepository('models/pushed');
        const pushed = new ContainerRegistryContentClient(`https://${addresses.registry}`, 'models/pushed', credential);
        assert.equal((await rejection(pushed.getManifest('v1'))).statusCode, 404);
    },
};

export const otherSteps = {
    async 'a container group'(state) {
        const client = new ContainerInstanceManagementClient(state.credential, state.subscription, { endpoint: state.addresses.arm });
        const port = await freePort();
        const made = await client.containerGroups.beginCreateOrUpdateAndWait(state.group, 'digits', {
            location: 'westeurope', osType: 'Linux', restartPolicy: 'Always', sku: 'Standard', tags: { createdBy: 'test' },
            containers: [{ name: 'scoring', image: `${state.addresses.registry}/models/digits@${state.digest}`, ports: [{ port, protocol: 'TCP' }],
                           environmentVariables: [{ name: 'A', value: 'b' }, { name: 'KEY', secureValue: 'secret' }],
                           resources: { requests: { cpu: 1, memoryInGB: 1.5 } },
                           readinessProbe: { httpGet: { path: '/ready', port, scheme: 'http' }, initialDelaySeconds: 1, periodSeconds: 5 } }],
            imageRegistryCredentials: [{ server: state.addresses.registry, username: 'fakeregistry', password: 'admin-one' }],
            ipAddress: { type: 'Public', dnsNameLabel: 'digits', ports: [{ port, protocol: 'TCP' }] } }, quick);
        assert.equal(made.provisioningState, 'Succeeded');
        const group = await client.containerGroups.get(state.group, 'digits');
        assert.equal(group.instanceView.state, 'Running');
        const events = group.containers[0].instanceView.events.map(event => event.name);
        assert.deepEqual(events, ['Pulling', 'Pulled', 'Created', 'Started']);
        assert.equal(group.containers[0].environmentVariables[1].secureValue, undefined);
        const answer = await fetch(`http://${group.ipAddress.fqdn}:${port}/score`, { method: 'POST', body: '{"data":[1]}' });
        assert.equal(answer.status, 200);
        assert.ok((await client.containers.listLogs(state.group, 'digits', 'scoring', { tail: 1 })).content.endsWith('200\n'));
        await client.containerGroups.beginDeleteAndWait(state.group, 'digits', quick);
        assert.equal((await rejection(client.containerGroups.get(state.group, 'digits'))).statusCode, 404);
        return events.join(' ');
    },

    async 'metrics, prices, what-if'({ addresses, credential, subscription, group }) {
        const { token } = await credential.getToken('https://management.azure.com/.default');
        const arm = async (url, body) => {
            const answer = await fetch(url, { method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
                                              headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' } });
            return { status: answer.status, headers: answer.headers, json: await answer.json().catch(() => null) };
        };
        const metrics = await arm(`${addresses.url}${addresses.workspace}/onlineEndpoints/digits-endpoint/providers/Microsoft.Insights/metrics` +
            '?api-version=2018-01-01&metricnames=RequestsPerMinute,RequestLatency_P95&aggregation=Average&interval=PT1M');
        assert.equal(metrics.json.value.length, 2);
        assert.ok(metrics.json.value[0].timeseries[0].data.some(point => point.average >= 0));
        const prices = await (await fetch(`${addresses.prices}?$filter=${encodeURIComponent(
            "serviceName eq 'Virtual Machines' and armSkuName eq 'Standard_DS3_v2' and armRegionName eq 'westeurope' and priceType eq 'Consumption'")}`)).json();
        assert.ok(prices.Items.length > 0 && prices.NextPageLink);
        const template = { $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#', contentVersion: '1.0.0.0',
                           resources: [{ type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints', apiVersion: '2025-12-01', name: 'ws-one/new-endpoint',
                                         location: 'westeurope', properties: { authMode: 'Key' } }] };
        const started = await arm(`${addresses.url}/subscriptions/${subscription}/resourcegroups/${group}/providers/Microsoft.Resources/deployments/d/whatIf?api-version=2025-04-01`,
                                  { properties: { mode: 'Incremental', template } });
        assert.equal(started.status, 202);
        await sleep(100);
        const result = await arm(started.headers.get('location'));
        assert.equal(result.json.properties.changes[0].changeType, 'Create');
    },
};
