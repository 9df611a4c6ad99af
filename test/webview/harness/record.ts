import { parseGrants } from '../../../src/policy/grant.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { Journal } from '../../../src/run/journal.ts';
import { defaultBudget } from '../../../src/run/budget.ts';
import type { EventBody, LeaseKind, RunKind, StepKind, StepStatus } from '../../../src/shared/events.ts';
import type { ErrorInfo } from '../../../src/shared/errors.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Json, StoredValue } from '../../../src/shared/json.ts';
import type { RunState } from '../../../src/shared/run-state.ts';
import type { RunStore } from '../../../src/store/run-store.ts';

export interface RecordedStep {
  readonly kind: StepKind;
  readonly name: string;
  readonly parent?: string;
  readonly input?: Json;
  readonly output?: Json;
  readonly ms?: number;
  readonly status?: StepStatus;
  readonly error?: ErrorInfo;
}

export interface RecordedRun {
  readonly title?: string;
  readonly source?: string;
  readonly kind?: RunKind;
  readonly workspace: string;
  readonly input?: Json;
  readonly grants?: readonly string[];
  readonly session?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
  /** Everything goes to the disk with the end of the run: for records so long that a transaction for each event would be most of the test. */
  readonly atOnce?: boolean;
}

/** Writes the record of a run through the product's own journal, with a clock of its own: what a real run would have left. */
export class Recorder {
  readonly run: string;
  readonly journal: Journal;
  #now: number;
  #state: RunState = 'queued';
  readonly #atOnce: boolean;
  readonly #begun = new Map<string, number>();

  constructor(store: RunStore, { title = 'Price watch', source = '.assassin/chains/price-watch.ts', kind = 'chain', workspace, input = null, grants = [], at = Date.now(), session, atOnce = false }: RecordedRun) {
    const host = { pid: process.pid, start: 'test' };
    this.#now = at;
    this.#atOnce = atOnce;
    this.run = newId('run', at);
    this.journal = new Journal({ run: this.run, store, host, redactor: new Redactor(), now: () => Math.floor(this.#now) });
    this.journal.append({
      type: 'run.created', kind, title, source, workspace, input: this.journal.value(input), grants: parseGrants(grants, workspace).map(({ text }) => text),
      budget: defaultBudget, host, version: '0.1.0',
      ...(session === undefined ? {} : { session }),
    });
  }

  /** Lets time pass. */
  pass(ms: number): this {
    this.#now += ms;
    return this;
  }

  append(...bodies: readonly EventBody[]): this {
    if (this.#atOnce) this.journal.defer(...bodies);
    else this.journal.append(...bodies);
    return this;
  }

  enter(to: RunState, error?: ErrorInfo): this {
    this.append({ type: 'run.state', from: this.#state, to, ...(error ? { error } : {}) });
    this.#state = to;
    return this;
  }

  begin({ kind, name, parent, input }: RecordedStep): string {
    const step = newId('s');
    this.#begun.set(step, this.#now);
    this.append({ type: 'step.started', step, kind, name, ...(parent === undefined ? {} : { parent }), ...(input === undefined ? {} : { input: this.journal.value(input) }) });
    return step;
  }

  end(step: string, { status = 'ok', output, error }: Pick<RecordedStep, 'status' | 'output' | 'error'> = {}): this {
    return this.append({ type: 'step.ended', step, status, ms: this.#now - (this.#begun.get(step) ?? this.#now), ...(output === undefined ? {} : { output: this.journal.value(output) }), ...(error ? { error } : {}) });
  }

  /** A whole step; the time passes while it is open. */
  step(step: RecordedStep, inside: (id: string) => void = () => undefined): string {
    const id = this.begin(step);
    inside(id);
    this.pass(step.ms ?? 10);
    this.end(id, step);
    return id;
  }

  lease(kind: LeaseKind, label: string, inside: (lease: string) => void, how = 'process group 4711 not in the process list, profile folder removed', verified = true): this {
    const lease = newId('l');
    this.append({ type: 'lease.created', lease, kind, label, identity: {} }).pass(15);
    const began = this.#now;
    inside(lease);
    return this.pass(40).append({ type: 'lease.destroyed', lease, verified, how, ms: this.#now - began });
  }

  done(value: StoredValue): this {
    this.append({ type: 'run.result', value }).enter('done').journal.flush();
    return this;
  }

  value(value: Json): StoredValue {
    return this.journal.value(value);
  }
}
