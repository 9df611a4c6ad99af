import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/shared/json.ts';
import { mcpDeclarations } from '../../../src/tools/schema-to-typescript.ts';
import { typeOfSchema } from '../../../src/tools/schema-type.ts';

/** The type on one line, named types behind it. */
function typeOf(schema: JsonSchema): string {
  const { type, declarations } = typeOfSchema(schema, { newName: (wish) => wish });
  return [type.text, ...declarations].map((text) => text.replace(/\s+/g, ' ')).join(' | where ');
}

describe('a schema as a type', () => {
  it.each<[string, JsonSchema, string]>([
    ['says nothing: unknown', {}, 'unknown'],
    ['is true: unknown', true, 'unknown'],
    ['is false: never', false, 'never'],
    ['is a plain type', { type: 'string' }, 'string'],
    ['is an integer: number', { type: 'integer' }, 'number'],
    ['has several types', { type: ['string', 'null'] }, 'string | null'],
    ['has a type nobody knows: unknown', { type: 'file' }, 'unknown'],
    ['is nullable in the OpenAPI way', { type: 'string', nullable: true }, 'string | null'],
    ['lists its values', { enum: ['a', 1, true, null, { x: [1] }] }, '"a" | 1 | true | null | { x: [1] }'],
    ['is one value', { const: 'fixed' }, '"fixed"'],
    ['is an array', { type: 'array', items: { type: 'string' } }, 'string[]'],
    ['is an array of a union', { type: 'array', items: { type: ['string', 'number'] } }, '(string | number)[]'],
    ['is an array of anything', { type: 'array' }, 'unknown[]'],
    ['is a closed tuple', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], minItems: 2, items: false }, '[string, number]'],
    ['is a tuple with optional members and a rest', { prefixItems: [{ type: 'string' }, { type: ['number', 'null'] }], minItems: 1, items: { type: 'boolean' } }, '[string, (number | null)?, ...boolean[]]'],
    ['is a tuple as in draft 7', { type: 'array', items: [{ type: 'string' }], additionalItems: false }, '[string?]'],
    ['is an object', { type: 'object', properties: { a: { type: 'string' }, b: { type: 'number' } }, required: ['a'] }, '{ a: string; b?: number; }'],
    ['is an object without a type', { properties: { a: { type: 'string' } } }, '{ a?: string; }'],
    ['requires what it does not describe', { type: 'object', required: ['x'] }, '{ x: unknown; }'],
    ['is an open object', { type: 'object' }, '{ [key: string]: unknown }'],
    ['is a closed empty object', { type: 'object', additionalProperties: false }, '{ [key: string]: never }'],
    ['is a map', { type: 'object', additionalProperties: { type: 'number' } }, '{ [key: string]: number; }'],
    ['is a map with named members: they fit the index signature', { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'number' } }, '{ a?: string; [key: string]: number | string | undefined; }'],
    ['has patterns for names', { type: 'object', patternProperties: { '^x-': { type: 'string' } } }, '{ [key: string]: string; }'],
    ['has names that need quotes', { type: 'object', properties: { 'a-b': { type: 'string' }, '"': { type: 'string' } } }, '{ "a-b"?: string; "\\""?: string; }'],
    ['is any of several', { anyOf: [{ type: 'string' }, { type: 'number' }] }, 'string | number'],
    ['is one of several beside its own members', { type: 'object', properties: { a: { type: 'string' } }, oneOf: [{ required: ['a'] }, { required: ['b'] }] }, '{ a?: string; } & ({ a: unknown; } | { b: unknown; })'],
    ['is all of several', { allOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }, { properties: { b: { type: 'string' } } }] }, '{ a: string; } & { b?: string; }'],
    ['is any of everything: unknown', { anyOf: [{ type: 'string' }, {}] }, 'unknown'],
    ['says what it is not, which no type can: unknown', { not: { type: 'string' } }, 'unknown'],
    ['refers to a definition', { type: 'array', items: { $ref: '#/$defs/Name' }, $defs: { Name: { type: 'string' } } }, 'Name[] | where type Name = string;'],
    ['refers to draft 7 definitions with escapes', { $ref: '#/definitions/a~1b%20c', definitions: { 'a/b c': { type: 'number' } } }, 'a/b c | where type a/b c = number;'],
    ['refers to an anchor', { $ref: '#leaf', $defs: { x: { $anchor: 'leaf', type: 'boolean' } } }, 'leaf | where type leaf = boolean;'],
    ['refers to nothing: unknown', { $ref: '#/$defs/Gone' }, 'unknown'],
    ['refers to another document, which is never fetched: unknown', { $ref: 'https://example.com/schema.json' }, 'unknown'],
    ['is recursive through an object', { $ref: '#/$defs/Node', $defs: { Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } } } }, 'Node | where type Node = { next?: Node; };'],
    ['is recursive through its own root', { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } } } }, '{ children?: []; } | where type = { children?: []; };'],
    ['is a circle of nothing but references: unknown', { $ref: '#/$defs/A', $defs: { A: { anyOf: [{ $ref: '#/$defs/B' }, { type: 'string' }] }, B: { $ref: '#/$defs/A' } } }, 'A | where type A = unknown;'],
  ])('that %s', (_, schema, expected) => {
    expect(typeOf(schema)).toBe(expected);
  });

  it('that is deeper than anybody would write ends as unknown', () => {
    let schema: JsonSchema = { type: 'string' };
    for (let i = 0; i < 5000; i++) schema = { type: 'array', items: schema };
    expect(typeOf(schema)).toMatch(/^unknown(\[\]){41}$/);
  });

  it('that unfolds into very many parts is cut off', () => {
    const wide = { type: 'object', properties: Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`p${i}`, { type: 'string' }])) };
    const text = typeOf(wide);
    expect(text).toContain('p19998?: string');
    expect(text).toContain('p20000?: unknown');
  });
});

describe('the declarations of servers', () => {
  const tool = (name: string, rest: { description?: string; inputSchema?: JsonSchema; outputSchema?: JsonSchema } = {}) => ({ name, inputSchema: { type: 'object' }, ...rest });

  it('carry descriptions and defaults over as documentation', () => {
    const text = mcpDeclarations([{ name: 'files', tools: [tool('read', { description: 'Reads\na file. */ alert(1)', inputSchema: { type: 'object', properties: { head: { type: 'number', description: 'First lines', default: 10 } } } })] }]);
    expect(text).toContain(`    /**
     * Reads
     * a file. *\\/ alert(1)
     */
    read(args?: {
      /**
       * First lines
       * @default 10
       */
      head?: number;
    }): Promise<McpContent>;`);
  });

  it('let the arguments be left out only where none is required', () => {
    const text = mcpDeclarations([{ name: 's', tools: [
      tool('none'), tool('some', { inputSchema: { type: 'object', properties: { a: {} }, required: ['a'] } }), tool('either', { inputSchema: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } }),
    ] }]);
    expect(text).toMatch(/none\(args\?: /);
    expect(text).toMatch(/some\(args: /);
    expect(text).toMatch(/either\(args: /);
  });

  it('give the declared output as the result', () => {
    expect(mcpDeclarations([{ name: 's', tools: [tool('sum', { outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] } })] }])).toMatch(/Promise<\{\s+sum: number;\s+\}>/);
  });

  it('take characters out of texts that a reviewer would not see', () => {
    expect(mcpDeclarations([{ name: 's', tools: [tool('t', { description: 'plain\u202e\u200b\u{e0041} text\u0007' })] }])).toContain('/** plain text */');
  });

  it('are the same whatever the order, name each tool once and never give two types one name', () => {
    const node = { $ref: '#/$defs/Node', $defs: { Node: { type: 'string' } } };
    const a = { name: 'a-b', tools: [tool('x', { inputSchema: node }), tool('y'), tool('x', { inputSchema: node })] };
    const b = { name: 'a_b', tools: [tool('x', { inputSchema: node })] };
    expect(mcpDeclarations([a, b])).toBe(mcpDeclarations([b, { ...a, tools: a.tools.toReversed() }]));
    expect(mcpDeclarations([a, b]).match(/^type ABXNode2? = string;$/gm)).toEqual(['type ABXNode = string;', 'type ABXNode2 = string;']);
    expect(mcpDeclarations([a]).match(/\bx\(/g)).toHaveLength(1);
  });

  it('are an empty interface where there is no server', () => {
    expect(mcpDeclarations([])).toContain('interface McpServers {}');
  });
});
