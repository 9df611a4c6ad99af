import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { Json } from '../../../src/shared/json.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { workspaceTools } from '../../../src/tools/workspace-tools.ts';
import { resolvePath } from '../../../src/workspace/paths.ts';
import { reviewFile } from '../../../src/workspace/review/file-review.ts';
import { ownChange, writesOf } from '../../../src/workspace/review/own-change.ts';
import { undoFile } from '../../../src/workspace/undo.ts';
import { withRun, type RunContext } from '../../helpers/run.ts';

const tools = new ToolRegistry();
tools.register(...workspaceTools());

const undoAll = async (scope: RunScope, { store, workspace }: RunContext, force = false): Promise<Json> => {
  const files = [];
  for (const [path, writes] of writesOf(store.events(scope.id, 0, 10_000))) {
    const target = await resolvePath(workspace, path);
    const change = await ownChange(path, writes, (hash) => store.blobs.read(hash));
    const now = existsSync(target.path) ? readFileSync(target.path) : undefined;
    files.push({ ...(await undoFile(reviewFile(change, now), target, { journal: scope.journal, force })) });
  }
  return files;
};

describe('checkpoints', () => {
  it('put back what a run has written, byte for byte, and remove what it has made', async () => {
    const original = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('one\r\ntwo\r\n')]);
    const binary = Buffer.from([0, 1, 2, 255, 254]);
    await withRun(['fs.read **', 'fs.write **'], async (scope, context) => {
      const at = (path: string) => join(context.workspace, path);
      writeFileSync(at('text.txt'), original);
      writeFileSync(at('picture.bin'), binary);
      await tools.call('workspace.edit', { path: 'text.txt', edits: [{ oldText: 'two', newText: 'zwei' }] }, scope);
      expect(readFileSync(at('text.txt'))).toEqual(Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('one\r\nzwei\r\n')]));
      await tools.call('workspace.writeFile', { path: 'text.txt', content: 'all new' }, scope);
      await tools.call('workspace.writeFile', { path: 'picture.bin', content: 'text now' }, scope);
      await tools.call('workspace.writeFile', { path: 'new/file.txt', content: 'made' }, scope);
      const files = await undoAll(scope, context);
      expect(files).toEqual([{ path: 'text.txt', outcome: 'restored' }, { path: 'picture.bin', outcome: 'restored' }, { path: 'new/file.txt', outcome: 'removed' }]);
      expect(readFileSync(at('text.txt'))).toEqual(original);
      expect(readFileSync(at('picture.bin'))).toEqual(binary);
      expect(existsSync(at('new/file.txt'))).toBe(false);
      return null;
    }).then((run) => run.result());
  });

  it('never overwrite later edits by hand unless that is asked for', async () => {
    const run = await withRun(['fs.read **', 'fs.write **'], async (scope, context) => {
      const file = join(context.workspace, 'a.txt');
      writeFileSync(file, 'before');
      await tools.call('workspace.writeFile', { path: 'a.txt', content: 'by the run' }, scope);
      writeFileSync(file, 'by hand');
      expect(await undoAll(scope, context)).toEqual([{ path: 'a.txt', outcome: 'conflict' }]);
      expect(readFileSync(file, 'utf8')).toBe('by hand');
      expect(await undoAll(scope, context, true)).toEqual([{ path: 'a.txt', outcome: 'restored' }]);
      return readFileSync(file, 'utf8');
    });
    expect(run.result()).toBe('before');
    // What was done by hand is not lost either: the forced undo kept it.
    expect(run.of('file.written')).toHaveLength(2);
  });

  it('are on record before the file changes', async () => {
    const run = await withRun(['fs.write **'], async (scope, { workspace }) => {
      mkdirSync(join(workspace, 'a.txt'));
      return tools.call('workspace.writeFile', { path: 'a.txt', content: 'x' }, scope);
    });
    // A folder cannot be kept as a file, so nothing is written and nothing claimed.
    expect(run.outcome.error).toMatchObject({ code: 'invalid-input' });
    expect(run.of('file.written')).toEqual([]);
  });

  it('are made by edits only where all of them fit', async () => {
    const run = await withRun(['fs.read **', 'fs.write **'], async (scope, { workspace }) => {
      writeFileSync(join(workspace, 'a.ts'), 'const total = rows.length;\n');
      await expect(tools.call('workspace.edit', { path: 'a.ts', edits: [{ oldText: 'rows', newText: 'items' }, { oldText: 'const total = items.size;', newText: '' }] }, scope)).rejects.toMatchObject({
        code: 'invalid-input', message: expect.stringContaining('1: const total = items.length;') as string,
      });
      return readFileSync(join(workspace, 'a.ts'), 'utf8');
    });
    expect(run.result()).toBe('const total = rows.length;\n');
    expect(run.of('file.written')).toEqual([]);
  });

  it('need leave to read for an edit, because its failure shows what the file holds', async () => {
    const run = await withRun(['fs.write **'], (scope, { workspace }) => {
      writeFileSync(join(workspace, 'a.txt'), 'secret');
      return tools.call('workspace.edit', { path: 'a.txt', edits: [{ oldText: 'x', newText: 'y' }] }, scope);
    });
    expect(run.outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining('fs.read') as string });
  });
});
