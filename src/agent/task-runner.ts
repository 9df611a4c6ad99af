import { parseGrant, parseGrants } from '../policy/grant.ts';
import { taskGrants } from '../policy/task-grants.ts';
import { defaultBudget } from '../run/budget.ts';
import type { RunHandle } from '../run/run-manager.ts';
import type { UntrustedSource } from '../shared/approvals.ts';
import { AssassinError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Json } from '../shared/json.ts';
import { pathExists } from '../workspace/files.ts';
import { resolvePath } from '../workspace/paths.ts';
import { Deltas } from './deltas.ts';
import { executors } from './executors/executors.ts';
import { checkWords } from './final-check.ts';
import { Inbox } from './inbox.ts';
import { planRules } from './plan-mode.ts';
import { fileNameOf, planFolder } from './plan.ts';
import { runTask } from './run-task.ts';
import { startChild } from './start-child.ts';
import { createdOf, type TaskInput } from './task-input.ts';
import { WholeConversation } from './whole-conversation.ts';
import { titleOf } from './title.ts';
import { untrustedIn } from './untrusted.ts';
import type { ChildTask } from './team/team-port.ts';
import type { Continuation, StartTaskOptions, TaskRunnerOptions } from './task-options.ts';

/** Starts tasks: each a run of its own, in which a model works until it says that it is done. */
export class TaskRunner {
  readonly deltas: Deltas;
  readonly #options: TaskRunnerOptions;
  readonly #inboxes = new Map<string, Inbox>();
  readonly #wholes = new Map<string, WholeConversation>();

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
    this.deltas = new Deltas(options.redactor);
  }

  /** Throws `no-model`, `invalid-grant`, and `invalid-input`, also where no tokens are granted; what happens later is the outcome of the run. */
  async start(text: string, options: StartTaskOptions = {}, from?: Continuation): Promise<RunHandle> {
    const { workspace, runs, models } = this.#options;
    const task = text.trim();
    if (task === '') throw new AssassinError('invalid-input', 'The task is empty.', { hint: 'Say what is to be done.' });
    const mode = options.mode ?? 'act';
    const agent = options.agent === undefined ? undefined : await this.#options.team.find(options.agent);
    if (options.check !== undefined) checkWords(options.check);
    // Whatever a plan would be granted besides, it may not use: it is refused where it is read, not in the middle.
    // To start a task with an agent is to grant what its file names, as with a chain.
    const extra = mode === 'plan' ? [] : parseGrants([...(agent?.grants ?? []), ...(options.grants ?? []), ...(options.check === undefined ? [] : [`exec ${options.check}`])], workspace);
    const budget = { ...this.#options.budget, ...agent?.budget, ...options.budget };
    const client = await models.client(options.model ?? agent?.model ?? (await models.first()).id);
    if ((budget.tokens ?? defaultBudget.tokens) === 0) {
      throw new AssassinError('invalid-input', 'A task needs a budget of tokens, and none is set.', { hint: 'Give --budget tokens=200000, or set infrastructureAssassin.budget.tokens.', data: { budget: 'tokens', limit: 0 } });
    }
    const pricing = await models.pricing();
    const { effort, fallback: others = [] } = { ...this.#options.modelDefaults, ...options };
    const fallback = await Promise.all(others.filter((id) => id !== client.info.id).map((id) => models.client(id)));
    const approver = options.approver ?? this.#options.approver;
    const executor = options.executor ?? agent?.executor ?? 'code-act';
    const maxTurns = options.maxTurns ?? agent?.maxTurns;
    const plan = mode === 'plan' ? await freePlanFile(workspace, task) : from?.plan?.path;
    const input: TaskInput = {
      task, model: client.info.id, executor, mode, grants: [...(options.grants ?? [])],
      ...(fallback.length === 0 ? {} : { fallback: fallback.map(({ info }) => info.id) }), ...(effort === undefined ? {} : { effort }),
      ...(agent === undefined ? {} : { agent: agent.name }), ...(maxTurns === undefined ? {} : { maxTurns }), ...(options.check === undefined ? {} : { check: options.check }),
      ...(options.maxRepairs === undefined ? {} : { maxRepairs: options.maxRepairs }), ...(plan === undefined ? {} : { plan }), ...(from?.told === undefined ? {} : { told: from.told }),
    };
    const inbox = new Inbox();
    const whole = new WholeConversation();
    for (const message of from?.unread ?? []) inbox.queue(message);
    const handle = runs.start({
      kind: 'task', title: titleOf(task), source: 'task', workspace, input: asJson(input), budget, approver,
      rules: mode === 'plan' ? planRules(this.#options.rules) : this.#options.rules,
      // To start a task with a model is to grant that model; a rule may still deny it.
      grants: [...taskGrants(workspace), ...[client, ...fallback].map(({ info }) => parseGrant(`model ${info.id}`, workspace)), ...(mode === 'plan' ? [parseGrant(`fs.write ${plan}`, workspace)] : []), ...extra],
      askUngranted: mode === 'act' && approver.canAsk !== false, recordedLater: true,
      session: from?.session ?? newId('ses'),
      ...(from === undefined ? {} : { origin: from.origin, untrusted: this.#readBefore(from) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }, (scope) => {
      inbox.open(scope);
      whole.open(scope);
      return runTask(scope, { ...this.#options, input, client, fallback, pricing, executor: executors[executor], ...(agent === undefined ? {} : { agent }), inbox, whole, onDelta: (delta) => this.deltas.emit(delta), ...(from === undefined ? {} : { from }), ...(options.layers === undefined ? {} : { layers: options.layers }) });
    });
    this.#inboxes.set(handle.id, inbox);
    this.#wholes.set(handle.id, whole);
    void handle.outcome.then(() => this.#inboxes.delete(handle.id) && this.#wholes.delete(handle.id));
    await handle.recorded;
    return handle;
  }

  /** Starts a task that a run gives to an agent, as its child. Throws `no-model` and `budget-exceeded`. */
  startChild(task: string, child: ChildTask): Promise<RunHandle> {
    return startChild({ ...this.#options, onDelta: (delta) => this.deltas.emit(delta) }, task, child);
  }

  /**
   * Who goes on from a run has read what that run had read: the conversation, the plan or the error may hold it. The words of a person told anew hold none of it,
   * the plan that a run has made does.
   */
  #readBefore({ origin, told }: Pick<Continuation, 'origin' | 'told'>): readonly UntrustedSource[] {
    if (origin.kind === 'again' && told === undefined) return [];
    const events = this.#options.events(origin.run);
    // Deleted meanwhile.
    if (events.length === 0) return [];
    const above = createdOf(events).origin;
    // One that ended before it began has not even on record what it would have begun with.
    const begun = events.some(({ type }) => type === 'step.started');
    return [...untrustedIn(events), ...(begun || above === undefined ? [] : this.#readBefore({ origin: above, told: '' }))];
  }

  /** Of a task that goes on here. Throws `invalid-input` where there is none. */
  whole(run: string): WholeConversation {
    return this.#wholes.get(run) ?? notHere(run, 'Follow it up or resume it: that begins with the whole conversation.');
  }

  /** The inbox of a task that goes on here. Throws `invalid-input` where there is none. */
  inbox(run: string): Inbox {
    return this.#inboxes.get(run) ?? notHere(run, 'Say it as a new message after the run instead.');
  }
}

function notHere(run: string, hint: string): never {
  throw new AssassinError('invalid-input', `The run ${run} is not a task that goes on in this program.`, { hint });
}

async function freePlanFile(workspace: string, task: string): Promise<string> {
  const name = fileNameOf(titleOf(task), 'plan');
  for (let i = 1; ; i++) {
    const path = `${planFolder}/${name}${i === 1 ? '' : `-${i}`}.md`;
    if (!(await pathExists(await resolvePath(workspace, path)))) return path;
  }
}

/** Without the fields that are absent. */
function asJson(input: TaskInput): Json {
  return JSON.parse(JSON.stringify(input)) as Json;
}
