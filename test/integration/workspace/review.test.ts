import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunScope } from '../../../src/run/run-scope.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { workspaceTools } from '../../../src/tools/workspace-tools.ts';
import { resolvePath } from '../../../src/workspace/paths.ts';
import { reviewFile, type ReviewedFile } from '../../../src/workspace/review/file-review.ts';
import { ownChange, writesOf } from '../../../src/workspace/review/own-change.ts';
import { undoFile, type UndoFile } from '../../../src/workspace/undo.ts';
import { withRun, type RunContext } from '../../helpers/run.ts';

const tools = new ToolRegistry();
tools.register(...workspaceTools());
const grants = ['fs.read **', 'fs.write **'];

interface File {
  readonly read: () => string;
  readonly write: (content: string | Buffer) => void;
  readonly edit: (oldText: string, newText: string) => Promise<unknown>;
  readonly review: () => Promise<ReviewedFile>;
  readonly undo: (hunks?: readonly number[]) => Promise<UndoFile>;
}

function fileOf(scope: RunScope, { store, workspace }: RunContext): File {
  const path = join(workspace, 'a.txt');
  const events = () => store.events(scope.id, 0, 10_000);
  let ownWrites: ReturnType<typeof events> | undefined;
  const review = async () => reviewFile(await ownChange('a.txt', writesOf(ownWrites ?? events()).get('a.txt') ?? [], (hash) => store.blobs.read(hash)), readFileSync(path));
  return {
    read: () => readFileSync(path, 'utf8'),
    write: (content) => writeFileSync(path, content),
    edit: (oldText, newText) => tools.call('workspace.edit', { path: 'a.txt', edits: [{ oldText, newText }] }, scope),
    review,
    undo: async (hunks) => {
      // Undoing is a run of its own; here it writes into the same journal, which must not count as what is undone.
      ownWrites ??= [...events()];
      return undoFile(await review(), await resolvePath(workspace, 'a.txt'), { journal: scope.journal, force: false, ...(hunks ? { hunks } : {}) });
    },
  };
}

describe('what a run has changed', () => {
  it('is put back change by change, while what was edited by hand since stays', async () => {
    const run = await withRun(grants, async (scope, context) => {
      const file = fileOf(scope, context);
      file.write('one\r\ntwo\r\nthree\r\nfour\r\n');
      await file.edit('one', 'ONE');
      await file.edit('four', 'FOUR');
      file.write(`by hand\r\n${file.read().replace('three', 'three by hand')}`);
      expect((await file.review()).hunks.map(({ state, at }) => [state, at])).toEqual([['there', 1], ['there', 4]]);
      expect(await file.undo([1])).toEqual({ path: 'a.txt', outcome: 'merged' });
      expect(file.read()).toBe('by hand\r\none\r\ntwo\r\nthree by hand\r\nFOUR\r\n');
      expect((await file.review()).hunks.map(({ state }) => state)).toEqual(['gone', 'there']);
      expect(await file.undo([1])).toEqual({ path: 'a.txt', outcome: 'unchanged' });
      expect(await file.undo()).toEqual({ path: 'a.txt', outcome: 'merged' });
      return file.read();
    });
    expect(run.result()).toBe('by hand\r\none\r\ntwo\r\nthree by hand\r\nfour\r\n');
  });

  it('is left alone where the same lines were edited by hand', async () => {
    const run = await withRun(grants, async (scope, context) => {
      const file = fileOf(scope, context);
      file.write('one\ntwo\n');
      await file.edit('two', 'TWO');
      file.write('one\nTWO by hand\n');
      expect(await file.undo()).toEqual({ path: 'a.txt', outcome: 'conflict' });
      expect(await file.undo([1])).toEqual({ path: 'a.txt', outcome: 'conflict' });
      await expect(file.undo([2])).rejects.toMatchObject({ code: 'invalid-input', message: 'a.txt has no change 2; it has 1.' });
      return file.read();
    });
    expect(run.result()).toBe('one\nTWO by hand\n');
  });

  it('does not hold what a person wrote between two writes of the run', async () => {
    const run = await withRun(grants, async (scope, context) => {
      const file = fileOf(scope, context);
      file.write('one\ntwo\nthree\nfour\n');
      await file.edit('one', 'ONE');
      file.write(file.read().replace('three', 'three by hand'));
      await file.edit('two', 'TWO');
      expect((await file.review()).hunks).toHaveLength(1);
      expect(await file.undo()).toEqual({ path: 'a.txt', outcome: 'restored' });
      return file.read();
    });
    expect(run.result()).toBe('one\ntwo\nthree by hand\nfour\n');
  });

  it('is not put back where a person and the run wrote the same lines in turn', async () => {
    const run = await withRun(grants, async (scope, context) => {
      const file = fileOf(scope, context);
      file.write('one\n');
      await file.edit('one', 'ONE');
      file.write('ONE by hand\n');
      await file.edit('ONE', 'First');
      expect(await file.review()).toMatchObject({ problem: 'entangled' });
      expect(await file.undo()).toEqual({ path: 'a.txt', outcome: 'conflict' });
      return file.read();
    });
    expect(run.result()).toBe('First by hand\n');
  });

  it.each(['utf-16le', 'utf-16be'] as const)('keeps the encoding %s, its mark and its line ends, in edits and back', async (encoding) => {
    const bytes = (text: string) => (encoding === 'utf-16le' ? Buffer.from(text, 'utf16le') : Buffer.from(text, 'utf16le').swap16());
    const run = await withRun(grants, async (scope, context) => {
      const file = fileOf(scope, context);
      const path = join(context.workspace, 'a.txt');
      file.write(bytes('\ufeffgrün\r\nrot\r\n'));
      await file.edit('rot\n', 'blau\n');
      expect(readFileSync(path)).toEqual(bytes('\ufeffgrün\r\nblau\r\n'));
      expect(await tools.call('workspace.readFile', { path: 'a.txt' }, scope)).toBe('grün\r\nblau\r\n');
      await file.undo([1]);
      return readFileSync(path).equals(bytes('\ufeffgrün\r\nrot\r\n'));
    });
    expect(run.result()).toBe(true);
  });

  it('changes only its own bytes in a file with one byte a character, is refused where it must guess a byte, and is put back', async () => {
    const run = await withRun(grants, async (scope, context) => {
      const file = fileOf(scope, context);
      file.write(Buffer.from([0x67, 0x72, 0xfc, 0x6e, 0x0a]));
      await expect(file.edit('gr', 'Gß')).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('"ß" does not stand in it yet') as string });
      expect([...readFileSync(join(context.workspace, 'a.txt'))]).toEqual([0x67, 0x72, 0xfc, 0x6e, 0x0a]);
      await file.edit('gr', 'Gr');
      expect([...readFileSync(join(context.workspace, 'a.txt'))]).toEqual([0x47, 0x72, 0xfc, 0x6e, 0x0a]);
      await file.undo([1]);
      return [...readFileSync(join(context.workspace, 'a.txt'))];
    });
    expect(run.result()).toEqual([0x67, 0x72, 0xfc, 0x6e, 0x0a]);
  });
});
