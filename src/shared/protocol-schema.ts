import * as z from 'zod/mini';
import type { Bill, DestructionReport, LedgerLine, LeaseReport, Page, RunDetail, RunSummary, Span } from './dto.ts';
import { leaseKinds, stepKinds, type BudgetLimits } from './events.ts';
import type { EventName, KeptDrafts, LogKind, LogLine, MethodName, PanelEvents, PanelMethods } from './protocol.ts';
import { chatEvents, chatLimits, chatMethods } from './protocol-chat-schema.ts';
import { figureEvents, figureMethods } from './protocol-figures-schema.ts';
import { figurePlaces } from './protocol-figures.ts';
import { fold, runPair, traceEvents, traceMethods } from './protocol-trace-schema.ts';
import { viewEvents, viewMethods } from './protocol-views-schema.ts';
import { errorInfo, flag, id, index, mark, maybe, number, pageSize, picture, run, state, status, stored, summary, summaryFields, text, type Schema } from './protocol-parts.ts';

const logKind = z.enum(['debug', 'info', 'warn', 'error', 'progress', 'denied', 'question', 'answer', 'stop'] satisfies LogKind[]);
const budget: Schema<BudgetLimits> = z.object({
  wallMs: maybe(number), steps: maybe(number), moneyUsd: maybe(number), tokens: maybe(number), browserSeconds: maybe(number), egressBytes: maybe(number),
});
const detail: Schema<RunDetail> = z.object({ ...summaryFields, input: stored, grants: z.array(text), budget, fixed: maybe(z.object({ clock: z.number(), seed: text })), asks: z.number(), result: maybe(stored), children: z.array(summary) });
const runs: Schema<Page<RunSummary>> = z.object({ items: z.array(summary), next: maybe(text) });

const spanFields = {
  id, parent: maybe(id), kind: z.enum(stepKinds), name: text, startedAt: number, endedAt: maybe(number), status, depth: index, child: maybe(id), circular: maybe(z.literal(true)),
};
const span: Schema<Span> = z.object({ ...spanFields, input: maybe(stored), output: maybe(stored), error: maybe(errorInfo) });
const spanRow = z.object({
  ...spanFields, about: maybe(text), problem: maybe(text), picture: maybe(picture), children: index, open: flag, position: index, siblings: index, parentRow: maybe(index), matches: flag, unread: maybe(z.literal(true)),
});

const lease: Schema<LeaseReport> = z.object({
  id, kind: z.enum(leaseKinds), label: text, createdAt: number, destroyedAt: maybe(number), verified: flag, how: text, error: maybe(errorInfo),
});
const destruction: Schema<DestructionReport> = z.object({ leases: z.array(lease), clean: flag });
const ledgerLine: Schema<LedgerLine> = z.object({ meter: text, value: number, unit: text, mark, source: text });
const bill: Schema<Bill> = z.object({
  run, ledger: z.array(ledgerLine), realCostUsd: number, realCostMark: mark,
  baselines: z.array(z.object({
    service: text, what: text, listUsd: number, afterFreeTierUsd: number, formula: text, source: text, asOf: text, stale: flag, mark,
  })),
  saving: maybe(z.object({ against: text, listUsd: number, afterFreeTierUsd: number })),
  children: maybe(z.array(z.object({ run, title: text, state, agent: maybe(text), tokens: number, costUsd: number, costMark: mark }))),
  replay: maybe(z.object({ of: run, tokens: number, costUsd: maybe(number) })),
  spared: maybe(z.object({
    tokens: number, results: index, definitions: z.array(z.object({ tools: index, tokens: number, toldTools: index, toldTokens: number, requests: index })), unrecorded: index, mark: z.literal('estimated'),
  })),
  notCounted: z.array(text),
});
const network = z.object({
  hosts: z.array(z.object({ host: text, requests: index, received: number, sent: number })), refused: z.array(z.object({ action: text, attempts: index, reason: text })), moreHosts: index, moreRefused: index,
});
const logLine: Schema<LogLine> = z.object({ seq: index, at: number, kind: logKind, message: text, fraction: maybe(number) });

/** The most rows, lines or bytes that one answer may hold. */
export const pageLimits = { runs: 100, spans: 200, lines: 500, blobBytes: 512 * 1024 } as const;

export type MethodTable = { readonly [M in MethodName]: { readonly params: Schema<PanelMethods[M]['params']>; readonly result: Schema<PanelMethods[M]['result']> } };

const drafts: Schema<KeptDrafts> = z.strictObject({ drafts: z.record(z.string().check(z.maxLength(200)), z.string().check(z.maxLength(chatLimits.text))), at: number });

export const methods: MethodTable = {
  ...chatMethods,
  ...figureMethods,
  ...traceMethods,
  ...viewMethods,
  'panel.hello': {
    params: z.strictObject({ run: maybe(run), at: maybe(number) }),
    result: z.object({ settings: z.object({ sendWith: z.enum(['enter', 'ctrlEnter']) }), run: maybe(run), asked: flag, compose: maybe(text), place: maybe(z.enum(figurePlaces)), compare: maybe(runPair), drafts: maybe(drafts), strings: maybe(z.record(z.string(), text)) }),
  },
  'panel.keep': { params: drafts, result: z.null() },
  'panel.reload': { params: z.strictObject({}), result: z.null() },
  'runs.list': { params: z.strictObject({ after: maybe(run), limit: pageSize(pageLimits.runs) }), result: runs },
  'run.detail': { params: z.strictObject({ run }), result: z.object({ run: detail, now: number, cost: z.object({ usd: number, mark, below: index }), tags: z.array(text), live: flag, repeatable: flag }) },
  'run.spans': {
    params: z.strictObject({
      run, offset: index, limit: pageSize(pageLimits.spans),
      fold,
      filter: maybe(z.string().check(z.maxLength(500))), find: maybe(id),
    }),
    result: z.object({ offset: index, rows: z.array(spanRow), total: index, spans: index, found: maybe(index), reading: maybe(z.literal(true)) }),
  },
  'run.span': { params: z.strictObject({ run, span: id }), result: span },
  'run.leases': { params: z.strictObject({ run }), result: destruction },
  'run.bill': { params: z.strictObject({ run }), result: bill },
  'run.network': { params: z.strictObject({ run }), result: network },
  'run.log': {
    params: z.strictObject({ run, after: maybe(index), limit: pageSize(pageLimits.lines) }),
    result: z.object({ lines: z.array(logLine), total: index, progress: maybe(logLine) }),
  },
  'blob.read': {
    params: z.strictObject({ hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)), offset: index, length: pageSize(pageLimits.blobBytes) }),
    result: z.object({ data: text }),
  },
  'run.cancel': { params: z.strictObject({ run }), result: z.object({ stopped: flag }) },
  'run.again': { params: z.strictObject({ run }), result: z.object({ run }) },
  'run.export': { params: z.strictObject({ run }), result: z.null() },
  'source.open': { params: z.strictObject({ file: text, line: index, column: index }), result: z.null() },
};

export const events: { readonly [E in EventName]: Schema<PanelEvents[E]> } = {
  changed: z.object({ run, seq: index, state }),
  ...chatEvents,
  ...figureEvents,
  ...traceEvents,
  ...viewEvents,
  open: z.object({ run }),
  compose: z.object({ text: maybe(text) }),
  gone: z.object({ run }),
};
