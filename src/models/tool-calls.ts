import { newId } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import type { ModelMessage, ModelToolCall } from './model-client.ts';

/** Gives each call of an answer an id that no call of the conversation has: some servers count from zero again in each answer, some send none. */
export class CallIds {
  readonly #taken: Set<string>;

  constructor(messages: readonly ModelMessage[]) {
    this.#taken = new Set(messages.flatMap((message) => (message.role === 'assistant' ? message.calls.map(({ id }) => id) : [])));
  }

  unique(id: string): string {
    const free = id.trim() === '' || this.#taken.has(id) ? newId('call') : id;
    this.#taken.add(free);
    return free;
  }
}

/** Arguments as they came in, made a call. Ones that break off or are no JSON are said to be so, never guessed at. */
export function toolCall(id: string, name: string, text: string): ModelToolCall {
  // A tool without parameters is called with nothing at all by some models.
  if (text.trim() === '') return { id, name, input: {} };
  try {
    return { id, name, input: JSON.parse(text) as Json };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { id, name, input: undefined, problem: `The arguments are not valid JSON (${text.length} characters): ${reason.slice(0, 200)}` };
  }
}

/** What goes back over the wire as the arguments of an earlier call: every provider wants an object there, whatever the model once sent. */
export function wireInput(call: ModelToolCall): Json {
  return typeof call.input === 'object' && call.input !== null && !Array.isArray(call.input) ? call.input : {};
}
