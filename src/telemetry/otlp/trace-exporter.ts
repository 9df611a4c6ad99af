import { setTimeout as sleep } from 'node:timers/promises';
import type { PostOutcome } from './post-traces.ts';
import type { SpanGroup } from './encode-spans.ts';

export interface ExportStats {
  /** Spans that the collector took. */
  readonly exported: number;
  /** Spans that were given up: refused, too often not taken, or left over at the end. */
  readonly dropped: number;
  /** Runs that found the queue full. */
  readonly droppedRuns: number;
  /** Runs that wait. */
  readonly queued: number;
  readonly problem?: string;
}

export interface ExportLimits {
  readonly maxQueuedRuns: number;
  /** Spans in one request. */
  readonly batch: number;
  /** Time in which runs that end one after the other come into one request. */
  readonly lingerMs: number;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
  /** What the end of the program waits for at most. */
  readonly closeMs: number;
}

export const exportLimits: ExportLimits = { maxQueuedRuns: 1000, batch: 512, lingerMs: 1000, attempts: 6, backoffMs: 1000, longestBackoffMs: 30_000, closeMs: 5000 };

export interface TraceExporterOptions {
  /** The spans of a run that has ended; none where the run is gone. */
  readonly read: (run: string) => Promise<SpanGroup | undefined>;
  readonly send: (groups: readonly SpanGroup[], signal: AbortSignal) => Promise<PostOutcome & { readonly rejected?: number }>;
  readonly log: (level: 'warn', message: string) => void;
  readonly limits?: Partial<ExportLimits>;
}

/**
 * Sends the traces of runs that have ended, behind their backs: a run only leaves its name in a queue of bounded length. What cannot be sent is counted and
 * told of once, and never held for ever.
 */
export class TraceExporter implements AsyncDisposable {
  readonly #options: TraceExporterOptions;
  readonly #limits: ExportLimits;
  readonly #end = new AbortController();
  readonly #hurry = new AbortController();
  #queue: string[] = [];
  #working: Promise<void> | undefined;
  #exported = 0;
  #dropped = 0;
  #droppedRuns = 0;
  #problem: string | undefined;

  constructor(options: TraceExporterOptions) {
    this.#options = options;
    this.#limits = { ...exportLimits, ...options.limits };
  }

  get stats(): ExportStats {
    return { exported: this.#exported, dropped: this.#dropped, droppedRuns: this.#droppedRuns, queued: this.#queue.length, ...(this.#problem === undefined ? {} : { problem: this.#problem }) };
  }

  /** Returns at once and throws nothing. */
  add(run: string): void {
    if (this.#queue.length >= this.#limits.maxQueuedRuns) {
      this.#droppedRuns += 1;
      this.#tell('Traces are made faster than they can be sent; some are left out.');
      return;
    }
    this.#queue.push(run);
    this.#start();
  }

  #start(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      // One that came while the last batch was being settled.
      if (this.#queue.length > 0) this.#start();
    });
  }

  /** Everything that waits is sent, or given up, when it resolves. Never rejects. */
  async flush(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hurry.abort();
    const timer = setTimeout(() => this.#end.abort(), this.#limits.closeMs);
    await this.flush();
    clearTimeout(timer);
    this.#end.abort();
  }

  async #work(): Promise<void> {
    await this.#pause(this.#limits.lingerMs, this.#hurry.signal);
    while (this.#queue.length > 0) {
      const groups: SpanGroup[] = [];
      for (let spans = 0; spans < this.#limits.batch && this.#queue.length > 0;) {
        // A record that cannot be read is told of, and keeps nobody else's from being sent.
        const group = await this.#options.read(this.#queue.shift()!).catch((error: unknown) => this.#tell(`A trace could not be read: ${String(error)}`));
        if (group === undefined) continue;
        groups.push(group);
        spans += group.spans.length;
      }
      for (const batch of batchesOf(groups, this.#limits.batch)) await this.#deliver(batch);
    }
  }

  async #deliver(batch: readonly SpanGroup[]): Promise<void> {
    const count = batch.reduce((sum, { spans }) => sum + spans.length, 0);
    for (let attempt = 1; ; attempt++) {
      const outcome = this.#end.signal.aborted ? { kind: 'refused', why: 'the program ended first' } as const
        : await this.#options.send(batch, this.#end.signal).catch((error: unknown) => ({ kind: 'refused', why: String(error) }) as const);
      if (outcome.kind === 'taken') {
        const rejected = Math.min(count, outcome.rejected ?? 0);
        this.#exported += count - rejected;
        this.#dropped += rejected;
        if (rejected === 0) this.#problem = undefined;
        else this.#tell(`The collector has not taken ${rejected} spans.`);
        return;
      }
      if (outcome.kind === 'refused' || attempt >= this.#limits.attempts) {
        this.#dropped += count;
        this.#tell(`Traces could not be sent: ${outcome.why}.`);
        return;
      }
      const { backoffMs, longestBackoffMs } = this.#limits;
      // Spread, so that several windows do not come back to a collector at the same moment.
      const backoff = backoffMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
      await this.#pause(Math.min(longestBackoffMs, Math.max(backoff, outcome.afterMs ?? 0)), this.#end.signal);
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }

  /** A collector that is away for a day is not a day's worth of warnings. */
  #tell(problem: string): undefined {
    if (this.#problem !== problem) this.#options.log('warn', problem);
    this.#problem = problem;
  }
}

/** Cut so that no request has more than `size` spans. */
export function batchesOf(groups: readonly SpanGroup[], size: number): readonly (readonly SpanGroup[])[] {
  const batches: SpanGroup[][] = [];
  let room = 0;
  for (const { resource, spans } of groups) {
    for (let from = 0; from < spans.length;) {
      if (room === 0) {
        batches.push([]);
        room = size;
      }
      const part = spans.slice(from, from + room);
      batches.at(-1)!.push({ resource, spans: part });
      from += part.length;
      room -= part.length;
    }
  }
  return batches;
}
