import { newId } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import type { ModelMessage, ModelToolCall } from './model-client.ts';

/** Gives each call of an answer an id that no call of the conversation has: some servers count from zero again in each answer, some send none. */
export class CallIds {
  readonly #messages: readonly ModelMessage[];
  readonly #own = new Set<string>();

  constructor(messages: readonly ModelMessage[]) {
    this.#messages = messages;
  }

  unique(id: string): string {
    const free = id.trim() === '' || this.#own.has(id) || this.#isTaken(id) ? newId('call') : id;
    this.#own.add(free);
    return free;
  }

  /** From the end: a server that counts anew has said it in the answer before. */
  #isTaken(id: string): boolean {
    for (let index = this.#messages.length - 1; index >= 0; index--) {
      const message = this.#messages[index]!;
      if (message.role === 'assistant') for (const call of message.calls) if (call.id === id) return true;
    }
    return false;
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
