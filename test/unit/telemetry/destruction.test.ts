import { expect, test } from 'vitest';
import type { EventBody } from '../../../src/shared/events.ts';
import { destructionOf } from '../../../src/telemetry/destruction.ts';
import { journalOf } from './journal-fixture.ts';

const create = (lease: string): EventBody => ({ type: 'lease.created', lease, kind: 'browser', label: `browser ${lease}`, identity: {} });
const destroy = (lease: string, verified: boolean, how = 'looked'): EventBody => ({ type: 'lease.destroyed', lease, verified, how, ms: 3 });

test('a run that created nothing is clean', () => {
  expect(destructionOf([])).toEqual({ leases: [], clean: true });
});

test('each lease is reported with its times and how it was verified, in order of creation', () => {
  const report = destructionOf(journalOf([10, create('a')], [20, create('b')], [30, destroy('b', true, 'group gone')], [40, destroy('a', true)]));
  expect(report.clean).toBe(true);
  expect(report.leases.map(({ id, createdAt, destroyedAt, how }) => ({ id, createdAt, destroyedAt, how }))).toEqual([
    { id: 'a', createdAt: 10, destroyedAt: 40, how: 'looked' }, { id: 'b', createdAt: 20, destroyedAt: 30, how: 'group gone' },
  ]);
});

test('one lease that is not destroyed, or not verified, makes the whole report unclean', () => {
  expect(destructionOf(journalOf(create('a'), create('b'), destroy('a', true))).clean).toBe(false);
  expect(destructionOf(journalOf(create('a'), destroy('a', false))).clean).toBe(false);
});

test('a lease that the sweep of a later start found gone counts as gone, without the earlier error', () => {
  const failed: EventBody = { type: 'lease.destroyed', lease: 'a', verified: false, how: 'unsure', ms: 1, error: { code: 'timeout', message: 'slow' } };
  const report = destructionOf(journalOf(create('a'), failed, destroy('a', true, 'swept')));
  expect(report.clean).toBe(true);
  expect(report.leases[0]).not.toHaveProperty('error');
});
