import { expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { costByStep } from '../../../src/telemetry/cost-by-step.ts';

const cost = (step: string | undefined, value: number, mark: 'computed' | 'unknown' = 'computed'): JournalEvent => ({ type: 'meter', meter: 'model.cost_usd', value, mark, source: 'x', run: 'r', seq: 1, at: 1, ...(step === undefined ? {} : { step }) });

it('adds up what each step itself has cost, and knows nothing of one of whose requests one has no price', () => {
  const costs = costByStep([cost('a', 0.25), cost('b', 1), cost('a', 0.5), cost('b', 0, 'unknown'), cost(undefined, 9), { ...cost('a', 0), meter: 'model.input_tokens', value: 1000 } as JournalEvent]);
  expect([...costs]).toEqual([['a', 0.75]]);
});
