import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLargeFileLines } from '../../../src/workspace/large-file-lines.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { workspaceTools } from '../../../src/tools/workspace-tools.ts';
import { withRun } from '../../helpers/run.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

const mebibyte = 1024 * 1024;
const tools = new ToolRegistry();
tools.register(...workspaceTools());

/** 64 bytes and 63 characters a line with its end, so that a 20 MiB file has 327,680 of them and an empty one at the end. */
const lineOf = (number: number) => `line ${number} é`.padEnd(62, '.');
const lines = 20 * mebibyte / 64;
const text = Array.from({ length: lines }, (_, i) => `${lineOf(i + 1)}\n`).join('');

/** What this process has read so far, in bytes; 0 where the system does not tell. */
const bytesRead = () => Number(/rchar: (\d+)/.exec(existsSync('/proc/self/io') ? readFileSync('/proc/self/io', 'utf8') : '')?.[1] ?? 0);

const read = (path: string, from: number, to?: number, signal = AbortSignal.timeout(10_000)) => readLargeFileLines({ path, shown: 'huge.txt' }, from, to, signal);

describe('lines of a file of 20 MiB', () => {
  it('are read without the rest of it', async () => {
    using workspace = testWorkspace({ 'huge.txt': text });
    const before = bytesRead();
    const part = await read(join(workspace.path, 'huge.txt'), 10, 12);
    expect(bytesRead() - before).toBeLessThan(2 * mebibyte);
    expect(Buffer.from(part!.bytes).toString()).toBe([10, 11, 12].map(lineOf).join('\n'));
    expect(part!.to).toBe(12);
  });

  it('are the same where they lie across the pieces in which it is read, and at its end', async () => {
    using workspace = testWorkspace({ 'huge.txt': text });
    const path = join(workspace.path, 'huge.txt');
    const across = await read(path, 4000, 9000);
    expect(Buffer.from(across!.bytes).toString()).toBe(Array.from({ length: 5001 }, (_, i) => lineOf(4000 + i)).join('\n'));
    const end = await read(path, lines, lines + 50);
    expect([Buffer.from(end!.bytes).toString(), end!.to]).toEqual([`${lineOf(lines)}\n`, lines + 1]);
    expect(Buffer.from((await read(path, 1, 1))!.bytes).toString()).toBe(lineOf(1));
  });

  it.each([['utf-16le', false], ['utf-16be', true]] as const)('are found in %s, where the bytes of a line end are halves of other characters too', async (_name, big) => {
    using workspace = testWorkspace({});
    const path = join(workspace.path, 'huge.txt');
    // U+0A00 beside U+000A, and U+0A0A, which is two line feeds for who counts bytes.
    const bytes = Buffer.from(`\ufeff${'\u0a00\u0a0aab\n'.repeat(600_000)}`, 'utf16le');
    writeFileSync(path, big ? bytes.swap16() : bytes);
    const run = await withRun(['fs.read **'], (scope, { workspace: folder }) => {
      writeFileSync(join(folder, 'huge.txt'), readFileSync(path));
      return tools.call('workspace.readFile', { path: 'huge.txt', from: 500_000, to: 500_001 }, scope);
    });
    expect(run.result()).toBe('[lines 500000 to 500001]\n\u0a00\u0a0aab\n\u0a00\u0a0aab');
  });

  it('are told to be missing, too many, or no text', async () => {
    using workspace = testWorkspace({ 'huge.txt': text });
    const path = join(workspace.path, 'huge.txt');
    await expect(read(path, lines + 2, lines + 3)).rejects.toMatchObject({ code: 'invalid-input', message: `huge.txt has only ${lines + 1} lines.` });
    await expect(read(path, 5)).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('more than the 4194304 bytes') as string });
    await expect(read(path, 5, 6, AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
    writeFileSync(path, '%PDF-1.7\n');
    appendFileSync(path, text);
    await expect(read(path, 5, 6)).rejects.toThrow('is a PDF');
    await expect(read(workspace.path, 1, 2)).rejects.toThrow('is a folder');
  });

  it('are left to who reads it whole where it is not that large', async () => {
    using workspace = testWorkspace({ 'huge.txt': text.slice(0, (4 * mebibyte / 64) * 63) });
    expect(await read(join(workspace.path, 'huge.txt'), 1, 2)).toBeUndefined();
  });
});

describe('workspace.readFile', () => {
  it('says which lines it gives of a file, counts all of one that it reads whole, and refuses those that are not there', async () => {
    const run = await withRun(['fs.read **'], async (scope, { workspace }) => {
      writeFileSync(join(workspace, 'huge.txt'), text);
      writeFileSync(join(workspace, 'small.txt'), 'a\nb\nc');
      const call = (input: { readonly path: string; readonly from?: number; readonly to?: number }) => tools.call('workspace.readFile', input, scope).catch((error: unknown) => String((error as Error).message));
      return [
        await call({ path: 'huge.txt', from: 3, to: 4 }), await call({ path: 'small.txt', from: 2, to: 9 }), await call({ path: 'small.txt', from: 4 }),
        await call({ path: 'small.txt', from: 3, to: 2 }), await call({ path: 'huge.txt' }),
      ];
    });
    expect(run.result()).toEqual([
      `[lines 3 to 4]\n${lineOf(3)}\n${lineOf(4)}`, '[lines 2 to 3 of 3]\nb\nc', 'small.txt has only 3 lines.', 'The last line, 2, comes before the first, 3.',
      `huge.txt has ${Buffer.byteLength(text)} bytes, more than the 4194304 of one read or write.`,
    ]);
  });
});
