import * as z from 'zod/mini';
import type { ModelDelta } from './conversation.ts';
import { approvalEnds, leaseKinds, marks, meterNames, runKinds, runOriginKinds, stepKinds, type EventOf, type EventType, type JournalEvent } from './events.ts';
import { errorInfo, flag, id, index, maybe, number, run, state, stored, text, type Schema } from './protocol-parts.ts';

/** Fields that each line of a journal has. */
const line = { run, seq: index, at: number };
const of = <T extends EventType, S extends z.core.$ZodShape>(type: T, shape: S) => z.strictObject({ ...line, type: z.literal(type), ...shape });
const mark = z.enum(marks);
const step = { step: maybe(id) };
const identity = z.strictObject({ pid: maybe(index), pidStart: maybe(text), path: maybe(text), repository: maybe(text), port: maybe(index) });
const limits = z.strictObject({ wallMs: maybe(number), steps: maybe(number), moneyUsd: maybe(number), tokens: maybe(number), browserSeconds: maybe(number), egressBytes: maybe(number) });

/** Traces that other programs have sent are on record too, and no command runs them; tags are put on runs beside what they do. */
type OfRuns = Exclude<EventType, 'trace.received' | 'span.received' | 'trace.grown' | 'run.tagged'>;

const events: { readonly [T in OfRuns]: Schema<EventOf<T>> } = {
  'run.created': of('run.created', {
    kind: z.enum(runKinds), title: text, source: text, workspace: text, input: stored, grants: z.array(text), budget: limits, host: z.strictObject({ pid: index, start: text }), version: text,
    parent: maybe(z.strictObject({ run, step: id, key: text, agent: text })), session: maybe(id), origin: maybe(z.strictObject({ kind: z.enum(runOriginKinds), run, turn: maybe(index) })),
    fixed: maybe(z.strictObject({ clock: number, seed: text })),
  }),
  'run.state': of('run.state', { from: state, to: state, error: maybe(errorInfo) }),
  'run.cancelling': of('run.cancelling', { reason: text }),
  'run.result': of('run.result', { value: stored }),
  'run.replays': of('run.replays', { of: run, tokens: number, costUsd: maybe(number) }),
  'run.progress': of('run.progress', { message: text, fraction: maybe(number) }),
  'run.log': of('run.log', { level: z.enum(['debug', 'info', 'warn', 'error']), message: text }),
  'step.started': of('step.started', { step: id, parent: maybe(id), kind: z.enum(stepKinds), name: text, input: maybe(stored), call: maybe(text) }),
  'step.ended': of('step.ended', { step: id, status: z.enum(['ok', 'error', 'denied', 'cancelled']), output: maybe(stored), error: maybe(errorInfo), ms: number }),
  'decision': of('decision', { ...step, action: text, effect: z.enum(['allow', 'ask', 'deny']), outcome: z.enum(['allowed', 'denied']), reason: text, rule: maybe(text) }),
  'approval.asked': of('approval.asked', { approval: id, ...step, action: text, cause: z.enum(['rule', 'unlisted', 'untrusted']), reason: text, deadline: number }),
  'approval.closed': of('approval.closed', { approval: id, how: z.enum(approvalEnds), grant: maybe(text), reason: maybe(text) }),
  'untrusted.read': of('untrusted.read', { kind: z.enum(['web', 'mcp', 'file', 'command', 'run']), source: text, ...step }),
  'lease.created': of('lease.created', { lease: id, kind: z.enum(leaseKinds), label: text, deadline: maybe(number), identity }),
  'lease.identified': of('lease.identified', { lease: id, identity }),
  'lease.destroyed': of('lease.destroyed', { lease: id, verified: flag, how: text, ms: number, error: maybe(errorInfo) }),
  'meter': of('meter', { meter: z.enum(meterNames), value: number, mark, source: text, ...step, lease: maybe(id) }),
  'egress.used': of('egress.used', {
    lease: id, hosts: z.array(z.strictObject({ host: text, requests: index, received: index, sent: index })), refused: z.array(z.strictObject({ action: text, attempts: index, reason: text })),
  }),
  'file.written': of('file.written', { ...step, path: text, before: maybe(z.strictObject({ blob: text, bytes: index })), after: text }),
  'run.child': of('run.child', { step: id, child: run, agent: text, recorded: flag }),
  'topic.message': of('topic.message', { ...step, topic: text, number: index, message: stored }),
  'package.used': of('package.used', { ...step, name: text, version: text, sha256: text, files: index }),
  'tools.known': of('tools.known', { tools: index, tokens: index, toldTools: index, toldTokens: index, how: text }),
  'ask': of('ask', { ask: id, question: text, ...step, choices: maybe(z.array(text)), deadline: maybe(number) }),
  'answer': of('answer', { ask: id, answer: text }),
  'ask.closed': of('ask.closed', { ask: id, reason: text }),
  'message.queued': of('message.queued', { message: id, text }),
  'message.read': of('message.read', { message: id, step: id }),
  'message.withdrawn': of('message.withdrawn', { message: id }),
  'plan.updated': of('plan.updated', { steps: z.array(z.strictObject({ text, state: z.enum(['open', 'doing', 'done']) })), ...step }),
  'repair.round': of('repair.round', {
    round: index, of: index, problem: text, spentTokens: number, spentUsd: maybe(number), estimateTokens: maybe(number), estimateUsd: maybe(number), ...step,
  }),
};

const tagged = z.strictObject({ ...line, type: z.literal('run.tagged'), add: z.array(text), remove: z.array(text), by: z.enum(['person', 'chain', 'program']) });

/** One line of the journal of a run. */
export const journalEvent = z.union([...Object.values<Schema<JournalEvent>>(events), tagged]);

/** What a model says while it says it. */
const modelDelta: Schema<ModelDelta> = z.strictObject({ run, turn: id, step: id, kind: z.enum(['text', 'reasoning', 'restart', 'end']), text });

/** The document at the end: the same as without `--events`, with its type. */
const runDocument = z.looseObject({
  type: z.literal('run'), run, state, clean: flag, exitCode: index, result: maybe(z.json()), error: maybe(errorInfo),
  summary: z.looseObject({ id: run, title: text, state, steps: index, costUsd: number, costMark: mark }), trace: z.array(z.looseObject({ id, kind: z.enum(stepKinds), name: text, status: text })),
  destruction: z.looseObject({ clean: flag, leases: z.array(z.looseObject({})) }), bill: z.looseObject({ realCostUsd: number, realCostMark: mark }),
});

/** A line that a command writes with `--json --events`. */
export const outputLine = z.union([z.strictObject({ type: z.literal('event'), event: journalEvent }), z.strictObject({ type: z.literal('delta'), delta: modelDelta }), runDocument]);
