import type { ModelDelta, ModelDraft } from '../shared/conversation.ts';

/** What models are saying right now, for people who watch. Nothing of it is kept once it is whole: then it is in the journal. */
export class Deltas {
  readonly #drafts = new Map<string, ModelDraft>();
  readonly #listeners = new Set<(delta: ModelDelta) => void>();

  /** The listener is called for every few characters of every task: it must be cheap. */
  onDelta(listener: (delta: ModelDelta) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  draft(run: string): ModelDraft | undefined {
    return this.#drafts.get(run);
  }

  emit(delta: ModelDelta): void {
    const { run, turn, step, kind, text } = delta;
    const before = this.#drafts.get(run);
    const draft = before?.step === step ? before : { turn, step, text: '', reasoning: '' };
    if (kind === 'text') this.#drafts.set(run, { ...draft, text: draft.text + text });
    else if (kind === 'reasoning') this.#drafts.set(run, { ...draft, reasoning: draft.reasoning + text });
    else this.#drafts.delete(run);
    for (const listener of this.#listeners) listener(delta);
  }
}
