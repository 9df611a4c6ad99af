import type { OpenQuestion } from '../shared/conversation.ts';

/** How a question ended: with an answer, or with why there is none. */
export type QuestionEnd = { readonly answer: string } | { readonly closed: string };

export interface QuestionChange {
  readonly ask: string;
  readonly run: string;
  /** False once it is answered or closed. */
  readonly open: boolean;
}

/** The door's own way to ask: an input box, a terminal. `undefined` where nobody answered there; its signal aborts when somebody answered elsewhere. */
export type AskAtDoor = (signal: AbortSignal) => Promise<string | undefined>;

interface Waiting {
  readonly question: OpenQuestion;
  readonly settle: (end: QuestionEnd) => void;
}

/** Where questions to the person lie until somebody answers: the door that the run came through, the panel, or a script. The first answer counts. */
export class Questions {
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<(change: QuestionChange) => void>();

  /** Of one run, or of all, in the order in which they were asked. */
  open(run?: string): readonly OpenQuestion[] {
    return [...this.#waiting.values()].map(({ question }) => question).filter((question) => run === undefined || question.run === run);
  }

  /** False where it is no longer open. `undefined`: the person will not answer. */
  answer(ask: string, text: string | undefined): boolean {
    const waiting = this.#waiting.get(ask);
    waiting?.settle(text === undefined ? { closed: 'The person did not want to answer.' } : { answer: text });
    return waiting !== undefined;
  }

  /** Whoever listens is taken for somebody who can answer: a question then stays open although its door gave up. */
  onChange(listener: (change: QuestionChange) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Waits for an answer until the deadline of the question, or until the run ends. Never rejects. */
  async put(question: OpenQuestion, atDoor: AskAtDoor, runEnds: AbortSignal): Promise<QuestionEnd> {
    const { promise, resolve } = Promise.withResolvers<QuestionEnd>();
    const taken = new AbortController();
    const timer = setTimeout(() => resolve({ closed: 'Nobody answered in time.' }), Math.max(0, question.deadline - Date.now()));
    const onEnd = () => resolve({ closed: 'The run ended first.' });
    runEnds.addEventListener('abort', onEnd, { once: true });
    this.#waiting.set(question.ask, { question, settle: resolve });
    this.#tell({ ask: question.ask, run: question.run, open: true });
    if (runEnds.aborted) onEnd();
    atDoor(AbortSignal.any([runEnds, taken.signal])).then(
      (answer) => (answer !== undefined ? resolve({ answer }) : this.#listeners.size === 0 ? resolve({ closed: 'Nobody answered.' }) : undefined),
      () => (this.#listeners.size === 0 ? resolve({ closed: 'Nobody could be asked.' }) : undefined),
    );
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      runEnds.removeEventListener('abort', onEnd);
      taken.abort();
      this.#waiting.delete(question.ask);
      this.#tell({ ask: question.ask, run: question.run, open: false });
    }
  }

  #tell(change: QuestionChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
