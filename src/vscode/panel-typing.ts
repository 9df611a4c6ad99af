import type { PanelEvents } from '../shared/protocol.ts';
import type { PanelTasks } from './panel-ports.ts';

/** Twenty times a second reads as typing, and leaves the page time to draw. */
const flushMs = 50;
/** A page that was just loaded asks for the draft itself; longer pieces would come twice. */
const pieceLimit = 100_000;
/** Agents whose words are followed beside those of the run; who asks for more sees them when they are whole. */
const mostFollowed = 24;

type Tell = <E extends 'typing' | 'typed'>(event: E, data: PanelEvents[E]) => void;

/** Sends the page what models say as it comes: of the run that it shows, of those below it whose words it has asked for, and of no other. */
export class PanelTyping implements Disposable {
  readonly #tasks: Pick<PanelTasks, 'draft' | 'onDelta'>;
  readonly #tell: Tell;
  readonly #subscription: { dispose(): unknown };
  /** By run, how much of each part of the answer that goes on was sent. */
  readonly #sent = new Map<string, Map<string, number>>();
  readonly #waiting = new Set<string>();
  #run: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(tasks: Pick<PanelTasks, 'draft' | 'onDelta'>, tell: Tell) {
    this.#tasks = tasks;
    this.#tell = tell;
    this.#subscription = tasks.onDelta(({ run, step, kind }) => {
      const sent = this.#sent.get(run);
      if (sent === undefined) return;
      if (kind === 'text' || kind === 'reasoning') {
        this.#waiting.add(run);
        this.#timer ??= setTimeout(() => this.#flush(), flushMs);
        return;
      }
      // What is on its way belongs before the end, and to the step that ends.
      if (kind === 'end') this.#flush();
      sent.clear();
      this.#tell('typed', { run, step, kind });
    });
  }

  /** The run that the page shows now; what was followed before is not any more. */
  follow(run: string): void {
    if (run === this.#run) return;
    this.#run = run;
    this.#sent.clear();
    this.#sent.set(run, new Map());
  }

  /** The words of a run below it too. */
  also(run: string): void {
    if (!this.#sent.has(run) && this.#sent.size <= mostFollowed) this.#sent.set(run, new Map());
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const run of this.#waiting) this.#send(run);
    this.#waiting.clear();
  }

  #send(run: string): void {
    const sent = this.#sent.get(run);
    const draft = this.#tasks.draft(run);
    if (sent === undefined || draft === undefined) return;
    for (const kind of ['reasoning', 'text'] as const) {
      const whole = draft[kind];
      const key = `${draft.step} ${kind}`;
      const offset = sent.get(key) ?? 0;
      if (whole.length <= offset) continue;
      sent.set(key, whole.length);
      this.#tell('typing', { run, step: draft.step, kind, offset, text: whole.slice(offset, offset + pieceLimit) });
    }
  }
}
