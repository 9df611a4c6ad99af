import { monitorEventLoopDelay, performance, type EventLoopUtilization, type IntervalHistogram } from 'node:perf_hooks';
import type { LoopDelay } from '../shared/infrastructure.ts';

/** Milliseconds between two looks of the histogram; each counts as so much delay, and is taken off again. */
const resolution = 10;
/** Nobody who looks asks less often than this: whoever does not ask any more has stopped looking. */
const forgetAfterMs = 20_000;

/** Watches how late the event loop answers, only while somebody asks: a watch that nobody reads would keep an idle editor awake. */
export class LoopWatch implements Disposable {
  #watch: { readonly histogram: IntervalHistogram; since: number; use: EventLoopUtilization } | undefined;
  #end: NodeJS.Timeout | undefined;

  /** What was seen since the last call; `undefined` the first time, which begins the watch. */
  read(): LoopDelay | undefined {
    clearTimeout(this.#end);
    this.#end = setTimeout(() => this[Symbol.dispose](), forgetAfterMs).unref();
    const watch = this.#watch;
    if (watch === undefined) {
      const histogram = monitorEventLoopDelay({ resolution });
      histogram.enable();
      this.#watch = { histogram, since: performance.now(), use: performance.eventLoopUtilization() };
      return undefined;
    }
    const { histogram } = watch;
    const ms = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution);
    const now = performance.now();
    // Without a single look, as right after it began, there is no figure: the histogram says NaN then.
    const seen = histogram.count === 0 ? undefined : { p50Ms: ms(histogram.percentile(50)), p99Ms: ms(histogram.percentile(99)), maxMs: ms(histogram.max), watchedMs: now - watch.since, busy: performance.eventLoopUtilization(watch.use).utilization };
    histogram.reset();
    watch.since = now;
    watch.use = performance.eventLoopUtilization();
    return seen;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#end);
    this.#watch?.histogram.disable();
    this.#watch = undefined;
  }
}
