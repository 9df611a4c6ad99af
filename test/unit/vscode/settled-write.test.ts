import { expect, test } from 'vitest';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { stepSettled } from '../../../src/vscode/settled-write.ts';
import { created, ended, journalOf, started } from '../telemetry/journal-fixture.ts';

function historyOf(...parts: readonly (readonly JournalEvent[])[]) {
  const listeners = new Set<(runs: readonly string[] | undefined) => void>();
  let reads = 0;
  return {
    listeners,
    tell: () => listeners.forEach((listener) => listener(undefined)),
    events: () => Promise.resolve(parts[Math.min(reads++, parts.length - 1)]!),
    onDidChange: (listener: (runs: readonly string[] | undefined) => void) => {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
  };
}

const open = journalOf(created, started('s'));

test('a step that has ended is not waited for, and nobody listens afterwards', async () => {
  const history = historyOf(journalOf(created, started('s'), ended('s')));
  await stepSettled(history, 'run_1', 's');
  expect(history.listeners.size).toBe(0);
});

test.each([
  ['the end of the step', journalOf(created, started('s'), ended('s'))],
  ['the end of the run', journalOf(created, started('s'), { type: 'run.state', from: 'running', to: 'cancelled' })],
])('%s is waited for', async (_what, last) => {
  const history = historyOf(open, open, last);
  let settled = false;
  const waiting = stepSettled(history, 'run_1', 's').then(() => (settled = true));
  history.tell();
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(settled).toBe(false);
  history.tell();
  await waiting;
  expect(history.listeners.size).toBe(0);
});

test('a record that cannot be read is no reason to wait', async () => {
  const history = { ...historyOf(open), events: () => Promise.reject(new Error('gone')) };
  await expect(stepSettled(history, 'run_1', 's')).resolves.toBeUndefined();
});
