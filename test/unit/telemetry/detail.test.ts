import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src/shared/dto.ts';
import { detailOf } from '../../../src/telemetry/detail.ts';
import { created, journalOf } from './journal-fixture.ts';

const summary: RunSummary = {
  id: 'run_1', kind: 'chain', title: 'Price watch', source: '.assassin/chains/watch.ts', workspace: '/w', state: 'done', createdAt: 1000, steps: 0, events: 2, costUsd: 0, costMark: 'measured',
};

test('a run is shown with what it was given, what it may do and what came out', () => {
  const detail = detailOf(summary, journalOf(created, { type: 'run.result', value: { json: [1, 2] } }));
  expect(detail).toMatchObject({ id: 'run_1', input: { json: { url: 'https://shop.example' } }, grants: ['browser'], budget: { steps: 10 }, result: { json: [1, 2] } });
});

test('a run without a result has none, rather than null', () => {
  expect(detailOf(summary, journalOf(created))).not.toHaveProperty('result');
});

test('a record without its beginning is called damaged', () => {
  expect(() => detailOf(summary, [])).toThrow(expect.objectContaining({ code: 'store-corrupt' }));
});
