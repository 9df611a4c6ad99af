import * as z from 'zod/mini';
import { leaseKinds } from './events.ts';
import type { Infrastructure } from './infrastructure.ts';
import { figurePlaces, usageFormats, type FigureEvents, type FigureMethods } from './protocol-figures.ts';
import { flag, id, index, mark, maybe, number, run, state, text, type Schema } from './protocol-parts.ts';
import type { BreakdownRow, ServiceTotal, UsageReport } from './usage-report.ts';

const none = z.strictObject({});
const percentiles = z.object({ count: index, p50: maybe(number), p95: maybe(number) });
const costs = z.array(z.object({ mark, nanoUsd: number }));
const row: Schema<BreakdownRow> = z.object({
  name: text, count: number, errors: number, latency: percentiles, nanoUsd: number, costs, unpriced: number, savedNanoUsd: maybe(number), inputTokens: number, cachedTokens: number, outputTokens: number,
});
const rows = z.array(row);
const service: Schema<ServiceTotal> = z.object({
  service: text, covers: z.enum(['all', 'browser', 'code']), region: text, work: text, formula: text, free: z.array(z.object({ period: text, nanoUsd: number })),
  runs: index, unpricedRuns: index, listNanoUsd: number, afterFreeNanoUsd: number, mark, source: text, asOf: text, stale: flag, note: maybe(text),
});
const report: Schema<UsageReport> = z.object({
  machines: z.array(text), from: maybe(text), to: maybe(text), runs: index, states: z.record(text, index), errors: index, latency: percentiles, costs, costNanoUsd: number, unpricedRuns: index,
  browserSessions: index, codeRuns: index, inputTokens: number, cachedTokens: number, outputTokens: number, asks: index, egressBytes: number, services: z.array(service),
  saving: maybe(z.object({ against: text, listNanoUsd: number, againstAfterFree: text, afterFreeNanoUsd: number })),
  replays: maybe(z.object({ runs: index, tokens: number, nanoUsd: number, unpriced: index })),
  spared: maybe(z.object({ definitionTokens: number, resultTokens: number, runs: index, unrecorded: index })),
  subscriptions: z.array(z.object({ name: text, months: index, nanoUsd: number })), waits: maybe(z.object({ count: index, secondsEach: number })),
  byDay: rows, byMonth: rows, byMachine: rows, byModel: rows, byTool: rows, bySource: rows,
  top: z.array(z.object({ run, machine: text, title: text, nanoUsd: number })), assumptions: z.array(text), notCounted: z.array(text),
});

const infrastructure: Schema<Infrastructure> = z.object({
  at: number, program: z.object({ kind: z.enum(['editor', 'terminal']), pid: index, node: text, upMs: number, version: text }),
  loop: maybe(z.object({ p50Ms: number, p99Ms: number, maxMs: number, watchedMs: number, busy: number })),
  memory: z.object({ residentBytes: number, heapUsedBytes: number, heapLimitBytes: number, externalBytes: number }),
  starts: z.array(z.object({ name: text, ms: number })),
  runs: z.object({ open: index, byState: z.partialRecord(state, index), here: index, most: index }),
  sandboxes: z.object({ threads: index, waiting: index, queued: index, most: index, mostWaiting: index }),
  browsers: z.object({ ready: index, shared: index, contexts: index, keepReady: text, ceiling: index }),
  servers: z.array(z.object({ name: text, state: text, tools: maybe(index), pid: maybe(index), runs: index, startedByHand: flag })),
  leases: z.array(z.object({ id, kind: z.enum(leaseKinds), label: text, createdAt: number, run: maybe(run), title: maybe(text), pid: maybe(index), owner: index })),
});

const query = { days: maybe(z.int().check(z.minimum(1), z.maximum(3660))), everywhere: flag };

export const figureMethods: { readonly [M in keyof FigureMethods]: { readonly params: Schema<FigureMethods[M]['params']>; readonly result: Schema<FigureMethods[M]['result']> } } = {
  'usage.report': {
    params: z.strictObject(query),
    result: z.object({ machine: text, read: index, report: maybe(report), since: maybe(text), until: text, files: z.array(z.object({ name: text, runs: index })) }),
  },
  'usage.addFiles': { params: none, result: z.object({ added: flag }) },
  'usage.forgetFiles': { params: none, result: z.null() },
  'usage.export': { params: z.strictObject({ ...query, format: z.enum(usageFormats) }), result: z.object({ written: flag }) },
  'infrastructure.read': { params: none, result: infrastructure },
};

export const figureEvents: { readonly [E in keyof FigureEvents]: Schema<FigureEvents[E]> } = {
  place: z.object({ place: z.enum(figurePlaces) }),
};
