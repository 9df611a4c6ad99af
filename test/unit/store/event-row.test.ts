import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { rowOf, toEvents } from '../../../src/store/event-row.ts';

const log = (message: string) => ({ type: 'run.log', level: 'info', message }) as const;
const place = { run: 'run_1', seq: 7, at: 1_800_000_000_000 };

/** What comes back from the row of an event. */
function kept(event: JournalEvent): readonly JournalEvent[] {
  const [seq, at, type, body] = rowOf(event);
  for (const name of ['run', 'seq', 'at', 'type']) expect(JSON.parse(body)).not.toHaveProperty(name);
  return toEvents(event.run, [{ seq, at, type, body }]);
}

describe('the row of an event', () => {
  it.each<[string, JournalEvent]>([
    ['put together in the usual order', { ...log('Hello'), ...place }],
    ['put together in another order', { ...place, ...log('Hello') }],
    ['with its type between the others', { run: 'run_1', type: 'run.log', seq: 7, level: 'info', at: 5, message: 'Hello' }],
    ['that quotes what stands at the end of each', { ...log(',"run":"run_1","seq":7,"at":1800000000000}'), ...place }],
    ['whose value has the same fields', { type: 'run.result', value: { json: { type: 'run.result', a: 1, ...place } }, ...place }],
    ['whose value has the same fields, and comes last', { ...place, type: 'run.result', value: { json: { a: 1, ...place } } }],
    ['of a run whose id needs marks in JSON', { ...log('Hello'), ...place, run: 'run_"1"\\' }],
    ['at a time with a fraction', { ...log('Hello'), ...place, at: 5.25 }],
    ['with an empty text', { ...log(''), ...place }],
  ])('gives back the whole of one %s', (_how, event) => {
    expect(kept(event)).toEqual([event]);
  });

  it('leaves out what is not there', () => {
    expect(rowOf({ type: 'run.replays', of: 'run_0', tokens: 5, ...place })[3]).toBe('{"of":"run_0","tokens":5}');
  });
});
