import type { EventBody, JournalEvent } from '../../../src/shared/events.ts';

export type Entry = EventBody | readonly [at: number, body: EventBody];

/** Numbers and dates bodies as the journal does: one millisecond apart, unless a body is given with its own time. */
export function journalOf(...bodies: readonly Entry[]): readonly JournalEvent[] {
  return bodies.map((entry, i) => {
    const [at, body] = isTimed(entry) ? entry : [1000 + i, entry];
    return { ...body, run: 'run_1', seq: i + 1, at };
  });
}

function isTimed(entry: Entry): entry is readonly [number, EventBody] {
  return Array.isArray(entry);
}

export const created: EventBody = {
  type: 'run.created', kind: 'chain', title: 'Price watch', source: '.assassin/chains/watch.ts', workspace: '/w', input: { json: { url: 'https://shop.example' } },
  grants: ['browser'], budget: { steps: 10 }, host: { pid: 7, start: '42' }, version: '0.0.1',
};

export const started = (step: string, parent?: string, kind: Extract<EventBody, { type: 'step.started' }>['kind'] = 'tool'): EventBody =>
  ({ type: 'step.started', step, kind, name: `name of ${step}`, ...(parent === undefined ? {} : { parent }) });

export const ended = (step: string, ms = 5): EventBody => ({ type: 'step.ended', step, status: 'ok', ms });
