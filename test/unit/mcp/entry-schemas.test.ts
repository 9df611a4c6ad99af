import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { oauthFields } from '../../../src/mcp/oauth/oauth-config.ts';
import { entryFields } from '../../../src/mcp/server-entry.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as unknown;

interface Fields {
  readonly properties: Readonly<Record<string, unknown>>;
}

it('offers in the editor exactly the fields that are read from a configuration file', () => {
  const { definitions } = read('media/mcp.schema.json') as { readonly definitions: { readonly server: Fields } };
  expect(Object.keys(definitions.server.properties).toSorted()).toEqual([...new Set([...entryFields.stdio, ...entryFields.http])].toSorted());
});

it('offers of a sign-in exactly the fields that are read, in files and in the setting', () => {
  for (const path of ['media/mcp.schema.json', 'package.json']) expect(signInsIn(read(path)).map(({ properties }) => Object.keys(properties).toSorted()), path).toEqual([[...oauthFields].toSorted()]);
});

/** What a schema says of a field `oauth`, wherever it stands. */
function signInsIn(schema: unknown): readonly Fields[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]: [string, unknown]) => (name === 'oauth' && typeof value === 'object' && value !== null && 'oneOf' in value ? (value.oneOf as readonly unknown[]).filter((each): each is Fields => typeof each === 'object' && each !== null && 'properties' in each) : signInsIn(value)));
}

it('takes in the setting exactly the fields that are read from it', () => {
  const { contributes } = read('package.json') as { readonly contributes: { readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly additionalProperties?: { readonly oneOf: readonly Fields[] } }>> }[] } };
  const setting = contributes.configuration.map(({ properties }) => properties['infrastructureAssassin.mcp.servers']).find((each) => each !== undefined);
  expect(setting?.additionalProperties?.oneOf.map(({ properties }) => Object.keys(properties).toSorted())).toEqual([entryFields.stdio.toSorted(), entryFields.http.toSorted()]);
});
