import PQueue from 'p-queue';
import { Gate } from '../policy/gate.ts';
import type { DecisionBook } from '../policy/decisions.ts';
import type { Redactor } from '../policy/redact.ts';
import type { UntrustedFiles } from '../policy/untrusted-files.ts';
import type { UntrustedSource } from '../shared/approvals.ts';
import { AssassinError, toErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import type { BudgetLimits, EventBody } from '../shared/events.ts';
import { newId } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import { isTerminal, nextRunState, type RunState } from '../shared/run-state.ts';
import type { HostIdentity } from '../store/host-identity.ts';
import type { RunStore } from '../store/run-store.ts';
import { Budget, budgetExceeded, childLimits, defaultBudget } from './budget.ts';
import { drawWallTime } from './draw-wall-time.ts';
import { Journal } from './journal.ts';
import { isLeaveToCall, isLeaveToRead } from './leave-to-read.ts';
import { Questions } from './questions.ts';
import type { RunRequest } from './run-request.ts';
import { RunScope, type RunScopeOptions } from './run-scope.ts';
import { SharedBudget, type SharedLimits } from './shared-budget.ts';
import { tagRun, type TagChange } from './tag-run.ts';
import { Waits } from './waits.ts';
import { WallClock } from './wall-clock.ts';

export interface RunOutcome {
  readonly id: string;
  readonly state: RunState;
  readonly result?: Json;
  readonly error?: ErrorInfo;
  /** True only if every lease was destroyed and somebody looked. */
  readonly clean: boolean;
  /** What it has read that strangers wrote: whoever uses its result has read it too. */
  readonly untrusted: readonly UntrustedSource[];
}

export interface RunHandle {
  readonly id: string;
  /** Never rejects: whatever happens to a run is its outcome. */
  readonly outcome: Promise<RunOutcome>;
  cancel(reason: string): void;
}

export interface StartedRun extends RunHandle {
  /** When it is on record: at once, unless the request says later. Rejects where it cannot be. */
  readonly recorded: Promise<void>;
}

export interface RunManagerOptions {
  readonly store: RunStore;
  readonly host: HostIdentity;
  readonly redactor: Redactor;
  readonly version: string;
  /** Runs beyond this many wait in the state `queued`. */
  readonly concurrency: number;
  /** What the person has decided for the workspace. */
  readonly decisions?: DecisionBook;
  /** Milliseconds after which a question to the person counts as answered with no. */
  readonly approvalTimeoutMs?: number;
  /** Limits that all runs of the store share, and the workspace that they are counted for; none where absent. */
  readonly shared?: { readonly limits: SharedLimits; readonly workspace: string };
  /** Which files hold text of strangers, for all runs of the workspace. */
  readonly untrustedFiles?: UntrustedFiles;
}

/** After a cancel or a deadline the body of a run has this long to end by itself before its resources are taken away. */
const bodyGraceMs = 1000;
/** The reason with which the signal of a run aborts at its end, for work that nobody awaited. One for all runs: making an error with its stack costs as much as a step. */
const hasEnded = new AssassinError('cancelled', 'The run has ended.');

interface LiveRun extends StartedRun {
  readonly journal: Journal;
  readonly fail: (reason: AssassinError) => void;
}

/** Starts runs, keeps the live ones, and ends each of them in exactly one terminal state with nothing left. */
export class RunManager implements AsyncDisposable {
  /** What runs ask the person. */
  readonly questions = new Questions();
  /** What all runs draw from together. */
  readonly pool: SharedBudget | undefined;
  readonly #options: RunManagerOptions;
  readonly #queue: PQueue;
  readonly #live = new Map<string, LiveRun>();

  constructor(options: RunManagerOptions) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.concurrency });
    this.pool = options.shared && new SharedBudget({ use: options.store.budgetUse, ...options.shared });
  }

  get live(): readonly RunHandle[] {
    return [...this.#live.values()];
  }

  /** Runs that may go on at a time; further ones wait. */
  get most(): number {
    return this.#options.concurrency;
  }

  /** Asks a live run to end; false where this program does not run it. */
  cancel(id: string, reason: string): boolean {
    const handle = this.#live.get(id);
    handle?.cancel(reason);
    return handle !== undefined;
  }

  /** See `tagRun`. */
  tag(id: string, change: TagChange): readonly string[] {
    return tagRun(this.#options, this.#live.get(id)?.journal, id, change);
  }

  /** Ends every live run as failed for this reason, with everything destroyed: the program itself has broken. */
  fail(reason: AssassinError): void {
    for (const { fail } of this.#live.values()) fail(reason);
  }

  /** Records the run and queues it. Throws only where it cannot even be recorded. */
  start(request: RunRequest, body: (scope: RunScope) => Promise<Json>): StartedRun {
    const { store, host, redactor, version } = this.#options;
    this.#options.decisions?.refresh();
    const id = newId('run');
    const { parent } = request;
    // What a child is told may come from what its parent has only just read.
    parent?.scope.journal.flush();
    const limits = parent === undefined ? { ...defaultBudget, ...request.budget } : childLimits(parent.scope.budget, request.budget ?? {});
    const journal = new Journal({ run: id, store, host, redactor });
    const created: EventBody = {
      type: 'run.created', kind: request.kind, title: request.title, source: request.source, workspace: request.workspace, input: journal.value(request.input),
      grants: request.grants.map((grant) => grant.text), budget: limits, host, version, ...(parent === undefined ? {} : { parent: { run: parent.scope.id, ...parent.link } }),
      ...(request.session === undefined ? {} : { session: request.session }), ...(request.origin === undefined ? {} : { origin: request.origin }),
      ...(request.fixed === undefined ? {} : { fixed: request.fixed }),
    };
    const recorded = request.recordedLater === true ? journal.commit(created) : Promise.resolve(journal.append(created));
    const execution = new Execution({ id, request, limits, journal, body, questions: this.questions, manager: this.#options, pool: request.unshared === true ? undefined : this.pool });
    const handle: LiveRun = {
      id, journal, recorded,
      fail: (reason) => execution.fail(reason),
      cancel: (reason) => execution.cancel(reason),
      // The queue cannot drop a queued run: a cancelled one still passes through and ends there at once. A child in the queue would wait for its parent,
      // which waits for it.
      outcome: (parent === undefined ? this.#queue.add(() => execution.run()) : execution.run()).then((outcome) => outcome).finally(() => this.#ended(id)),
    };
    parent?.scope.adopt(handle.outcome);
    this.#live.set(id, handle);
    return handle;
  }

  #ended(id: string): void {
    this.#live.delete(id);
    if (this.#live.size === 0) this.pool?.release();
  }

  /** Ends every live run and waits until nothing of them is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    const handles = this.live;
    for (const handle of handles) handle.cancel('The program is closing.');
    await Promise.all(handles.map((handle) => handle.outcome));
  }
}

interface ExecutionOptions {
  readonly id: string;
  readonly request: RunRequest;
  readonly limits: BudgetLimits;
  readonly journal: Journal;
  readonly questions: Questions;
  readonly manager: RunManagerOptions;
  readonly pool: SharedBudget | undefined;
  readonly body: (scope: RunScope) => Promise<Json>;
}

/** One run from queued to its end. */
class Execution {
  readonly #options: ExecutionOptions;
  readonly #abort = new AbortController();
  #state: RunState = 'queued';
  readonly #waits: Waits;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#waits = new Waits(options.request.parent?.scope.waits);
    this.#waits.onChange((waiting) => this.#wait(waiting));
    const outer = options.request.signal;
    if (outer?.aborted) this.cancel('The caller gave up.');
    else outer?.addEventListener('abort', () => this.cancel('The caller gave up.'), { once: true, signal: this.#abort.signal });
    const above = options.request.parent?.scope.signal;
    if (above?.aborted) this.cancel('The run that started it has ended.');
    else above?.addEventListener('abort', () => this.cancel('The run that started it has ended.'), { once: true, signal: this.#abort.signal });
  }

  cancel(reason: string): void {
    if (this.#abort.signal.aborted || isTerminal(this.#state)) return;
    const error = new AssassinError('cancelled', reason);
    try {
      this.#options.journal.append({ type: 'run.cancelling', reason });
    } catch {
      // Even a full disk must not keep a run alive that somebody wants to stop, nor end the program where it is an abort signal that stops the run.
    }
    this.#abort.abort(error);
  }

  fail(reason: AssassinError): void {
    if (!isTerminal(this.#state)) this.#abort.abort(reason);
  }

  async run(): Promise<RunOutcome> {
    const { id, request } = this.#options;
    const began = performance.now();
    let result: Json | undefined;
    let failure: unknown;
    let scope: RunScope | undefined;
    let clock: WallClock | undefined;
    let pauses: Disposable | undefined;
    let drawn: Disposable | undefined;
    try {
      this.#abort.signal.throwIfAborted();
      this.#enter('running');
      const wallMs = this.#options.limits.wallMs;
      if (wallMs !== undefined) {
        const started = (clock = new WallClock(wallMs, () => this.#abort.abort(budgetExceeded('wallMs', wallMs))));
        // A run must not fail because a person took their time to answer.
        pauses = this.#waits.pausing(() => started.pause());
      }
      // A child's time is its parent's.
      drawn = request.parent === undefined ? drawWallTime(this.#options.pool, this.#waits, (error) => this.#abort.abort(error)) : undefined;
      scope = this.#scope();
      result = await this.#untilAborted(scope.step({ kind: 'run', name: request.title, gated: true }, () => this.#options.body(scope!)));
    } catch (error) {
      failure = this.#abort.signal.aborted ? this.#abort.signal.reason : error;
    }
    for (const held of [pauses, clock, drawn]) held?.[Symbol.dispose]();
    // From here on the run's signal is aborted, so that work which nobody awaited ends too.
    this.#abort.abort(hasEnded);
    try {
      await scope?.[Symbol.asyncDispose]();
    } catch (error) {
      failure ??= error;
    }
    const leftovers = scope?.leftovers ?? 0;
    if (leftovers > 0) failure ??= new AssassinError('leftover', `${leftovers} resource${leftovers === 1 ? '' : 's'} could not be verified as gone.`, { hint: 'See the destruction report; the next start sweeps them.' });
    const end = this.#recordEnd(result, failure === undefined ? undefined : this.#options.journal.redact(toErrorInfo(failure)), performance.now() - began);
    const untrusted = scope?.gate.untrusted ?? [];
    // Its result is part of what the parent has read.
    if (request.parent?.scope.signal.aborted === false) for (const { kind, source } of untrusted) request.parent.scope.gate.mark({ kind, source, step: request.parent.link.step });
    return { id, ...end, clean: leftovers === 0, untrusted, ...(end.error ? {} : { result: this.#options.journal.redact(result ?? null) }) };
  }

  #scope(): RunScope {
    const { id, request, limits, journal, manager } = this.#options;
    const signal = this.#abort.signal;
    const gate = new Gate({
      run: id, title: request.title, workspace: request.workspace, grants: request.grants, rules: request.rules, askUngranted: request.askUngranted ?? false, approver: request.approver, signal,
      ...(manager.decisions === undefined ? {} : { decisions: manager.decisions }), ...(manager.approvalTimeoutMs === undefined ? {} : { approvalTimeoutMs: manager.approvalTimeoutMs }),
      ...(manager.untrustedFiles === undefined ? {} : { untrustedFiles: manager.untrustedFiles }),
      ...(request.seenAs === undefined ? {} : { seenAs: request.seenAs }), ...(request.parent === undefined ? {} : { agent: request.parent.link.agent }),
      // Steps belong to the run that read: a child knows nothing of its parent's.
      untrusted: [...(request.untrusted ?? []), ...(request.parent?.scope.gate.untrusted ?? []).map(({ kind, source }) => ({ kind, source }))],
      // What a function answers that is served goes out without anything more on record.
      record: (event) => (request.kind !== 'function' && isLeaveToRead(event) ? journal.defer(event) : isLeaveToCall(event) ? journal.commit(event) : journal.append(event)),
      waiting: (work) => this.#waits.during(work),
      redact: (value) => journal.redact(value),
    });
    const ask: RunScopeOptions['ask'] = (asked) => this.#waits.during(() => {
      const question = journal.redact({ ...asked, run: id });
      return this.#options.questions.put(question, (ended) => request.approver.ask({ run: id, question: question.question, signal: ended }), signal);
    });
    return new RunScope({ id, workspace: request.workspace, journal, gate, budget: request.parent === undefined ? new Budget(limits, undefined, this.#options.pool) : new Budget(limits, request.parent.scope.budget), signal, ask, waits: this.#waits, depth: request.parent === undefined ? 0 : request.parent.scope.depth + 1 });
  }

  /** The body, or the abort plus a grace period in which the body may still end in its own way. */
  async #untilAborted(work: Promise<Json>): Promise<Json> {
    const { promise, reject } = Promise.withResolvers<never>();
    const signal = this.#abort.signal;
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => (timer = setTimeout(() => reject(signal.reason), bodyGraceMs));
    signal.addEventListener('abort', onAbort, { once: true });
    work.catch(() => undefined);
    try {
      return await Promise.race([work, promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #wait(waiting: boolean): void {
    if (waiting) this.#enter('waiting');
    else if (this.#state === 'waiting') this.#enter('running');
  }

  #enter(to: RunState): void {
    const from = this.#state;
    const { journal } = this.#options;
    // That a run has begun is no leave to do anything; that somebody is waited for is to be seen at once.
    if (from === 'queued') journal.defer({ type: 'run.state', from, to });
    else journal.append({ type: 'run.state', from, to });
    this.#state = nextRunState(from, to);
  }

  /** The terminal event. A result that cannot be stored makes the run fail; if not even that can be written, the next start marks it as interrupted. */
  #recordEnd(result: Json | undefined, error: ErrorInfo | undefined, wallMs: number): Pick<RunOutcome, 'state' | 'error'> {
    const { journal } = this.#options;
    const state: RunState = error === undefined ? 'done' : error.code === 'cancelled' ? 'cancelled' : 'failed';
    try {
      journal.append(
        { type: 'meter', meter: 'run.wall_ms', value: wallMs, mark: 'measured', source: 'monotonic clock of the host' },
        ...(error ? [] : [{ type: 'run.result', value: journal.value(result) } as const]),
        { type: 'run.state', from: this.#state, to: nextRunState(this.#state, state), ...(error ? { error } : {}) },
      );
    } catch (cause) {
      if (error === undefined) return this.#recordEnd(undefined, toErrorInfo(cause), wallMs);
    }
    this.#state = state;
    journal.close();
    return { state, ...(error ? { error } : {}) };
  }
}
