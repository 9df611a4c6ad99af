import { charactersPerToken, tokensIn } from '../../shared/token-estimate.ts';

export interface Fitted {
  readonly text: string;
  /** Estimated, of what is sent and of the whole. */
  readonly tokens: number;
  readonly ofTokens: number;
}

/** Gives out the tokens of the first request, part by part. What is cut says so in its text. */
export class TokenBudget {
  readonly total: number;
  #left: number;

  constructor(total: number) {
    this.total = total;
    this.#left = total;
  }

  get left(): number {
    return this.#left;
  }

  /** As much of the text as fits, and no more than `most` tokens. `undefined` where not even a beginning does. */
  take(text: string, most: number = this.#left): Fitted | undefined {
    const room = Math.min(most, this.#left) * charactersPerToken;
    const ofTokens = tokensIn(text.length);
    if (text.length <= room) {
      this.#left -= ofTokens;
      return { text, tokens: ofTokens, ofTokens };
    }
    const note = (kept: number) => `\n[... cut: ${kept} of ${text.length} characters ...]`;
    const kept = Math.floor(room) - note(text.length).length;
    if (kept < 80) return undefined;
    // Never in the middle of a character of two units.
    const part = text.slice(0, /[\ud800-\udbff]/.test(text[kept - 1]!) ? kept - 1 : kept);
    const cut = part + note(part.length);
    const tokens = tokensIn(cut.length);
    this.#left -= tokens;
    return { text: cut, tokens, ofTokens };
  }
}
