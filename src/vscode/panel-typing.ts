import type { PanelEvents } from '../shared/protocol.ts';
import type { PanelTasks } from './panel-ports.ts';

/** Twenty times a second reads as typing, and leaves the page time to draw. */
const flushMs = 50;
/** A page that was just loaded asks for the draft itself; longer pieces would come twice. */
const pieceLimit = 100_000;

type Tell = <E extends 'typing' | 'typed'>(event: E, data: PanelEvents[E]) => void;

/** Sends the page what a model says as it comes, of the run that the page shows and of no other. */
export class PanelTyping implements Disposable {
  readonly #tasks: Pick<PanelTasks, 'draft' | 'onDelta'>;
  readonly #tell: Tell;
  readonly #subscription: { dispose(): unknown };
  readonly #sent = new Map<string, number>();
  #run: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(tasks: Pick<PanelTasks, 'draft' | 'onDelta'>, tell: Tell) {
    this.#tasks = tasks;
    this.#tell = tell;
    this.#subscription = tasks.onDelta(({ run, step, kind }) => {
      if (run !== this.#run) return;
      if (kind === 'text' || kind === 'reasoning') {
        this.#timer ??= setTimeout(() => this.#flush(), flushMs);
        return;
      }
      // What is on its way belongs before the end, and to the step that ends.
      if (kind === 'end') this.#flush();
      this.#sent.clear();
      this.#tell('typed', { run, step, kind });
    });
  }

  follow(run: string): void {
    if (run === this.#run) return;
    this.#run = run;
    this.#sent.clear();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const run = this.#run;
    const draft = run === undefined ? undefined : this.#tasks.draft(run);
    if (run === undefined || draft === undefined) return;
    for (const kind of ['reasoning', 'text'] as const) {
      const whole = draft[kind];
      const key = `${draft.step} ${kind}`;
      const offset = this.#sent.get(key) ?? 0;
      if (whole.length <= offset) continue;
      this.#sent.set(key, whole.length);
      this.#tell('typing', { run, step: draft.step, kind, offset, text: whole.slice(offset, offset + pieceLimit) });
    }
  }
}
