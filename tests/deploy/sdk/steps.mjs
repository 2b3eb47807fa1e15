// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of the flow. Each throws if a client of Azure's does not get what it must get.
import { strict as assert } from 'node:assert';
import { all, quick, rejection, require } from './clients.mjs';
import { otherSteps, registrySteps } from './registry_steps.mjs';

const { ClientSecretCredential, DeviceCodeCredential } = require('@azure/identity');
const { SubscriptionClient } = require('@azure/arm-resources-subscriptions');
const { AzureMachineLearningWorkspaces } = require('@azure/arm-machinelearning');
const { ContainerClient } = require('@azure/storage-blob');

export async function context(addresses, folder) {
    const [, , subscription, , resourceGroup, , , , workspace] = addresses.workspace.split('/');
    const identity = { authorityHost: addresses.authority, disableInstanceDiscovery: true };
    const credential = new ClientSecretCredential(addresses.tenant, addresses.clientId, addresses.clientSecret, identity);
    const ml = new AzureMachineLearningWorkspaces(credential, subscription,
                                                { endpoint: addresses.arm, apiVersion: '2025-12-01' });
    return { addresses, folder, subscription, group: resourceGroup, workspace, identity, credential, ml };
}

const endpoint = 'digits-endpoint';

export const steps = {
    async 'device code'({ addresses, identity }) {
        let asked;
        const credential = new DeviceCodeCredential({ ...identity, tenantId: 'organizations', userPromptCallback: info => { asked = info; } });
        const token = await credential.getToken('https://management.azure.com/.default');
        assert.match(asked.message, /devicelogin/);
        const client = new SubscriptionClient(credential, { endpoint: addresses.arm });
        assert.equal((await all(client.subscriptions.list())).length, 2);
        return `code ${asked.userCode}, token of ${token.token.length} characters`;
    },

    async 'wrong secret'({ addresses, identity }) {
        const credential = new ClientSecretCredential(addresses.tenant, addresses.clientId, 'wrong', identity);
        const error = await rejection(credential.getToken('https://management.azure.com/.default'));
        assert.match(error.message, /AADSTS7000215/);
    },

    async 'tenants and subscriptions'({ addresses, credential }) {
        const client = new SubscriptionClient(credential, { endpoint: addresses.arm });
        const tenants = await all(client.tenants.list());
        const subscriptions = await all(client.subscriptions.list());
        assert.deepEqual(tenants.map(each => each.displayName), ['Contoso', 'Fabrikam']);
        assert.deepEqual(subscriptions.map(each => each.state), ['Enabled', 'Warned']);
        assert.ok((await all(client.subscriptions.listLocations(subscriptions[0].subscriptionId))).length > 2);
    },

    async 'workspaces, in pages'({ ml, group, workspace }) {
        const workspaces = await all(ml.workspaces.listBySubscription());
        assert.equal(workspaces.length, 4);
        const one = await ml.workspaces.get(group, workspace);
        assert.equal(one.provisioningState, 'Succeeded');
        assert.match(one.storageAccount, /storageAccounts/);
        return workspaces.map(each => each.name).join(', ');
    },

    async 'an unknown workspace'({ ml, group }) {
        const error = await rejection(ml.workspaces.get(group, 'nowhere'));
        assert.equal(error.statusCode, 404);
        assert.equal(error.code, 'ResourceNotFound');
    },

    async 'upload to the default datastore'(state) {
        const { ml, group, workspace, addresses } = state;
        const [datastore] = await all(ml.datastores.list(group, workspace, { isDefault: true }));
        assert.equal(datastore.properties.datastoreType, 'AzureBlob');
        const secrets = await ml.datastores.listSecrets(group, workspace, datastore.name);
        assert.equal(secrets.secretsType, 'Sas');
        const container = new ContainerClient(`${addresses.blob}/${datastore.properties.containerName}?${secrets.sasToken}`);
        const blob = container.getBlockBlobClient('LocalUpload/0123456789abcdef/model.onnx');
        const content = Buffer.alloc(9 << 20, 7);
        await blob.uploadData(content, { blockSize: 4 << 20, maxSingleShotSize: 1 << 20,
                                         metadata: { name: 'digits', version: '1', upload_status: 'completed' } });
        assert.equal((await blob.getProperties()).contentLength, content.length);
        assert.deepEqual((await blob.downloadToBuffer(content.length - 10, 10)), content.subarray(0, 10));
        const names = [];
        for await (const item of container.listBlobsFlat({ prefix: 'LocalUpload/' }))
            names.push(item.name);
        assert.deepEqual(names, ['LocalUpload/0123456789abcdef/model.onnx']);
        state.modelUri = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/0123456789abcdef/model.onnx';
        return `${content.length} bytes in blocks`;
    },

    async 'a signature for another container is refused'({ ml, group, workspace, addresses }) {
        const secrets = await ml.datastores.listSecrets(group, workspace, 'workspaceblobstore');
        const container = new ContainerClient(`${addresses.blob}/azureml?${secrets.sasToken}`);
        const error = await rejection(container.getBlockBlobClient('x').upload('x', 1));
        assert.equal(error.statusCode, 403);
        return error.code;
    },

    async 'register a model'(state) {
        const { ml, group, workspace } = state;
        const properties = { modelUri: state.modelUri, modelType: 'custom_model', description: 'digits',
                             tags: { opset: '17' }, properties: {}, isAnonymous: false, isArchived: false };
        const made = await ml.modelVersions.createOrUpdate(group, workspace, 'digits', '1', { properties });
        assert.match(made.properties.modelUri, /^azureml:\/\/subscriptions\//);
        for (const version of ['2', '3', '4', '5'])
            await ml.modelVersions.createOrUpdate(group, workspace, 'digits', version, { properties });
        const container = await ml.modelContainers.get(group, workspace, 'digits');
        assert.equal(container.properties.nextVersion, '6');
        assert.equal((await all(ml.modelVersions.list(group, workspace, 'digits'))).length, 5);
        assert.deepEqual((await all(ml.modelContainers.list(group, workspace))).map(each => each.name), ['digits']);
        // Archived: not listed any more, unless asked for.
        await ml.modelVersions.createOrUpdate(group, workspace, 'digits', '2', { properties: { ...properties, isArchived: true } });
        assert.equal((await all(ml.modelVersions.list(group, workspace, 'digits'))).length, 4);
        assert.equal((await all(ml.modelVersions.list(group, workspace, 'digits', { listViewType: 'All' }))).length, 5);
        await ml.modelVersions.delete(group, workspace, 'digits', '3');
        const error = await rejection(ml.modelVersions.createOrUpdate(group, workspace, 'digits', '1', {
            properties: { ...properties, modelUri: properties.modelUri + 'x' } }));
        assert.match(error.message, /paths cannot be updated/);
        state.model = made.id;
    },

    ...registrySteps,

    async 'register an environment'(state) {
        const { ml, group, workspace } = state;
        const route = path => ({ port: 5001, path });
        const made = await ml.environmentVersions.createOrUpdate(group, workspace, 'scoring', '1', { properties: {
            image: `${state.addresses.registry}/models/digits:v1`, osType: 'Linux', description: 'our server',
            inferenceConfig: { livenessRoute: route('/live'), readinessRoute: route('/ready'), scoringRoute: route('/score') } } });
        assert.equal(made.properties.inferenceConfig.scoringRoute.port, 5001);
        await ml.environmentVersions.createOrUpdate(group, workspace, 'conda', '1', { properties: {
            image: 'mcr.microsoft.com/azureml/minimal:latest', condaFile: 'name: x\ndependencies: [python=3.12]\n', osType: 'Linux' } });
        const error = await rejection(ml.environmentVersions.createOrUpdate(group, workspace, 'nothing', '1', { properties: {} }));
        assert.equal(error.statusCode, 400);
        state.environment = made.id;
    },

    async 'create an endpoint'({ ml, group, workspace }) {
        const made = await ml.onlineEndpoints.beginCreateOrUpdateAndWait(group, workspace, endpoint, {
            location: 'westeurope', identity: { type: 'SystemAssigned' }, tags: { createdBy: 'test' },
            properties: { authMode: 'Key', description: 'digits' } }, quick);
        assert.equal(made.properties.provisioningState, 'Succeeded');
        return made.properties.scoringUri;
    },

    async 'a bad endpoint'({ ml, group, workspace }) {
        const error = await rejection(ml.onlineEndpoints.beginCreateOrUpdateAndWait(group, workspace, 'x-', {
            location: 'westeurope', properties: { authMode: 'Key' } }, quick));
        assert.equal(error.statusCode, 400);
        assert.ok(error.details.error.details.length >= 2);
        return error.details.error.details[0].message;
    },

    async 'create a deployment'({ ml, group, workspace, model, environment }) {
        const probe = { initialDelay: 'PT10S', period: 'PT10S', timeout: 'PT2S', successThreshold: 1, failureThreshold: 30 };
        const made = await ml.onlineDeployments.beginCreateOrUpdateAndWait(group, workspace, endpoint, 'blue', {
            location: 'westeurope', sku: { name: 'Default', capacity: 1 },
            properties: { endpointComputeType: 'Managed', model, environmentId: environment, instanceType: 'Standard_DS3_v2',
                          environmentVariables: { A: 'b' }, appInsightsEnabled: false,
                          requestSettings: { requestTimeout: 'PT5S', maxConcurrentRequestsPerInstance: 1 },
                          livenessProbe: probe, readinessProbe: probe, scaleSettings: { scaleType: 'Default' } } }, quick);
        assert.equal(made.properties.provisioningState, 'Succeeded');
        const skus = await all(ml.onlineDeployments.listSkus(group, workspace, endpoint, 'blue'));
        assert.equal(skus[0].capacity.maximum, 20);
    },

    async 'one operation at a time'({ ml, group, workspace, model, environment }) {
        const body = { location: 'westeurope', sku: { name: 'Default', capacity: 1 },
                       properties: { endpointComputeType: 'Managed', model, environmentId: environment, instanceType: 'Standard_DS2_v2' } };
        const poller = await ml.onlineDeployments.beginCreateOrUpdate(group, workspace, endpoint, 'green', body, quick);
        const error = await rejection(ml.onlineDeployments.beginCreateOrUpdateAndWait(group, workspace, endpoint, 'red', body, quick));
        assert.equal(error.statusCode, 409);
        await poller.pollUntilDone();
    },

    async 'an image that is not there'({ ml, group, workspace, model, addresses }) {
        const { id } = await ml.environmentVersions.createOrUpdate(group, workspace, 'scoring', '2', { properties: { image: `${addresses.registry}/models/none:v1` } });
        const error = await rejection(ml.onlineDeployments.beginCreateOrUpdateAndWait(group, workspace, endpoint, 'black', {
            location: 'westeurope', sku: { name: 'Default', capacity: 1 },
            properties: { endpointComputeType: 'Managed', model, environmentId: id, instanceType: 'Standard_F2s_v2' } }, quick));
        await ml.onlineDeployments.beginDeleteAndWait(group, workspace, endpoint, 'black', quick);
        return error.message.match(/Unable to pull[^.]*/)[0];
    },

    async 'too many cores'({ ml, group, workspace, model, environment }) {
        const error = await rejection(ml.onlineDeployments.beginCreateOrUpdateAndWait(group, workspace, endpoint, 'huge', {
            location: 'westeurope', sku: { name: 'Default', capacity: 20 },
            properties: { endpointComputeType: 'Managed', model, environmentId: environment, instanceType: 'Standard_DS4_v2' } }, quick));
        assert.match(error.message, /quota/);
        const failed = await ml.onlineDeployments.get(group, workspace, endpoint, 'huge');
        assert.equal(failed.properties.provisioningState, 'Failed');
        await ml.onlineDeployments.beginDeleteAndWait(group, workspace, endpoint, 'huge', quick);
        return error.message.split('\n')[0];
    },

    async 'traffic, keys, calls'({ ml, group, workspace }) {
        const now = await ml.onlineEndpoints.get(group, workspace, endpoint);
        const { primaryKey } = await ml.onlineEndpoints.listKeys(group, workspace, endpoint);
        const call = (key, headers = {}) => fetch(now.properties.scoringUri, {
            method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}`, ...headers }, body: '{"data":[1]}' });
        assert.equal((await call('wrong')).status, 401);
        assert.equal((await call(primaryKey)).status, 404);
        assert.equal((await call(primaryKey, { 'azureml-model-deployment': 'green' })).status, 200);
        const changed = await ml.onlineEndpoints.beginCreateOrUpdateAndWait(group, workspace, endpoint, {
            location: now.location, identity: { type: 'SystemAssigned' }, tags: now.tags,
            properties: { authMode: 'Key', description: 'digits', traffic: { blue: 100, green: 0 } } }, quick);
        assert.equal(changed.properties.traffic.blue, 100);
        const answer = await call(primaryKey);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('azureml-model-deployment'), 'blue');
        await ml.onlineEndpoints.beginRegenerateKeysAndWait(group, workspace, endpoint, { keyType: 'Primary' }, quick);
        assert.equal((await call(primaryKey)).status, 401);
        return JSON.stringify(await answer.json());
    },

    async 'logs, and more instances'({ ml, group, workspace }) {
        const logs = await ml.onlineDeployments.getLogs(group, workspace, endpoint, 'blue', { containerType: 'InferenceServer', tail: 2 });
        assert.ok(logs.content.length > 0);
        const scaled = await ml.onlineDeployments.beginUpdateAndWait(group, workspace, endpoint, 'blue', { sku: { name: 'Default', capacity: 2 } }, quick);
        assert.equal(scaled.sku.capacity, 2);
        assert.equal((await ml.onlineDeployments.get(group, workspace, endpoint, 'blue')).sku.capacity, 2);
        return JSON.stringify(logs.content.slice(-60));
    },

    async 'quota and sizes'({ ml }) {
        const sizes = await ml.virtualMachineSizes.list('westeurope');
        assert.ok(sizes.value.some(size => size.name === 'Standard_DS3_v2'));
        const usages = await all(ml.usages.list('westeurope'));
        assert.ok(usages.some(usage => usage.currentValue > 0));
    },

    ...otherSteps,

    async 'delete'({ ml, group, workspace }) {
        const error = await rejection(ml.onlineDeployments.beginDeleteAndWait(group, workspace, endpoint, 'blue', quick));
        assert.equal(error.statusCode, 400); // it has traffic
        await ml.onlineDeployments.beginDeleteAndWait(group, workspace, endpoint, 'green', quick);
        await ml.onlineEndpoints.beginDeleteAndWait(group, workspace, endpoint, quick);
        assert.equal((await rejection(ml.onlineEndpoints.get(group, workspace, endpoint))).statusCode, 404);
        await ml.environmentVersions.delete(group, workspace, 'scoring', '1');
        await ml.modelContainers.delete(group, workspace, 'digits');
        assert.deepEqual(await all(ml.modelContainers.list(group, workspace)), []);
    },
};
