import type { SandboxFactory } from '../../src/sandbox/sandbox-factory.ts';
import type { SandboxLimits, SandboxProgram } from '../../src/sandbox/sandbox.ts';
import { AssassinError } from '../../src/shared/errors.ts';
import type { Json } from '../../src/shared/json.ts';
import { FuzzingHost } from './fuzzing-host.ts';
import { fuzzingProgram } from './guest-program.ts';
import { randomNumbers } from './random.ts';

const mebibyte = 1024 * 1024;
/** Sandboxes at work at the same time. */
const lanes = 3;
/** So many calls of one kind are in a round at most; a round is one sandbox. */
const callsOfRound = 2500;
/** What is told of a round in which something was wrong. */
const keptProblems = 20;
const bridge = "import { call } from 'assassin:host';\nexport { call };\n";

/** How a round ends; the first is the most frequent. */
const leaves = ['finish', 'finish', 'finish', 'finish', 'early', 'throw', 'loop', 'bomb', 'hang', 'cancel', 'destroy', 'few-calls'] as const;
type Leave = (typeof leaves)[number];

/** Each way to leave, and the errors with which a run may end then. */
const endings: Readonly<Record<Leave, readonly string[]>> = {
  finish: ['well'], early: ['well'], throw: ['chain-failed'], loop: ['cpuMs'], bomb: ['memoryBytes'], hang: ['wallMs'], cancel: ['cancelled', 'well'], destroy: ['cancelled', 'well'], 'few-calls': ['hostCalls', 'well'],
};

export interface FuzzOptions {
  /** Carried out by the host; those that the boundary refuses come on top. */
  readonly calls: number;
  readonly seed: number;
  /** Only this round of the seed: to see a failure again. */
  readonly round?: number;
  readonly onRound?: (report: FuzzReport) => void;
}

export interface FuzzReport {
  rounds: number;
  /** Calls that reached the host. */
  calls: number;
  /** Calls that were refused on the guest's side: their arguments were no JSON, their names no text. */
  refused: number;
  readonly ends: Record<string, number>;
  /** What must not be, each with the seed and the round in which it was. */
  readonly problems: string[];
}

/** Rounds of calls with everything that a program can make up, each in a sandbox of its own. Never throws for what a guest did: it reports. */
export async function fuzzBoundary(factory: SandboxFactory, { calls, seed, round: only, onRound }: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { rounds: 0, calls: 0, refused: 0, ends: {}, problems: [] };
  let next = only ?? 0;
  const lane = async () => {
    while ((only === undefined ? report.calls < calls : next === only) && report.problems.length < keptProblems) {
      await playRound(factory, seed, next++, report);
      onRound?.(report);
    }
  };
  await Promise.all(Array.from({ length: only === undefined ? lanes : 1 }, lane));
  return report;
}

async function playRound(factory: SandboxFactory, seed: number, round: number, report: FuzzReport): Promise<void> {
  const below = randomNumbers(Math.imul(seed, 0x9e3779b1) ^ round);
  const leave = leaves[below(leaves.length)]!;
  const problem = (what: string) => void report.problems.push(`seed ${seed}, round ${round} (${leave}): ${what}`);
  const wanted = 500 + below(callsOfRound);
  const cancel = new AbortController();
  const stopAt = below(wanted);
  const sandbox = await factory.create(limitsOf(leave, stopAt));
  const host = new FuzzingHost(below, (count) => {
    if (count !== stopAt) return;
    if (leave === 'cancel') cancel.abort();
    if (leave === 'destroy') void sandbox.destroy();
  });
  const program: SandboxProgram = {
    modules: new Map([['assassin', bridge], ['main.js', fuzzingProgram]]), entry: 'main.js', call: 'default', clock: below(2) ? 'real' : 'frozen', random: below(2) ? 'real' : 'seeded',
    args: [{ seed: below(2 ** 31), calls: wanted, spoil: below(2) === 0, leave }],
  };
  let settled = 0;
  const ending = await sandbox.run(program, host, cancel.signal).then((result) => {
    settled += 1;
    return { name: 'well', value: result.value, message: '' };
  }, (error: unknown) => {
    settled += 1;
    return { name: nameOf(error), value: null, message: AssassinError.isInstance(error) ? `${error.message} ${JSON.stringify(error.data)}` : '' };
  });
  const destruction = await sandbox.destroy();
  if (settled !== 1) problem(`the run settled ${settled} times`);
  if (!destruction.verified) problem(`not gone: ${destruction.how}`);
  if (!endings[leave].includes(ending.name)) problem(`it ended with ${ending.name}: ${ending.message}`);
  if (ending.name === 'well') checkCounts(ending.value, host, leave, problem, report);
  for (const what of host.problems.slice(0, 3)) problem(what);
  if (sandbox.usage.hostCalls !== host.calls) problem(`${sandbox.usage.hostCalls} calls were metered, and ${host.calls} carried out`);
  report.rounds += 1;
  report.calls += host.calls;
  report.ends[ending.name] = (report.ends[ending.name] ?? 0) + 1;
}

function limitsOf(leave: Leave, stopAt: number): Partial<SandboxLimits> {
  return {
    memoryBytes: 48 * mebibyte, consoleBytes: mebibyte, cpuMs: leave === 'loop' ? 1500 : 60_000, wallMs: leave === 'hang' ? 4000 : 120_000,
    hostCalls: leave === 'few-calls' ? stopAt : 1_000_000,
  };
}

function nameOf(error: unknown): string {
  if (!AssassinError.isInstance(error)) return `an error that is none of ours: ${String(error)}`;
  const limit = error.data?.['limit'];
  return typeof limit === 'string' ? limit : error.code;
}

/** Both sides have counted the same. */
function checkCounts(value: Json, host: FuzzingHost, leave: Leave, problem: (what: string) => void, report: FuzzReport): void {
  const { problems, attempted, made, refused, settled, values, errors, sideCalls } = countsOf(value);
  report.refused += refused;
  if (problems.count > 0) problem(`${problems.count} times, first: ${problems.first.slice(0, 300)}`);
  if (attempted !== made + refused) problem(`${attempted} calls were tried, ${made} made and ${refused} refused`);
  if (settled !== values + errors) problem(`${settled} calls settled, ${values} with values and ${errors} with errors`);
  if (leave === 'finish' && settled !== made) problem(`${made} calls were made, and ${settled} settled`);
  if (host.calls < settled || host.calls > made + sideCalls) problem(`${made} and ${sideCalls} calls were made, ${settled} settled, and ${host.calls} reached the host`);
}

interface Counts {
  readonly attempted: number;
  readonly made: number;
  readonly refused: number;
  readonly settled: number;
  readonly values: number;
  readonly errors: number;
  readonly sideCalls: number;
  readonly problems: { readonly count: number; readonly first: string };
}

function countsOf(value: Json): Counts {
  return JSON.parse(JSON.stringify(value));
}
