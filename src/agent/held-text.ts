import type { Redactor } from '../policy/redact.ts';

/** What known secrets are found by. */
export type TextRedactor = Pick<Redactor, 'redact' | 'cut'>;

/** Longest end of a text that waits to be shown, in characters. Whatever is longer is no secret of a known format. */
const maxHeld = 4096;
const maxHeldKey = 16_384;

/** A word that is not over yet, with the words before it that would make it a secret. */
const openEnd = /(?:\b(?:authorization|bearer|basic|token|digest)\b[\s"':=]*)*[\x21-\x7e]*$/i;

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
  const open = openEnd.exec(text.slice(from))?.index ?? 0;
  // As long as it gets, it is let go of as a whole: in the middle of it nothing tells where a secret may end.
  return open === 0 && from > 0 ? text.length : Math.max(whole, from + open);
}
