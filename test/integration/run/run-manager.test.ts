import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denyAll } from '../../../src/policy/approver.ts';
import { parseGrant, parseGrants } from '../../../src/policy/grant.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { RunManager } from '../../../src/run/run-manager.ts';
import type { RunRequest } from '../../../src/run/run-request.ts';
import type { Destruction } from '../../../src/run/lease.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import type { EventType } from '../../../src/shared/events.ts';
import type { Json } from '../../../src/shared/json.ts';
import { RunStore } from '../../../src/store/run-store.ts';

let directory: string;
let store: RunStore;
let runs: RunManager;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'run-manager-'));
  store = new RunStore(directory);
  const redactor = new Redactor();
  redactor.add(['top-secret-token']);
  runs = new RunManager({ store, redactor, host: { pid: process.pid, start: (await processStart(process.pid))! }, version: '0.0.0', concurrency: 2 });
});
afterEach(async () => {
  await runs[Symbol.asyncDispose]();
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true });
});

const start = (body: (scope: RunScope) => Promise<Json>, request: Partial<RunRequest> = {}) =>
  runs.start({ kind: 'chain', title: 'Test', source: 'test.ts', workspace: directory, input: null, grants: [], rules: [], approver: denyAll, ...request }, body);
const types = (run: string): EventType[] => store.events(run).map((event) => event.type);
const resource = (gone: string[], name: string, destruction: Destruction = { verified: true, how: 'looked' }) => ({
  destroy: () => {
    gone.push(name);
    return Promise.resolve(destruction);
  },
});

describe('a run', () => {
  it('is on record from its creation to its one terminal state, in order and without gaps', async () => {
    const { id, outcome } = start((scope) => scope.step({ kind: 'tool', name: 'add', input: { a: 1 } }, () => Promise.resolve(2)));
    expect(await outcome).toEqual({ id, state: 'done', result: 2, clean: true, untrusted: [] });
    expect(types(id)).toEqual(['run.created', 'run.state', 'step.started', 'step.started', 'step.ended', 'step.ended', 'meter', 'run.result', 'run.state']);
    expect(store.events(id).map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(store.run(id)).toMatchObject({ state: 'done', steps: 2, events: 9 });
    expect(store.openRuns()).toEqual([]);
  });

  it('has the start of a step on disk before the work of the step begins', async () => {
    const seen: EventType[] = [];
    const reader = new RunStore(directory);
    const handle = start((scope) => scope.step({ kind: 'tool', name: 'effect' }, () => {
      seen.push(...reader.events(scope.id).map((event) => event.type));
      return Promise.resolve(null);
    }));
    await handle.outcome;
    reader[Symbol.dispose]();
    expect(seen.at(-1)).toBe('step.started');
  });

  it('fails with the error of its body, and the error is on record', async () => {
    const { id, outcome } = start(() => Promise.reject(new TypeError('boom')));
    expect(await outcome).toMatchObject({ state: 'failed', error: { code: 'internal', message: 'boom' } });
    expect(store.run(id)).toMatchObject({ state: 'failed', error: { message: 'boom' } });
  });

  it('destroys its leases in reverse order, whatever its end', async () => {
    const gone: string[] = [];
    const { outcome } = start(async (scope) => {
      await scope.lease({ kind: 'temp-dir', label: 'a' }, () => Promise.resolve(resource(gone, 'a')));
      await scope.lease({ kind: 'temp-dir', label: 'b' }, () => Promise.resolve(resource(gone, 'b')));
      throw new Error('no');
    });
    expect(await outcome).toMatchObject({ state: 'failed', clean: true });
    expect(gone).toEqual(['b', 'a']);
    expect(store.openLeases()).toEqual([]);
  });

  it('destroys a lease once, even if its user, its deadline and the run all ask for it', async () => {
    const gone: string[] = [];
    const { outcome } = start(async (scope) => {
      const lease = await scope.lease({ kind: 'server', label: 'a', ttlMs: 20 }, () => Promise.resolve(resource(gone, 'a')));
      await Promise.all([lease.release(), sleep(60)]);
      return null;
    });
    expect(await outcome).toMatchObject({ state: 'done' });
    expect(gone).toEqual(['a']);
  });

  it('fails as not clean where a resource is not verified as gone, and keeps it on record for the sweep', async () => {
    const { outcome } = start(async (scope) => {
      await scope.lease({ kind: 'server', label: 'stubborn' }, () => Promise.resolve(resource([], 'x', { verified: false, how: 'still there' })));
      return null;
    });
    expect(await outcome).toMatchObject({ state: 'failed', clean: false, error: { code: 'leftover' } });
    expect(store.openLeases()).toMatchObject([{ label: 'stubborn' }]);
  });

  it('ends other leases although one throws while it is destroyed', async () => {
    const gone: string[] = [];
    const { outcome } = start(async (scope) => {
      await scope.lease({ kind: 'server', label: 'a' }, () => Promise.resolve(resource(gone, 'a')));
      await scope.lease({ kind: 'server', label: 'b' }, () => Promise.resolve({ destroy: () => Promise.reject(new Error('stuck')) }));
      return null;
    });
    expect(await outcome).toMatchObject({ clean: false });
    expect(gone).toEqual(['a']);
  });

  it('waits for a resource that is still being made when it is cancelled, and destroys it', async () => {
    const gone: string[] = [];
    const handle = start(async (scope) => {
      await scope.lease({ kind: 'server', label: 'slow' }, async () => {
        await sleep(80);
        return resource(gone, 'slow');
      });
      return null;
    });
    await sleep(20);
    handle.cancel('Stopped by the person.');
    expect(await handle.outcome).toMatchObject({ state: 'cancelled', clean: true, error: { code: 'cancelled', message: 'Stopped by the person.' } });
    expect(gone).toEqual(['slow']);
  });

  it('is cancelled although its body listens to nothing, and what the body does later is not recorded', async () => {
    let release!: () => void;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    let late: unknown;
    const handle = start(async (scope) => {
      await stuck;
      try {
        scope.log('info', 'too late');
      } catch (error) {
        late = error;
      }
      return null;
    });
    await sleep(10);
    handle.cancel('Stopped.');
    expect(await handle.outcome).toMatchObject({ state: 'cancelled' });
    release();
    await sleep(10);
    expect(late).toMatchObject({ code: 'cancelled' });
    expect(types(handle.id).at(-1)).toBe('run.state');
  });

  it('ends at its wall-time budget', async () => {
    const { outcome } = start((scope) => sleep(60_000, null, { signal: scope.signal }), { budget: { wallMs: 50 } });
    expect(await outcome).toMatchObject({ state: 'failed', error: { code: 'budget-exceeded', data: { budget: 'wallMs' } } });
  });

  it('ends at its budget of steps', async () => {
    const { id, outcome } = start(async (scope) => {
      for (;;) await scope.step({ kind: 'tool', name: 'again' }, () => Promise.resolve(null));
    }, { budget: { steps: 5 } });
    expect(await outcome).toMatchObject({ state: 'failed', error: { code: 'budget-exceeded' } });
    expect(store.run(id).steps).toBe(5);
  });

  it('waits in the queue while others run, and can be cancelled there without ever running', async () => {
    let ran = false;
    const first = [start((scope) => sleep(60_000, null, { signal: scope.signal })), start((scope) => sleep(60_000, null, { signal: scope.signal }))];
    const queued = start(() => {
      ran = true;
      return Promise.resolve(null);
    });
    await sleep(20);
    expect(store.run(queued.id).state).toBe('queued');
    queued.cancel('Not needed.');
    for (const { id } of first) runs.cancel(id, 'Done waiting.');
    expect(await queued.outcome).toMatchObject({ state: 'cancelled' });
    expect(ran).toBe(false);
  });

  it('is seen waiting while a person is asked, also by several calls at once, and runs on afterwards', async () => {
    const states: string[] = [];
    const approver = {
      approve: async () => {
        await sleep(20);
        return { answer: 'once' } as const;
      },
      ask: () => Promise.resolve('yes'),
    };
    const { id, outcome } = start(async (scope) => {
      await Promise.all([scope.gate.check({ kind: 'browser' }), scope.gate.check({ kind: 'browser' })]);
      return scope.ask('Sure?').then((answer) => answer ?? null);
    }, { grants: parseGrants(['browser'], directory), rules: [{ effect: 'ask', grant: parseGrant('browser', directory), origin: 'test' }], approver });
    expect(await outcome).toMatchObject({ state: 'done', result: 'yes' });
    for (const event of store.events(id)) if (event.type === 'run.state') states.push(event.to);
    expect(states).toEqual(['running', 'waiting', 'running', 'waiting', 'running', 'done']);
  });

  it('keeps secrets out of everything that it writes', async () => {
    const { id, outcome } = start(async (scope) => {
      scope.log('info', 'using top-secret-token');
      await scope.step({ kind: 'tool', name: 't', input: { key: 'top-secret-token' } }, () => Promise.resolve('x'.repeat(20_000) + 'top-secret-token'));
      throw new Error('failed with top-secret-token');
    });
    await outcome;
    const events = store.events(id);
    expect(JSON.stringify(events)).not.toContain('top-secret-token');
    for (const event of events) {
      if (event.type === 'step.ended' && event.output && 'blob' in event.output) expect(Buffer.from(await store.blobs.read(event.output.blob)).toString()).toContain('[redacted]');
    }
  });
});
