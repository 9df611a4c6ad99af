import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';

/** What is known of a conversation that goes on, in estimated tokens. */
export interface ConversationSize {
  /** Of all that was said; `undefined` while nothing of it was shortened. */
  readonly whole: number | undefined;
  /** What the model can read beside its tools and its answer; `undefined` where nobody has said. */
  readonly window: number | undefined;
}

/** Lets a person take back, while a task goes on, that its conversation was shortened. */
export class WholeConversation {
  #size: (() => ConversationSize) | undefined;
  #scope: Pick<RunScope, 'log'> | undefined;
  #asked = false;

  open(scope: Pick<RunScope, 'log'>): void {
    this.#scope = scope;
  }

  /** The loop tells how things stand. */
  attach(size: () => ConversationSize): void {
    this.#size = size;
  }

  /** The next turn begins with all of it. Throws `invalid-input` where nothing was shortened or where it does not fit. */
  ask(): ConversationSize {
    const size = this.#size?.();
    if (size?.whole === undefined) throw new AssassinError('invalid-input', 'Nothing of this conversation was shortened: the model has all of it.', { hint: 'Go on as it is.' });
    if (!fits(size)) {
      throw new AssassinError('invalid-input', `The whole conversation has about ${size.whole} tokens, and the model can read ${size.window ?? 0} beside its tools and its answer.`, {
        hint: 'Choose a model with a larger context for a follow-up, or name what it should look at again.', data: { tokens: size.whole, limit: size.window },
      });
    }
    this.#scope?.log('info', `The person wants the whole conversation again: about ${size.whole} tokens.`);
    this.#asked = true;
    return size;
  }

  /** True once after it was asked for, if it still fits. */
  take(): boolean {
    const asked = this.#asked;
    this.#asked = false;
    return asked && this.#size !== undefined && fits(this.#size());
  }
}

function fits({ whole, window }: ConversationSize): boolean {
  return whole !== undefined && (window === undefined || whole <= window);
}
