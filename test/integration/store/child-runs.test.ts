import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventBody } from '../../../src/shared/events.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const host = { pid: 1, start: 'a' };
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function record(store: RunStore, run: string, parent?: string): void {
  const bodies: EventBody[] = [
    { type: 'run.created', kind: 'task', title: run, source: 'task', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0', ...(parent === undefined ? {} : { parent: { run: parent, step: 's_1', key: 'k', agent: 'a' } }) },
    { type: 'run.state', from: 'queued', to: 'running' }, { type: 'run.state', from: 'running', to: 'done' },
  ];
  store.append(bodies.map((body, i) => ({ ...body, run, seq: i + 1, at: i + 1 })), host);
}

describe('runs that other runs have started', () => {
  it('are found below those, oldest first, and can be left out of lists', () => {
    using store = new RunStore(directory);
    record(store, 'run_1');
    record(store, 'run_2', 'run_1');
    record(store, 'run_3', 'run_1');
    record(store, 'run_4', 'run_2');
    expect(store.children('run_1').map(({ id, parent }) => [id, parent])).toEqual([['run_2', 'run_1'], ['run_3', 'run_1']]);
    expect(store.runs({ parent: null }).items.map(({ id }) => id)).toEqual(['run_1']);
    expect(store.runs().items).toHaveLength(4);
    expect(store.runs({ parent: 'run_2' }).items.map(({ id }) => id)).toEqual(['run_4']);
  });

  it('go with the run that started them, when it is deleted and when its time is over', () => {
    using store = new RunStore(directory);
    for (const [run, parent] of [['run_1'], ['run_2', 'run_1'], ['run_3', 'run_2'], ['run_4'], ['run_5', 'run_4'], ['run_6']] as const) record(store, run, parent);
    store.deleteRun('run_1');
    expect(store.runs().items.map(({ id }) => id)).toEqual(['run_6', 'run_5', 'run_4']);
    store.prune({ maxRuns: 1, maxAgeMs: Number.MAX_SAFE_INTEGER }, 10);
    expect(store.runs().items.map(({ id }) => id)).toEqual(['run_6']);
  });
});
