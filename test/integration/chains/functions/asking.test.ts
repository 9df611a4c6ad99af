import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOptions } from '../../../../scripts/lib/bundle/options.mjs';
import { person } from '../../../helpers/approval.ts';
import { chainTest } from '../../../helpers/chains.ts';
import { send } from '../../../helpers/functions.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  await build({ ...nodeOptions(true), entryPoints: { 'function-node': join(root, 'src/chains/functions/node/entry.ts') }, outdir: fileURLToPath(sandbox.assets), write: true, metafile: false });
});
afterAll(() => sandbox[Symbol.dispose]());

const reads = "import { workspace } from 'assassin';\nexport default async ({ path = 'data.txt' }: { path?: string } = {}) => (await workspace.readFile(path)).trim();";

describe('what a function wants beyond its grants', () => {
  it('is asked where somebody can be, with the function by name, and a decision holds in later runs', async () => {
    const door = person(({ offers }) => ({ answer: 'workspace', grant: offers.find(({ scope }) => scope === 'workspace')!.grant }));
    await using test = await chainTest(sandbox, { 'main.ts': reads, 'data.txt': 'data' }, { approver: door });
    for (let i = 0; i < 2; i++) {
      const handle = await test.runtime.functions.start('main.ts', undefined, []);
      expect(await handle.outcome).toMatchObject({ state: 'done', result: 'data' });
    }
    expect(door.texts).toEqual([`fs.read ${join(test.workspace, 'data.txt')}`]);
    expect(door.asked[0]).toMatchObject({ title: 'default()', why: { cause: 'unlisted' } });
    expect(test.runtime.decisions.list()).toMatchObject([{ grant: 'fs.read data.txt' }]);
  });

  it('is denied where the person says no, and where nobody can be asked', async () => {
    await using asked = await chainTest(sandbox, { 'main.ts': reads, 'data.txt': 'data' }, { approver: person({ answer: 'deny', reason: 'Not that file.' }) });
    expect(await (await asked.runtime.functions.start('main.ts', undefined, [])).outcome).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('Not that file.') as string } });
    await using alone = await chainTest(sandbox, { 'main.ts': reads, 'data.txt': 'data' });
    const { outcome, of } = await alone.finish(...((handle) => [handle.id, handle.outcome] as const)(await alone.runtime.functions.start('main.ts', undefined, [])));
    expect(outcome).toMatchObject({ state: 'failed', error: { hint: expect.stringContaining('fs.read data.txt') as string } });
    expect(of('approval.asked')).toEqual([]);
  });

  it('of a served function is asked once for as long as it is served', async () => {
    const door = person(({ offers }) => ({ answer: 'run', grant: offers.find(({ scope }) => scope === 'run')!.grant }));
    await using test = await chainTest(sandbox, { 'main.ts': reads, 'data.txt': 'data' }, { approver: door });
    const handle = await test.runtime.functions.serve('main.ts', undefined, { grants: ['fn.serve'] });
    const { port, token } = await handle.ready;
    const call = () => send(port, '/', { headers: { host: `127.0.0.1:${port}`, authorization: `Bearer ${token}` } });
    expect([(await call()).text, (await call()).text]).toEqual(['"data"', '"data"']);
    expect(door.asked).toHaveLength(1);
    handle.stop();
    expect(await handle.outcome).toMatchObject({ state: 'done', clean: true });
  });
});

describe('code that needs Node', () => {
  const needsNode = "import { basename } from 'node:path';\nexport const main = (path: string) => basename(path);";

  it('says so in a way that a door can offer the Node process', async () => {
    await using test = await chainTest(sandbox, { 'main.ts': needsNode });
    expect(await (await test.runtime.functions.start('main.ts', 'main', ['a/b'])).outcome).toMatchObject({ state: 'failed', error: { code: 'chain-invalid', data: { needsNode: true }, location: { file: 'main.ts', line: 1 } } });
  });

  it('runs in a Node process once the person has allowed it, and not before', async () => {
    const leases: number[] = [];
    let started = '';
    const door = person(() => {
      leases.push(test.runtime.events(started).filter(({ type }) => type === 'lease.created').length);
      return { answer: 'once' };
    });
    await using test = await chainTest(sandbox, { 'main.ts': needsNode }, { approver: door });
    const handle = await test.runtime.functions.start('main.ts', 'main', ['a/b'], { node: true });
    started = handle.id;
    expect(await handle.outcome).toMatchObject({ state: 'done', clean: true, result: 'b' });
    expect(door.asked).toMatchObject([{ text: `node ${join(test.workspace, 'main.ts')}`, title: 'main() in Node, weaker isolation', offers: [{ scope: 'run' }, { scope: 'workspace', grant: 'node main.ts', sentence: expect.stringContaining('is no sandbox') as string }] }]);
    expect(leases).toEqual([0]);
  });

  it('does not run there where the person says no', async () => {
    await using test = await chainTest(sandbox, { 'main.ts': needsNode }, { approver: person({ answer: 'deny' }) });
    const handle = await test.runtime.functions.start('main.ts', 'main', ['a/b'], { node: true });
    const { outcome, of } = await test.finish(handle.id, handle.outcome);
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'denied' } });
    expect(of('lease.created')).toEqual([]);
  });
});
