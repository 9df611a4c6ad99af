import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonSchema } from '../../../src/shared/json.ts';
import type { DeclaredTool } from '../../../src/tools/schema-to-typescript.ts';
import { compile } from '../../helpers/compile-types.ts';
import { everythingScript, filesystemScript, nodeServer, withHub } from '../../helpers/mcp.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const object = (properties: JsonObject, required: readonly string[] = []): JsonSchema => ({ type: 'object', properties, required: [...required] });

describe('declarations under the real compiler', () => {
  it('of the real servers accept right calls and refuse wrong ones', async () => {
    const servers = await withHub((folder) => [nodeServer('filesystem', filesystemScript, [folder]), nodeServer('everything', everythingScript)], async ({ hub }) => [
      { name: 'filesystem', tools: await hub.tools('filesystem') }, { name: 'everything', tools: await hub.tools('everything') },
    ]);
    expect(await compile(servers, `
      const written: { content: string } = await mcp.filesystem.write_file({ path: 'a', content: 'b' });
      const edited = await mcp.filesystem.edit_file({ path: 'a', edits: [{ oldText: 'a', newText: 'b' }], dryRun: true });
      const weather = await mcp.everything['get-structured-content']({ location: 'New York' });
      const degrees: number = weather.temperature;
      const echoed = await mcp.everything.echo({ message: 'hi' });
      const text: string = typeof echoed === 'string' ? echoed : '';
      await mcp.everything['get-env']();
      // @ts-expect-error a misspelt argument
      await mcp.filesystem.write_file({ path: 'a', contents: 'b' });
      // @ts-expect-error a missing argument
      await mcp.filesystem.write_file({ path: 'a' });
      // @ts-expect-error a value outside the enumeration
      await mcp.everything['get-structured-content']({ location: 'Rome' });
      // @ts-expect-error no such tool
      await mcp.filesystem.erase_disk({});
      // @ts-expect-error no such server
      await mcp.github.search({});
      export { written, edited, degrees, text };
    `)).toBe('');
  });

  it('of combined, recursive and tuple schemas mean what the schemas mean', async () => {
    const tree: JsonSchema = {
      $ref: '#/$defs/Tree',
      $defs: { Tree: object({ label: { type: 'string' }, left: { $ref: '#/$defs/Tree' }, right: { anyOf: [{ $ref: '#/$defs/Tree' }, { type: 'null' }] } }, ['label']) },
    };
    const tools: readonly DeclaredTool[] = [
      { name: 'tree', inputSchema: tree },
      { name: 'either', inputSchema: { allOf: [object({ id: { type: 'string' } }, ['id'])], oneOf: [object({ url: { type: 'string' } }, ['url']), object({ path: { type: 'string' } }, ['path'])] } },
      { name: 'point', inputSchema: object({ at: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }], minItems: 2, items: false } }, ['at']) },
      { name: 'map', inputSchema: { type: 'object', properties: { kind: { const: 'm' } }, additionalProperties: { type: 'number' } } },
      { name: 'loop', inputSchema: { ...object({ x: { $ref: '#/$defs/A' } }) as JsonObject, $defs: { A: { anyOf: [{ $ref: '#/$defs/B' }, { type: 'string' }] }, B: { oneOf: [{ $ref: '#/$defs/A' }, { type: 'array', items: { $ref: '#/$defs/B' } }] } } } },
    ];
    expect(await compile([{ name: 's', tools }], `
      await mcp.s.tree({ label: 'a', left: { label: 'b', right: null } });
      // @ts-expect-error a tree deep inside is still checked
      await mcp.s.tree({ label: 'a', left: { label: 'b', right: { label: 3 } } });
      await mcp.s.either({ id: '1', path: 'p' });
      // @ts-expect-error neither of the two
      await mcp.s.either({ id: '1' });
      await mcp.s.point({ at: [1, 2] });
      // @ts-expect-error one coordinate is missing
      await mcp.s.point({ at: [1] });
      await mcp.s.map({ kind: 'm', a: 1, b: 2 });
      // @ts-expect-error not a number
      await mcp.s.map({ a: false });
      await mcp.s.loop({ x: 'text' });
    `)).toBe('');
  });

  it('of whatever a stranger may send as a schema are valid TypeScript', async () => {
    const name = fc.constantFrom('a', 'b c', '"', '*/', '__proto__', 'then', 'é', '0', '');
    const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 4 },
        fc.boolean(), fc.constant({}), fc.jsonValue(),
        fc.record({
          type: fc.oneof(fc.constantFrom('string', 'integer', 'object', 'array', 'null', 'nonsense'), fc.array(fc.constantFrom('string', 'object', 'array'))),
          description: fc.string(), default: fc.jsonValue(), nullable: fc.boolean(), const: fc.jsonValue(),
          enum: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()), required: fc.oneof(fc.array(name), fc.jsonValue()),
          properties: fc.oneof(fc.dictionary(name, tie('schema')), fc.jsonValue()), patternProperties: fc.dictionary(name, tie('schema')), additionalProperties: tie('schema'),
          items: fc.oneof(tie('schema'), fc.array(tie('schema'))), prefixItems: fc.array(tie('schema')), minItems: fc.jsonValue(),
          anyOf: fc.array(tie('schema')), oneOf: fc.array(tie('schema')), allOf: fc.array(tie('schema')),
          $ref: fc.constantFrom('#', '#/$defs/a', '#/$defs/b c', '#/properties/a', '#/%', '#anchor', 'http://x', '#/$defs/"'), $defs: fc.dictionary(name, tie('schema')), $anchor: fc.constant('anchor'),
        }, { requiredKeys: [] }),
      ),
    }));
    const schemas = fc.sample(schema, { seed: 7, numRuns: 300 }) as JsonSchema[];
    const tools = schemas.map((inputSchema, i) => ({ name: `t${i}`, description: 'd', inputSchema, outputSchema: schemas[schemas.length - 1 - i]! }));
    expect(await compile([{ name: 'strange', tools }])).toBe('');
  });

  it('of 18,780 tools of the wild are valid TypeScript', async (context) => {
    const file = join(root, '../shared/data/mcp-tools.jsonl.gz');
    if (!existsSync(file)) {
      console.log(`Skipped: the tool definitions are not there (${file}).`);
      context.skip();
    }
    const servers = new Map<string, { name: string; inputSchema: JsonSchema }[]>();
    for (const line of gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')) {
      const { server, name, description, inputSchema = { type: 'object' } } = JSON.parse(line) as { server: string; name: string; description: string; inputSchema?: JsonSchema };
      const tool = { name, description, inputSchema };
      servers.set(server, [...servers.get(server) ?? [], tool]);
    }
    expect([...servers.values()].flat()).toHaveLength(18_780);
    expect(await compile([...servers].map(([name, tools]) => ({ name, tools })))).toBe('');
  });
});
