import type { ModelDelta, ModelDraft } from '../shared/conversation.ts';
import { HeldText, type TextRedactor } from './held-text.ts';

type Spoken = 'text' | 'reasoning';

/** What models are saying right now, for people who watch. Nothing of it is kept once it is whole: then it is in the journal. */
export class Deltas {
  readonly #drafts = new Map<string, ModelDraft>();
  readonly #listeners = new Set<(delta: ModelDelta) => void>();
  readonly #held = new Map<string, { readonly step: string } & Readonly<Record<Spoken, HeldText>>>();
  readonly #redactor: TextRedactor;

  constructor(redactor: TextRedactor) {
    this.#redactor = redactor;
  }

  /** The listener is called for every few characters of every task: it must be cheap. */
  onDelta(listener: (delta: ModelDelta) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  draft(run: string): ModelDraft | undefined {
    return this.#drafts.get(run);
  }

  /** Takes the pieces as they come from a model, and passes on what is known to hold no secret. */
  emit(delta: ModelDelta): void {
    const { run, step, kind } = delta;
    let held = this.#held.get(run);
    if (held?.step !== step) this.#held.set(run, (held = { step, text: new HeldText(this.#redactor), reasoning: new HeldText(this.#redactor) }));
    if (kind === 'text' || kind === 'reasoning') return this.#speak({ ...delta, text: held[kind].push(delta.text) });
    for (const spoken of ['reasoning', 'text'] as const) {
      const rest = held[spoken].flush();
      if (kind === 'end') this.#speak({ ...delta, kind: spoken, text: rest });
    }
    this.#held.delete(run);
    this.#pass(delta);
  }

  #speak(delta: ModelDelta): void {
    if (delta.text !== '') this.#pass(delta);
  }

  #pass(delta: ModelDelta): void {
    const { run, turn, step, kind, text } = delta;
    const before = this.#drafts.get(run);
    const draft = before?.step === step ? before : { turn, step, text: '', reasoning: '' };
    if (kind === 'text') this.#drafts.set(run, { ...draft, text: draft.text + text });
    else if (kind === 'reasoning') this.#drafts.set(run, { ...draft, reasoning: draft.reasoning + text });
    for (const listener of this.#listeners) listener(delta);
    // Not before: whoever hears of the end still asks for the last words.
    if (kind !== 'text' && kind !== 'reasoning') this.#drafts.delete(run);
  }
}
