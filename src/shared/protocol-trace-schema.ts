import * as z from 'zod/mini';
import type { ComparedSide, ComparedStep, Difference, StepFacts } from './comparison.ts';
import type { SessionSummary } from './conversation.ts';
import { diff } from './protocol-chat-schema.ts';
import { runKinds, stepKinds, type EventType } from './events.ts';
import { flag, id, index, location, mark, maybe, number, pageSize, picture, run, state, status, text, type Schema } from './protocol-parts.ts';
import type { EventLine, RunPair, SpanFacts, TraceEvents, TraceMethods } from './protocol-trace.ts';
import { tags, words } from './protocol-run-filter.ts';
import type { RunFacets } from './run-filter.ts';

/** The most rows or lines that one answer may hold. */
export const traceLimits = { events: 300, compared: 200, sessions: 100 } as const;


export const fold = z.strictObject({ rest: z.enum(['open', 'closed']), except: z.array(id).check(z.maxLength(20_000)) });

/** What kinds of events there are is the journal's affair; a page shows the name of any. */
const eventType = text as Schema<string> as Schema<EventType>;
const eventLine: Schema<EventLine> = z.object({ seq: index, at: number, type: eventType, tone: z.enum(['plain', 'warn', 'bad']), text, step: maybe(id), picture: maybe(picture) });

const facts: Schema<SpanFacts> = z.object({
  attributes: z.array(z.tuple([text, text])), inputName: text, outputName: text, tokens: maybe(z.object({ input: number, output: number, cached: maybe(number) })),
  cost: maybe(z.object({ usd: number, mark })), place: maybe(location),
});

const side: Schema<ComparedSide> = z.object({ id, title: text, kind: z.enum(runKinds), state, createdAt: number, durationMs: maybe(number), steps: index, tokens: number, costUsd: number, costMark: mark });
const stepFacts: Schema<StepFacts> = z.object({ id, name: text, status, ms: maybe(number), tokens: maybe(number), costUsd: maybe(number) });
const compared: Schema<ComparedStep> = z.object({
  depth: index, kind: z.enum(stepKinds), a: maybe(stepFacts), b: maybe(stepFacts), differences: z.array(z.enum(['missing', 'name', 'status', 'input', 'output'] satisfies Difference[])),
});
const session: Schema<SessionSummary> = z.object({ id: text, title: text, runs: z.array(id), state, startedAt: number, updatedAt: number, costUsd: number, costMark: mark });
const facets: Schema<RunFacets> = z.object({ models: z.array(text), tools: z.array(text), tags: z.array(text) });

export const runPair: Schema<RunPair> = z.object({ a: run, b: run });

export const traceEvents: { readonly [E in keyof TraceEvents]: Schema<TraceEvents[E]> } = { compare: runPair };

export type TraceTable = { readonly [M in keyof TraceMethods]: { readonly params: Schema<TraceMethods[M]['params']>; readonly result: Schema<TraceMethods[M]['result']> } };

export const traceMethods: TraceTable = {
  'run.seek': { params: z.strictObject({ run, fold, filter: maybe(words), from: index, text: words }), result: z.object({ row: maybe(index) }) },
  'run.facts': { params: z.strictObject({ run, span: id }), result: facts },
  'run.events': { params: z.strictObject({ run, offset: index, limit: pageSize(traceLimits.events), filter: maybe(words) }), result: z.object({ offset: index, lines: z.array(eventLine), total: index, events: index, reading: maybe(z.literal(true)) }) },
  'run.tag': { params: z.strictObject({ run, add: tags, remove: tags }), result: z.object({ tags: z.array(text) }) },
  'history.facets': { params: z.strictObject({}), result: facets },
  'history.sessions': { params: z.strictObject({ query: words, after: maybe(run), limit: pageSize(traceLimits.sessions) }), result: z.object({ items: z.array(session), next: maybe(text) }) },
  'runs.compare': {
    params: z.strictObject({ a: run, b: run, offset: index, limit: pageSize(traceLimits.compared), onlyDifferent: flag }),
    result: z.object({ a: side, b: side, offset: index, rows: z.array(compared), total: index, different: index, sameResult: flag }),
  },
  'runs.compareResults': {
    params: z.strictObject({ a: run, b: run }),
    result: diff,
  },
};
