import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { newId } from '../shared/ids.ts';
import { maxResultBytes } from '../tools/registry.ts';
import { parseInput } from '../tools/tool.ts';

/** In characters: what one program may have lying with the host at a time. */
const maxTotal = 256 * 1024 * 1024;
/** In characters: what one read brings into the sandbox. */
const maxRead = 1024 * 1024;

const reading = z.object({ id: z.string(), start: z.int().min(0), end: z.int().min(0) });

/**
 * Results that are too large to be handed into a sandbox whole. The program gets a handle, reads it in pieces, and may hand it on as an argument.
 * Handles hold for one program: an id that another one got, or that was made up, leads to nothing.
 */
export class BigValues {
  readonly #texts = new Map<string, { readonly text: string; readonly kind: 'text' | 'json' }>();
  #total = 0;

  /** The result as the program gets it. */
  handOut(name: string, value: Json): Json {
    // A quick look first: almost every result is small.
    const kind = typeof value === 'string' ? 'text' : 'json';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (Buffer.byteLength(text) <= maxResultBytes) return value;
    this.#total += text.length;
    if (this.#total > maxTotal) throw new AssassinError('invalid-output', `${name} returned ${text.length} characters more, and a program can keep ${maxTotal} in all.`, { hint: 'Ask it for less, or for a part at a time.' });
    const id = newId('v');
    this.#texts.set(id, { text, kind });
    return { $handle: id, kind, characters: text.length };
  }

  /** One piece of a value, as text. */
  read(input: Json): Json {
    const { id, start, end } = parseInput('value.read', reading, input);
    return this.#get(id).text.slice(start, Math.min(end, start + maxRead));
  }

  /** Arguments with values in place of their handles. */
  takeIn(input: Json): Json {
    return this.#texts.size === 0 ? input : this.#resolved(input, 0);
  }

  #resolved(input: Json, depth: number): Json {
    if (typeof input !== 'object' || input === null || depth > 20) return input;
    if (Array.isArray(input)) return input.map((item: Json) => this.#resolved(item, depth + 1));
    const object = input as JsonObject;
    const id = object['$handle'];
    if (typeof id === 'string') {
      const { text, kind } = this.#get(id);
      return kind === 'text' ? text : (JSON.parse(text) as Json);
    }
    return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, this.#resolved(value, depth + 1)]));
  }

  #get(id: string): { readonly text: string; readonly kind: 'text' | 'json' } {
    const found = this.#texts.get(id);
    if (found === undefined) throw new AssassinError('invalid-input', 'There is no such value in this program.', { hint: 'Use the object that the call returned.' });
    return found;
  }
}
