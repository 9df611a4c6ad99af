import { getQuickJS, type QuickJSWASMModule } from 'quickjs-emscripten';
import { buildSandboxFiles, sandboxFactory } from '../test/helpers/sandbox.ts';
import { withRun } from '../test/helpers/run.ts';
import type { SandboxFactory } from '../src/sandbox/sandbox-factory.ts';
import type { SandboxHost, SandboxProgram } from '../src/sandbox/sandbox.ts';
import type { RunScope } from '../src/run/run-scope.ts';

const rounds = 60;
const callRounds = 7;
const calls = 5000;
const peerName = 'quickjs-emscripten, in process, one shared WASM memory';

const host: SandboxHost = { call: () => Promise.resolve(null), console: () => undefined };
const program = (main: string): SandboxProgram => ({
  modules: new Map([['main.js', main], ['assassin', "export { call } from 'assassin:host';"]]),
  entry: 'main.js', call: 'default', args: [], clock: 'real', random: 'real',
});
const trivial = program('export default () => 1 + 1;');
const calling = program(`import { call } from 'assassin'; export default async function () { for (let i = 0; i < ${calls}; i++) await call('nothing', null); return 1; }`);

/**
 * A sandbox from being asked for to being gone, and awaited host calls. Ours is a worker thread with a memory of its own, leased, journalled and
 * verified as gone; the peer is the plain library on the caller's own thread, which is the least that QuickJS can cost.
 */
export default async function sandbox() {
  using files = await buildSandboxFiles();
  await using factory = sandboxFactory(files);
  const quickjs = await getQuickJS();
  const start = { ours: [] as number[], peer: [] as number[] };
  const hostCalls = { ours: [] as number[], peer: [] as number[] };
  const run = await withRun([], async (scope) => {
    for (let round = -5; round < rounds; round++) {
      const ours = await timed(() => inSandbox(factory, scope, trivial));
      const peer = await timed(() => inLibrary(quickjs));
      if (round >= 0) record(start, ours, peer);
    }
    for (let round = -1; round < callRounds; round++) {
      const ours = await timed(() => inSandbox(factory, scope, calling));
      const peer = await timed(() => callsInLibrary(quickjs));
      if (round >= 0) record(hostCalls, ours / calls, peer / calls);
    }
    return null;
  });
  run.result();
  return [row('start, run 1 + 1, gone', 'ms', start), row('one awaited host call', 'ms', hostCalls)];
}

async function inSandbox(factory: SandboxFactory, scope: RunScope, what: SandboxProgram): Promise<void> {
  await using lease = await factory.lease(scope, 'bench');
  await lease.resource.run(what, host, scope.signal);
}

function inLibrary(quickjs: QuickJSWASMModule): Promise<void> {
  using runtime = quickjs.newRuntime();
  using context = runtime.newContext();
  context.unwrapResult(context.evalCode('1 + 1')).dispose();
  return Promise.resolve();
}

/** Each call is a promise that the host settles in a microtask, as ours are on the other side of their thread. */
async function callsInLibrary(quickjs: QuickJSWASMModule): Promise<void> {
  using runtime = quickjs.newRuntime();
  using context = runtime.newContext();
  using call = context.newFunction('call', () => {
    const deferred = context.newPromise();
    queueMicrotask(() => deferred.resolve(context.undefined));
    void deferred.settled.then(() => runtime.executePendingJobs());
    return deferred.handle;
  });
  context.setProp(context.global, 'call', call);
  using promise = context.unwrapResult(context.evalCode(`(async () => { for (let i = 0; i < ${calls}; i++) await call(); })()`));
  const settled = context.resolvePromise(promise);
  runtime.executePendingJobs();
  context.unwrapResult(await settled).dispose();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function record(into: { readonly ours: number[]; readonly peer: number[] }, ours: number, peer: number): void {
  into.ours.push(ours);
  into.peer.push(peer);
}

function row(bench: string, unit: string, { ours, peer }: { readonly ours: readonly number[]; readonly peer: readonly number[] }) {
  const [a, b] = [median(ours), median(peer)];
  return { bench, unit, ours: a, peer: b, peerName, ratio: a / b, n: ours.length };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
