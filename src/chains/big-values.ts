import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { newId } from '../shared/ids.ts';
import { maxResultBytes } from '../tools/registry.ts';
import { parseInput } from '../tools/tool.ts';

/** In characters: what one program may have lying with the host at a time. */
const maxTotal = 256 * 1024 * 1024;
/** In characters: what one program may hand out of its sandbox in pieces. Less, because it can be made up from nothing. */
const maxWritten = 48 * 1024 * 1024;
/** In characters: what one read brings into the sandbox. */
const maxRead = 1024 * 1024;

const reading = z.object({ id: z.string(), start: z.int().min(0), end: z.int().min(0) });
const writing = z.object({ id: z.string().nullable(), text: z.string() });

interface Held {
  text: string;
  readonly kind: 'text' | 'json';
  /** The program goes on writing it. */
  readonly written: boolean;
}

/**
 * Values that are too large to cross the wall of a sandbox whole, in either direction. The program has a handle, reads or writes in pieces, and may hand it on as an
 * argument or as its result.
 * Handles hold for one program: an id that another one got, or that was made up, leads to nothing.
 */
export class BigValues {
  readonly #texts = new Map<string, Held>();
  #total = 0;
  #written = 0;

  /** The result as the program gets it. */
  handOut(name: string, value: Json): Json {
    // Almost every result is small, and its text is made only on its way to the program.
    if (isSurelySmall(value)) return value;
    const kind = typeof value === 'string' ? 'text' : 'json';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (Buffer.byteLength(text) <= maxResultBytes) return value;
    this.#total += text.length;
    if (this.#total > maxTotal) throw new AssassinError('invalid-output', `${name} returned ${text.length} characters more, and a program can keep ${maxTotal} in all.`, { hint: 'Ask it for less, or for a part at a time.' });
    const id = newId('v');
    this.#texts.set(id, { text, kind, written: false });
    return { $handle: id, kind, characters: text.length };
  }

  /** One piece of a value, as text. */
  read(input: Json): Json {
    const { id, start, end } = parseInput('value.read', reading, input);
    return this.#get(id).text.slice(start, Math.min(end, start + maxRead));
  }

  /** Adds a piece to a value of the program's own, or begins one; gives its id. Throws `budget-exceeded` where they become too large. */
  write(input: Json): string {
    const { id, text } = parseInput('value.write', writing, input);
    this.#written += text.length;
    if (this.#written > maxWritten) throw new AssassinError('budget-exceeded', `A program can hand out ${maxWritten} characters in large values, and this one wanted more.`, { hint: 'Write several files, or hand out less.' });
    const held = id === null ? undefined : this.#get(id);
    if (held?.written === false) throw new AssassinError('invalid-input', 'Nothing can be added to the result of a call.');
    const key = id ?? newId('v');
    if (held === undefined) this.#texts.set(key, { text, kind: 'text', written: true });
    else held.text += text;
    return key;
  }

  /** Arguments, or the program's result, with values in place of their handles. */
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

  #get(id: string): Held {
    const found = this.#texts.get(id);
    if (found === undefined) throw new AssassinError('invalid-input', 'There is no such value in this program.', { hint: 'Use the object that the call, or bigValue(text), returned.' });
    return found;
  }
}

function isSurelySmall(value: Json): boolean {
  // Outside of JSON each character takes three bytes at most.
  return (typeof value === 'string' ? maxResultBytes - 3 * value.length : roomBeside(value, maxResultBytes, 0)) >= 0;
}

/** How many of so many bytes the JSON of a value leaves at least; less than 0 where that is not sure. */
function roomBeside(value: Json, bytes: number, depth: number): number {
  if (typeof value === 'string') return bytes - bytesOfText(value);
  if (typeof value !== 'object' || value === null) return bytes - maxScalar;
  if (depth > maxDepth) return -1;
  let left = bytes - brackets;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && left >= 0; i++) left = roomBeside(value[i], left, depth + 1) - 1;
    return left;
  }
  const object = value as JsonObject;
  for (const key of Object.keys(object)) {
    if (left < 0) break;
    left = roomBeside(object[key]!, left, depth + 1) - bytesOfText(key) - 2;
  }
  return left;
}

/** A control character takes six bytes, and quotes go around. */
const bytesOfText = (text: string) => 6 * text.length + 2;
const brackets = 2;
/** No number is longer. */
const maxScalar = 26;
const maxDepth = 100;
