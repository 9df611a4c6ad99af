import { signal, type ReadonlySignal } from '@preact/signals';

const tickMs = 250;
const calmTickMs = 1000;

/** The host's time, ticking only while something on the page moves with it. */
export class Clock {
  readonly #now = signal(Date.now());
  #ahead = 0;
  #timer: number | undefined;

  get now(): ReadonlySignal<number> {
    return this.#now;
  }

  /** A remote host's clock may be minutes away from the one of the computer that shows the page. */
  set(hostNow: number): void {
    this.#ahead = hostNow - Date.now();
    this.#now.value = hostNow;
  }

  run(on: boolean): void {
    if (on === (this.#timer !== undefined)) return;
    window.clearInterval(this.#timer);
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#timer = on ? window.setInterval(() => (this.#now.value = Date.now() + this.#ahead), calm ? calmTickMs : tickMs) : undefined;
  }
}
