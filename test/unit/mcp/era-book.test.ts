import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EraBook } from '../../../src/mcp/era-book.ts';

const day = 86_400_000;
let folder = '';
let now = 1_800_000_000_000;
const book = () => new EraBook(join(folder, 'eras.json'), () => now);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-eras-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the book of protocols', () => {
  it('tells the next program what the last one found', async () => {
    await book().remember('server', { era: 'legacy', transport: 'sse' });
    expect(await book().get('server')).toEqual({ era: 'legacy', transport: 'sse', at: now });
    expect(await book().get('another')).toBeUndefined();
  });

  it('forgets after a week, also what was confirmed meanwhile without being asked anew', async () => {
    await book().remember('server', { era: 'legacy' });
    now += 6 * day;
    await book().remember('server', { era: 'legacy' });
    expect(await book().get('server')).toBeDefined();
    now += 2 * day;
    expect(await book().get('server')).toBeUndefined();
  });

  it('does not believe a date that is yet to come', async () => {
    await book().remember('server', { era: 'legacy' });
    now -= day;
    expect(await book().get('server')).toBeUndefined();
  });

  it('takes what is newer in place of what it knew, and forgets on request', async () => {
    const one = book();
    await one.remember('server', { era: 'legacy' });
    await one.remember('server', { era: 'modern' });
    expect((await book().get('server'))?.era).toBe('modern');
    await one.forget('server');
    expect(await book().get('server')).toBeUndefined();
  });

  it('begins anew where the file is broken', async () => {
    writeFileSync(join(folder, 'eras.json'), '{"server": 7');
    expect(await book().get('server')).toBeUndefined();
    await book().remember('server', { era: 'modern' });
    expect(JSON.parse(readFileSync(join(folder, 'eras.json'), 'utf8'))).toEqual({ server: { era: 'modern', at: now } });
  });
});
