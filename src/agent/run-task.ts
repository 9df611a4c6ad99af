import type { ModelClient, ModelMessage } from '../models/model-client.ts';
import { requirePrice } from '../models/money-limit.ts';
import type { ModelPricing } from '../models/prices.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { ModelDelta } from '../shared/conversation.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { Json } from '../shared/json.ts';
import { changesOf } from '../workspace/undo.ts';
import { recordKnownTools } from './count-definitions.ts';
import { ProjectInstructions } from './context/project-instructions.ts';
import { ReachedPlaces } from './context/reached-places.ts';
import { Evidence } from './evidence.ts';
import type { Executor } from './executors/executor.ts';
import { planner } from './executors/planner.ts';
import { runCheck, type CheckOutcome } from './final-check.ts';
import type { Inbox } from './inbox.ts';
import { runLoop, type LoopEnd } from './loop.ts';
import { followingMessage, openingMessages, workspaceFiles } from './opening.ts';
import { lookingTools } from './plan-mode.ts';
import { Pictures } from './pictures/pictures.ts';
import { defaultRepairs, Repairs } from './repairs.ts';
import { ResultStore } from './result-store.ts';
import type { TaskContext } from './task-context.ts';
import type { TaskInput } from './task-input.ts';
import { taskModel } from './task-models.ts';
import type { AgentDefinition } from './team/agent-definition.ts';
import { AgentWork } from './team/agent-work.ts';
import type { Continuation, StartTaskOptions, TaskRunnerOptions } from './task-options.ts';
import type { WholeConversation } from './whole-conversation.ts';
import { ToolCalls } from './tool-calls.ts';

export interface TaskRun extends Pick<TaskRunnerOptions, 'tools' | 'code' | 'readBlob' | 'ownBlob' | 'sources' | 'events' | 'eventsOf' | 'inheritBlobs' | 'team'>, Pick<StartTaskOptions, 'layers'> {
  readonly input: TaskInput;
  readonly client: ModelClient;
  readonly fallback?: readonly ModelClient[];
  readonly pricing: ModelPricing;
  readonly executor: Executor;
  /** Who works on it, where that is an agent of the workspace. */
  readonly agent?: AgentDefinition;
  readonly inbox: Inbox;
  readonly whole?: WholeConversation;
  readonly onDelta: (delta: ModelDelta) => void;
  readonly from?: Omit<Continuation, 'session'>;
}

/** Longest answer of one turn, in tokens. */
const maxOutputTokens = 8192;

/** The work of a task inside its run: opening, turns, check, result. */
export async function runTask(scope: RunScope, task: TaskRun): Promise<Json> {
  const { tools, code, readBlob, events, eventsOf, input, pricing, inbox, from, agent, team } = task;
  team.enter(scope, { model: task.client.info.id });
  if (agent?.pattern !== undefined) return team.compose(scope, agent, input.task);
  const work = new AgentWork(agent);
  const executor = input.mode === 'plan' ? planner : task.executor;
  const client = taskModel(scope, { client: task.client, fallback: task.fallback ?? [], effort: input.effort, layers: task.layers, pricing });
  const evidence = new Evidence();
  const repairs = new Repairs({ scope, events: () => events(scope.id), limit: input.maxRepairs ?? defaultRepairs, activity: () => evidence.activity });
  const results = new ResultStore(scope.journal, readBlob);
  if (from?.before !== undefined) results.inherit(task.inheritBlobs(from.origin.run, scope.id));
  const pictures = new Pictures(scope.id, task.ownBlob, client.info);
  const instructions = new ProjectInstructions();
  const places = new ReachedPlaces({ scope, tools, sources: task.sources, instructions, model: client.info });
  const context: TaskContext = { scope, places, tools: work.tools(input.mode === 'plan' ? lookingTools(tools) : tools), code, results, evidence, repairs, state: {} };
  const { state } = context;
  // Before anything is done: a fallback that could not be held to the limit would else be found out in the middle.
  for (const { info } of [client, ...(task.fallback ?? [])]) requirePrice(scope, info, pricing);
  if (from?.plan) scope.journal.append({ type: 'plan.updated', steps: from.plan.steps });
  let check: CheckOutcome | undefined;
  return scope.step({ kind: 'agent', name: executor.name, gated: true }, async (step) => {
    const opening = await openingOf(scope, task, work.prompt(executor.prompt), instructions, pictures);
    const calls = new ToolCalls({ scope, tools: work.guard(await executor.tools(context)), results, finished: () => state.finish !== undefined, pictures, beside: (turn) => places.take(turn) });
    const review = async (_end: LoopEnd, turn: string): Promise<string | undefined> => {
      const wrong = await from?.problem?.();
      if (wrong !== undefined && repairs.begin(wrong, turn)) return `It is not right yet. ${wrong} Put that right and finish again. This is round ${repairs.rounds} of ${input.maxRepairs ?? defaultRepairs}.`;
      if (input.check === undefined || input.mode === 'plan') return undefined;
      check = await runCheck(scope, tools, input.check, turn);
      const { problem, output } = check;
      if (problem === undefined || !repairs.begin(problem, turn)) return undefined;
      return `The result was checked, and did not pass. ${problem} The end of what it printed:\n${output}\nPut it right and finish again. This is round ${repairs.rounds} of ${input.maxRepairs ?? defaultRepairs}.`;
    };
    const end = await runLoop({
      scope, client, pricing, maxOutputTokens, opening, calls, results, pictures, inbox, heard: (text, turn) => followingMessage(scope, tools, text, { model: client.info, sources: task.sources, parent: turn }), ...(task.whole === undefined ? {} : { whole: task.whole }), review, onDelta: task.onDelta,
      maxTurns: input.maxTurns ?? executor.maxTurns, finished: () => state.finish?.result, shortened: (messages) => places.shortened(messages), reopen: () => delete state.finish,
    }, step).finally(() => recordKnownTools(scope, { known: context.tools.known(), told: calls.definitions }));
    if (input.mode === 'plan' && input.plan !== undefined) await tools.call('workspace.writeFile', { path: input.plan, content: planText(end.value) }, scope, step);
    const wrong = await from?.problem?.();
    const { problem: unverified, evidence: proof } = wrong === undefined ? verdict(context, end, input, check) : { problem: wrong, evidence: [] };
    const types = endTypes.filter((type) => scope.journal.holds(type));
    const record = types.length === 0 ? [] : eventsOf(scope.id, types);
    const denied = deniedIn(record, eventsOf);
    return {
      answer: work.settle(end.value),
      verification: unverified === undefined ? 'verified' : 'unverified',
      ...(unverified === undefined ? {} : { why: unverified }),
      evidence: proof,
      changed: changesOf(record).map(({ path }) => path),
      ...(denied.length === 0 ? {} : { denied }),
      turns: end.turns, model: client.info.id, executor: executor.name,
      ...(repairs.rounds === 0 ? {} : { repairs: repairs.rounds }),
      ...(input.mode === 'plan' && input.plan !== undefined ? { plan: input.plan } : {}),
    };
  });
}

const maxDenied = 20;
/** What the end of a task tells of its record. */
const endTypes = ['file.written', 'decision', 'run.child'] as const;

/** What was tried and not allowed in a run or in those that it started, each once: who reads only the answer of a fooled model learns of it here. */
function deniedIn(record: readonly JournalEvent[], eventsOf: TaskRun['eventsOf']): readonly string[] {
  const denied = [...new Set(deniedActions(record, eventsOf))];
  return denied.length <= maxDenied ? denied : [...denied.slice(0, maxDenied), `and ${denied.length - maxDenied} more`];
}

function deniedActions(record: readonly JournalEvent[], eventsOf: TaskRun['eventsOf']): readonly string[] {
  return record.flatMap((event) => (event.type === 'decision' && event.outcome === 'denied' ? [event.action] : event.type === 'run.child' ? deniedActions(eventsOf(event.child, endTypes), eventsOf) : []));
}

/** A task that goes on has the words of its executor, what was said before, and what it is told now. */
async function openingOf(scope: RunScope, { tools, input, client, sources, from }: TaskRun, prompt: string, instructions: ProjectInstructions, pictures: Pictures): Promise<readonly ModelMessage[]> {
  const told = input.told ?? input.task;
  if (from?.before === undefined || from.before.length === 0) return openingMessages(scope, tools, prompt, told, { model: client.info, sources, instructions });
  instructions.goOn(async (step) => (await workspaceFiles(scope, step)).files, from.before);
  // What a resumed task is told are our words, not the person's, and may quote anything.
  const said: ModelMessage = from.origin.kind === 'resume' ? { role: 'user', text: told } : await followingMessage(scope, tools, told, { model: client.info, sources });
  return [{ role: 'system', text: prompt }, ...pictures.fit(from.before), said];
}

/** A command that the person has named outweighs whatever the model calls a check. */
function verdict({ state: { finish } }: TaskContext, end: LoopEnd, input: TaskInput, check: CheckOutcome | undefined): { readonly problem?: string; readonly evidence: readonly string[] } {
  if (input.mode === 'plan') return { problem: 'A plan is checked by the person who reads it.', evidence: [] };
  if (check !== undefined) return check.problem === undefined ? { evidence: [check.step, ...(finish?.evidence ?? [])] } : { problem: `The check did not pass: ${check.problem}`, evidence: [] };
  if (finish !== undefined) return { ...(finish.unverified === undefined ? {} : { problem: finish.unverified }), evidence: finish.evidence };
  return { problem: end.cut ? 'The answer was cut off by its length limit.' : 'The model answered in words and named no check.', evidence: [] };
}

function planText(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return `${text.trimEnd()}\n`;
}
