import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getQuickJS } from 'quickjs-emscripten';
import { isolatedVm } from './isolated-vm-package.ts';
import { compare, inTurns, percentile, type Contender, type Row } from './measure.ts';
import { program, silentHost, withOurSandboxes } from './our-sandbox.ts';
import { peerVersion } from './peer-packages.ts';
import { preludeScript } from './prelude.ts';
import { processPeers } from './process-peers.ts';
import { loadRun } from './run-package.ts';
import { workerdLoader } from './workerd-loader.ts';

const rounds = 36;
/** V8 compiles a function for good when it has been called some 500 times, in the main thread and in each worker: with so many rounds ahead, of everything but processes, that is behind all sides. */
const warmups = 100;
/** Of these, the first ones, in which V8 still interprets most: how a program that has just been started finds its first hundred sandboxes. */
const earlyRounds = 20;
/** In a row, when the turn comes: as programs that need one sandbox after the other have it. Processes have one go. */
const times = 5;
const onePlusOne = program('export default () => 1 + 1;');
const ours = 'ours: leased, on record, verified as gone';
const oursAlone = 'ours without lease and record';

/** From being asked for to being gone, each with the prelude of 50 kB. */
export async function startRows(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sandbox-'));
  await using workerd = await workerdLoader();
  const { run } = await loadRun();
  const quickjs = await getQuickJS();
  const library: Contender = {
    name: 'quickjs-emscripten 0.32.0 alone, on the caller\'s thread',
    work: () => {
      using runtime = quickjs.newRuntime();
      using context = runtime.newContext();
      context.unwrapResult(context.evalCode(preludeScript)).dispose();
      context.unwrapResult(context.evalCode('1 + 1')).dispose();
      return Promise.resolve();
    },
  };
  const runPeer: Contender = {
    name: `${peerVersion('run')}, warm pool`,
    work: async () => {
      if ((await run({ source: `${preludeScript}return 1 + 1;` })).value !== 2) throw new Error('It cannot add.');
    },
  };
  const inProcess = [runPeer, workerd.fresh, workerd.way, await isolatedVm(), library].map((peer) => ({ ...peer, times }));
  const processes = processPeers(folder);
  try {
    const [early, measured] = await withOurSandboxes(async ({ factory, scope, inProduct }) => {
      const warm = [
        { name: ours, times, work: () => inProduct(onePlusOne) },
        {
          name: oursAlone,
          times,
          work: async () => {
            const sandbox = await factory.create();
            await sandbox.run(onePlusOne, silentHost, scope.signal);
            await sandbox.destroy();
          },
        },
        ...inProcess,
      ];
      return [await inTurns(warm, warmups, 0), await inTurns([...warm, ...processes], rounds, 2)];
    });
    const mine = measured.get(ours)!;
    const targets = new Map([[runPeer.name, 0.05], [workerd.fresh.name, 0.1], [inProcess[3]!.name, 0.25]]);
    const rows = [...inProcess, ...processes].map(({ name }) => {
      const target = targets.get(name);
      return compare({ bench: 'start with 50 kB prelude, run, gone', unit: 'ms', ours: mine, peer: measured.get(name)!, peerName: name, ...(target === undefined ? {} : { target }) });
    });
    const atFirst = (name: string) => early.get(name)!.slice(0, earlyRounds * times);
    const earlyRows = [...targets.keys()].map((name) => compare({ bench: 'the same, the first hundred of a program', unit: 'ms', ours: atFirst(ours), peer: atFirst(name), peerName: name }));
    const [a, b] = [percentile(mine, 0.95), percentile(measured.get(runPeer.name)!, 0.95)];
    return [
      ...rows,
      compare({ bench: 'start with 50 kB prelude, run, gone', unit: 'ms', ours: mine, peer: measured.get(oursAlone)!, peerName: oursAlone }),
      ...earlyRows,
      { bench: 'the same, 95th percentile', unit: 'ms', ours: a, peer: b, peerName: runPeer.name, ratio: a / b, n: mine.length },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
