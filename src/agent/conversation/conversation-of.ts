import * as z from 'zod';
import type { Conversation, ConversationCall, ConversationEntry } from '../../shared/conversation.ts';
import type { RunSummary } from '../../shared/dto.ts';
import type { EventOf, JournalEvent, PlanStep } from '../../shared/events.ts';
import { isTerminal } from '../../shared/run-state.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { budgetUseOf, modelUseOf } from '../model-use.ts';
import { createdOf, taskInputOf } from '../task-input.ts';
import { answerOf, requestOf, turnsOf, type ReadBlob, type RecordedTurn } from './recorded-turns.ts';
import { withOwnId } from './rebuild.ts';

const result = z.object({
  answer: z.json(), verification: z.enum(['verified', 'unverified']), why: z.string().optional(), evidence: z.array(z.string()), changed: z.array(z.string()), denied: z.array(z.string()).optional(), plan: z.string().optional(),
});

/** A task as a conversation in the order of time, from its journal alone. Throws `invalid-input` for a run that is no task. `now` is for limits of time. */
export async function conversationOf(summary: RunSummary, events: readonly JournalEvent[], readBlob: ReadBlob, now: number = Date.now()): Promise<Conversation> {
  const created = createdOf(events);
  const input = await taskInputOf(events, readBlob);
  const over = isTerminal(summary.state);
  const used = new Set<string>();
  const entries: ConversationEntry[] = [{ type: 'person', at: created.at, text: input.task, state: 'read' }];
  for (const turn of turnsOf(events)) entries.push(await turnEntry(turn, events, readBlob, over, used));
  const of = <T extends JournalEvent['type']>(type: T) => events.filter((event): event is EventOf<T> => event.type === type);
  const gone = new Map([...of('message.read'), ...of('message.withdrawn')].map(({ message, type }) => [message, type === 'message.read' ? 'read' : 'withdrawn'] as const));
  for (const { at, text, message } of of('message.queued')) entries.push({ type: 'person', at, text, message, state: gone.get(message) ?? 'queued' });
  const ended = new Map([...of('answer'), ...of('ask.closed')].map((event) => [event.ask, event]));
  for (const { at, ask, question, choices, deadline } of of('ask')) {
    const end = ended.get(ask);
    entries.push({
      type: 'question', at, ask, question, ...(choices === undefined ? {} : { choices }), ...(deadline === undefined ? {} : { deadline }),
      ...(end === undefined ? (over ? { closed: 'The run ended first.' } : {}) : end.type === 'answer' ? { answer: end.answer } : { closed: end.reason }),
    });
  }
  for (const { at, seq, round, of: most, problem, estimateTokens, estimateUsd } of of('repair.round')) {
    const estimate = estimateTokens === undefined ? undefined : { inputTokens: estimateTokens, outputTokens: 0, tokensMark: 'estimated' as const, ...(estimateUsd === undefined ? {} : { costUsd: estimateUsd, costMark: 'estimated' as const }) };
    entries.push({ type: 'repair', at, round, of: most, problem, spent: modelUseOf(events.filter((event) => event.seq < seq)), ...(estimate === undefined ? {} : { estimate }) });
  }
  const [end] = of('run.result');
  if (end) {
    const value = result.safeParse(await wholeValue(end.value, readBlob));
    if (value.success) entries.push({ type: 'result', at: end.at, ...withoutUndefined(value.data) });
  }
  return {
    run: summary.id, session: created.session ?? summary.id, state: summary.state, task: input.task, mode: input.mode, model: input.model, executor: input.executor,
    ...(created.origin === undefined ? {} : { origin: created.origin }),
    // Sorting keeps the order of those of one millisecond.
    entries: entries.sort((a, b) => a.at - b.at), steps: of('plan.updated').at(-1)?.steps ?? ([] satisfies PlanStep[]), use: modelUseOf(events),
    budget: budgetUseOf(events, created.budget, now), resumable: over && summary.state !== 'done',
  };
}

async function turnEntry(turn: RecordedTurn, events: readonly JournalEvent[], readBlob: ReadBlob, over: boolean, used: Set<string>): Promise<ConversationEntry> {
  const { started, ended, number, calls } = turn;
  const [answer, request] = await Promise.all([answerOf(turn, readBlob), requestOf(turn, readBlob)]);
  const open = over ? 'unknown' : 'running';
  const shown = (answer?.calls ?? []).map(({ problem, input, ...call }) => withOwnId({ ...call, input, ...(problem === undefined ? {} : { problem }) }, used)).map((call): ConversationCall => {
    const step = calls.get(call.id);
    const { output, error } = step?.ended ?? {};
    return {
      id: call.id, name: call.name, status: step === undefined ? (ended === undefined && !over ? 'running' : 'not-run') : (step.ended?.status ?? open),
      ...(step === undefined ? {} : { step: step.started.step }), ...(call.input === undefined ? {} : { input: { json: call.input } }),
      ...(output === undefined ? {} : { output }), ...(error === undefined ? {} : { error }),
    };
  });
  const within = new Set([started.step]);
  for (const event of events) if (event.type === 'step.started' && event.parent !== undefined && within.has(event.parent)) within.add(event.step);
  return {
    type: 'turn', at: started.at, turn: number, step: started.step, status: ended?.status ?? open, text: answer?.text ?? '', calls: shown,
    use: modelUseOf(events.filter((event) => event.type === 'meter' && event.step !== undefined && within.has(event.step))),
    ...(request === undefined ? {} : { model: request.model }), ...(ended === undefined ? {} : { endedAt: ended.at }), ...(ended?.error === undefined ? {} : { error: ended.error }),
  };
}

function withoutUndefined({ why, plan, denied, ...rest }: z.infer<typeof result>) {
  return { ...rest, ...(why === undefined ? {} : { why }), ...(plan === undefined ? {} : { plan }), ...(denied === undefined ? {} : { denied }) };
}
