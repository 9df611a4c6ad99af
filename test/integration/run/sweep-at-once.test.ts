import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweep } from '../../../src/run/sweep.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

/** No kernel gives so high a number. */
const dead = { pid: 2 ** 30, start: '1' };

it('several programs that start at once end a run of a dead one once, end its leases once, and clear up beside the file that it was writing', async () => {
  using data = testWorkspace();
  using workspace = testWorkspace({ 'a.txt': 'before' });
  const draft = join(workspace.path, `.a.txt.${dead.pid}-0123456789ab.tmp`);
  const other = join(workspace.path, `.a.txt.${process.pid}-0123456789ab.tmp`);
  for (const path of [draft, other]) writeFileSync(path, 'half');
  using first = new RunStore(data.path);
  const runs = Array.from({ length: 10 }, (_, i) => `run_${i}`);
  for (const run of runs) {
    first.append([
      { run, seq: 1, at: 1, type: 'run.created', kind: 'chain', title: 'x', source: 'x.ts', workspace: workspace.path, input: { json: null }, grants: [], budget: {}, host: dead, version: '0' },
      { run, seq: 2, at: 2, type: 'run.state', from: 'queued', to: 'running' },
      { run, seq: 3, at: 3, type: 'lease.created', lease: `l_${run}`, kind: 'sandbox', label: 'x', identity: {} },
      { run, seq: 4, at: 4, type: 'file.written', path: 'a.txt', after: 'x' },
    ] satisfies readonly JournalEvent[], dead);
  }
  using second = new RunStore(data.path);
  using third = new RunStore(data.path);
  const reports = await Promise.all([first, second, third].map((store, i) => sweep(store, { pid: 2 ** 30 + 1 + i, start: '1' })));
  expect(reports.flatMap(({ interruptedRuns }) => interruptedRuns).sort()).toEqual(runs);
  for (const run of runs) expect(first.events(run).slice(4).map(({ seq, type }) => `${seq} ${type}`)).toEqual(['5 lease.destroyed', '6 run.state']);
  expect(first.openLeases()).toEqual([]);
  expect([draft, other].map((path) => existsSync(path))).toEqual([false, true]);
});
