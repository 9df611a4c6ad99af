// A program with the product's runtime, which starts all its jobs at once and kills its own threads now and then. Arguments: one JSON text, see HostOptions.
import { subscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { denyAll } from '../../src/policy/approver.ts';
import { Runtime } from '../../src/runtime.ts';
import { defaultSettings } from '../../src/runtime-options.ts';
import { nodeServer } from '../helpers/mcp.ts';
import type { Job } from './jobs.ts';
import { Random } from './random.ts';

export interface HostOptions {
  readonly workspace: string;
  readonly store: string;
  readonly dist: string;
  readonly model: string;
  readonly sink: string;
  readonly jobs: readonly Job[];
  readonly seed: number;
  /** Milliseconds between two threads that are ended, at most; 0 for none. */
  readonly threadsEveryMs: number;
}

const { workspace, store, dist, model, sink, jobs, seed, threadsEveryMs } = JSON.parse(process.argv[2]!) as HostOptions;
const random = new Random(seed);
const threads = new Set<Worker>();
subscribe('worker_threads', (message) => {
  const { worker } = message as { readonly worker: Worker };
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
});

const runtime = await Runtime.open({
  workspace, dataDirectory: store, distDirectory: new URL(dist), version: '0.0.0', approver: denyAll, log: () => undefined,
  settings: {
    ...defaultSettings, discoverModels: false, retention: { maxRuns: 100_000, maxAgeDays: 1 }, modelProviders: [{ kind: 'openai-compatible', name: 'test', baseUrl: model }],
    mcpServers: [nodeServer('sink', sink, [`${workspace}/sink.log`])],
  },
});
const endThread = () => {
  const all = [...threads];
  const victim = all[random.below(all.length)];
  if (victim !== undefined) process.stdout.write('thread\n');
  void victim?.terminate();
  timer = setTimeout(endThread, random.between(threadsEveryMs / 4, threadsEveryMs));
};
let timer = threadsEveryMs === 0 ? undefined : setTimeout(endThread, random.between(threadsEveryMs / 4, threadsEveryMs));
const handles = await Promise.all(jobs.map(({ key, kind }) => (kind === 'agent'
  ? runtime.startTask(`Work on job ${key}.`, { model: 'test/scripted', grants: ['fs.write docs/**'], budget: { tokens: 1_000_000 }, layers: { retry: { attempts: 2, baseMs: 10 } } })
  : runtime.startChain(kind, { key }))));
await Promise.all(handles.map(({ outcome }) => outcome));
clearTimeout(timer);
await runtime[Symbol.asyncDispose]();
