import type { ModelMessage, ModelToolCall } from '../../models/model-client.ts';
import { describeError, fromErrorInfo } from '../../shared/errors.ts';
import type { JournalEvent } from '../../shared/events.ts';
import type { Json } from '../../shared/json.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { Pictures, type OwnBlob } from '../pictures/pictures.ts';
import { asData } from '../untrusted.ts';
import { answerOf, assistantMessage, newMessages, turnsOf, type ReadBlob, type RecordedStep, type RecordedTurn } from './recorded-turns.ts';

export interface RebuildOptions {
  /** The last turn that counts; all where absent. */
  readonly upTo?: number;
  /** Reads pictures that results name and no request has carried yet. */
  readonly ownBlob?: OwnBlob;
}

export interface Rebuilt {
  /** As they were sent, and after them what came of the last turn. Begins with the system's words. */
  readonly messages: readonly ModelMessage[];
  /** Turns that are on record, or those that were asked for. */
  readonly turns: number;
  /** True where something had begun whose end is not on record. */
  readonly unknown: boolean;
}

/** What the agent's own tools answer is nobody else's text. */
const ownTools: ReadonlySet<string> = new Set(['finish', 'set_plan', 'ask_person', 'edit_file']);
/** Whoever goes on with it says whether it sees pictures. */
const anyModel = { id: 'any', images: true } as const;
/** Calls of one piece of code that are told one by one. */
const maxInner = 40;

/**
 * The conversation of a task, built anew from its journal: up to and with turn `upTo`, or all of it. Results are taken from the record. A call that had
 * begun and has no end on record may or may not have had its effect: the model is told exactly that, and nothing is done again here.
 */
export async function rebuild(events: readonly JournalEvent[], readBlob: ReadBlob, { upTo = Number.POSITIVE_INFINITY, ownBlob }: RebuildOptions = {}): Promise<Rebuilt> {
  const turns = turnsOf(events).filter(({ request }) => request !== undefined);
  const kept = turns.filter(({ number }) => number <= upTo);
  const messages: ModelMessage[] = [];
  for (const turn of kept) messages.push(...(await newMessages(turn, readBlob)));
  const last = kept.at(-1);
  if (last === undefined) {
    const opening = turns[0] === undefined ? [] : await newMessages(turns[0], readBlob);
    return { messages: opening, turns: 0, unknown: false };
  }
  const next = turns[kept.length];
  // The next request carries what the last turn came to, word for word; what the person said after it does not count.
  const told = next === undefined ? [] : (await newMessages(next, readBlob)).filter(({ role }) => role === 'assistant' || role === 'tool');
  const ending = told.length > 0 ? { messages: told, unknown: false } : await endOf(last, messages, readBlob, ownBlob && new Pictures(events[0]?.run ?? '', ownBlob, anyModel));
  return { messages: [...messages, ...ending.messages], turns: last.number, unknown: ending.unknown };
}

async function endOf(turn: RecordedTurn, before: readonly ModelMessage[], readBlob: ReadBlob, pictures: Pictures | undefined): Promise<{ readonly messages: readonly ModelMessage[]; readonly unknown: boolean }> {
  const answer = await answerOf(turn, readBlob);
  if (answer === undefined || (answer.text === '' && answer.calls.length === 0)) return { messages: [], unknown: false };
  const said = assistantMessage(answer);
  const used = new Set(before.flatMap((message) => (message.role === 'assistant' ? message.calls.map(({ id }) => id) : [])));
  const calls = said.calls.map((call) => withOwnId(call, used));
  const results = await Promise.all(calls.map(async (call) => resultOf(call, turn.calls.get(call.id), readBlob, pictures)));
  return { messages: [{ ...said, calls }, ...results], unknown: [...turn.calls.values()].some(({ ended }) => ended === undefined) };
}

/** Servers that number their calls anew in each answer, or give them no id at all, would make two results of one. `used` grows by the id. */
export function withOwnId(call: ModelToolCall, used: Set<string>): ModelToolCall {
  const wish = call.id === '' ? 'call' : call.id;
  let id = wish;
  for (let i = 2; used.has(id); i++) id = `${wish}_${i}`;
  used.add(id);
  return id === call.id ? call : { ...call, id };
}

async function resultOf(call: ModelToolCall, step: RecordedStep | undefined, readBlob: ReadBlob, pictures: Pictures | undefined): Promise<ModelMessage> {
  const reply = (text: string, failed: boolean): ModelMessage => ({ role: 'tool', callId: call.id, name: call.name, text, failed });
  if (step === undefined) return reply('Not run: the task stopped before its turn came.', true);
  const { ended } = step;
  if (ended === undefined) return reply(await unknownOutcome(step, readBlob), true);
  const output = ended.output === undefined ? undefined : await wholeValue(ended.output, readBlob);
  const text = ended.error ? `Failed (${ended.error.code}): ${describeError(fromErrorInfo(ended.error))}` : textOf(output ?? null);
  const told = ownTools.has(call.name) ? text : asData(call.name, text);
  const { images = [], note = '' } = ended.error ? {} : ((await pictures?.shown(text)) ?? {});
  return { role: 'tool', callId: call.id, name: call.name, text: note === '' ? told : `${told}\n\n${note}`, failed: ended.error !== undefined, ...(images.length === 0 ? {} : { images }) };
}

async function unknownOutcome(step: RecordedStep, readBlob: ReadBlob): Promise<string> {
  const inner: string[] = [];
  for (const { started, ended } of effectsOf(step).slice(0, maxInner)) {
    const input = started.input === undefined ? '' : ` ${JSON.stringify(await wholeValue(started.input, readBlob)).slice(0, 300)}`;
    inner.push(`- ${started.name}${input}: ${ended === undefined ? 'begun, its outcome is unknown' : ended.error ? `failed (${ended.error.code})` : 'done'}`);
  }
  return [
    'Outcome unknown: the program ended in the middle of this call. It was not repeated, and it may have had its effect or not. Look at how things are before you do any of it again.',
    ...(inner.length === 0 ? [] : ['On record of it:', ...inner]),
    ...(inner.some((line) => /^- (?:delegate|agents\.)/.test(line)) ? ['What an agent had finished is on record: asked for exactly the same again, its answer is given back and nothing is done twice; one that had not finished goes on where it was.'] : []),
  ].join('\n');
}

/** Calls of tools below a step, however deep; sandboxes and programs around them are no effects. */
function effectsOf({ inner }: RecordedStep): readonly RecordedStep[] {
  return inner.flatMap((step) => (step.started.kind === 'chain' || step.started.kind === 'sandbox' || step.started.kind === 'lease' ? effectsOf(step) : [step, ...effectsOf(step)]));
}

function textOf(output: Json): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}
