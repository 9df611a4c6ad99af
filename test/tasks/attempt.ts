import type { Approver } from '../../src/policy/approver.ts';
import type { RunOutcome } from '../../src/run/run-manager.ts';
import type { EventOf, EventType, JournalEvent } from '../../src/shared/events.ts';
import type { Answer } from '../fixtures/models/answer.ts';
import { scriptedServer } from '../fixtures/models/scripted-server.ts';
import { chainTest } from '../helpers/chains.ts';
import type { SandboxFiles } from '../helpers/sandbox.ts';
import { recorded, type Line } from '../helpers/tasks.ts';
import { differences, folderState } from './folder-state.ts';
import type { Seed, SeededTask } from './seeded-task.ts';
import { taskSite } from './task-site.ts';

/** A model behind an OpenAI-compatible server. */
export interface LiveModel {
  /** Base URL, for example `http://127.0.0.1:11434/v1`. */
  readonly endpoint: string;
  readonly model: string;
  readonly key?: string;
}

export interface AttemptOptions {
  readonly sandbox: SandboxFiles;
  /** The recorded answers where absent. */
  readonly live?: LiveModel;
  /** Answers in place of the recorded ones. */
  readonly answers?: (seed: Seed) => readonly Line[];
  /** Asked for what the task needs, which then has no grants of its own. */
  readonly person?: Approver;
}

export interface Attempt {
  readonly outcome: RunOutcome;
  readonly events: readonly JournalEvent[];
  /** What is not as it should be; empty where the task was done and nothing else was changed. */
  readonly problems: readonly string[];
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; absent where the price of the model is not known. */
  readonly costUsd?: number;
  readonly ms: number;
}

/** Tokens of one task: enough for the longest, and an end to a model that only talks. */
const tokens = 2_000_000;

/** Does one task in a fresh workspace with real parts, and looks at what came of it. */
export async function attempt(task: SeededTask, { sandbox, live, answers = task.answers, person }: AttemptOptions): Promise<Attempt> {
  await using site = await taskSite(task.site?.() ?? {});
  let script = recorded();
  await using server = live ? undefined : await scriptedServer(async (request, index) => uncounted(typeof script === 'function' ? await script(request, index) : { status: 500 }));
  const provider = {
    kind: 'openai-compatible', name: 'endpoint', baseUrl: live?.endpoint ?? server?.baseUrl ?? '', ...(live?.key === undefined ? {} : { apiKey: () => Promise.resolve(live.key) }),
  } as const;
  await using test = await chainTest(sandbox, task.files, { settings: { discoverModels: false, modelProviders: [provider] }, ...(person ? { approver: person } : {}) });
  const seed: Seed = { workspace: test.workspace, origin: site.origin, requests: site.requests };
  task.prepare?.(seed);
  script = recorded(...answers(seed));
  await test.runtime.mcp.configure(task.servers?.(seed) ?? []);
  const before = folderState(seed.workspace);
  const began = performance.now();
  const handle = await test.runtime.startTask(task.text(seed), { model: `endpoint/${live?.model ?? 'scripted'}`, grants: person ? [] : task.grants(seed), budget: { tokens, ...(live ? { moneyUsd: 5 } : {}) } });
  const { outcome, events } = await test.finish(handle.id, handle.outcome);
  const ms = performance.now() - began;
  const problems = [...endProblems(outcome), ...changeProblems(task, differences(before, folderState(seed.workspace))), ...(await checkProblems(task, seed, outcome))];
  return { outcome, events, problems, ms, ...meters(events) };
}

/** Recorded answers name no tokens, so that the product estimates them from what really went and came. */
function uncounted(answer: Answer): Answer {
  return 'text' in answer || 'calls' in answer ? { usage: null, ...answer } : answer;
}

function endProblems({ state, error, clean }: RunOutcome): readonly string[] {
  return [...(state === 'done' ? [] : [`The run ended as ${state}${error ? `: ${error.message}` : ''}.`]), ...(clean ? [] : ['The run left something behind.'])];
}

function changeProblems({ changes }: SeededTask, found: readonly string[]): readonly string[] {
  const extra = found.filter((path) => !changes.includes(path));
  const missing = changes.filter((path) => !found.includes(path));
  return [...(extra.length > 0 ? [`Changed though nobody asked for it: ${extra.join(', ')}.`] : []), ...(missing.length > 0 ? [`Not changed: ${missing.join(', ')}.`] : [])];
}

async function checkProblems(task: SeededTask, seed: Seed, { result }: RunOutcome): Promise<readonly string[]> {
  try {
    await task.check(seed, result ?? null);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function meters(events: readonly JournalEvent[]): Pick<Attempt, 'turns' | 'inputTokens' | 'outputTokens' | 'costUsd'> {
  const of = <T extends EventType>(type: T) => events.filter((event): event is EventOf<T> => event.type === type);
  const sum = (name: string) => of('meter').filter(({ meter }) => meter === name).reduce((total, { value }) => total + value, 0);
  const priced = of('meter').some(({ meter, mark }) => meter === 'model.cost_usd' && mark !== 'unknown');
  return {
    turns: of('step.started').filter(({ kind, name }) => kind === 'agent' && name.startsWith('Turn ')).length,
    inputTokens: sum('model.input_tokens'), outputTokens: sum('model.output_tokens'), ...(priced ? { costUsd: sum('model.cost_usd') } : {}),
  };
}
