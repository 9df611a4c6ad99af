import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftOf, removeDrafts } from '../../../src/run/drafts.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drafts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the draft of a file', () => {
  // A name may have 255 bytes: these names are as long as a file system allows.
  it.each([['Latin', 'x'.repeat(255)], ['Japanese', '報'.repeat(85)], ['emoji', '🗡'.repeat(63)]])('fits beside a file with a long %s name, and is found again', async (_script, name) => {
    const path = join(folder, name);
    const draft = draftOf(path);
    writeFileSync(path, 'old');
    writeFileSync(draft, 'new');
    expect(Buffer.byteLength(basename(draft))).toBeLessThanOrEqual(255);
    expect(await removeDrafts(path, process.pid)).toEqual([draft]);
  });
});
