import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import { RunManager } from '../../../src/run/run-manager.ts';
import { RunStore } from '../../../src/store/run-store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tag-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const request = {
  kind: 'chain', title: 'x', source: 'x.ts', workspace: '/w', input: null, grants: [], rules: [],
  approver: { approve: () => Promise.resolve(undefined), ask: () => Promise.resolve(undefined) },
} as const;
const managerOf = (store: RunStore, redactor = new Redactor()) => new RunManager({ store, host: { pid: process.pid, start: 'test' }, redactor, version: '0', concurrency: 1 });

test('a run that goes on is tagged in its own record, which goes on behind it; another program is refused until it has ended', async () => {
  using store = new RunStore(directory);
  await using runs = managerOf(store);
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const run = runs.start(request, async (scope) => {
    scope.log('info', 'before');
    begun.resolve();
    await gate.promise;
    scope.log('info', 'after');
    return null;
  });
  await begun.promise;
  expect(runs.tag(run.id, { add: ['live'] })).toEqual(['live']);
  using theirs = new RunStore(directory);
  await using elsewhere = managerOf(theirs);
  expect(() => elsewhere.tag(run.id, { add: ['theirs'] })).toThrow('another window');
  gate.resolve();
  expect((await run.outcome).state).toBe('done');
  expect(elsewhere.tag(run.id, { add: ['theirs'], remove: ['live'] })).toEqual(['theirs']);
  const events = store.events(run.id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, i) => i + 1));
  expect(events.flatMap((event) => (event.type === 'run.log' ? [event.message] : event.type === 'run.tagged' ? [event.add.join()] : []))).toEqual(['before', 'live', 'after', 'theirs']);
});

test('a secret that is known is in no tag', async () => {
  using store = new RunStore(directory);
  const redactor = new Redactor();
  redactor.add(['s3cr3t-value-of-mine']);
  await using runs = managerOf(store, redactor);
  const run = runs.start(request, () => Promise.resolve(null));
  await run.outcome;
  const [tag = ''] = runs.tag(run.id, { add: ['key s3cr3t-value-of-mine'] });
  expect(tag).not.toContain('s3cr3t');
  expect(JSON.stringify(store.events(run.id))).not.toContain('s3cr3t-value');
});
