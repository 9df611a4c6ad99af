import { Slices } from '../../run/slices.ts';
import { skeleton } from './look-alikes.ts';

/** A tool of another server that a person has approved. */
export interface OtherTool {
  readonly server: string;
  readonly name: string;
}

/** A name that was put together: a common word such as "search" says nothing where a text holds it. */
const putTogether = /[a-z][_.-][a-z]|[a-z][A-Z]/;
/** So many names of one kind are told to a person: ten thousand that look the same say no more than these. */
const enough = 5;
/** Names shorter than this are close to each other by chance. */
const shortestNear = 8;

/**
 * Names of tools, by what they look like, by their first word, and by what is left of them when a letter is taken away. A definition is compared with the
 * few that are like it: with each against each, a server of some thousand tools would never be let in.
 */
export class ToolNames {
  readonly #siblings: ReadonlySet<string>;
  readonly #siblingsByLook = new Map<string, string[]>();
  readonly #byLook = new Map<string, OtherTool[]>();
  readonly #byText = new Map<string, OtherTool[]>();
  /** How long the names are that begin with a word. */
  readonly #lengths = new Map<string, Set<number>>();
  readonly #byRest = new Map<string, OtherTool[]>();

  /** @param siblings names of all tools of the same list */
  static async of(siblings: readonly string[], others: readonly OtherTool[]): Promise<ToolNames> {
    const names = new ToolNames(siblings);
    const slices = new Slices();
    for (const name of siblings) {
      add(names.#siblingsByLook, skeleton(name), name);
      await slices.turn();
    }
    for (const other of others) {
      names.#add(other);
      await slices.turn();
    }
    return names;
  }

  private constructor(siblings: readonly string[]) {
    this.#siblings = new Set(siblings);
  }

  #add(other: OtherTool): void {
    const { name } = other;
    add(this.#byLook, skeleton(name), other);
    for (const rest of restsOf(name.toLowerCase())) add(this.#byRest, rest, other);
    const text = name.replace(/^\W+/, '');
    const word = /^\w+/.exec(text)?.[0];
    if (word === undefined || !putTogether.test(name)) return;
    add(this.#byText, text, other);
    this.#lengths.set(word, (this.#lengths.get(word) ?? new Set()).add(text.length));
  }

  /** Other names of the same list that look the same. */
  twinsOf(name: string): readonly string[] {
    return few(this.#siblingsByLook.get(skeleton(name)), (other) => other !== name);
  }

  /** Tools of other servers of the very name. */
  namesakesOf(name: string): readonly OtherTool[] {
    return few(this.#byLook.get(skeleton(name)), (other) => other.name === name);
  }

  /** Tools of other servers that have another name which looks the same. */
  likesOf(name: string): readonly OtherTool[] {
    return few(this.#byLook.get(skeleton(name)), (other) => other.name !== name);
  }

  /** Tools of other servers whose name is another one by a single letter, and does not look the same. */
  nearTo(name: string): readonly OtherTool[] {
    if (name.length < shortestNear) return [];
    const lower = name.toLowerCase();
    const look = skeleton(name);
    const near = new Set<OtherTool>();
    for (const rest of restsOf(lower)) {
      for (const other of this.#byRest.get(rest) ?? []) {
        if (near.size === enough) return [...near];
        if (differByOne(lower, other.name.toLowerCase()) && skeleton(other.name) !== look) near.add(other);
      }
    }
    return [...near];
  }

  /** Tools of other servers of which a text speaks by their name; not those whose name is one of this list too. */
  spokenOf(text: string): readonly OtherTool[] {
    const spoken = new Set<OtherTool>();
    if (this.#lengths.size === 0) return [];
    for (const { 0: word, index } of text.matchAll(/\w+/g)) {
      for (const length of this.#lengths.get(word) ?? []) {
        if (/\w/.test(text[index + length] ?? ' ')) continue;
        for (const other of this.#byText.get(text.slice(index, index + length)) ?? []) {
          if (spoken.size === enough) return [...spoken];
          if (!this.#siblings.has(other.name)) spoken.add(other);
        }
      }
    }
    return [...spoken];
  }
}

function few<T>(all: readonly T[] = [], wanted: (item: T) => boolean): readonly T[] {
  const found: T[] = [];
  for (const item of all) {
    if (found.length === enough) break;
    if (wanted(item)) found.push(item);
  }
  return found;
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** The name, and what is left of it without one of its letters: two names that differ by one letter share one of these. */
function restsOf(name: string): ReadonlySet<string> {
  const rests = new Set([name]);
  if (name.length < shortestNear - 1) return rests;
  for (let i = 0; i < name.length; i++) rests.add(name.slice(0, i) + name.slice(i + 1));
  return rests;
}

/** One letter is another one, is there too many, or is missing; false for equal names. */
function differByOne(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end === 1;
}
