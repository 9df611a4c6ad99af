import { expect, test } from 'vitest';
import { budgetUseOf } from '../../../src/agent/model-use.ts';
import type { JournalEvent } from '../../../src/shared/events.ts';
import type { RunState } from '../../../src/shared/run-state.ts';

const states = (...changes: readonly (readonly [at: number, from: RunState, to: RunState])[]): readonly JournalEvent[] =>
  changes.map(([at, from, to], i) => ({ type: 'run.state', from, to, run: 'run_1', seq: i + 1, at }));

const timeOf = (events: readonly JournalEvent[], now: number) => budgetUseOf(events, { wallMs: 600_000 }, now).find(({ kind }) => kind === 'wallMs');

test('time in which a person was waited for is not used of the limit, as the clock of the run does not count it', () => {
  const answered = states([0, 'queued', 'running'], [1000, 'running', 'waiting'], [901_000, 'waiting', 'running'], [903_000, 'running', 'done']);
  expect(timeOf(answered, 5_000_000)).toEqual({ kind: 'wallMs', used: 3000, limit: 600_000 });
});

test('time goes on for a run that works, and stands still for one that waits or waited when it was stopped', () => {
  expect(timeOf(states([0, 'queued', 'running']), 7000)?.used).toBe(7000);
  expect(timeOf(states([0, 'queued', 'running'], [1000, 'running', 'waiting']), 700_000)?.used).toBe(1000);
  expect(timeOf(states([0, 'queued', 'running'], [1000, 'running', 'waiting'], [50_000, 'waiting', 'cancelled']), 700_000)?.used).toBe(1000);
  expect(timeOf([], 7000)?.used).toBe(0);
});
