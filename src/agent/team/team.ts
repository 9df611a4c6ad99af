import { createHash } from 'node:crypto';
import type PQueue from 'p-queue';
import type { Action } from '../../policy/action.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { AssassinError, toErrorInfo } from '../../shared/errors.ts';
import type { BudgetLimits } from '../../shared/events.ts';
import type { Json } from '../../shared/json.ts';
import type { AgentCatalog } from './agent-catalog.ts';
import { isBrokenAgent, type AgentDefinition } from './agent-definition.ts';
import { copyFor, landChanges, landingJson, recordChanges, seenFrom, type RecordedChange } from './copy.ts';
import { narrowGrants } from './narrow-grants.ts';
import { chain, parallel, reflect, route, type AgentAnswer, type Settled } from './patterns.ts';
import { continueChild, restoreChanges } from './continue-child.ts';
import { childrenUpTo, earlierChildren, resultOf, type RecordedChild, type TeamRecord } from './recorded.ts';
import type { GitWorktree } from '../../workspace/git-worktree.ts';
import { agentQueue, checkDepth, editQueue, RunTree } from './run-tree.ts';
import type { StartChild, TaskTeam } from './team-port.ts';

/** What is asked of an agent. */
export interface AgentRequest {
  readonly agent: string;
  readonly task: string;
  readonly model?: string | undefined;
  /** Less than its file names; see NarrowOptions. */
  readonly grants?: readonly string[] | undefined;
  readonly budget?: BudgetLimits | undefined;
}

/** What came of it. */
export interface AgentReport extends AgentAnswer {
  readonly verification?: Json;
  /** It was done before an interruption, and not again. */
  readonly recorded: boolean;
  /** Changes that came back from its copy. */
  readonly changes?: Json;
  /** How it was kept apart from others that edit. */
  readonly isolation?: 'worktree' | 'one at a time';
}

export interface TeamOptions {
  readonly catalog: AgentCatalog;
  readonly record: TeamRecord;
  readonly readWhole: (hash: string) => Promise<Uint8Array>;
  readonly startChild: StartChild;
}

/** What the team knows of a run. */
interface Member {
  readonly tree: RunTree;
  readonly queue: PQueue;
  /** Who edits the workspace of this run waits here for the others. */
  readonly edits: PQueue;
  /** The workspace that grants are about, and how the gate sees the copy in which the run works, if it does. */
  readonly home: string;
  readonly seenAs?: (action: Action) => Action;
  readonly model?: string;
  /** Children of the runs that this one goes on from, each of which is used once. */
  /** What runs before had started, read when it is first asked for: most tasks ask no agent. */
  readonly earlier: () => RecordedChild[];
}

/** How an agent is kept apart: in a copy, or by holding up the others. */
interface Apart {
  readonly copy?: GitWorktree;
  readonly locked?: boolean;
}

type Work = (apart: Apart) => Promise<AgentReport>;

/** Lets runs ask agents: each a run of its own, with less than the run that asks, and on record as its child. */
export class Team implements TaskTeam {
  readonly #options: TeamOptions;
  readonly #members = new WeakMap<RunScope, Member>();

  constructor(options: TeamOptions) {
    this.#options = options;
  }

  find(agent: string): Promise<AgentDefinition> {
    return this.#options.catalog.find(agent);
  }

  list(): ReturnType<AgentCatalog['list']> {
    return this.#options.catalog.list();
  }

  enter(scope: RunScope, { model }: { readonly model: string }): void {
    this.#members.set(scope, { ...this.#member(scope), model });
  }

  topics(scope: RunScope): RunTree['topics'] {
    return this.#member(scope).tree.topics;
  }

  /** Asks one agent and waits for its answer. Throws `tool-failed` where it did not finish, and `budget-exceeded` where no more agents may work. */
  async ask(scope: RunScope, step: string, request: AgentRequest): Promise<AgentReport> {
    const agent = await this.find(request.agent);
    const member = this.#member(scope);
    const key = keyOf(request);
    const known = takeEarlier(member.earlier(), key);
    if (known?.state === 'done') {
      scope.journal.append({ type: 'run.child', step, child: known.run, agent: agent.name, recorded: true });
      return this.#report(scope, step, agent, known.run, await resultOf(this.#options.record, known.run), true);
    }
    checkDepth(scope.depth);
    member.tree.take();
    const work: Work = (apart) => this.#work(scope, step, agent, request, { key, before: known, ...apart });
    return member.queue.add(() => (agent.worktree ? this.#apart(scope, agent, member, work) : work({})));
  }

  async compose(scope: RunScope, agent: AgentDefinition, task: string): Promise<Json> {
    const { pattern } = agent;
    if (pattern === undefined) throw new AssassinError('internal', `${agent.name} has no pattern.`);
    return scope.step({ kind: 'agent', name: `${agent.name}: ${pattern.kind}` }, async (step) => {
      const value = await this.run(scope, step, pattern.kind, { agents: pattern.agents, task, rounds: pattern.rounds, router: agent });
      return { answer: value, verification: 'unverified', why: 'It was put together from the answers of agents.', agent: agent.name, changed: [] };
    });
  }

  /** Runs a pattern of agents as steps of `scope`. */
  async run(scope: RunScope, step: string, kind: 'chain' | 'parallel' | 'route' | 'reflect', { agents, task, rounds = 2, router }: { readonly agents: readonly string[]; readonly task: string; readonly rounds?: number; readonly router?: AgentDefinition }): Promise<Json> {
    // A name that is wrong is found before anybody has begun.
    const definitions = await Promise.all(agents.map((name) => this.find(name)));
    const ask = (agent: string, text: string) => this.ask(scope, step, { agent, task: text });
    switch (kind) {
      case 'chain':
        return (await chain(ask, agents, task)).map(reportJson);
      case 'parallel':
        return (await parallel(ask, agents, task)).map(settledJson);
      case 'route':
        return reportJson(await route(ask, async (question) => (await this.#choose(scope, step, question, router)).answer, definitions, task));
      case 'reflect': {
        const { value, ok, rounds: judged, comments } = await reflect(ask, agents[0]!, agents[1]!, task, rounds);
        return { ...reportJson(value), ok, rounds: judged, comments };
      }
    }
  }

  /** Gives a message to the agents whose files name the topic. One that fails does not stop the others. */
  async deliver(scope: RunScope, step: string, topic: string, message: Json): Promise<readonly Settled<AgentReport>[]> {
    const listeners = (await this.list()).flatMap((agent) => (!isBrokenAgent(agent) && agent.topics.includes(topic) ? [agent.name] : []));
    return parallel((agent, task) => this.ask(scope, step, { agent, task }), listeners, `A message of the topic ${topic}:\n${JSON.stringify(message)}`);
  }

  #choose(scope: RunScope, step: string, question: string, router: AgentDefinition | undefined): Promise<AgentReport> {
    const { role = 'You hand out work: you choose who does it.', model } = router ?? {};
    const chooser: AgentDefinition = { name: `${router?.name ?? 'router'}`, description: 'Chooses who does a task.', role, executor: 'basic', grants: [], worktree: false, topics: [], ...(model === undefined ? {} : { model }) };
    this.#member(scope).tree.take();
    const request = { agent: chooser.name, task: question };
    const known = takeEarlier(this.#member(scope).earlier(), keyOf(request));
    return known?.state === 'done' ? resultOf(this.#options.record, known.run).then((result) => this.#report(scope, step, chooser, known.run, result, true)) : this.#work(scope, step, chooser, request, { key: keyOf(request) });
  }

  /** Without a repository there are no copies, and there is no copy of a copy: agents that edit then take turns. */
  async #apart(scope: RunScope, agent: AgentDefinition, member: Member, work: Work): Promise<AgentReport> {
    await using copy = member.seenAs === undefined ? await copyFor(scope, agent.name) : undefined;
    // Awaited here: the copy must not go before the work is done.
    if (copy !== undefined) return await work({ copy: copy.resource });
    scope.log('warn', `${agent.name} edits the same files as others, because ${member.seenAs === undefined ? 'the workspace is in no git repository with a commit' : 'it is asked by an agent that works on a copy'}: agents that edit take turns.`);
    return member.edits.add(async () => ({ ...(await work({ locked: true })), isolation: 'one at a time' }));
  }

  async #work(scope: RunScope, step: string, agent: AgentDefinition, request: AgentRequest, { key, before, copy, locked = false }: Apart & { readonly key: string; readonly before?: RecordedChild | undefined }): Promise<AgentReport> {
    const member = this.#member(scope);
    const { approver, rules, askUngranted } = scope.gate.terms;
    const model = request.model ?? agent.model ?? member.model;
    const seenAs = copy === undefined ? member.seenAs : seenFrom(copy, member.home);
    const { record, readWhole } = this.#options;
    const from = before === undefined ? undefined : await continueChild(record, before, readWhole);
    const handle = await this.#options.startChild(request.task, {
      agent, rules, approver, askUngranted,
      parent: { scope, link: { step, key, agent: agent.name } },
      grants: (chosen) => narrowGrants({ parents: scope.gate.grants, agent, wanted: request.grants, model: chosen, workspace: member.home }),
      budget: { ...agent.budget, ...smaller(agent.budget, request.budget) },
      ...(model === undefined ? {} : { model }),
      workspace: copy?.workspace ?? scope.workspace,
      ...(from === undefined ? {} : { from }),
      ...(seenAs === undefined ? {} : { seenAs }),
      began: (child, used) => {
        this.#members.set(child, { tree: member.tree, queue: agentQueue(), edits: locked || copy !== undefined ? editQueue() : member.edits, home: member.home, ...(seenAs === undefined ? {} : { seenAs }), model: used, earlier: once(() => (before === undefined ? [] : [...childrenUpTo(record, before.run)])) });
      },
      prepare: async (child) => (before === undefined || copy === undefined ? undefined : restoreChanges(child, record, before.run, readWhole)),
      completed: async (child, result) => (copy === undefined ? result : { ...(result as { readonly [key: string]: Json }), changes: (await recordChanges(child, copy)).map((change) => ({ ...change })) }),
    });
    scope.journal.append({ type: 'run.child', step, child: handle.id, agent: agent.name, recorded: false });
    const { state, error, result = null } = await handle.outcome;
    scope.signal.throwIfAborted();
    if (state !== 'done') {
      const why = error ?? toErrorInfo(new AssassinError('internal', `It is ${state}.`));
      throw new AssassinError('tool-failed', `The agent ${agent.name} did not finish (${handle.id}): ${why.message}`, { ...(why.hint === undefined ? {} : { hint: why.hint }), data: { tool: 'agents.run', run: handle.id, code: why.code } });
    }
    return this.#report(scope, step, agent, handle.id, result, false);
  }

  async #report(scope: RunScope, step: string, agent: AgentDefinition, run: string, result: Json, recorded: boolean): Promise<AgentReport> {
    const { answer = null, verification, changes } = (typeof result === 'object' && result !== null && !Array.isArray(result) ? result : {}) as { readonly answer?: Json; readonly verification?: Json; readonly changes?: readonly RecordedChange[] };
    const report = { agent: agent.name, run, answer, recorded, ...(verification === undefined ? {} : { verification }) };
    if (changes === undefined) return report;
    const landed = await this.#member(scope).edits.add(() => landChanges(scope, step, changes, this.#options.readWhole));
    return { ...report, isolation: 'worktree', changes: landingJson(landed) };
  }

  #member(scope: RunScope): Member {
    let member = this.#members.get(scope);
    if (member === undefined) this.#members.set(scope, (member = { tree: new RunTree(), queue: agentQueue(), edits: editQueue(), home: scope.workspace, earlier: once(() => [...earlierChildren(this.#options.record, scope.id)]) }));
    return member;
  }
}

export function reportJson(report: AgentReport): { readonly [key: string]: Json } {
  return Object.fromEntries(Object.entries(report).flatMap(([name, value]) => (value === undefined ? [] : [[name, value as Json]])));
}

export function settledJson(each: Settled<AgentReport>): Json {
  return each.ok ? { ok: true, ...reportJson(each.value) } : { ok: false, agent: each.agent, error: { code: each.error.code, message: each.error.message } };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function takeEarlier(earlier: RecordedChild[], key: string): RecordedChild | undefined {
  const found = earlier.findIndex((child) => child.key === key);
  return found < 0 ? undefined : earlier.splice(found, 1)[0];
}

/** The same question has the same key in every life of a run. */
function keyOf({ agent, task, model, grants, budget }: AgentRequest): string {
  return createHash('sha256').update(JSON.stringify([agent, task, model ?? null, grants ?? null, budget ?? null])).digest('hex').slice(0, 32);
}

function smaller(most: BudgetLimits | undefined, wanted: BudgetLimits | undefined): BudgetLimits {
  return Object.fromEntries(Object.entries(wanted ?? {}).map(([kind, amount]) => [kind, Math.min(amount, most?.[kind as keyof BudgetLimits] ?? Number.POSITIVE_INFINITY)]));
}
