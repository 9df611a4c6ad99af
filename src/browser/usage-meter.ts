import type { RunScope } from '../run/run-scope.ts';
import { sampleUsage, type UsageSample } from './process-usage.ts';

/** Measures what one browser uses, and reports it once at its end. What the platform cannot tell is not reported at all. */
export class UsageMeter {
  readonly #scope: RunScope;
  readonly #lease: string;
  #began: number | undefined;
  #samples = 0;
  #peak: UsageSample | undefined;
  #last: UsageSample | undefined;

  constructor(scope: RunScope, lease: string) {
    this.#scope = scope;
    this.#lease = lease;
  }

  begin(): void {
    this.#began = performance.now();
  }

  async sample(group: number | undefined): Promise<void> {
    const sample = group === undefined ? undefined : await sampleUsage(group).catch(() => undefined);
    if (!sample) return;
    this.#samples += 1;
    this.#last = sample;
    if (!this.#peak || sample.memoryBytes > this.#peak.memoryBytes) this.#peak = sample;
  }

  report(pages: number): void {
    if (this.#began === undefined) return;
    const of = { lease: this.#lease };
    const wallMs = performance.now() - this.#began;
    this.#scope.meter('browser.wall_ms', wallMs, 'measured', 'monotonic clock of the host, from the start of the process until it was gone', of);
    this.#scope.meter('browser.pages', pages, 'measured', 'pages opened', of);
    const times = this.#samples === 1 ? 'once, just before its end' : `${this.#samples} times, at page closes and just before its end`;
    if (this.#last) {
      this.#scope.meter('browser.cpu_ms', this.#last.cpuMs, 'measured', 'user and system time of its processes from /proc just before its end, in ticks of 10 ms', of);
    }
    if (this.#peak) {
      this.#scope.meter('browser.memory_bytes', this.#peak.memoryBytes, 'measured', `own memory of its ${this.#peak.processes} processes and once what they map together, the largest of what was seen ${times}`, of);
    }
  }
}
