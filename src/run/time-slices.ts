import type { Budget, BudgetKind, BudgetPool } from './budget.ts';

export interface TimeSlicesOptions {
  readonly from: Budget | BudgetPool;
  readonly kind: Extract<BudgetKind, 'wallMs' | 'browserSeconds'>;
  /** Milliseconds in one unit of the budget. */
  readonly unitMs: number;
  readonly sliceMs: number;
  /** Called once, with `budget-exceeded` where nothing is left for the next slice. */
  readonly onOver: (error: unknown) => void;
}

/**
 * Draws time from a budget in slices, each before it begins: of several that draw at once, none uses what another one has taken. What is over of the last
 * slice is given back.
 */
export class TimeSlices implements Disposable {
  readonly #options: TimeSlicesOptions;
  #timer: NodeJS.Timeout | undefined;
  #began: number | undefined;
  /** Units taken since it began. */
  #taken = 0;
  #at = 0;
  #over = false;

  constructor(options: TimeSlicesOptions) {
    this.#options = options;
  }

  /** Throws `budget-exceeded` where nothing is left. */
  start(): void {
    if (this.#began !== undefined) return;
    this.#take();
    this.#began = performance.now();
    this.#over = false;
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
    if (this.#began === undefined) return;
    const { from, kind, unitMs } = this.#options;
    // A timer may come a millisecond early: what was ended because all was used has used it all.
    const used = Math.max((performance.now() - this.#began) / unitMs, this.#over ? this.#taken : 0);
    this.#began = undefined;
    const difference = used - this.#taken;
    this.#taken = 0;
    from.settle(kind, difference, this.#at);
  }

  /** Takes nothing until what is returned is disposed. */
  pause(): Disposable {
    this.stop();
    return {
      [Symbol.dispose]: () => {
        try {
          this.start();
        } catch (error) {
          this.#options.onOver(error);
        }
      },
    };
  }

  #take(): void {
    const { from, kind, unitMs, sliceMs } = this.#options;
    const left = from.left(kind);
    // Less than a millionth is the last digit of a float, not time.
    if (left * unitMs < 1e-3) throw from.refusal(kind);
    const units = Math.min(sliceMs / unitMs, left);
    this.#at = from.charge(kind, units);
    this.#taken += units;
  }

  #wait(): void {
    const { unitMs, onOver } = this.#options;
    const elapsed = performance.now() - (this.#began ?? 0);
    this.#timer = setTimeout(() => {
      try {
        this.#take();
        this.#wait();
      } catch (error) {
        this.#over = true;
        onOver(error);
      }
    }, Math.max(0, this.#taken * unitMs - elapsed));
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
