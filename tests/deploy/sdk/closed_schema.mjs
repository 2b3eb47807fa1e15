// SPDX-License-Identifier: GPL-3.0-or-later
// Azure's published template schemas, made strict: unknown members are refused, template expressions are not
// allowed in place of values, and a base with its variants becomes one closed object per variant (as published,
// the base's "no other members" would refuse what the variants add).

const isObject = schema => schema.type === 'object' || schema.properties || schema.allOf;

export class ClosedSchemas {
    constructor(source) {
        this.source = source;
        this.definitions = {};
    }

    // The closed form of a resource definition, with all the definitions that it needs.
    resource(name) {
        const closed = this.close(this.source.resourceDefinitions[name]);
        return { ...closed, definitions: this.definitions };
    }

    definition(name) {
        if (!(name in this.definitions)) {
            this.definitions[name] = {}; // definitions may name themselves
            Object.assign(this.definitions[name], this.close(this.source.definitions[name]) ?? {});
        }
        return { $ref: `#/definitions/${name}` };
    }

    // Null for a template expression.
    close(schema) {
        if (schema.$ref)
            return schema.$ref.startsWith('#/definitions/') ? this.definition(schema.$ref.split('/').at(-1)) : null;
        if (schema.const !== undefined)
            return { enum: [schema.const] };
        if (isObject(schema)) {
            const variants = this.variants(schema).map(variant => this.closedObject(variant));
            return variants.length === 1 ? variants[0] : { anyOf: variants };
        }
        const choices = schema.oneOf ?? schema.anyOf;
        if (choices) {
            const closed = choices.map(each => this.close(each)).filter(each => each);
            return closed.length === 1 ? closed[0] : { anyOf: closed };
        }
        if (schema.type === 'array')
            return { ...schema, items: schema.items ? this.close(schema.items) ?? {} : {} };
        const { description, ...rest } = schema;
        return rest;
    }

    closedObject({ properties, required, others }) {
        const closed = { type: 'object', properties: {} };
        for (const [name, schema] of Object.entries(properties))
            closed.properties[name] = schema.length === 1 ? this.close(schema[0]) ?? {} : { allOf: schema.map(each => this.close(each) ?? {}) };
        if (required.length)
            closed.required = [...new Set(required)];
        if (others)
            closed.additionalProperties = this.close(others) ?? {};
        else if (Object.keys(properties).length)
            closed.additionalProperties = false;
        return closed;
    }

    // The objects that a schema allows, each as {name: [schemas]}, required names, and what else it may hold.
    variants(schema) {
        if (schema.$ref)
            return schema.$ref.startsWith('#/definitions/') ? this.variants(this.source.definitions[schema.$ref.split('/').at(-1)]) : [];
        const own = { properties: {}, required: schema.required ?? [],
                      others: typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined };
        for (const [name, value] of Object.entries(schema.properties ?? {}))
            own.properties[name] = [value];
        let list = [own];
        for (const part of schema.allOf ?? [])
            list = list.flatMap(left => this.variants(part).map(right => merged(left, right)));
        const choices = schema.oneOf ?? schema.anyOf;
        if (choices)
            list = list.flatMap(left => choices.flatMap(each => this.variants(each)).map(right => merged(left, right)));
        return list;
    }
}

function merged(left, right) {
    const properties = { ...left.properties };
    for (const [name, schemas] of Object.entries(right.properties))
        properties[name] = [...(properties[name] ?? []), ...schemas];
    return { properties, required: [...left.required, ...right.required], others: left.others ?? right.others };
}
