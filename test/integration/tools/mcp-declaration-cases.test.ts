import { expect, it } from 'vitest';
import type { JsonObject, JsonSchema } from '../../../src/shared/json.ts';
import { mcpDeclarations } from '../../../src/tools/schema-to-typescript.ts';
import { compile } from '../../helpers/compile-types.ts';

interface Case {
  readonly of: string;
  /** The schema of the argument `x`. */
  readonly schema: JsonSchema;
  readonly definitions?: JsonObject;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

const cases: readonly Case[] = [
  { of: 'a list of types', schema: { type: ['string', 'integer'] }, right: ["'a'", '1'], wrong: ['true', 'null', '[]'] },
  { of: 'anyOf', schema: { anyOf: [{ type: 'string' }, { type: 'object', properties: { id: { type: 'number' } }, required: ['id'] }] }, right: ["'a'", '{ id: 1 }'], wrong: ['1', "{ id: 'a' }", '{}'] },
  { of: 'oneOf with a discriminator', schema: { oneOf: [{ type: 'object', properties: { kind: { const: 'a' }, n: { type: 'number' } }, required: ['kind', 'n'] }, { type: 'object', properties: { kind: { const: 'b' }, s: { type: 'string' } }, required: ['kind', 's'] }] }, right: ["{ kind: 'a', n: 1 }", "{ kind: 'b', s: '' }"], wrong: ["{ kind: 'a', s: '' }", "{ kind: 'c' }"] },
  { of: 'an enumeration of texts', schema: { enum: ['asc', 'desc'] }, right: ["'asc'"], wrong: ["'up'", '1'] },
  { of: 'an enumeration of several kinds', schema: { enum: ['auto', 0, false, null] }, right: ["'auto'", '0', 'false', 'null'], wrong: ["'x'", '1', 'true'] },
  { of: 'const', schema: { const: 42 }, right: ['42'], wrong: ['43', "'42'"] },
  { of: 'const with a structure', schema: { const: { a: [1, 'b'] } }, right: ["{ a: [1, 'b'] }"], wrong: ["{ a: [1, 'c'] }", '{}'] },
  { of: 'nullable by a list of types', schema: { type: ['string', 'null'] }, right: ["'a'", 'null'], wrong: ['1'] },
  { of: 'nullable by the word of OpenAPI', schema: { type: 'string', nullable: true }, right: ["'a'", 'null'], wrong: ['1'] },
  { of: 'a default, whose field may be left out', schema: { type: 'object', properties: { limit: { type: 'integer', default: 10 } } }, right: ['{}', '{ limit: 5 }'], wrong: ["{ limit: 'five' }"] },
  { of: 'recursion by $defs', schema: ref('Tree'), definitions: { Tree: { type: 'object', properties: { label: { type: 'string' }, below: { type: 'array', items: ref('Tree') } }, required: ['label'] } }, right: ["{ label: 'a', below: [{ label: 'b', below: [] }] }"], wrong: ["{ label: 'a', below: [{ label: 1 }] }", '{}'] },
  { of: 'two definitions that need each other', schema: ref('Even'), definitions: { Even: { type: 'object', properties: { odd: ref('Odd') } }, Odd: { type: 'object', properties: { even: ref('Even') }, required: ['even'] } }, right: ['{ odd: { even: {} } }'], wrong: ['{ odd: {} }'] },
  { of: 'recursion by the root', schema: { $ref: '#' }, right: ["{ x: { x: { x: undefined! } } }"], wrong: ["{ x: 'a' }"] },
  { of: '$anchor', schema: { $ref: '#place' }, definitions: { P: { $anchor: 'place', type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }, right: ["{ city: 'a' }"], wrong: ['{}', '{ city: 1 }'] },
  { of: 'allOf', schema: { allOf: [{ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, { type: 'object', properties: { b: { type: 'number' } }, required: ['b'] }] }, right: ["{ a: '', b: 1 }"], wrong: ["{ a: '' }", '{ b: 1 }'] },
  { of: 'allOf with a reference and fields of its own', schema: { allOf: [ref('Base')], type: 'object', properties: { more: { type: 'boolean' } }, required: ['more'] }, definitions: { Base: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } }, right: ["{ id: '', more: true }"], wrong: ['{ more: true }', "{ id: '' }"] },
  { of: 'a closed tuple', schema: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }], minItems: 2, items: false }, right: ["[1, 'a']"], wrong: ['[1]', "['a', 1]", "[1, 'a', 2]"] },
  { of: 'a tuple with more of one kind', schema: { type: 'array', prefixItems: [{ type: 'string' }], minItems: 1, items: { type: 'number' } }, right: ["['a']", "['a', 1, 2]"], wrong: ['[]', "['a', 'b']"] },
  { of: 'a tuple as draft-07 wrote it', schema: { type: 'array', items: [{ type: 'number' }, { type: 'number' }], minItems: 2, additionalItems: false }, right: ['[1, 2]'], wrong: ["[1, 'a']", '[1, 2, 3]'] },
  { of: 'an array', schema: { type: 'array', items: { enum: ['a', 'b'] } }, right: ['[]', "['a', 'b']"], wrong: ["['c']", "'a'"] },
  { of: 'a closed object', schema: { type: 'object', properties: { a: { type: 'number' } }, additionalProperties: false }, right: ['{ a: 1 }'], wrong: ['{ b: 1 }'] },
  { of: 'a closed object without fields', schema: { type: 'object', additionalProperties: false }, right: ['{}'], wrong: ['{ a: 1 }'] },
  { of: 'a map', schema: { type: 'object', additionalProperties: { type: 'number' } }, right: ['{}', '{ a: 1, b: 2 }'], wrong: ["{ a: '1' }"] },
  { of: 'a map beside a field', schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: { type: 'number' } }, right: ["{ name: 'a', n: 1 }"], wrong: ['{ n: 1 }', "{ name: 'a', n: true }"] },
  { of: 'false', schema: false, right: [], wrong: ['1', "'a'", 'null', '{}'] },
];

const tools = cases.map(({ schema, definitions }, i) => ({ name: `t${i}`, inputSchema: { type: 'object', properties: { x: schema }, required: schema !== false && typeof schema === 'object' && schema['$ref'] === '#' ? [] : ['x'], ...(definitions ? { $defs: definitions } : {}) } }));

it('takes every right call of each construct of JSON Schema and makes every wrong one a type error', async () => {
  const lines = cases.flatMap(({ of, right, wrong }, i) => [
    ...right.map((value) => `await mcp.s.t${i}({ x: ${value} }); // right: ${of}`),
    ...wrong.map((value) => `// @ts-expect-error ${of}\nawait mcp.s.t${i}({ x: ${value} });`),
  ]);
  expect(await compile([{ name: 's', tools }], lines.join('\n'))).toBe('');
});

it('says unknown, and never any, where a schema says nothing, so that a value has to be looked at before it is used', async () => {
  const open = [true, {}, { description: 'Whatever' }, { type: 'array' }, { type: 'object' }, { $ref: 'https://elsewhere.example/schema' }, { $ref: '#/$defs/missing' }, { not: { type: 'string' } }, { if: {}, then: {} }] as const;
  const declared = open.map((schema, i) => ({ name: `t${i}`, inputSchema: { type: 'object' }, outputSchema: { type: 'object', properties: { x: schema }, required: ['x'] } }));
  expect(mcpDeclarations([{ name: 's', tools: declared }])).not.toMatch(/\bany\b/);
  const program = declared.map((_tool, i) => `{ const { x } = await mcp.s.t${i}();\n// @ts-expect-error it is not known\nconst text: string = x; export_(text); }`).join('\n');
  expect(await compile([{ name: 's', tools: declared }], `declare function export_(value: unknown): void;\n${program}`)).toBe('');
});

it('carries descriptions, defaults and deprecations over, and lets no description end its comment', () => {
  const text = mcpDeclarations([{ name: 's', tools: [{ name: 'find', description: 'Finds things. */ evil();', inputSchema: { type: 'object', properties: { limit: { type: 'integer', description: 'How many.', default: 10 }, old: { type: 'string', deprecated: true } } } }] }]);
  expect(text).toContain('How many.');
  expect(text).toContain('@default 10');
  expect(text).toContain('@deprecated');
  expect(text).not.toMatch(/\*\/ evil/);
});
