import { AssassinError } from '../../shared/errors.ts';
import type { Json, JsonSchema } from '../../shared/json.ts';
import { valueCheck, type ValueCheck } from './value-check.ts';

export interface TopicMessage {
  /** From 1 within its topic. */
  readonly number: number;
  /** The run that published it. */
  readonly run: string;
  readonly message: Json;
}

interface Topic {
  readonly schema: string;
  readonly check: ValueCheck;
  readonly messages: TopicMessage[];
  readonly waiting: Set<() => void>;
}

/** Messages of one topic at most: what is said more often is a log. */
const maxMessages = 10_000;

/** What the agents of one run tree tell each other: a topic has one schema, and its messages one order that every reader sees. */
export class Topics {
  readonly #topics = new Map<string, Topic>();

  /** Makes a topic known; again with the same schema changes nothing. Throws `invalid-input` where it is known with another one. */
  define(name: string, schema: JsonSchema): void {
    const text = canonical(schema);
    const known = this.#topics.get(name);
    if (known?.schema === text) return;
    if (known) throw new AssassinError('invalid-input', `The topic "${name}" is known with another schema.`, { hint: 'Use that schema, or another name.', data: { topic: name } });
    const check = valueCheck(schema);
    if (typeof check === 'string') throw new AssassinError('invalid-input', `The schema of the topic "${name}" ${check}.`, { hint: 'Give a JSON Schema.', data: { topic: name } });
    this.#topics.set(name, { schema: text, check, messages: [], waiting: new Set() });
  }

  /** `record` is called with the message before anybody can read it. Throws `invalid-input` where the topic is unknown or the message does not fit. */
  publish(name: string, run: string, message: Json, record: (message: TopicMessage) => void): TopicMessage {
    const topic = this.#find(name);
    const problems = topic.check(message);
    if (problems.length > 0) throw new AssassinError('invalid-input', `The message does not fit the topic "${name}". ${problems.join('. ')}.`, { hint: 'Send what its schema describes.', data: { topic: name, issues: problems } });
    if (topic.messages.length >= maxMessages) throw new AssassinError('invalid-input', `The topic "${name}" has ${maxMessages} messages and takes no more.`, { data: { topic: name } });
    const published = { number: topic.messages.length + 1, run, message };
    record(published);
    topic.messages.push(published);
    for (const wake of topic.waiting) wake();
    return published;
  }

  /** What follows message number `after`. Where there is nothing yet it waits up to `waitMs` for something. */
  async read(name: string, after: number, waitMs: number, signal: AbortSignal): Promise<readonly TopicMessage[]> {
    const topic = this.#find(name);
    if (topic.messages.length <= after && waitMs > 0) await nextMessage(topic, waitMs, signal);
    signal.throwIfAborted();
    return topic.messages.slice(after);
  }

  #find(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new AssassinError('invalid-input', `There is no topic "${name}".`, { hint: this.#topics.size === 0 ? 'Define it first, with the schema of its messages.' : `Known are: ${[...this.#topics.keys()].join(', ')}.`, data: { topic: name } });
    return topic;
  }
}

async function nextMessage({ waiting }: Topic, waitMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMs);
  waiting.add(resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    waiting.delete(resolve);
  }
}

/** The same for schemas that differ only in the order of their fields. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each));
}
