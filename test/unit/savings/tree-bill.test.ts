import { expect, test } from 'vitest';
import { treeBillOf } from '../../../src/savings/tree-bill.ts';
import type { RunSummary } from '../../../src/shared/dto.ts';
import type { EventBody } from '../../../src/shared/events.ts';
import { created, journalOf } from '../telemetry/journal-fixture.ts';

const meter = (name: 'run.wall_ms' | 'model.input_tokens' | 'model.cost_usd', value: number) => ({ type: 'meter', meter: name, value, unit: 'x', mark: 'measured', source: 'test' }) as const;
const createdBelow: EventBody = created.type === 'run.created' ? { ...created, parent: { run: 'run_1', step: 's', key: 'k', agent: 'writer' } } : created;
const child: RunSummary = { id: 'run_2', kind: 'task', title: 'Part', source: 'task', workspace: '/w', state: 'done', createdAt: 1, steps: 1, events: 3, costUsd: 0.25, costMark: 'measured', parent: 'run_1' };

test('the bill of a run sums up its children, counts their time once, and names each of them', () => {
  const own = journalOf(created, meter('run.wall_ms', 100), meter('model.input_tokens', 10), meter('model.cost_usd', 0.5));
  const below = journalOf(createdBelow, meter('run.wall_ms', 90), meter('model.input_tokens', 7), meter('model.cost_usd', 0.25));
  const bill = treeBillOf('run_1', own, [{ run: child, events: below }]);
  const sums = Object.fromEntries(bill.ledger.map(({ meter: name, value }) => [name, value]));
  expect(sums).toMatchObject({ 'run.wall_ms': 100, 'model.input_tokens': 17, 'model.cost_usd': 0.75 });
  expect(bill.realCostUsd).toBe(0.75);
  expect(bill.children).toEqual([{ run: 'run_2', title: 'Part', state: 'done', agent: 'writer', tokens: 7, costUsd: 0.25, costMark: 'measured' }]);
});

test('a run that started none has no list of them', () => {
  expect(treeBillOf('run_1', journalOf(created, meter('run.wall_ms', 1)), [])).not.toHaveProperty('children');
});
