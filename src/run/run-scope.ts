import type { Gate } from '../policy/gate.ts';
import type { OpenQuestion } from '../shared/conversation.ts';
import { AssassinError, toErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import type { EventBody, MeterName, Mark, StepKind, StepStatus } from '../shared/events.ts';
import { newId } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import type { Budget } from './budget.ts';
import type { Journal } from './journal.ts';
import { NearAnswers } from './near-answers.ts';
import type { QuestionEnd } from './questions.ts';
import type { Destruction, Leasable, Lease, LeaseHandle, LeaseSpec } from './lease.ts';
import { Waits } from './waits.ts';

export interface StepSpec {
  readonly kind: StepKind;
  readonly name: string;
  readonly parent?: string;
  readonly input?: Json;
  /** The call of a model that it answers. */
  readonly call?: string;
  /** Everything that the step does is recorded first, by the gate, a lease or otherwise: its own start need not be on disk before that. */
  readonly gated?: boolean;
}

export interface AskOptions {
  readonly step?: string;
  /** Answers to pick from; any other text is an answer too. */
  readonly choices?: readonly string[];
  /** Milliseconds until the run goes on without an answer. */
  readonly timeoutMs?: number;
}

/** A person who does not answer for this long is not there. */
const askTimeoutMs = 10 * 60_000;

export interface RunScopeOptions {
  readonly id: string;
  readonly workspace: string;
  readonly journal: Journal;
  readonly gate: Gate;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  /** Puts a question to the person while the run waits. */
  readonly ask: (question: Omit<OpenQuestion, 'run'>) => Promise<QuestionEnd>;
  /** Says when the run waits for a person. */
  readonly waits?: Waits;
  /** How many runs are above this one. */
  readonly depth?: number;
}

interface OpenLease {
  readonly release: () => Promise<Destruction>;
}

/** Longest that a single resource may take to be destroyed before the report says that it could not be verified. */
const destroyLimitMs = 15_000;

/** Everything that one run may use and everything that it has created. Disposing it leaves nothing. */
export class RunScope implements AsyncDisposable {
  readonly id: string;
  readonly workspace: string;
  readonly journal: Journal;
  readonly gate: Gate;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly waits: Waits;
  readonly nearAnswers = new NearAnswers();
  /** How many runs are above this one: 0 where a person started it. */
  readonly depth: number;
  readonly #children = new Set<Promise<unknown>>();
  readonly #ask: RunScopeOptions['ask'];
  readonly #leases = new Map<string, OpenLease>();
  #closed = false;
  #leftovers = 0;

  constructor(options: RunScopeOptions) {
    this.id = options.id;
    this.workspace = options.workspace;
    this.journal = options.journal;
    this.gate = options.gate;
    this.budget = options.budget;
    this.signal = options.signal;
    this.waits = options.waits ?? new Waits();
    this.depth = options.depth ?? 0;
    this.#ask = options.ask;
  }

  /** Leases that could not be verified as gone. Zero, or the run is not clean. */
  get leftovers(): number {
    return this.#leftovers;
  }

  /** A child run: this one does not end before it. `ended` never rejects. */
  adopt(ended: Promise<unknown>): void {
    this.#children.add(ended);
    void ended.then(() => this.#children.delete(ended));
  }

  /**
   * Runs `work` as a step of the trace. The start is on disk before `work` begins, or with `gated` before its first effect; the end with the next thing that
   * is recorded, and at the latest some milliseconds later.
   */
  async step<T extends Json | undefined>(spec: StepSpec, work: (step: string) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    this.budget.charge('steps', 1);
    const step = newId('s');
    const record = (body: EventBody) => (spec.gated === true ? this.journal.defer(body) : this.journal.append(body));
    record({
      type: 'step.started', step, kind: spec.kind, name: spec.name,
      ...(spec.parent === undefined ? {} : { parent: spec.parent }),
      ...(spec.input === undefined ? {} : { input: this.journal.value(spec.input) }),
      ...(spec.call === undefined ? {} : { call: spec.call }),
    });
    const began = performance.now();
    const end = (status: StepStatus, output: Json | undefined, error?: ErrorInfo) => this.journal.defer({
      type: 'step.ended', step, status, ms: performance.now() - began,
      ...(output === undefined ? {} : { output: this.journal.value(output) }),
      ...(error === undefined ? {} : { error }),
    });
    try {
      const value = await work(step);
      end('ok', value);
      return value;
    } catch (error) {
      const info = toErrorInfo(error);
      end(this.signal.aborted || info.code === 'cancelled' ? 'cancelled' : info.code === 'denied' || info.code === 'egress-denied' ? 'denied' : 'error', undefined, info);
      throw error;
    }
  }

  meter(meter: MeterName, value: number, mark: Mark, source: string, of: { readonly step?: string; readonly lease?: string } = {}): void {
    this.journal.defer({ type: 'meter', meter, value, mark, source, ...of });
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void {
    this.journal.append({ type: 'run.log', level, message });
  }

  progress(message: string, fraction?: number): void {
    this.journal.append({ type: 'run.progress', message, ...(fraction === undefined ? {} : { fraction }) });
  }

  /** Asks the person. Question and answer are on record, or why there is none: then it gives `undefined`. */
  async ask(question: string, { step, choices, timeoutMs = askTimeoutMs }: AskOptions = {}): Promise<string | undefined> {
    this.signal.throwIfAborted();
    const ask = newId('q');
    const open = { ask, question, deadline: Date.now() + timeoutMs, ...(choices === undefined ? {} : { choices }) };
    this.journal.append({ type: 'ask', ...open, ...(step === undefined ? {} : { step }) });
    const end = await this.#ask(open);
    this.journal.append('answer' in end ? { type: 'answer', ask, answer: end.answer } : { type: 'ask.closed', ask, reason: end.closed });
    return 'answer' in end ? end.answer : undefined;
  }

  /** Creates a resource that this run owns. It is on record before it exists (`inProcess`: before the run's next effect), and gone with the run at the latest. */
  async lease<T extends Leasable>(spec: LeaseSpec, create: (handle: LeaseHandle) => Promise<T>): Promise<Lease<T>> {
    this.signal.throwIfAborted();
    if (this.#closed) throw new AssassinError('cancelled', 'The run has ended; it creates nothing more.');
    const id = newId('l');
    const expiry = spec.ttlMs === undefined ? undefined : new AbortController();
    const signal = expiry === undefined ? this.signal : AbortSignal.any([this.signal, expiry.signal]);
    const record = (body: EventBody) => (spec.inProcess === true ? this.journal.defer(body) : this.journal.append(body));
    record({
      type: 'lease.created', lease: id, kind: spec.kind, label: spec.label, identity: spec.identity ?? {},
      ...(spec.ttlMs === undefined ? {} : { deadline: Date.now() + spec.ttlMs }),
    });
    let identity = spec.identity ?? {};
    const handle: LeaseHandle = {
      id,
      signal,
      identify: (more) => {
        identity = { ...identity, ...more };
        this.journal.append({ type: 'lease.identified', lease: id, identity });
      },
    };
    const creation = create(handle);
    // Registered before it exists: a run that ends meanwhile waits for the half-made resource and destroys it too.
    let destruction: Promise<Destruction> | undefined;
    const release = () => {
      clearTimeout(timer);
      return (destruction ??= this.#destroy(id, creation, record));
    };
    const timer = spec.ttlMs === undefined ? undefined : setTimeout(() => {
      expiry?.abort(new AssassinError('timeout', `${spec.label} has reached its deadline of ${spec.ttlMs} ms.`));
      // A journal that cannot be written fails the run where it is awaited; this is only the early end.
      release().catch(() => undefined);
    }, spec.ttlMs);
    this.#leases.set(id, { release });
    try {
      const resource = await creation;
      signal.throwIfAborted();
      return { id, resource, release, [Symbol.asyncDispose]: async () => void (await release()) };
    } catch (error) {
      await release();
      throw error;
    }
  }

  async #destroy(id: string, creation: Promise<Leasable>, record: (body: EventBody) => void): Promise<Destruction> {
    const began = performance.now();
    let result: Destruction;
    let error: ErrorInfo | undefined;
    try {
      const resource = await creation.catch(() => undefined);
      result = resource === undefined ? { verified: true, how: 'never came into being; its creator cleaned up' } : await within(resource.destroy(), destroyLimitMs);
    } catch (cause) {
      error = toErrorInfo(cause);
      result = { verified: false, how: `could not be verified: ${error.message}` };
    }
    this.#leases.delete(id);
    if (!result.verified) this.#leftovers += 1;
    record({ type: 'lease.destroyed', lease: id, verified: result.verified, how: result.how, ms: performance.now() - began, ...(error ? { error } : {}) });
    return result;
  }

  /** Destroys what is left in reverse order of creation. One that fails does not keep the others alive. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    // The run's signal is aborted by now, and its children's with it.
    await Promise.all(this.#children);
    const failures: unknown[] = [];
    for (const { release } of [...this.#leases.values()].reverse()) {
      await release().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AssassinError('timeout', `it was not gone after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
