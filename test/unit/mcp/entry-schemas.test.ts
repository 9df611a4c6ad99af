import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { entryFields } from '../../../src/mcp/server-entry.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as unknown;

interface Fields {
  readonly properties: Readonly<Record<string, unknown>>;
}

it('offers in the editor exactly the fields that are read from a configuration file', () => {
  const { definitions } = read('media/mcp.schema.json') as { readonly definitions: { readonly server: Fields } };
  expect(Object.keys(definitions.server.properties).toSorted()).toEqual([...new Set([...entryFields.stdio, ...entryFields.http])].toSorted());
});

it('takes in the setting exactly the fields that are read from it', () => {
  const { contributes } = read('package.json') as { readonly contributes: { readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly additionalProperties?: { readonly oneOf: readonly Fields[] } }>> }[] } };
  const setting = contributes.configuration.map(({ properties }) => properties['infrastructureAssassin.mcp.servers']).find((each) => each !== undefined);
  expect(setting?.additionalProperties?.oneOf.map(({ properties }) => Object.keys(properties).toSorted())).toEqual([entryFields.stdio.toSorted(), entryFields.http.toSorted()]);
});
