import { expect, test } from 'vitest';
import { recordOfRun } from '../../../../src/savings/report/record-of-run.ts';
import { buildReport } from '../../../../src/savings/report/usage-report.ts';
import type { RunSummary } from '../../../../src/shared/dto.ts';
import type { EventBody, JournalEvent, StepKind } from '../../../../src/shared/events.ts';

const summary = (kind: RunSummary['kind']): RunSummary => ({
  id: 'r', kind, title: 'Support', source: 'shop', workspace: '/work/shop', state: 'done', createdAt: Date.parse('2026-11-20'), steps: 4, events: 9, costUsd: 0, costMark: 'unknown', durationMs: 400,
});
const journal = (...bodies: readonly EventBody[]): readonly JournalEvent[] => bodies.map((body, index) => ({ ...body, run: 'r', seq: index + 1, at: index }) as JournalEvent);
const received = (span: string, kind: StepKind, ms: number, status: 'ok' | 'error' = 'ok', model?: string): EventBody => ({
  type: 'span.received', span, kind, name: span, startedAt: 1, ms, status, attributes: { json: {} }, ...(model === undefined ? {} : { model }),
});
const meter = (step: string, name: 'model.input_tokens' | 'model.cost_usd', value: number, mark: 'estimated' | 'unknown' = 'estimated'): EventBody => ({ type: 'meter', meter: name, value, mark, source: 's', step });

test('what another program did counts by its models and tools, with times and errors, as a run of our own does', () => {
  const record = recordOfRun(summary('trace'), journal(
    received('root', 'agent', 400), received('ask', 'model', 120, 'ok', 'gpt-x'), received('ask again', 'model', 80, 'error', 'gpt-x'), received('find', 'retriever', 30), received('judge', 'evaluator', 20, 'error'),
    meter('ask', 'model.input_tokens', 50), meter('ask', 'model.cost_usd', 0.001), meter('ask again', 'model.input_tokens', 7), meter('ask again', 'model.cost_usd', 0, 'unknown'),
  ), 'desk');
  expect(record.models).toEqual([{ model: 'gpt-x', requests: 2, errors: 1, ms: [120, 80], inputTokens: 57, cachedTokens: 0, outputTokens: 0, costs: [{ mark: 'estimated', nanoUsd: 1_000_000 }], unpriced: 1 }]);
  expect(record.tools).toEqual([{ tool: 'find', errors: 0, ms: [30] }, { tool: 'judge', errors: 1, ms: [20] }]);
  const { report } = buildReport([record]);
  expect(report.byModel).toMatchObject([{ name: 'gpt-x', count: 2, errors: 1, unpriced: 1, latency: { p50: 80, p95: 120 } }]);
  // One of the two requests is unpriced: then no saving is shown, and the cost that is known is.
  expect(report).toMatchObject({ unpricedRuns: 1, costNanoUsd: 1_000_000 });
  expect(report.saving).toBeUndefined();
});

test('a run of our own counts its requests and calls by name, and what only holds others by none', () => {
  const step = (id: string, kind: StepKind, name: string, ms: number, status: 'ok' | 'error' = 'ok'): readonly EventBody[] => [{ type: 'step.started', step: id, kind, name }, { type: 'step.ended', step: id, status, ms }];
  const record = recordOfRun(summary('task'), journal(...step('a', 'agent', 'Turn 1', 300), ...step('m', 'model', 'openai/gpt', 200), ...step('t', 'mcp', 'mcp.files.read', 10, 'error'), ...step('c', 'chain', 'x', 5), meter('gone', 'model.input_tokens', 1)), 'desk');
  expect(record.models.map(({ model, requests, ms }) => [model, requests, ms])).toEqual([['openai/gpt', 1, [200]], ['unknown', 0, []]]);
  expect(record.tools).toEqual([{ tool: 'mcp.files.read', errors: 1, ms: [10] }]);
});
