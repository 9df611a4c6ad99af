import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseGrant } from '../../../src/policy/grant.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import type { Json } from '../../../src/shared/json.ts';
import { execTools } from '../../../src/tools/exec-tools.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { confirmMatches } from '../../../src/workspace/context/confirm-matches.ts';
import { listFiles } from '../../../src/workspace/context/list-files.ts';
import { searchFiles } from '../../../src/workspace/context/search-files.ts';
import { listFolder, pathExists, readText, removeFile, writeText } from '../../../src/workspace/files.ts';
import { person } from '../../helpers/approval.ts';
import { everyCase } from '../../helpers/depth.ts';
import { withRun } from '../../helpers/run.ts';

const tries = everyCase ? 20_000 : 600;
const mark = 'of somebody else';
let root: string;
let attacker: ChildProcess | undefined;
const target = (shown: string) => ({ path: join(root, 'workspace', shown), shown });

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'test-raced-')));
  for (const folder of ['workspace/src', 'outside']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'workspace/src/a.txt'), 'mine');
  for (const name of ['a.txt', 'only-outside.txt']) writeFileSync(join(root, 'outside', name), mark);
});

afterEach(async () => {
  await ended();
  rmSync(root, { recursive: true, force: true });
});

async function ended(): Promise<void> {
  if (attacker === undefined || attacker.exitCode !== null || attacker.signalCode !== null) return;
  attacker.kill('SIGKILL');
  await once(attacker, 'exit');
}

/** Another program swaps `src` for a link out of the workspace and back, all the while. */
async function underAttack(folder = join(root, 'workspace/src')): Promise<void> {
  attacker = spawn(process.execPath, [join(import.meta.dirname, '../../fixtures/tools/swap-folder.mjs'), folder, join(root, 'outside'), '60000'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(attacker.stdout!, 'data');
}

/** How often the work was done, and how often it was refused as it must be while the folder is elsewhere. */
async function often(work: (i: number) => Promise<unknown>): Promise<{ readonly done: number; readonly refused: number }> {
  const count = { done: 0, refused: 0 };
  for (let i = 0; i < tries; i++) {
    try {
      await work(i);
      count.done += 1;
    } catch (error) {
      if (!AssassinError.isInstance(error) || !['denied', 'file-not-found', 'invalid-input'].includes(error.code)) throw error;
      count.refused += 1;
    }
  }
  return count;
}

describe.skipIf(process.platform !== 'linux')('while another program swaps a folder for a link to the outside', () => {
  it('nothing outside is read', async () => {
    await underAttack();
    const seen = new Set<string>();
    const { done, refused } = await often(async () => seen.add(await readText(target('src/a.txt'))));
    expect([...seen]).toEqual(['mine']);
    expect(done).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });

  it('nothing outside is written, made or removed', async () => {
    await underAttack();
    const { refused } = await often((i) => (i % 3 === 0 ? writeText(target('src/a.txt'), 'mine') : i % 3 === 1 ? writeText(target(`src/new${i}/deep/b.txt`), 'mine') : removeFile(target('src/only-outside.txt'))));
    await ended();
    expect(refused).toBeGreaterThan(0);
    expect(readdirSync(join(root, 'outside'))).toEqual(['a.txt', 'only-outside.txt']);
    expect(readFileSync(join(root, 'outside/a.txt'), 'utf8')).toBe(mark);
  });

  it('nothing outside is listed or found', async () => {
    await underAttack();
    const seen = new Set<string>();
    const workspace = join(root, 'workspace');
    const query = { pattern: mark, regex: false, caseSensitive: true, folder: '', globs: [], limit: 10 };
    await often(async (i) => {
      if (i % 4 === 0) for (const { name } of await listFolder(target('src'))) seen.add(name);
      else if (i % 4 === 1) seen.add(`exists: ${await pathExists(target('src/only-outside.txt'))}`);
      else if (i % 4 === 2) for (const path of (await listFiles(workspace)).files) seen.add(path.split('/').at(-1)!);
      else for (const { text } of (await searchFiles(workspace, query)).matches) seen.add(text);
    });
    expect([...seen].sort()).toEqual(['a.txt', 'exists: false']);
  });
});

it('a program is not run in a folder that was swapped while the person was asked', async () => {
  const tools = new ToolRegistry();
  tools.register(...execTools());
  let src = '';
  const approver = person(() => {
    renameSync(src, `${src}.kept`);
    symlinkSync(join(root, 'outside'), src);
    return { answer: 'once' };
  });
  const rules = [{ effect: 'ask' as const, grant: parseGrant('exec cat a.txt', root), origin: 'test' }];
  const run = await withRun(['exec cat a.txt'], async (scope, { workspace }) => {
    src = join(realpathSync(workspace), 'src');
    mkdirSync(src);
    writeFileSync(join(src, 'a.txt'), 'mine');
    return (await tools.call('exec.run', { argv: ['cat', 'a.txt'], cwd: 'src' }, scope)) as Json;
  }, { approver, rules });
  expect(run.outcome).toMatchObject({ error: { code: 'denied', message: expect.stringContaining('replaced by a link') as string } });
});

it('a line that a search found is given only where the file of that path still holds it', async () => {
  writeFileSync(join(root, 'workspace/src/b.txt'), '\ufefffirst\r\nsecond \u{1F600}\r\n');
  const workspace = join(root, 'workspace');
  const at = (path: string, line: number, text: string) => ({ path, line, column: 1, text });
  const kept = [at('src/b.txt', 1, 'first'), at('src/b.txt', 2, 'second \u{1F600}'), at('src/a.txt', 1, 'mine')];
  expect(await confirmMatches(workspace, [...kept, at('src/a.txt', 1, mark), at('src/a.txt', 2, 'mine'), at('src/gone.txt', 1, 'x')])).toEqual(kept);
});

it('a file that is a hard link to one outside is replaced when it is written, and the one outside stays as it is', async () => {
  linkSync(join(root, 'outside/a.txt'), join(root, 'workspace/linked.txt'));
  await writeText(target('linked.txt'), 'mine');
  expect(readFileSync(join(root, 'workspace/linked.txt'), 'utf8')).toBe('mine');
  expect(readFileSync(join(root, 'outside/a.txt'), 'utf8')).toBe(mark);
  linkSync(join(root, 'outside/only-outside.txt'), join(root, 'workspace/other.txt'));
  await removeFile(target('other.txt'));
  expect(readFileSync(join(root, 'outside/only-outside.txt'), 'utf8')).toBe(mark);
});
