import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainTest } from '../../helpers/chains.ts';
import { withRun } from '../../helpers/run.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { workspaceTools } from '../../../src/tools/workspace-tools.ts';

const tools = new ToolRegistry();
tools.register(...workspaceTools());

/** What a run with this grant gets when it reads, or writes, a path of a workspace full of links. */
async function outcome(grant: string, tool: 'readFile' | 'writeFile', path: string): Promise<string> {
  const run = await withRun([grant], async (scope, { workspace }) => {
    for (const folder of ['src', '.git/hooks', 'elsewhere']) mkdirSync(join(workspace, folder), { recursive: true });
    for (const file of ['src/a.ts', '.git/config', '.env', 'elsewhere/b']) writeFileSync(join(workspace, file), 'x');
    const links = { 'src/out': '../elsewhere', 'src/env': '../.env', 'src/etc': '/etc', 'src/hooks': '../.git/hooks', 'src/proc': '/proc/self', 'src/dangling': '../elsewhere/new', 'src/self': '.', 'in': 'src', 'src/fd': '/dev/fd', 'src/chain1': 'chain2', 'src/chain2': '../elsewhere/b' };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(workspace, name));
    await tools.call(`workspace.${tool}`, tool === 'readFile' ? { path } : { path, content: 'y' }, scope);
    return null;
  });
  return run.outcome.error?.code ?? 'allowed';
}

describe('a grant holds for the real file', () => {
  it.each([
    ['fs.read src/**', 'readFile', 'src/a.ts', 'allowed'],
    ['fs.read src/**', 'readFile', 'in/a.ts', 'allowed'],
    ['fs.read in/**', 'readFile', 'in/a.ts', 'denied'],
    ['fs.read src/**', 'readFile', 'src/self/self/a.ts', 'allowed'],
    ['fs.read src/**', 'readFile', 'src/../elsewhere/b', 'denied'],
    ['fs.read src/**', 'readFile', 'src//.././elsewhere/b', 'denied'],
    ['fs.read src/**', 'readFile', 'src/out/b', 'denied'],
    ['fs.read src/**', 'readFile', 'src/chain1', 'denied'],
    ['fs.read src/**', 'readFile', 'src/etc/hostname', 'denied'],
    ['fs.read **', 'readFile', 'src/etc/hostname', 'denied'],
    ['fs.read **', 'readFile', 'src/env', 'denied'],
    ['fs.read **', 'readFile', '.env', 'denied'],
    ['fs.read .env', 'readFile', 'src/env', 'allowed'],
    ['fs.read /**', 'readFile', '/proc/self/environ', 'denied'],
    ['fs.read /**', 'readFile', 'src/proc/environ', 'denied'],
    ['fs.read /**', 'readFile', '/proc/self/cwd/../../proc/self/environ', 'denied'],
    ['fs.read **', 'readFile', '/proc/self/root/etc/hostname', 'denied'],
    ['fs.read /**', 'readFile', '/dev/fd/0', 'denied'],
    ['fs.read /**', 'readFile', 'src/fd/0', 'denied'],
    ['fs.write src/**', 'writeFile', 'src/new/deep/x', 'allowed'],
    ['fs.write src/**', 'writeFile', 'src/out/x', 'denied'],
    ['fs.write src/**', 'writeFile', 'src/dangling', 'denied'],
    ['fs.write **', 'writeFile', 'src/dangling', 'allowed'],
    ['fs.write **', 'writeFile', 'src/hooks/pre-commit', 'denied'],
    ['fs.write **', 'writeFile', '.git/hooks/pre-commit', 'denied'],
    ['fs.write .git/**', 'writeFile', 'src/hooks/pre-commit', 'allowed'],
    ['fs.write **', 'writeFile', '.assassin/chains/more.ts', 'denied'],
    ['fs.write /**', 'writeFile', '/proc/self/comm', 'denied'],
    ['fs.write **', 'writeFile', 'a\0b', 'invalid-input'],
  ] as const)('%s: %s of %j is %s', async (grant, tool, path, expected) => expect(await outcome(grant, tool, path)).toBe(expected));
});

describe('the record of runs', () => {
  let sandbox: SandboxFiles;
  beforeAll(async () => void (sandbox = await buildSandboxFiles()));
  afterAll(() => sandbox[Symbol.dispose]());

  it('is reached by no run, not even one that is granted every file', async () => {
    await using test = await chainTest(sandbox, `import { workspace } from 'assassin';
export const meta = { description: 'x', grants: ['fs.read /**', 'fs.write /**'] };
export default async (input: { path: string; write: boolean }) => input.write ? workspace.writeFile(input.path, 'x') : workspace.readFile(input.path);`);
    const path = join(test.runtime.store.directory, 'assassin.db');
    for (const write of [false, true]) {
      const { outcome: end, of } = await test.run('main', { path, write });
      expect(end.error).toMatchObject({ code: 'denied' });
      expect(of('decision').at(-1)).toMatchObject({ outcome: 'denied', rule: 'built in: the record of runs' });
    }
  });
});
