import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOptions } from '../../../scripts/lib/bundle/options.mjs';
import { packagesIn, staticClosure } from '../../../scripts/lib/bundle/sizes.mjs';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { Redactor } from '../../../src/policy/redact.ts';
import type { ModelRegistry as Registry } from '../../../src/models/model-registry.ts';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { hear, request, tool } from './with-model.ts';

type Metafile = Parameters<typeof staticClosure>[0];

let folder: string;
let metafile: Metafile;
let ModelRegistry: typeof Registry;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assassin-models-'));
  const result = await build({ ...nodeOptions(true), entryPoints: { registry: inRoot('src', 'models', 'model-registry.ts'), prices: inRoot('src', 'models', 'prices.ts') }, outdir: 'dist', logLevel: 'error' });
  metafile = result.metafile as Metafile;
  expect(result.warnings).toEqual([]);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const { path, contents } of result.outputFiles) {
    const file = join(folder, 'dist', basename(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
  ({ ModelRegistry } = await import(pathToFileURL(join(folder, 'dist', 'registry.js')).href) as { ModelRegistry: typeof Registry });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('models as they are packaged', () => {
  it('answer and call', async () => {
    await using server = await scriptedServer([{ text: ['Hi.'], calls: [{ name: 'fs_read', arguments: { path: 'a' } }] }]);
    const registry = new ModelRegistry({ redactor: new Redactor(), discover: false });
    registry.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: server.baseUrl }]);
    const heard = await hear(await registry.client('test/scripted'), request({ tools: [tool('fs.read')] }));
    expect(heard).toMatchObject({ error: undefined, text: 'Hi.', calls: [{ name: 'fs.read', input: { path: 'a' } }] });
  });

  it.each(['anthropic', 'google'] as const)('speak to %s too', async (kind) => {
    await using server = await scriptedServer([{ status: 401, body: { error: { message: 'no' } } }]);
    const registry = new ModelRegistry({ redactor: new Redactor(), discover: false });
    registry.configure([{ kind, name: 'test', baseUrl: server.baseUrl, apiKey: () => Promise.resolve('secret-key') }]);
    expect((await hear(await registry.client('test/m'), request({ tools: [tool('fs.read')] }))).error?.code).toBe('model-auth');
    expect(server.requests).toHaveLength(1);
  });

  it('load no library of a provider and no price list before they are needed, and no languages of zod ever', () => {
    for (const entry of ['dist/registry.js', 'dist/prices.js']) {
      expect(packagesIn(metafile, staticClosure(metafile, entry)).map(([name]) => name).filter((name) => name !== 'zod' && name !== 'own code')).toEqual([]);
    }
    const locales = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs)).filter(([path, { bytesInOutput }]) => /zod\/v4\/locales\/(?!en\.js)/.test(path) && bytesInOutput > 0);
    expect(locales).toEqual([]);
  });
});
