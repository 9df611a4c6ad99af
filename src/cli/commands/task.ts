import { Option, type Command } from 'commander';
import { executorNames, type ExecutorName } from '../../agent/executors/executor.ts';
import type { StartTaskOptions } from '../../agent/task-options.ts';
import { efforts, type Effort } from '../../models/model-client.ts';
import type { RunHandle } from '../../run/run-manager.ts';
import type { Runtime } from '../../runtime.ts';
import { AssassinError } from '../../shared/errors.ts';
import { collect, parseBudgetFlags } from '../arguments.ts';
import type { CliContext } from '../cli-context.ts';
import { followRun } from '../follow-run.ts';
import { openRuntime } from '../open-runtime.ts';
import { refuseSecrets } from '../pasted-secrets.ts';
import { Steering } from '../steering.ts';
import { terminalApprover } from '../terminal-approver.ts';
import { terminalPerson } from '../terminal-person.ts';
import { terminalQuestions } from '../terminal-questions.ts';
import { LiveView } from '../views/live-view.ts';
import { SpokenText } from '../views/spoken-text.ts';
import { withRunFlags, type RunOptions } from './run.ts';

interface TaskOptions extends RunOptions {
  readonly model?: string;
  readonly endpoint?: string;
  readonly fallback: readonly string[];
  readonly effort?: Effort;
  readonly executor?: ExecutorName;
  readonly agent?: string;
  readonly plan?: boolean;
  readonly approve?: string;
  readonly resume?: string;
  readonly fork?: string;
  readonly session?: string;
  readonly again?: string;
  readonly repair?: string;
  readonly check?: string;
}

export function addTaskCommand(program: Command, context: CliContext): void {
  withRunFlags(program.command('task [text...]'))
    .description('ask an agent for something; it needs a model and a budget of tokens. On a terminal, lines that you type meanwhile are said to it')
    .option('--model <id>', 'provider/model, for example ollama/qwen3:8b (default: the first that is found)')
    .option('--fallback <id>', 'the model to ask where the one before fails (repeatable)', collect, [])
    .addOption(new Option('--effort <much>', 'how much the model thinks; its provider decides where it is not given').choices(efforts))
    .option('--endpoint <url>', 'an OpenAI-compatible server; its models are called endpoint/MODEL')
    .addOption(new Option('--executor <name>', 'how it works: code-act writes code, react calls tools, basic only answers (default: code-act)').choices(executorNames))
    .option('--agent <name>', 'an agent of .assassin/agents that works on it, with what its file grants')
    .option('--check <command>', 'a program that must end well before the result counts as verified, for example "npm test"; it is granted')
    .option('--plan', 'change nothing: write a plan to a file under .assassin/plans')
    .option('--approve <run>', 'carry out the plan that this run has written, as its file stands now')
    .option('--session <id>', 'say the text after the last run of this conversation')
    .option('--resume <run>', 'go on with a task that was interrupted, failed or was stopped')
    .option('--fork <run@turn>', 'a conversation of its own that begins with the first turns of another one')
    .option('--again <run>', 'the same task once more')
    .option('--repair <run>', 'let a model put right the chain whose run failed')
    .action(async (text: readonly string[], options: TaskOptions) => context.exit(await runTask(context, text.join(' ').trim(), options)));
}

async function runTask(context: CliContext, text: string, options: TaskOptions): Promise<number> {
  const { terminal } = context;
  refuseSecrets(text, 'The task', options);
  const start = starter(text, options);
  const json = options.json === true;
  const quiet = options.quiet === true;
  using view = json || quiet ? undefined : new LiveView(terminal);
  using steering = new Steering(terminal);
  // The line that a person is typing must not be wiped away by a spinner.
  using _still = view?.pause() ?? { [Symbol.dispose]: () => undefined };
  const ask = terminalQuestions(terminal, () => steering.pause());
  const approver = terminalApprover(terminal, ask);
  await using opened = await openRuntime(context, options, approver, { person: terminalPerson(terminal, ask) });
  const { runtime } = opened;
  const spoken = new SpokenText(terminal);
  using _deltas = runtime.tasks.onDelta((delta) => {
    if (!json && !quiet) spoken.show(delta);
    else if (options.events === true) terminal.json({ type: 'delta', delta });
  });
  let run = '';
  const exitCode = await followRun(context, runtime, async () => {
    const handle = await start(runtime, startOptions(options, opened.defaultModel));
    run = handle.id;
    if (!json) steering.begin(runtime.tasks, handle.id);
    return handle;
  }, { json, events: options.events === true, quiet, view });
  if (!json) await tellNext(context, runtime, run);
  return exitCode;
}

type Starter = (runtime: Runtime, options: StartTaskOptions) => Promise<RunHandle>;

/** Which of the ways to start a task is meant. Throws `invalid-input` where it is none or more than one. */
function starter(text: string, { approve, resume, fork, session, again, repair, plan }: TaskOptions): Starter {
  const words = text === '' ? undefined : text;
  const ways: readonly (readonly [flag: string, value: string | undefined, takesText: 'never' | 'maybe' | 'always', start: (value: string) => Starter])[] = [
    ['--approve', approve, 'never', (run) => (runtime, options) => runtime.tasks.approvePlan(run, options)],
    ['--resume', resume, 'never', (run) => (runtime, options) => runtime.tasks.resume(run, options)],
    ['--again', again, 'never', (run) => (runtime, options) => runtime.tasks.again(run, options)],
    ['--repair', repair, 'never', (run) => (runtime, options) => runtime.tasks.repairChain(run, options)],
    ['--fork', fork, 'maybe', (place) => (runtime, options) => runtime.tasks.fork(...placeOf(place), words, options)],
    ['--session', session, 'always', (id) => (runtime, options) => runtime.tasks.followUpSession(id, text, options)],
  ];
  const chosen = ways.filter(([, value]) => value !== undefined);
  if (chosen.length > 1) throw new AssassinError('invalid-input', `${chosen.map(([flag]) => flag).join(' and ')} cannot be used together.`, { hint: 'Give one of them.' });
  const [way] = chosen;
  if (way === undefined) {
    if (words === undefined) throw new AssassinError('invalid-input', 'The task is empty.', { hint: 'Say what is to be done, for example: task "write a test for src/price.ts".' });
    return (runtime, options) => runtime.startTask(words, options);
  }
  const [flag, value = '', takesText, start] = way;
  if (words !== undefined && takesText === 'never') throw new AssassinError('invalid-input', `${flag} takes no text.`, { hint: 'Say more with --session once it has ended, or on the terminal while it goes on.' });
  if (words === undefined && takesText === 'always') throw new AssassinError('invalid-input', `${flag} needs a text.`, { hint: 'Say what is to be done next.' });
  if (plan === true && flag === '--approve') throw new AssassinError('invalid-input', '--plan and --approve cannot be used together.', { hint: 'Give one of them.' });
  return start(value);
}

function placeOf(place: string): readonly [run: string, turn: number] {
  const [, run, turn] = /^([^@]+)@(\d+)$/.exec(place) ?? [];
  if (run === undefined || turn === undefined) throw new AssassinError('invalid-input', `"${place}" is not a turn of a run.`, { hint: 'Write RUN@TURN, for example run_1m82@3; turn 0 is only what the task began with.' });
  return [run, Number(turn)];
}

/** Only what was said: a task that goes on from another one keeps the rest, and an agent has a model of its own. */
function startOptions(options: TaskOptions, defaultModel: string | undefined): StartTaskOptions {
  const { fallback, effort, endpoint, executor, agent, plan, check, allow, budget } = options;
  const isNew = [options.approve, options.resume, options.fork, options.session, options.again, options.repair, agent, endpoint].every((value) => value === undefined);
  const model = options.model ?? (isNew ? defaultModel : undefined);
  const limits = parseBudgetFlags(budget);
  return {
    ...(model === undefined ? {} : { model: endpoint === undefined || model.startsWith('endpoint/') ? model : `endpoint/${model}` }),
    ...(fallback.length === 0 ? {} : { fallback }), ...(effort === undefined ? {} : { effort }),
    ...(executor === undefined ? {} : { executor }), ...(agent === undefined ? {} : { agent }), ...(plan === true ? { mode: 'plan' as const } : {}), ...(check === undefined ? {} : { check }),
    ...(allow.length === 0 ? {} : { grants: allow }), ...(limits === undefined ? {} : { budget: limits }),
  };
}

async function tellNext({ terminal }: CliContext, runtime: Runtime, run: string): Promise<void> {
  const { resumable, session, mode, entries } = await runtime.tasks.conversation(run);
  const plan = entries.flatMap((entry) => (entry.type === 'result' && entry.plan !== undefined ? [entry.plan] : []))[0];
  if (mode === 'plan' && plan !== undefined) terminal.note(`The plan is in ${plan}: read and change it, then carry it out with: task --approve ${run}`);
  terminal.note(terminal.style.dim(resumable ? `Go on with: task --resume ${run}` : `Say more with: task --session ${session} "..."`));
}
