import { redactPatterns, shortestSecret } from './secret-patterns.ts';
import { writtenForms } from './secret-references.ts';

/** Texts that are known to be clean, and the longest of them. */
const maxKept = { texts: 500, length: 4096 };

/** Finds secrets, by value and by format, in whatever is about to be written or shown. Values shorter than 6 characters are not treated as secrets: they would match everywhere. */
export class Redactor {
  #values: readonly string[] = [];
  /** What was cleaned by `redactOnce`, and what came of it, as long as no further secret is known. */
  #once = new WeakMap<object, object>();
  /** What `redactFresh` has given back last, as long as no further secret is known. */
  #fresh: object | undefined;
  /** Texts in which nothing was found lately. A run records the same ids, names and results in several events. */
  readonly #clean = new Set<string>();

  /** Known secrets that are more than one word of plain letters: where a text is cut, nothing else tells that one may have begun. */
  #phrases: readonly string[] = [];

  /** The last place up to `end` at which a text that goes on can be cut so that no known secret is cut in two, neither one that is there nor one that may have begun. */
  cut(text: string, end: number): number {
    let at = end;
    for (let before = -1; before !== at; ) {
      before = at;
      for (const phrase of this.#phrases) {
        for (let length = Math.min(phrase.length - 1, text.length); length > text.length - at; length--) if (text.endsWith(phrase.slice(0, length))) at = text.length - length;
        const across = text.indexOf(phrase, Math.max(0, at - phrase.length + 1));
        if (across >= 0 && across < at) at = across;
      }
    }
    return at;
  }

  add(values: Iterable<string>): void {
    const written = [...values].filter((value) => value.length >= 6);
    const all = new Set([...this.#values, ...written.flatMap(writtenForms)]);
    // Longest first, so that a secret containing another is replaced whole.
    this.#values = [...all].sort((a, b) => b.length - a.length);
    this.#phrases = this.#values.filter((value) => !/^[\x21-\x7e]*$/.test(value));
    this.#once = new WeakMap();
    this.#fresh = undefined;
    this.#clean.clear();
  }

  redact(text: string): string {
    // Most are names of fields and kinds of things: too short for any format, and where no secret is known there is nothing else to find.
    if ((text.length < shortestSecret && this.#values.length === 0) || this.#clean.has(text)) return text;
    let out = text;
    for (const value of this.#values) if (out.includes(value)) out = out.replaceAll(value, '[redacted]');
    out = redactPatterns(out);
    if (out === text && text.length <= maxKept.length) this.#keep(text);
    return out;
  }

  #keep(text: string): void {
    if (this.#clean.size >= maxKept.texts) this.#clean.clear();
    this.#clean.add(text);
  }

  /** Redacts every string inside plain data, keys included. */
  redactJson<T>(value: T): T {
    return this.#walk(value) as T;
  }

  /** As `redactJson`, for what is part of the next record: it is not looked through again with that. */
  redactFresh<T extends object>(value: T): T {
    const clean = this.#walk(value) as T;
    this.#fresh = clean;
    return clean;
  }

  /** As `redactJson`, for a record whose names of fields are our own; those named by `ours` hold what we have made up ourselves. */
  redactRecord<T extends object>(record: T, ours: ReadonlySet<string>): T {
    const fields = record as Readonly<Record<string, unknown>>;
    let clean: Record<string, unknown> | undefined;
    for (const name of Object.keys(fields)) {
      const value = fields[name];
      if (typeof value === 'number' || ours.has(name)) continue;
      const item = this.#walk(value);
      if (item !== value) (clean ??= { ...fields })[name] = item;
    }
    return (clean ?? record) as T;
  }

  /** As `redactJson`, for data that nobody changes and that comes again and again, such as the messages of a conversation: it is looked through once. */
  redactOnce<T extends object>(value: T): T {
    const known = this.#once.get(value);
    if (known !== undefined) return known as T;
    const clean = this.#walk(value) as T;
    this.#once.set(value, clean);
    this.#once.set(clean, clean);
    return clean;
  }

  /** Gives back what it was given where there is nothing to hide in it: most data has no secret, and need not be copied to see that. */
  #walk(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (value === this.#fresh || this.#once.get(value) === value) return value;
    if (Array.isArray(value)) {
      let clean: unknown[] | undefined;
      for (let i = 0; i < value.length; i++) {
        const item = this.#walk(value[i]);
        if (item !== value[i]) (clean ??= [...(value as unknown[])])[i] = item;
      }
      return clean ?? value;
    }
    const fields = value as Readonly<Record<string, unknown>>;
    const names = Object.keys(fields);
    let clean: [name: string, item: unknown][] | undefined;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const key = this.redact(name);
      const item = this.#walk(fields[name]);
      if (clean === undefined && key === name && item === fields[name]) continue;
      clean ??= names.slice(0, i).map((before) => [before, fields[before]]);
      clean.push([key, item]);
    }
    return clean === undefined ? value : Object.fromEntries(clean);
  }
}
