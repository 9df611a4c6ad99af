import * as z from 'zod/mini';
import type { Approval, ApprovalAnswer } from './approvals.ts';
import type { ChatItem, ChatPage } from './chat.ts';
import type { FileDiff } from './file-diff.ts';
import type { ModelDraft, ModelUse, OpenQuestion } from './conversation.ts';
import { approvalEnds, stepKinds, taskModes, type PlanStep } from './events.ts';
import { mentionKinds, type MentionCompletion } from './mentions.ts';
import { runFilter } from './protocol-run-filter.ts';
import { setupWays } from './setup-ways.ts';
import type { ChatEvents, ChatMethods, FoundRun, InnerStep, ModelChoice, TeamRun } from './protocol-chat.ts';
import { errorInfo, flag, id, index, location, mark, maybe, number, pageSize, picture, run, state, status, summary, summaryFields, text, type Schema } from './protocol-parts.ts';

/** The most that one message may hold. */
export const chatLimits = { items: 200, text: 200_000, pictures: 8, pictureCharacters: 8 * 1024 * 1024, inside: 100 } as const;

const words = z.string().check(z.maxLength(chatLimits.text));
const none = z.strictObject({});

const use: Schema<ModelUse> = z.object({ inputTokens: number, outputTokens: number, tokensMark: mark, costUsd: maybe(number), costMark: maybe(mark) });
const planStep: Schema<PlanStep> = z.object({ text, state: z.enum(['open', 'doing', 'done']) });
const base = { id, index, seq: index, at: number };

const note = { level: z.enum(['info', 'warn', 'error']), text };

const item: Schema<ChatItem> = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('person'), text, pictures: index, message: maybe(id), state: z.enum(['read', 'queued', 'withdrawn']) }),
  z.object({ ...base, kind: z.literal('turn'), turn: index, model: text, status, text, reasoning: maybe(text), more: flag, use: maybe(use), ms: maybe(number), error: maybe(errorInfo), notes: maybe(z.array(z.object(note))) }),
  z.object({ ...base, kind: z.literal('call'), name: text, about: maybe(text), status, endedAt: maybe(number), problem: maybe(text), steps: index, pictures: z.array(picture), children: z.array(z.object({ run, agent: text, recorded: flag })) }),
  z.object({ ...base, kind: z.literal('edit'), path: text, write: index, created: flag }),
  z.object({ ...base, kind: z.literal('question'), ask: id, question: text, choices: z.array(text), answer: maybe(text), closed: maybe(text) }),
  z.object({ ...base, kind: z.literal('repair'), round: index, of: index, problem: text, spentTokens: number, spentUsd: maybe(number), estimateTokens: maybe(number), estimateUsd: maybe(number) }),
  z.object({ ...base, kind: z.literal('decision'), action: text, asked: flag, allowed: flag, reason: text, how: maybe(z.enum(approvalEnds)), words: maybe(text) }),
  z.object({ ...base, kind: z.literal('note'), ...note }),
  z.object({ ...base, kind: z.literal('shortened'), status, before: number, after: maybe(number), whole: flag }),
  z.object({
    ...base, kind: z.literal('end'), state, error: maybe(errorInfo), verification: maybe(z.enum(['verified', 'unverified'])), why: maybe(text),
    evidence: z.array(text), changed: z.array(text), plan: maybe(text), answer: maybe(text),
  }),
]);

const page: Schema<ChatPage> = z.object({
  items: z.array(item), total: index, seq: index, plan: z.array(planStep),
  use: z.object({ inputTokens: number, outputTokens: number, tokensMark: mark, costUsd: maybe(number), costMark: maybe(mark), steps: index, asks: index, waits: z.object({ overMs: number, since: maybe(number) }) }),
});

const draft: Schema<ModelDraft> = z.object({ turn: id, step: id, text, reasoning: text });
export const diff: Schema<FileDiff> = z.object({
  path: text, added: index, removed: index, problem: maybe(text),
  lines: z.array(z.object({ kind: z.enum(['same', 'added', 'removed', 'gap']), text, before: maybe(index), after: maybe(index) })),
});
const innerStep: Schema<InnerStep> = z.object({ id, kind: z.enum(stepKinds), name: text, status, startedAt: number, endedAt: maybe(number), about: maybe(text), problem: maybe(text) });
const teamRun: Schema<TeamRun> = z.object({
  id, parent: run, agent: maybe(text), title: text, state, createdAt: number, startedAt: maybe(number), endedAt: maybe(number), durationMs: maybe(number), steps: index, error: maybe(errorInfo), use,
});
const model: Schema<ModelChoice> = z.object({ id: maybe(text), label: text, abilities: z.array(text), pictures: flag, none: flag, problem: maybe(text), blocked: maybe(z.enum(['untrusted', 'no-folder', 'settings'])) });
const mentions: Schema<MentionCompletion> = z.object({
  from: index, to: index, candidates: z.array(z.object({ insert: text, label: text, detail: maybe(text), kind: z.enum(mentionKinds), available: flag })),
});
const found: Schema<FoundRun> = z.object({ ...summaryFields, snippet: maybe(text), tags: z.array(text) });

const approval: Schema<Approval> = z.object({
  id, run, title: text, text, reason: text,
  why: z.object({ cause: z.enum(['rule', 'unlisted', 'untrusted']), text, rule: maybe(text), origin: maybe(text), place: maybe(location) }),
  change: maybe(diff),
  origin: z.object({ agent: maybe(text), tool: maybe(text), step: maybe(id) }),
  untrusted: z.array(z.object({ kind: z.enum(['web', 'mcp', 'file', 'command', 'run']), source: text, step: maybe(id) })),
  offers: z.array(z.object({ scope: z.enum(['run', 'workspace']), grant: text, sentence: text, examples: z.array(text) })),
  waiting: index, askedAt: number, deadline: number,
});
const question: Schema<OpenQuestion> = z.object({ ask: id, run, question: text, choices: maybe(z.array(text)), deadline: number });
const answer: Schema<ApprovalAnswer> = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('once') }),
  z.strictObject({ answer: z.enum(['run', 'workspace']), grant: z.string().check(z.maxLength(10_000)) }),
  z.strictObject({ answer: z.literal('deny'), reason: maybe(z.string().check(z.maxLength(500))) }),
]);

const newRun = z.object({ run: maybe(run) });
const ofRun = z.strictObject({ run });

export type ChatTable = { readonly [M in keyof ChatMethods]: { readonly params: Schema<ChatMethods[M]['params']>; readonly result: Schema<ChatMethods[M]['result']> } };

export const chatMethods: ChatTable = {
  'chat.items': { params: z.strictObject({ run, since: maybe(index), before: maybe(index), limit: pageSize(chatLimits.items) }), result: page },
  'chat.draft': { params: ofRun, result: z.object({ draft: maybe(draft) }) },
  'chat.session': { params: ofRun, result: z.object({ runs: z.array(summary), resumable: flag, changes: index, freezable: flag }) },
  'chat.inside': { params: z.strictObject({ run, step: id, limit: pageSize(chatLimits.inside) }), result: z.object({ steps: z.array(innerStep), total: index }) },
  'chat.team': { params: ofRun, result: z.object({ runs: z.array(teamRun) }) },
  'chat.diff': { params: z.strictObject({ run, write: index }), result: diff },
  'chat.openDiff': { params: z.strictObject({ run, write: index }), result: z.null() },
  'chat.changes': { params: ofRun, result: z.null() },
  'chat.start': {
    params: z.strictObject({
      text: words, mode: z.enum(taskModes), after: maybe(run),
      pictures: z.array(z.strictObject({ name: z.string().check(z.maxLength(300)), mediaType: z.string().check(z.regex(/^image\/(png|jpeg|webp|gif)$/)), base64: z.string().check(z.maxLength(chatLimits.pictureCharacters)) })).check(z.maxLength(chatLimits.pictures)),
    }),
    result: newRun,
  },
  'chat.steer': { params: z.strictObject({ run, text: words }), result: z.object({ message: id }) },
  'chat.withdraw': { params: z.strictObject({ run, message: id }), result: z.object({ withdrawn: flag }) },
  'chat.useWhole': { params: ofRun, result: z.object({ tokens: number }) },
  'chat.answer': { params: z.strictObject({ ask: id, text: maybe(words) }), result: z.object({ taken: flag }) },
  'chat.resume': { params: ofRun, result: z.object({ run }) },
  'chat.fork': { params: z.strictObject({ run, turn: index, text: words }), result: z.object({ run }) },
  'chat.approvePlan': { params: ofRun, result: z.object({ run }) },
  'chat.undo': { params: ofRun, result: newRun },
  'chat.freeze': { params: ofRun, result: z.object({ path: maybe(text) }) },
  'approvals.pending': { params: none, result: z.object({ approvals: z.array(approval), questions: z.array(question) }) },
  'approvals.answer': { params: z.strictObject({ id, answer }), result: z.object({ counted: flag }) },
  'model.current': { params: z.strictObject({ refresh: flag }), result: model },
  'model.choose': { params: none, result: model },
  'model.setUp': { params: z.strictObject({ way: z.enum(setupWays) }), result: z.null() },
  'mentions.find': { params: z.strictObject({ text: words, cursor: index }), result: mentions },
  'history.search': { params: z.strictObject({ query: z.string().check(z.maxLength(500)), filter: maybe(runFilter), after: maybe(run), limit: pageSize(100) }), result: z.object({ items: z.array(found), next: maybe(text) }) },
  'link.open': { params: z.strictObject({ address: z.string().check(z.maxLength(8192)) }), result: z.null() },
};

export const chatEvents: { readonly [E in keyof ChatEvents]: Schema<ChatEvents[E]> } = {
  typing: z.object({ run, step: id, kind: z.enum(['text', 'reasoning']), offset: index, text }),
  typed: z.object({ run, step: id, kind: z.enum(['restart', 'end']) }),
  approvals: z.object({ pending: index }),
};
