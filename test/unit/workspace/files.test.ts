import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeReadable, listFolder, maxFileBytes, pathExists, readText, writeText } from '../../../src/workspace/files.ts';
import { quickDisk } from '../../../src/workspace/quick-disk.ts';

let folder: string;
const target = (shown: string) => ({ path: join(folder, shown), shown });
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'test-files-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('reading', () => {
  it('gives text without its byte order mark', async () => {
    writeFileSync(join(folder, 'a.txt'), '\uFEFFgrün\r\n');
    expect(await readText(target('a.txt'))).toBe('grün\r\n');
    writeFileSync(join(folder, 'empty.txt'), '');
    expect(await readText(target('empty.txt'))).toBe('');
  });

  it('refuses what is not text, naming the file and what to do', async () => {
    writeFileSync(join(folder, 'a.png'), new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]));
    writeFileSync(join(folder, 'latin.txt'), new Uint8Array([0x67, 0x72, 0xfc, 0x6e]));
    for (const name of ['a.png', 'latin.txt']) {
      await expect(readText(target(name))).rejects.toMatchObject({ code: 'invalid-input', message: `${name} is not UTF-8 text.`, hint: expect.stringContaining('UTF-8') as string });
    }
  });

  it('refuses a PDF as what it is, although its bytes may all be characters', async () => {
    writeFileSync(join(folder, 'doc.pdf'), '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n');
    const refusal = { code: 'invalid-input', message: 'doc.pdf is a PDF, not text.', hint: expect.stringContaining('pdftotext') as string };
    await expect(readText(target('doc.pdf'))).rejects.toMatchObject(refusal);
    expect(() => decodeReadable(target('doc.pdf'), Buffer.from('%PDF-1.4\n\xe2\xe3', 'latin1'))).toThrow(expect.objectContaining(refusal));
  });

  it('refuses what is over the limit without reading it', async () => {
    writeFileSync(join(folder, 'big.txt'), '');
    truncateSync(join(folder, 'big.txt'), maxFileBytes + 1);
    await expect(readText(target('big.txt'))).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining(`${maxFileBytes + 1} bytes`) as string });
  });

  it('tells a missing file from a folder', async () => {
    await expect(readText(target('none.txt'))).rejects.toMatchObject({ code: 'file-not-found' });
    mkdirSync(join(folder, 'sub'));
    await expect(readText(target('sub'))).rejects.toMatchObject({ code: 'invalid-input', message: 'sub is a folder, not a file.' });
  });

  it('refuses a link that came after the decision, in the file and in its folder', async () => {
    mkdirSync(join(folder, 'safe'));
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other/a.txt'), 'secret');
    symlinkSync(join(folder, 'other/a.txt'), join(folder, 'safe/a.txt'));
    await expect(readText(target('safe/a.txt'))).rejects.toMatchObject({ code: 'denied' });
    rmSync(join(folder, 'safe'), { recursive: true });
    symlinkSync(join(folder, 'other'), join(folder, 'safe'));
    await expect(readText(target('safe/a.txt'))).rejects.toMatchObject({ code: 'denied' });
    await expect(writeText(target('safe/b.txt'), 'x')).rejects.toMatchObject({ code: 'denied' });
    await expect(listFolder(target('safe'))).rejects.toMatchObject({ code: 'denied' });
    expect(readdirSync(join(folder, 'other'))).toEqual(['a.txt']);
  });
});

describe('writing', () => {
  it('makes missing folders, replaces the whole file and leaves nothing else behind', async () => {
    expect(await writeText(target('a/b/c.txt'), 'grün')).toEqual({ bytes: 5 });
    await writeText(target('a/b/c.txt'), 'x');
    expect(readFileSync(join(folder, 'a/b/c.txt'), 'utf8')).toBe('x');
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['c.txt']);
  });

  it('makes missing folders also where the disk is so slow that it is asked in the background', async () => {
    const slowLook = () => {
      for (const end = performance.now() + 4; performance.now() < end; );
    };
    for (let i = 0; i < 5; i++) {
      await quickDisk.do(slowLook, () => Promise.resolve());
      const path = `slow${i}/deep/er/a.txt`;
      await writeText(target(path), 'in');
      expect(readFileSync(join(folder, path), 'utf8')).toBe('in');
    }
  });

  it('keeps the mode of the file it replaces', async () => {
    writeFileSync(join(folder, 'run.sh'), 'old');
    chmodSync(join(folder, 'run.sh'), 0o750);
    await writeText(target('run.sh'), 'new');
    expect(statSync(join(folder, 'run.sh')).mode & 0o777).toBe(0o750);
  });

  it('keeps the old content whole where it fails, and leaves no half-written file', async () => {
    mkdirSync(join(folder, 'sub'));
    await expect(writeText(target('sub'), 'x')).rejects.toMatchObject({ code: 'invalid-input' });
    writeFileSync(join(folder, 'file'), 'old');
    await expect(writeText(target('file/below'), 'x')).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(writeText(target('big.txt'), 'x'.repeat(maxFileBytes + 1))).rejects.toMatchObject({ code: 'invalid-input' });
    expect(readdirSync(folder)).toEqual(['file', 'sub']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
  });

  it('lets a reader see the old content or the new one, never a part', async () => {
    const [old, fresh] = ['a'.repeat(500_000), 'b'.repeat(500_000)];
    await writeText(target('f.txt'), old);
    const seen = new Set<string>();
    const write = writeText(target('f.txt'), fresh);
    for (let i = 0; i < 5; i++) seen.add(await readText(target('f.txt')));
    await write;
    seen.add(await readText(target('f.txt')));
    expect([...seen].every((text) => text === old || text === fresh)).toBe(true);
    expect(seen.has(fresh)).toBe(true);
  });
});

describe('looking', () => {
  it('lists entries by name with kind and size, links as links', async () => {
    writeFileSync(join(folder, 'b.txt'), '12345');
    mkdirSync(join(folder, 'a'));
    symlinkSync('/nowhere', join(folder, 'c'));
    expect((await listFolder(target('.'))).map(({ name, kind }) => [name, kind])).toEqual([['a', 'directory'], ['b.txt', 'file'], ['c', 'link']]);
    expect((await listFolder(target('.')))[1]).toEqual({ name: 'b.txt', kind: 'file', bytes: 5 });
    await expect(listFolder(target('b.txt'))).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(listFolder(target('none'))).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('tells whether something exists', async () => {
    writeFileSync(join(folder, 'b.txt'), '');
    expect(await pathExists(target('b.txt'))).toBe(true);
    expect(await pathExists(target('b.txt/c'))).toBe(false);
    renameSync(join(folder, 'b.txt'), join(folder, 'c.txt'));
    expect(await pathExists(target('b.txt'))).toBe(false);
  });
});
