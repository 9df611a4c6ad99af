import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventBody } from '../../../src/shared/events.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const host = { pid: 1, start: 'a' };
let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'tally-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const created: Extract<EventBody, { type: 'run.created' }> = { type: 'run.created', kind: 'task', title: 'Sum up', source: '', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0' };
const running: EventBody = { type: 'run.state', from: 'queued', to: 'running' };
const step = (name: string): EventBody => ({ type: 'step.started', step: `s_${name}`, kind: 'tool', name });
const cost = (value: number, mark: 'computed' | 'unknown'): EventBody => ({ type: 'meter', meter: 'model.cost_usd', value, mark, source: 'x' });

function writer(store: RunStore, run: string): (...bodies: readonly EventBody[]) => void {
  let seq = store.openRuns().find(({ id }) => id === run)?.events ?? 0;
  return (...bodies) => store.append(bodies.map((body) => ({ ...body, run, seq: ++seq, at: seq })), host);
}

describe('what the line of a run counts', () => {
  it('is right at once for the program that runs it, and soon for every other', async () => {
    using here = new RunStore(directory);
    using elsewhere = new RunStore(directory);
    const write = writer(here, 'run_1');
    write(created, running, step('a'));
    write(step('b'), cost(0.25, 'computed'));
    write(step('c'), cost(0.5, 'unknown'));
    // Numbers that continue a record are never late.
    expect(elsewhere.run('run_1').events).toBe(7);
    expect(elsewhere.openRuns()).toMatchObject([{ id: 'run_1', events: 7 }]);
    await vi.waitFor(() => expect(elsewhere.run('run_1')).toMatchObject({ steps: 3, costUsd: 0.75, costMark: 'unknown', events: 7 }), { timeout: 10_000 });
    write(step('d'), cost(1, 'computed'));
    expect(here.run('run_1')).toMatchObject({ steps: 4, costUsd: 1.75, costMark: 'unknown', events: 9 });
    expect(here.runs().items).toMatchObject([{ steps: 4, costUsd: 1.75 }]);
    write(step('e'), { type: 'run.state', from: 'running', to: 'done' });
    expect(elsewhere.run('run_1')).toMatchObject({ steps: 5, costUsd: 1.75, events: 11, state: 'done' });
  });

  it('is what a search filters by, and a conversation adds up, the moment that it is on record', async () => {
    using store = new RunStore(directory);
    const write = writer(store, 'run_1');
    write({ ...created, session: 'ses_1' }, running);
    write(cost(3, 'computed'), step('dear'));
    expect((await store.texts.search({ words: '', filter: { minCostUsd: 2 } })).map(({ run }) => run)).toEqual(['run_1']);
    write(cost(4, 'computed'), { type: 'run.log', level: 'info', message: 'a lighthouse' });
    expect((await store.texts.search({ words: 'lighthouse' })).map(({ run }) => run)).toEqual(['run_1']);
    write(cost(5, 'computed'));
    expect(store.sessions({}).items).toMatchObject([{ id: 'ses_1', costUsd: 12 }]);
  });

  it('is counted anew from the events where the program that ran it was killed before it wrote its counts', () => {
    const killed = new RunStore(directory);
    try {
      const write = writer(killed, 'run_1');
      write(created, running);
      write(step('a'), cost(0.25, 'computed'));
      write(step('b'), cost(0.125, 'unknown'));
      using next = new RunStore(directory);
      expect(next.run('run_1')).toMatchObject({ steps: 0, costUsd: 0, events: 6 });
      writer(next, 'run_1')({ type: 'run.state', from: 'running', to: 'interrupted' });
      expect(next.run('run_1')).toMatchObject({ steps: 2, costUsd: 0.375, costMark: 'unknown', events: 7, state: 'interrupted' });
    } finally {
      killed[Symbol.dispose]();
    }
  });

  it('counts once what was written while the disk refused, when it does not any more', () => {
    using store = new RunStore(directory);
    const write = writer(store, 'run_1');
    write(created, running);
    write(step('a'));
    // A number that is taken: nothing of this transaction is kept, and nothing of it is counted.
    expect(() => store.append([{ ...step('b'), run: 'run_1', seq: 4, at: 4 }, { ...step('c'), run: 'run_1', seq: 4, at: 4 }], host)).toThrow('UNIQUE');
    write(step('b'));
    expect(store.run('run_1')).toMatchObject({ steps: 2, events: 4 });
    expect(store.run('run_1')).toMatchObject({ steps: 2, events: 4 });
  });
});

describe('journals in one table', () => {
  it('are kept apart where the beginning of one was not written', () => {
    using store = new RunStore(directory);
    const [begun, again] = [{ ...created, run: 'run_1', seq: 1, at: 1 }, { ...running, run: 'run_1', seq: 1, at: 1 }];
    expect(() => store.append([begun, again], host)).toThrow('UNIQUE');
    writer(store, 'run_2')(created, running);
    writer(store, 'run_1')(created, running, step('a'));
    expect(store.events('run_1').map(({ type }) => type)).toEqual(['run.created', 'run.state', 'step.started']);
    expect(store.events('run_2').map(({ type }) => type)).toEqual(['run.created', 'run.state']);
  });

  it('go with their run, and leave nothing to the next one', () => {
    using store = new RunStore(directory);
    writer(store, 'run_1')(created, running, step('a'), { type: 'run.state', from: 'running', to: 'done' });
    store.deleteRun('run_1');
    expect(store.events('run_1')).toEqual([]);
    writer(store, 'run_2')(created, running);
    expect(store.events('run_2')).toHaveLength(2);
    writer(store, 'run_2')({ type: 'run.state', from: 'running', to: 'done' });
    expect(store.eventsOf('run_2', ['run.state'])).toHaveLength(2);
  });

  it('of hundreds of events in one transaction keep their order, and their pages', () => {
    using store = new RunStore(directory);
    const write = writer(store, 'run_1');
    write(created, running);
    write(...Array.from({ length: 333 }, (_, i): EventBody => ({ type: 'run.log', level: 'info', message: String(i) })));
    expect(store.events('run_1', 0, 10_000).map(({ seq }) => seq)).toEqual(Array.from({ length: 335 }, (_, i) => i + 1));
    expect(store.events('run_1', 300, 2)).toMatchObject([{ seq: 301, message: '298' }, { seq: 302, message: '299' }]);
    expect(store.events('run_1', 335, 2)).toEqual([]);
  });

  it('end with a reason at the number that a key has room for, and do not run into the next one', () => {
    using store = new RunStore(directory);
    writer(store, 'run_1')(created, running);
    writer(store, 'run_2')(created, running);
    expect(() => store.append([{ ...step('z'), run: 'run_1', seq: 2 ** 24, at: 1 }], host)).toThrow('The record of the run run_1 is full');
    store.append([{ ...step('y'), run: 'run_1', seq: 2 ** 24 - 1, at: 1 }], host);
    expect(store.events('run_1').map(({ seq }) => seq)).toEqual([1, 2, 2 ** 24 - 1]);
    expect(store.events('run_2').map(({ seq }) => seq)).toEqual([1, 2]);
  });
});

describe('appends that belong together', () => {
  it('are on disk all at once, are told of then, and count right away', () => {
    using store = new RunStore(directory);
    using elsewhere = new RunStore(directory);
    const told: string[] = [];
    store.onAppend(([event]) => told.push(event!.run));
    store.together(() => {
      for (const run of ['run_1', 'run_2']) writer(store, run)(created, running, step('a'), cost(0.5, 'computed'));
      writer(store, 'run_1')(step('b'));
      expect(elsewhere.events('run_1')).toEqual([]);
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['run_1', 'run_2', 'run_1']);
    expect(elsewhere.run('run_1')).toMatchObject({ steps: 2, costUsd: 0.5, events: 5 });
    expect(elsewhere.run('run_2')).toMatchObject({ steps: 1, costUsd: 0.5, events: 4 });
  });

  it('leave nothing behind where one of them fails, neither on disk nor in what is counted', () => {
    using store = new RunStore(directory);
    const told: string[] = [];
    store.onAppend(([event]) => told.push(event!.run));
    writer(store, 'run_0')(created, running);
    const write = writer(store, 'run_0');
    expect(() => store.together(() => {
      write(step('lost'), cost(9, 'computed'));
      writer(store, 'run_1')(created, running, step('lost'));
      expect(store.run('run_1').events).toBe(3);
      throw new Error('on the way');
    })).toThrow('on the way');
    expect(told).toEqual(['run_0']);
    expect(() => store.run('run_1')).toThrow('There is no run');
    writer(store, 'run_2')(created, running, step('a'));
    writer(store, 'run_1')(created, running);
    writer(store, 'run_0')(step('kept'), cost(1, 'computed'));
    expect(store.run('run_0')).toMatchObject({ steps: 1, costUsd: 1, events: 4 });
    expect(store.events('run_1').map(({ type }) => type)).toEqual(['run.created', 'run.state']);
    expect(store.run('run_2')).toMatchObject({ steps: 1, events: 3 });
  });
});
