import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventBody } from '../../../src/shared/events.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const host = { pid: 1, start: 'a' };
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'search-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const ended: EventBody[] = [{ type: 'run.state', from: 'queued', to: 'running' }, { type: 'run.state', from: 'running', to: 'done' }];
const log = (message: string): EventBody => ({ type: 'run.log', level: 'info', message });
function record(store: RunStore, run: string, title: string, bodies: readonly EventBody[], { first = 1, workspace = '/w' } = {}): void {
  const created: EventBody = { type: 'run.created', kind: 'task', title, source: '', workspace, input: { json: { text: title } }, grants: [], budget: {}, host, version: '0' };
  store.append([...(first === 1 ? [created] : []), ...bodies].map((body, i) => ({ ...body, run, seq: first + i, at: 1000 + i })), host);
}
const found = async (store: RunStore, words: string, more = {}) => (await store.texts.search({ words, ...more })).map(({ run }) => run);

describe('the search in what was run', () => {
  it('finds words of titles, inputs, results, steps and messages, newest run first, each run once', async () => {
    using store = new RunStore(directory);
    record(store, 'run_1', 'Compare the prices of plums', [log('plums are cheap'), ...ended]);
    record(store, 'run_2', 'Something else', [
      { type: 'step.started', step: 's1', kind: 'tool', name: 'page.click', input: { json: { selector: '#plums' } } },
      { type: 'step.ended', step: 's1', status: 'ok', output: { json: { rows: [{ name: 'Zwetschge' }] } }, ms: 3 }, ...ended,
    ]);
    expect(await found(store, 'plums')).toEqual(['run_2', 'run_1']);
    expect(await found(store, 'zwetschge')).toEqual(['run_2']);
    expect(await found(store, 'prices plums')).toEqual(['run_1']);
    expect(await found(store, 'page click')).toEqual(['run_2']);
    expect(await found(store, 'plu')).toEqual(['run_2', 'run_1']);
    expect(await found(store, 'pears')).toEqual([]);
  });

  it('shows the words with what stands around them', async () => {
    using store = new RunStore(directory);
    record(store, 'run_1', 'A task', [log(`${'before '.repeat(60)}the needle is here ${'after '.repeat(60)}`), ...ended]);
    const [hit] = await store.texts.search({ words: 'needle' });
    expect(hit?.snippet).toMatch(/^….*the needle is here.*…$/);
    expect(hit?.snippet?.length).toBeLessThanOrEqual(162);
    expect(hit?.seq).toBe(2);
  });

  it('takes in what a run has said since, and what another window has recorded', async () => {
    using store = new RunStore(directory);
    record(store, 'run_1', 'A task', [log('first')]);
    expect(await found(store, 'second')).toEqual([]);
    record(store, 'run_1', 'A task', [log('second')], { first: 3 });
    expect(await found(store, 'second')).toEqual(['run_1']);
    using other = new RunStore(directory);
    record(other, 'run_2', 'third', ended);
    expect(await Promise.all([found(store, 'third'), found(other, 'third')])).toEqual([['run_2'], ['run_2']]);
  });

  it('keeps to a workspace, and pages from newer to older runs', async () => {
    using store = new RunStore(directory);
    for (const n of [1, 2, 3, 4]) record(store, `run_${n}`, 'plums', ended, { workspace: n === 3 ? '/other' : '/w' });
    expect(await found(store, 'plums', { workspace: '/w', limit: 2 })).toEqual(['run_4', 'run_2']);
    expect(await found(store, 'plums', { workspace: '/w', limit: 2, after: 'run_2' })).toEqual(['run_1']);
  });

  it('forgets a run that is deleted', async () => {
    using store = new RunStore(directory);
    record(store, 'run_1', 'plums', ended);
    record(store, 'run_2', 'plums', ended);
    await found(store, 'plums');
    store.deleteRun('run_1');
    expect(await found(store, 'plums')).toEqual(['run_2']);
  });

  it.each(['"', 'a" OR "b', 'NEAR(', '*', "'; DROP TABLE runs; --", 'title:x', '', '   ', '-plums', '^plums'])('takes %s for words, not for a language', async (words) => {
    using store = new RunStore(directory);
    record(store, 'run_1', 'plums', ended);
    await expect(store.texts.search({ words })).resolves.toBeInstanceOf(Array);
    expect(store.runs().items).toHaveLength(1);
  });

  it('finds one of ten thousand events', async () => {
    using store = new RunStore(directory);
    record(store, 'run_1', 'Large', Array.from({ length: 10_000 }, (_, i) => log(`line ${i} of the log, with some words of no interest`)));
    expect(await found(store, 'line 7777')).toEqual(['run_1']);
    const began = performance.now();
    await found(store, 'line 8888');
    console.log(`10,000 events, indexed: searched in ${(performance.now() - began).toFixed(1)} ms`);
  });

  it('stops catching up when nobody waits any more', async () => {
    using store = new RunStore(directory);
    record(store, 'run_1', 'Large', Array.from({ length: 2000 }, (_, i) => log(`line ${i}`)));
    expect(await store.texts.search({ words: 'line 3' }, AbortSignal.abort())).toEqual([]);
  });
});
