import type { Redactor } from '../policy/redact.ts';

/** What known secrets are found by. */
export type TextRedactor = Pick<Redactor, 'redact' | 'cut'>;

/** Longest end of a text that waits to be shown, in characters. Whatever is longer is no secret of a known format. */
const maxHeld = 4096;
const maxHeldKey = 16_384;

/** After one of these the next word is a secret. */
const announcement = /\b(?:authorization|bearer|basic|token|digest)$/i;
const longestAnnouncement = 'authorization'.length;
/** What may stand between such a word and the next one. */
const separator = /[\s"':=]/;

/**
 * Text that arrives in pieces and is to be shown as it comes. A secret that is cut in two has no format that could be found in either half, so a word is held
 * back until it is whole, a private key until its last line, and what may be the beginning of a known secret of several words until that is clear.
 */
export class HeldText {
  readonly #redactor: TextRedactor;
  #held = '';

  constructor(redactor: TextRedactor) {
    this.#redactor = redactor;
  }

  /** What may be shown now, cleaned. */
  push(text: string): string {
    const all = this.#held + text;
    const end = this.#redactor.cut(all, safeEnd(all));
    this.#held = all.slice(end);
    return this.#redactor.redact(all.slice(0, end));
  }

  /** The rest, when nothing more comes. */
  flush(): string {
    const rest = this.#redactor.redact(this.#held);
    this.#held = '';
    return rest;
  }
}

function safeEnd(text: string): number {
  const key = text.lastIndexOf('-----BEGIN');
  const last = key < 0 ? null : /-----END [A-Z ]*-----/.exec(text.slice(key));
  if (key >= 0 && last === null && text.length - key <= maxHeldKey) return key;
  // A key that is whole goes as a whole, its last word too.
  const whole = last === null ? 0 : key + last.index + last[0].length;
  const from = Math.max(0, text.length - maxHeld);
  const open = openEnd(text.slice(from));
  // As long as it gets, it is let go of as a whole: in the middle of it nothing tells where a secret may end.
  return open === 0 && from > 0 ? text.length : Math.max(whole, from + open);
}

/**
 * Where the word begins that is not over yet, or the words before it that would make it a secret. From the end, character by character: as one regular
 * expression, it takes a second for four thousand characters of "token:token:...".
 */
function openEnd(text: string): number {
  let at = text.length;
  while (at > 0 && isPlain(text.charCodeAt(at - 1))) at -= 1;
  for (;;) {
    let end = at;
    while (end > 0 && separator.test(text[end - 1]!)) end -= 1;
    // One character more, by which the beginning of the word is known.
    const word = announcement.exec(text.slice(Math.max(0, end - longestAnnouncement - 1), end))?.[0];
    if (word === undefined) return at;
    at = end - word.length;
  }
}

/** A visible character of ASCII. */
function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}
