import { expect, test } from 'vitest';
import type { ComparedSide, RunComparison } from '../../../src/shared/comparison.ts';
import { noColours } from '../../../src/cli/style.ts';
import { renderComparison } from '../../../src/cli/views/comparison-view.ts';

const side = (more: Partial<ComparedSide>): ComparedSide => ({ id: 'run_a', title: 'A', kind: 'task', state: 'done', createdAt: 1, durationMs: 2000, steps: 3, tokens: 1200, costUsd: 0.5, costMark: 'computed', ...more });
const comparison: RunComparison = {
  a: side({}), b: side({ id: 'run_b', title: 'B\u001b[31m', durationMs: 1500, tokens: 1500, costMark: 'unknown' }), sameResult: false,
  steps: [
    { depth: 0, kind: 'run', a: { id: '1', name: 'root', status: 'ok', ms: 2000 }, b: { id: '1', name: 'root', status: 'ok', ms: 1500 }, differences: [] },
    { depth: 1, kind: 'model', a: { id: '2', name: 'gpt', status: 'ok', ms: 900, tokens: 1200, costUsd: 0.5 }, b: { id: '2', name: 'claude', status: 'error', tokens: 1500 }, differences: ['name', 'status'] },
    { depth: 1, kind: 'tool', b: { id: '3', name: 'extra', status: 'ok', ms: 1 }, differences: ['missing'] },
  ],
};

test('two runs stand side by side, with what is different of their steps and results', () => {
  const lines = renderComparison(comparison, ['{\n  "x": 1\n}', '{\n  "x": 2\n}'], noColours, 120);
  const text = lines.join('\n');
  expect(text).not.toContain('\u001b');
  expect(lines.find((line) => line.startsWith('took'))?.split(/\s{2,}/)).toEqual(['took', '2.00 s', '1.50 s', '-500 ms']);
  expect(lines.find((line) => line.startsWith('tokens'))?.split(/\s{2,}/)).toEqual(['tokens', '1,200', '1,500', '+300']);
  expect(lines.find((line) => line.startsWith('cost'))).toContain('unpriced');
  expect(text).toContain('gpt / claude');
  expect(text).toContain('1,500 tokens, unpriced');
  expect(text).toMatch(/\+ extra .*missing/);
  expect(lines.slice(-4)).toEqual(['  {', '-   "x": 1', '+   "x": 2', '  }']);
});

test('what is the same is said in words', () => {
  const text = renderComparison({ ...comparison, steps: [], sameResult: true }, ['x', 'x'], noColours, 100).join('\n');
  expect(text).toContain('No step is different.');
  expect(text).toContain('The same.');
});
