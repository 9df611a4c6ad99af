import { AssassinError, toErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { asData } from '../untrusted.ts';

/** What an agent has given back. */
export interface AgentAnswer {
  readonly agent: string;
  /** Its run. */
  readonly run: string;
  readonly answer: Json;
}

/** Lets an agent work on a task and waits for its answer. Rejects where it did not finish. */
export type AskAgent<T extends AgentAnswer = AgentAnswer> = (agent: string, task: string) => Promise<T>;

export type Settled<T extends AgentAnswer = AgentAnswer> = { readonly agent: string; readonly ok: true; readonly value: T } | { readonly agent: string; readonly ok: false; readonly error: ErrorInfo };

/** One after another: each is given the task and what the one before it gave back. */
export async function chain<T extends AgentAnswer>(ask: AskAgent<T>, agents: readonly string[], task: string): Promise<readonly T[]> {
  const answers: T[] = [];
  for (const agent of agents) {
    const before = answers.at(-1);
    answers.push(await ask(agent, before === undefined ? task : `${task}\n\nThe agent before you, ${before.agent}, gave back:\n${asData(before.agent, textOf(before.answer))}`));
  }
  return answers;
}

/** All at once on the same task. One that fails does not stop the others; the answers stand in the order of `agents`. */
export function parallel<T extends AgentAnswer>(ask: AskAgent<T>, agents: readonly string[], task: string): Promise<readonly Settled<T>[]> {
  return Promise.all(agents.map((agent) => settled(agent, ask(agent, task))));
}

export interface Choice {
  readonly name: string;
  readonly description: string;
}

/** `choose` reads the task and names the agent that gets it. Throws `model-output` where it names none of them. */
export async function route<T extends AgentAnswer>(ask: AskAgent<T>, choose: (task: string) => Promise<Json>, choices: readonly Choice[], task: string): Promise<T> {
  const list = choices.map(({ name, description }) => `- ${name}: ${description}`).join('\n');
  const chosen = await choose(`Choose who does the task below. Answer with the name alone, one of ${choices.map(({ name }) => name).join(', ')}.\n${list}\n\nThe task:\n${task}`);
  const name = typeof chosen === 'string' ? chosen.trim().replace(/^["'`]|["'`.]$/g, '') : undefined;
  if (!choices.some((choice) => choice.name === name) || name === undefined) {
    throw new AssassinError('model-output', `Nobody was chosen for the task: ${textOf(chosen).slice(0, 200)} is none of ${choices.map((choice) => choice.name).join(', ')}.`, { hint: 'Describe the agents so that they can be told apart, or choose another model.' });
  }
  return ask(name, task);
}

export interface Reflection<T extends AgentAnswer> {
  readonly value: T;
  /** Whether the one who judges was content in the end. */
  readonly ok: boolean;
  readonly rounds: number;
  /** What was said last. */
  readonly comments: string;
}

/** One works, another judges with `{ ok, comments }`, and the work is done over until it is ok or has been judged `rounds` times. */
export async function reflect<T extends AgentAnswer>(ask: AskAgent<T>, worker: string, judge: string, task: string, rounds: number): Promise<Reflection<T>> {
  let value = await ask(worker, task);
  for (let round = 1; ; round++) {
    const verdict = verdictOf((await ask(judge, `Judge whether this does the task. Answer with { "ok": true or false, "comments": "what is wrong" }.\n\nThe task:\n${task}\n\nWhat ${worker} gave back:\n${asData(worker, textOf(value.answer))}`)).answer);
    if (verdict.ok || round >= rounds) return { value, ...verdict, rounds: round };
    value = await ask(worker, `${task}\n\nYou have done this before and gave back:\n${asData(worker, textOf(value.answer))}\n${judge} was not content:\n${asData(judge, verdict.comments)}`);
  }
}

/** Words that are no verdict are comments: what is not said to be ok is not ok. */
function verdictOf(answer: Json): { readonly ok: boolean; readonly comments: string } {
  const value = typeof answer === 'string' ? parsed(answer) : answer;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, comments: textOf(answer) };
  const { ok, comments } = value as { readonly ok?: Json; readonly comments?: Json };
  return { ok: ok === true, comments: comments === undefined ? '' : textOf(comments) };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, '')) as Json;
  } catch {
    return text;
  }
}

async function settled<T extends AgentAnswer>(agent: string, work: Promise<T>): Promise<Settled<T>> {
  try {
    return { agent, ok: true, value: await work };
  } catch (error) {
    return { agent, ok: false, error: toErrorInfo(error) };
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
