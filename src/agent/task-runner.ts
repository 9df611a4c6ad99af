import { describeAttempt } from '../models/layer.ts';
import type { ModelClient } from '../models/model-client.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { ModelPricing } from '../models/prices.ts';
import { standardLayers, type StandardLayerOptions } from '../models/standard-layers.ts';
import type { Rule } from '../policy/authorize.ts';
import { denyAll, type Approver } from '../policy/gate.ts';
import { parseGrant, parseGrants } from '../policy/grant.ts';
import { taskGrants } from '../policy/task-grants.ts';
import { defaultBudget } from '../run/budget.ts';
import type { RunHandle, RunManager } from '../run/run-manager.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import type { BudgetLimits, JournalEvent } from '../shared/events.ts';
import type { Json } from '../shared/json.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import { changesOf } from '../workspace/undo.ts';
import type { CodeRunner } from './code-runner.ts';
import { Evidence } from './evidence.ts';
import type { ExecutorName } from './executors/executor.ts';
import { executors } from './executors/executors.ts';
import { runLoop, type LoopEnd } from './loop.ts';
import { usageOf } from '../models/model-bill.ts';
import { openingMessages } from './opening.ts';
import { ResultStore, type BlobReader } from './result-store.ts';
import type { TaskContext } from './task-context.ts';
import { ToolCalls } from './tool-calls.ts';

export interface StartTaskOptions {
  /** `provider/model`; the first that is there where absent. */
  readonly model?: string;
  readonly executor?: ExecutorName;
  /** Grants on top of reading the workspace, as texts. */
  readonly grants?: readonly string[];
  readonly budget?: BudgetLimits;
  readonly approver?: Approver;
  readonly signal?: AbortSignal;
  readonly maxTurns?: number;
  /** Time limits of requests, and how often they are repeated. */
  readonly layers?: Pick<StandardLayerOptions, 'timeouts' | 'retry'>;
  /** Hears of the model's text as it comes; it is not stored before it is whole. */
  readonly onText?: (text: string) => void;
}

export interface TaskRunnerOptions {
  /** Absolute, symbolic links resolved. */
  readonly workspace: string;
  readonly runs: RunManager;
  readonly tools: ToolRegistry;
  readonly code: CodeRunner;
  readonly models: Pick<ModelRegistry, 'client' | 'first' | 'pricing'>;
  readonly approver: Approver;
  readonly rules: readonly Rule[];
  readonly budget?: BudgetLimits;
  readonly readBlob: BlobReader;
  /** The journal of a run so far. */
  readonly events: (run: string) => readonly JournalEvent[];
}

/** Longest answer of one turn, in tokens. */
const maxOutputTokens = 8192;
const maxTitle = 80;

/** Starts tasks: each a run of its own, in which a model works until it says that it is done. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** Throws `no-model`, `invalid-grant`, `invalid-input`, and `budget-exceeded` where no tokens are granted; what happens later is the outcome of the run. */
  async start(text: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    const { workspace, runs, models, rules } = this.#options;
    const task = text.trim();
    if (task === '') throw new AssassinError('invalid-input', 'The task is empty.', { hint: 'Say what is to be done.' });
    const extra = parseGrants(options.grants ?? [], workspace);
    const budget = { ...this.#options.budget, ...options.budget };
    const client = await models.client(options.model ?? (await models.first()).id);
    if ((budget.tokens ?? defaultBudget.tokens) === 0) {
      throw new AssassinError('budget-exceeded', 'A task needs a budget of tokens, and none is set.', { hint: 'Give --budget tokens=200000, or set infrastructureAssassin.budget.tokens.', data: { budget: 'tokens', limit: 0 } });
    }
    const pricing = await models.pricing();
    const approver = options.approver ?? this.#options.approver;
    const { name: executor } = executors[options.executor ?? 'code-act'];
    return runs.start({
      kind: 'task', title: titleOf(task), source: 'task', workspace, input: { task, model: client.info.id, executor }, rules, budget, approver,
      // To start a task with a model is to grant that model; a rule may still deny it.
      grants: [...taskGrants(workspace), parseGrant(`model ${client.info.id}`, workspace), ...extra],
      askUngranted: approver !== denyAll,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }, (scope) => this.#run(scope, { task, client, pricing, executor, options }));
  }

  async #run(scope: RunScope, { task, client: bare, pricing, executor: name, options }: TaskStart): Promise<Json> {
    const { tools, code, readBlob } = this.#options;
    const executor = executors[name];
    const client = standardLayers(bare, { ...options.layers, onAttempt: (attempt) => scope.log('warn', describeAttempt(attempt)) });
    const context: TaskContext = { scope, tools, code, results: new ResultStore(scope.journal, readBlob), evidence: new Evidence(), state: { rejected: false } };
    const { state, results } = context;
    warnUnpriced(scope, client, pricing);
    return scope.step({ kind: 'agent', name: executor.name }, async (step) => {
      const opening = await openingMessages(scope, tools, executor.prompt, task);
      const calls = new ToolCalls({ scope, tools: await executor.tools(context), results, finished: () => state.finish !== undefined });
      const end = await runLoop({
        scope, client, pricing, maxOutputTokens, opening, calls, results, maxTurns: options.maxTurns ?? executor.maxTurns, finished: () => state.finish?.result,
        ...(options.onText === undefined ? {} : { onText: options.onText }),
      }, step);
      return this.#result(scope, context, end, client, executor.name);
    });
  }

  #result(scope: RunScope, { state: { finish } }: TaskContext, end: LoopEnd, client: ModelClient, executor: ExecutorName): Json {
    const unverified = finish === undefined ? (end.cut ? 'The answer was cut off by its length limit.' : 'The model answered in words and named no check.') : finish.unverified;
    return {
      answer: end.value,
      verification: unverified === undefined ? 'verified' : 'unverified',
      ...(unverified === undefined ? {} : { why: unverified }),
      evidence: finish?.evidence ?? [],
      changed: changesOf(this.#options.events(scope.id)).map(({ path }) => path),
      turns: end.turns, model: client.info.id, executor,
    };
  }
}

interface TaskStart {
  readonly task: string;
  readonly client: ModelClient;
  readonly pricing: ModelPricing;
  readonly executor: ExecutorName;
  readonly options: StartTaskOptions;
}

function warnUnpriced(scope: RunScope, { info }: ModelClient, pricing: ModelPricing): void {
  if ((scope.budget.limits.moneyUsd ?? 0) > 0 && pricing.cost(info, usageOf(1000, 1000)) === undefined) {
    scope.log('warn', `The price of ${info.id} is not known: the limit of money cannot hold it back, the limit of tokens does.`);
  }
}

function titleOf(task: string): string {
  const line = task.split('\n')[0]!.trim();
  return line.length > maxTitle ? `${line.slice(0, maxTitle - 1)}…` : line;
}
