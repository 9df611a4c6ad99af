import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/shared/json.ts';
import { chainTest } from '../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => void (sandbox = await buildSandboxFiles()));
afterAll(() => sandbox[Symbol.dispose]());

const installed = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

interface Options {
  readonly files?: Readonly<Record<string, string>>;
  /** Copied from what is really installed. */
  readonly packages?: readonly string[];
  readonly grants?: readonly string[];
}

async function callMain(source: string, { files = {}, packages = [], grants = packages.map((name) => `package ${name}`) }: Options = {}) {
  await using test = await chainTest(sandbox, { 'main.ts': source, ...files });
  for (const name of packages) cpSync(`${installed}${name}`, `${test.workspace}/node_modules/${name}`, { recursive: true, dereference: true });
  const handle = await test.runtime.startFunction('main.ts', 'default', [] as Json[], { grants });
  return await test.finish(handle.id, handle.outcome);
}

describe('npm packages in a program', () => {
  it('lodash-es: only what is used of it becomes part of the program', async () => {
    const run = await callMain("import { map, groupBy } from 'lodash-es';\nexport default () => groupBy(map([1, 2, 3], (n) => n * 2), (n) => n > 2);", { packages: ['lodash-es'] });
    expect(run.outcome).toMatchObject({ state: 'done', result: { true: [4, 6], false: [2] } });
    expect(run.of('package.used')).toMatchObject([{ name: 'lodash-es', version: expect.stringMatching(/^4\./) as string, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }]);
    expect(run.of('package.used')[0]!.files).toBeLessThan(250);
    expect(run.of('decision')).toMatchObject([{ action: 'package lodash-es', outcome: 'allowed' }]);
  });

  it('date-fns, whose entry re-exports some 250 modules', async () => {
    const run = await callMain("import { addDays, formatISO } from 'date-fns';\nexport default () => formatISO(addDays(new Date(2024, 1, 28), 2), { representation: 'date' });", { packages: ['date-fns'] });
    expect(run.outcome).toMatchObject({ state: 'done', result: '2024-03-01' });
    expect(run.of('package.used')[0]!.files).toBeLessThan(60);
  });

  it('zod, by namespace', async () => {
    const run = await callMain("import * as z from 'zod';\nconst Row = z.object({ name: z.string(), price: z.coerce.number() });\nexport default () => [Row.parse({ name: 'a', price: '3' }), Row.safeParse({}).success];", { packages: ['zod'] });
    expect(run.outcome).toMatchObject({ state: 'done', result: [{ name: 'a', price: 3 }, false] });
  });

  it('csv-parse, in its build for browsers', async () => {
    const run = await callMain("import { parse } from 'csv-parse/browser/esm/sync';\nexport default () => parse('a,b\\n1,2', { columns: true });", { packages: ['csv-parse'] });
    expect(run.outcome).toMatchObject({ state: 'done', result: [{ a: '1', b: '2' }] });
  });

  it('CommonJS: cycles, JSON, a mode that is asked of process.env, named and default imports, and what is missing only where it is used', async () => {
    const run = await callMain("import old, { one, mode } from 'old';\nimport * as all from 'old';\nexport default () => [old.one, one, mode, all.sum, old.cycle(), old.attempt(), old.data.x, old.scoped];", {
      files: {
        'node_modules/old/package.json': '{"name":"old","version":"1.2.3","main":"lib"}',
        'node_modules/old/lib/index.js': "'use strict';\nexports.one = 1;\nexports.mode = process.env.NODE_ENV;\nconst b = require('./b');\nexports.sum = b.two + 1;\nexports.cycle = () => b.back().one;\nexports.attempt = () => { try { require('fs'); } catch (error) { return error.message; } };\nexports.data = require('../data.json');\nexports.scoped = require('@s/x');\n",
        'node_modules/old/lib/b.js': "const a = require('./index.js');\nmodule.exports = { two: 2, back: () => a };\n",
        'node_modules/old/data.json': '{"x": [1]}',
        'node_modules/@s/x/package.json': '{"name":"@s/x","exports":{".":{"node":"./node.js","import":"./x.mjs","require":"./x.cjs"}}}',
        'node_modules/@s/x/x.cjs': "module.exports = 'required';",
      },
      grants: ['package old', 'package @s/x'],
    });
    expect(run.outcome).toMatchObject({ state: 'done' });
    expect(run.outcome.result).toEqual([1, 1, 'production', 3, 1, expect.stringContaining("There is no file system here: import { workspace } from 'assassin'."), [1], 'required']);
    expect(run.of('package.used').map(({ name, version }) => `${name} ${version}`)).toEqual(['@s/x ', 'old 1.2.3']);
  });

  it('a package that is not granted does not run, and the place of its import is named', async () => {
    const run = await callMain("\nimport { map } from 'lodash-es';\nexport default () => map([1], String);", { packages: ['lodash-es'], grants: ['package date-fns'] });
    expect(run.outcome).toMatchObject({ state: 'failed', error: { code: 'denied', location: { file: 'main.ts', line: 2, column: 21 }, hint: expect.stringContaining('--allow "package lodash-es"') as string } });
    expect(run.of('lease.created')).toEqual([]);
  });

  it('a package of a package needs a grant of its own', async () => {
    const run = await callMain("import { a } from 'a';\nexport default () => a;", {
      files: { 'node_modules/a/package.json': '{"name":"a","version":"1.0.0","type":"module","main":"a.js"}', 'node_modules/a/a.js': "export { b as a } from 'b';", 'node_modules/b/package.json': '{"name":"b","version":"1.0.0","module":"b.js"}', 'node_modules/b/b.js': 'export const b = 1;' },
      grants: ['package a'],
    });
    expect(run.outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining('package b') as string, location: { file: 'main.ts', line: 1 } });
  });

  it.each([
    ["import { parse } from 'csv-parse';\nexport default () => parse;", ['csv-parse'], 'stream', 'async generators'],
    ["import gone from 'not-there';\nexport default () => gone;", [], 'The package "not-there" is not in node_modules of the workspace.', 'npm install not-there'],
    ["import a from 'zod/not/exported.js';\nexport default () => a;", ['zod'], 'does not export "./not/exported.js"', 'correct the import'],
  ])('%s cannot, and the sentence says why', async (source, packages, what, instead) => {
    const { outcome } = await callMain(source, { packages });
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'chain-invalid', location: { file: 'main.ts', line: 1 } } });
    expect(outcome.error!.message).toContain(what);
    expect(`${outcome.error!.message} ${outcome.error!.hint}`).toContain(instead);
  });
});

describe('JSON in a program', () => {
  it('is the default export of a JSON file', async () => {
    const run = await callMain("import data from './data.json' with { type: 'json' };\nimport again from './data.json';\nexport default () => [data, again === data];", { files: { 'data.json': '{"__proto__": {"x": 1}, "a": ["\\u2028"]}' } });
    expect(run.outcome.result).toEqual([{ ['__proto__']: { x: 1 }, a: ['\u2028'] }, true]);
  });

  it('that is broken is named with its place', async () => {
    const { outcome } = await callMain("import data from './data.json';\nexport default () => data;", { files: { 'data.json': '{\n  "a": ,\n}' } });
    expect(outcome.error).toMatchObject({ code: 'chain-syntax', location: { file: 'data.json', line: 2 }, message: expect.stringContaining('data.json is not JSON') as string });
  });
});
