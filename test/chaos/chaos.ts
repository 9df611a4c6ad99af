import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { RunStore } from '../../src/store/run-store.ts';
import type { HostOptions } from './host.ts';
import { makeJobs, type Job } from './jobs.ts';
import { descendantsOf } from './processes.ts';
import { Random } from './random.ts';
import { judge, keyOfRun, type Verdict } from './verdict.ts';
import { makeChaosWorld, type ChaosWorld } from './world.ts';

export interface ChaosOptions {
  readonly runs: number;
  readonly seed: number;
  /** Programs at a time. Each runs as many runs at a time as the product allows. */
  readonly hosts?: number;
  /** Runs that one program starts at once. */
  readonly batch?: number;
  /** Milliseconds between two kills at most. */
  readonly everyMs?: number;
  readonly log?: (line: string) => void;
}

export interface ChaosReport extends Verdict {
  readonly kills: Readonly<Record<Victim, number>>;
  readonly hosts: number;
  readonly ms: number;
}

export type Victim = 'host' | 'browser' | 'mcp' | 'program' | 'thread';

const root = join(import.meta.dirname, '../..');
/** Of so many kills one is a host: it takes all its runs with it. */
const turns: readonly Exclude<Victim, 'thread'>[] = ['host', ...Array.from({ length: 10 }, () => ['browser', 'mcp', 'program'] as const).flat()];

/** Starts so many runs in several programs on one store and kills at random whatever belongs to them, until each was started once. Then looks at what is left. */
export async function chaos({ runs, seed, hosts: width = 4, batch = 8, everyMs = 200, log = () => undefined }: ChaosOptions): Promise<ChaosReport> {
  const began = performance.now();
  const random = new Random(seed);
  await using world = await makeChaosWorld();
  const kills: Record<Victim, number> = { host: 0, browser: 0, mcp: 0, program: 0, thread: 0 };
  const waiting = [...makeJobs(runs, random)];
  const hosts = new Set<ChildProcess>();
  let started = 0;
  const begin = () => {
    const jobs = waiting.splice(0, batch);
    started += 1;
    const host = startHost(world, jobs, random.below(2 ** 31), everyMs, started % 5 === 0);
    host.stdout!.on('data', (chunk: Buffer) => (kills.thread += chunk.toString().split('thread\n').length - 1));
    hosts.add(host);
    host.once('exit', () => {
      hosts.delete(host);
      // What it has not recorded was never begun, and may be given to another one.
      const recorded = recordedKeys(world.store);
      waiting.push(...jobs.filter(({ key }) => !recorded.has(key)));
      log(`program ${started} ended; ${waiting.length} runs to go, ${hosts.size} programs live; killed ${JSON.stringify(kills)}`);
    });
  };
  while (waiting.length > 0 || hosts.size > 0) {
    while (waiting.length > 0 && hosts.size < width) begin();
    await sleep(random.between(everyMs / 8, everyMs));
    const host = [...hosts][random.below(Math.max(1, hosts.size))];
    if (host?.pid !== undefined) strike(host.pid, turns[random.below(turns.length)]!, random, kills);
  }
  return { ...(await judge(world, pathToFileURL(`${join(root, 'dist')}/`))), kills, hosts: started, ms: performance.now() - began };
}

/** Kills one process with SIGKILL, of the kind that is wanted or of none. */
function strike(host: number, victim: Exclude<Victim, 'thread'>, random: Random, kills: Record<Victim, number>): void {
  const words = { host: '', browser: 'chrom', mcp: 'sink.mjs', program: 'append.cjs' } as const;
  const all = victim === 'host' ? [host] : descendantsOf(host).filter(({ command }) => command.includes(words[victim])).map(({ pid }) => pid);
  const pid = all[random.below(Math.max(1, all.length))];
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
    kills[victim] += 1;
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** One in five is the command line, one program after another for each of its runs; the others have a runtime of their own. */
function startHost(world: ChaosWorld, jobs: readonly Job[], seed: number, everyMs: number, commandLine: boolean): ChildProcess {
  const { workspace, store, temporary, model, sink } = world;
  const env = { ...process.env, TMPDIR: temporary, ASSASSIN_HOME: store };
  const dist = pathToFileURL(`${join(root, 'dist')}/`).href;
  const chains = jobs.filter(({ kind }) => kind !== 'agent');
  if (commandLine && chains.length > 0) {
    const [{ key, kind }] = chains as [Job, ...Job[]];
    return spawn(process.execPath, [join(root, 'dist/cli.js'), 'run', kind, '--input', JSON.stringify({ key }), '--json'], { cwd: workspace, env, stdio: ['ignore', 'pipe', 'ignore'] });
  }
  const options: HostOptions = { workspace, store, dist, model: model.baseUrl, sink, jobs, seed, threadsEveryMs: everyMs * 4 };
  return spawn(process.execPath, [join(import.meta.dirname, 'host.ts'), JSON.stringify(options)], { cwd: workspace, env, stdio: ['ignore', 'pipe', 'inherit'] });
}

function recordedKeys(directory: string): ReadonlySet<string> {
  using store = new RunStore(directory);
  return new Set(store.runs({ limit: 100_000, parent: null }).items.flatMap(({ id }) => keyOfRun(store.events(id, 0, 1)) ?? []));
}

