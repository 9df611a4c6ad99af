import { describe, expect, it } from 'vitest';
import { readChainMeta } from '../../../src/chains/chain-meta.ts';
import { stripTypes } from '../../../src/chains/strip-types.ts';

async function read(source: string) {
  const { tree, positions } = await stripTypes(source, 'a.ts');
  const { meta, problems } = readChainMeta(tree, (line, column) => positions.locate(line, column), '/w');
  return { meta, problems: problems.map(({ code, location, message }) => `${code} ${location?.line}:${location?.column} ${message}`), hints: problems.map(({ hint }) => hint) };
}
const main = '\nexport default async function () {}';

describe('meta', () => {
  it('is read without running anything', async () => {
    const { meta, problems } = await read(`export const meta = {
  title: 'Prices', description: \`two
lines\`, 'grants': ['browser', "net https://shop.example"] as const,
  input: { type: 'object', properties: { n: { type: 'integer', default: -1, minimum: -5 }, ok: { type: 'boolean', default: true }, x: { type: ['string', 'null'], default: null } }, required: [] },
  budget: { wallMs: 1_000, moneyUsd: 0.5 }, limits: { memoryBytes: 33554432 },
} as const satisfies ChainMeta;${main}`);
    expect(problems).toEqual([]);
    expect(meta).toEqual({
      title: 'Prices', description: 'two\nlines', grants: ['browser', 'net https://shop.example'],
      input: { type: 'object', properties: { n: { type: 'integer', default: -1, minimum: -5 }, ok: { type: 'boolean', default: true }, x: { type: ['string', 'null'], default: null } }, required: [] },
      budget: { wallMs: 1000, moneyUsd: 0.5 }, limits: { memoryBytes: 33554432 },
    });
  });

  it('may name tags, each of which must be one', async () => {
    expect(await read(`export const meta = { tags: ['nightly', 'eu'] };${main}`)).toMatchObject({ meta: { tags: ['nightly', 'eu'] }, problems: [] });
    expect((await read(`export const meta = { tags: ['a,b'] };${main}`)).problems).toEqual(['chain-invalid 1:29 meta.tags: "a,b" cannot be a tag.']);
    expect((await read(`export const meta = { tags: 'nightly' };${main}`)).problems[0]).toContain('meta.tags');
  });

  it('may be missing: the chain can then only compute', async () => {
    expect(await read(main)).toMatchObject({ meta: { description: '', grants: [] }, problems: [] });
  });

  it('may be exported by name', async () => {
    expect((await read(`const meta = { description: 'x' };\nfunction run() {}\nexport { meta, run as default };`)).meta.description).toBe('x');
  });

  it.each([
    ['export const meta = { description: `a${1}` };', 'chain-invalid 1:36 This part of meta is computed.'],
    ['const g = "browser";\nexport const meta = { grants: [g] };', 'chain-invalid 2:32 This part of meta is computed.'],
    ['export const meta = { grants: ["browser", ...more] };', 'chain-invalid 1:43 This part of meta is computed.'],
    ['export const meta = { ...base };', 'chain-invalid 1:23 This part of meta is spread from elsewhere.'],
    ['export const meta = { ["title"]: "x" };', 'chain-invalid 1:23 This part of meta is computed.'],
    ['export const meta = { get title() { return "x"; } };', 'chain-invalid 1:23 This part of meta is computed.'],
    ['export const meta = { title };', 'chain-invalid 1:23 This part of meta is computed.'],
    ['export const meta = { grants: [, "browser"] };', 'chain-invalid 1:31 This part of meta has a gap in a list.'],
    ['export const meta = { input: { type: 1n } };', 'chain-invalid 1:38 This part of meta is computed.'],
    ['export const meta = make();', 'chain-invalid 1:21 meta is not written out.'],
    ['export let meta = { description: "x" };', 'chain-invalid 1:8 meta is not written out.'],
    ['export function meta() {}', 'chain-invalid 1:8 meta is not written out.'],
    ['export { meta } from "./b.ts";', 'chain-invalid 1:1 meta is not written out.'],
    ['export const meta = { grant: ["browser"] };', 'chain-invalid 1:23 meta has no field "grant".'],
    ['export const meta = { budget: { wallMs: 5, seconds: 3 } };', 'chain-invalid 1:44 meta.budget has no field "seconds".'],
    ['export const meta = { budget: { wallMs: -5 } };', 'chain-invalid 1:41 meta.budget.wallMs: must be more than 0.'],
    ['export const meta = { limits: { stackBytes: 99999999 } };', 'chain-invalid 1:45 The sandbox limit stackBytes is 99999999, which is not a whole number from 32768 to 524288.'],
    ['export const meta = { description: 5 };', 'chain-invalid 1:36 meta.description: must be text, not a number.'],
    ['export const meta = { grants: "browser" };', 'chain-invalid 1:31 meta.grants: must be a list, not text.'],
    ['export const meta = { __proto__: { description: "x" } };', 'chain-invalid 1:23 meta has no field "__proto__".'],
    ['export const meta = {\n  grants: [\n    "browser",\n    "teleport mars",\n  ],\n};', 'invalid-grant 4:5 "teleport mars" is not a grant: there is no capability "teleport".'],
    ['export const meta: ChainMeta<string> = { grants: ["net shop.example"] };', 'invalid-grant 1:51 "net shop.example" is not a network grant.'],
    ['export const meta = { input: { type: "objekt" } };', 'chain-invalid 1:30 This part of meta.input cannot be used: Unsupported type: objekt.'],
    ['export const meta = { input: { type: "object", properties: { a: { minLength: 2 } } } };', 'chain-invalid 1:65 This part of meta.input needs a "type", without which its other keywords check nothing.'],
    ['export const meta = { input: { properties: {} } };', 'chain-invalid 1:30 This part of meta.input needs a "type", without which its other keywords check nothing.'],
    ['export const meta = { input: { type: "string", not: { type: "string" } } };', 'chain-invalid 1:30 This part of meta.input cannot be used: not is not supported in Zod (except { not: {} } for never).'],
  ])('%s is refused at its place', async (source, problem) => {
    expect((await read(source + main)).problems).toEqual([problem]);
  });

  it('names what it may say, and reports several problems at once', async () => {
    const { problems, hints } = await read(`export const meta = { grants: ['x', 'browser 5'], limits: { cpuMs: 99999999999 } };${main}`);
    expect(problems.map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual(['invalid-grant 1:32', 'invalid-grant 1:37', 'chain-invalid 1:68']);
    expect(hints[1]).toContain('Write just "browser"');
    expect((await read(`export const meta = { grant: [] };${main}`)).hints[0]).toBe('It may have title, description, tags, grants, frozenFrom, isolation, input, output, budget, limits.');
  });
});

describe('the default export', () => {
  it.each([
    ['export const main = () => 1;', 'chain-invalid 1:1 The chain has no default export.'],
    ['export default { run() {} };', 'chain-invalid 1:16 The default export is not a function.'],
    ['class Chain {}\nexport default Chain;', 'chain-invalid 1:1 The default export is not a function.'],
    ['type Chain = () => void;\nexport default Chain;', 'chain-invalid 1:1 The chain has no default export.'],
    ['const name = "x";\nexport { name as default };', 'chain-invalid 1:14 The default export is not a function.'],
  ])('%j is refused', async (source, problem) => {
    expect((await read(source)).problems).toEqual([problem]);
  });

  it.each(['export default () => 1;', 'export default function () {}', 'async function run() {}\nexport default run;', 'const run = wrap(() => 1);\nexport { run as default };', 'export { default } from "./b.ts";'])('%j is accepted', async (source) => {
    expect((await read(source)).problems).toEqual([]);
  });
});
