import { rgPath } from '@vscode/ripgrep';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { searchCheck } from '../../../src/doctor/search-check.ts';

test('the search says by what it is done: the ripgrep of the editor, one on the PATH, or the built-in one and how to change that', async () => {
  expect((await searchCheck([rgPath], '/workspace', '')).detail).toContain('by ');
  expect((await searchCheck([], '/workspace', dirname(rgPath))).detail).toMatch(/^by .*rg/);
  expect(await searchCheck([], '/workspace', '')).toMatchObject({ status: 'ok', detail: expect.stringContaining('install ripgrep') as string });
  // One that lies in the workspace may be anybody's.
  expect((await searchCheck([rgPath], dirname(dirname(dirname(dirname(rgPath)))), '')).detail).toContain('built-in');
});
