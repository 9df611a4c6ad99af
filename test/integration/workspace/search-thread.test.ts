import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { searchInThread } from '../../../src/workspace/context/search-thread.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

const value = `canary${Math.random()}`;

/** What a thread of the search is, as it sees itself: its program is the test's, and says what it was given. */
const program = `
import { parentPort, workerData } from 'node:worker_threads';
process.stdout.write(workerData.query.pattern);
process.stderr.write(workerData.query.pattern);
console.log(workerData.query.pattern);
parentPort.postMessage({ result: { env: { ...process.env }, file: workerData.workspace } });
`;

test('the thread of a search has no environment, and what it prints reaches no output of the host', async () => {
  using folder = testWorkspace({ 'thread.mjs': program });
  process.env['SEARCH_CANARY'] = value;
  const printed: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  }));
  try {
    const seen: unknown = await searchInThread(pathToFileURL(join(folder.path, 'thread.mjs')), folder.path, { pattern: value, regex: false, caseSensitive: true, folder: '', globs: [], limit: 1 }, new AbortController().signal);
    expect(seen).toEqual({ env: {}, file: folder.path });
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    delete process.env['SEARCH_CANARY'];
    for (const spy of spies) spy.mockRestore();
  }
  expect(printed.join('')).not.toContain(value);
});

test('a search whose thread prints and dies says so, and the host goes on', async () => {
  using folder = testWorkspace({ 'thread.mjs': `throw new Error('gone');` });
  await expect(searchInThread(pathToFileURL(join(folder.path, 'thread.mjs')), folder.path, { pattern: 'x', regex: false, caseSensitive: true, folder: '', globs: [], limit: 1 }, new AbortController().signal))
    .rejects.toMatchObject({ code: 'tool-failed', message: 'The search failed: gone' });
});
