import { parseGrants } from '../../src/policy/grant.ts';
import { denyAll } from '../../src/policy/approver.ts';
import type { RunScope } from '../../src/run/run-scope.ts';
import { fromErrorInfo } from '../../src/shared/errors.ts';
import { chainTest, type ChainTest } from '../../test/helpers/chains.ts';
import { everythingScript, nodeServer } from '../../test/helpers/mcp.ts';
import { buildSandboxFiles } from '../../test/helpers/sandbox.ts';
import { median, row, type Row } from '../browser/statistics.ts';
import { bare, each, everything, rate } from './bare.ts';

const rounds = 9;
const calls = 300;
/** Calls at a time. */
const widths = [16, 32] as const;
const message = { message: 'x' };
const grant = 'mcp everything:echo';

/** Written as a person would: one call after the other, and many under way. The clock of the guest counts milliseconds. Each run has a server of its own, which is warm when the clock begins, as is that of the peer. */
const chain = `import { mcp } from 'assassin';
export const meta = { description: 'Calls', grants: ['${grant}', 'clock'], budget: { steps: 100000, wallMs: 600000 }, limits: { hostCalls: 100000 } };
export default async function ({ warm, calls, atOnce }: { warm: number; calls: number; atOnce: number }) {
  for (let i = 0; i < warm; i += 1) await mcp.everything.echo({ message: 'warm' });
  const began = Date.now();
  let left = calls;
  await Promise.all(Array.from({ length: atOnce }, async () => { while (left-- > 0) await mcp.everything.echo({ message: 'x' }); }));
  return Date.now() - began;
}`;

const layers = ['client', 'connection', 'run', 'chain'] as const;
type Layer = (typeof layers)[number];
type Ways = Readonly<Record<Layer, { readonly one: () => Promise<number>; readonly many: (width: number) => Promise<number> }>>;

/** A server on its streams: the official client alone; our connection; that within a run, with gate and record; and from a program in the sandbox. Each contains the ones before. */
export async function onStreams(): Promise<readonly Row[]> {
  using files = await buildSandboxFiles();
  await using test = await chainTest(files, chain, { settings: { mcpServers: [nodeServer('everything', everythingScript)] } });
  await using client = await bare(everything());
  return await test.runtime.mcp.look('everything', (connection) => inRun(test, async (scope) => {
    const way = (call: () => Promise<unknown>) => ({ one: () => each(calls, call), many: (width: number) => rate(calls, width, call) });
    const chained = async (width: number) => {
      const { outcome } = await test.run('main', { warm: calls, calls, atOnce: width });
      if (outcome.error) throw fromErrorInfo(outcome.error);
      return Number(outcome.result);
    };
    return await measured({
      client: way(() => client.callTool({ name: 'echo', arguments: message })),
      connection: way(() => connection.callTool('echo', message)),
      run: way(() => test.runtime.tools.call('mcp.everything.echo', message, scope)),
      chain: { one: async () => (await chained(1)) / calls, many: async (width) => (calls * 1000) / (await chained(width)) },
    });
  }));
}

/** What is given by `work`, which has a run for as long as it takes. */
async function inRun<T>({ runtime, workspace }: ChainTest, work: (scope: RunScope) => Promise<T>): Promise<T> {
  let result: T | undefined;
  const handle = runtime.runs.start(
    { kind: 'chain', title: 'Calls', source: 'mcp.bench.ts', workspace, input: null, grants: parseGrants([grant], workspace), rules: [], approver: denyAll, budget: { steps: 100_000, wallMs: 600_000 } },
    async (scope) => {
      result = await work(scope);
      return null;
    },
  );
  const { error } = await handle.outcome;
  if (error || result === undefined) throw error === undefined ? new Error('The run gave nothing.') : fromErrorInfo(error);
  return result;
}

async function measured(ways: Ways): Promise<readonly Row[]> {
  const times = forEachLayer(() => ({ one: [] as number[], many: new Map(widths.map((width) => [width, [] as number[]])) }));
  for (const layer of layers) if (layer !== 'chain') await ways[layer].one();
  for (let i = 0; i < rounds; i += 1) {
    for (const layer of layers) times[layer].one.push(await ways[layer].one());
    for (const width of widths) for (const layer of layers) times[layer].many.get(width)!.push(await ways[layer].many(width));
  }
  const ms = (layer: Layer) => median(times[layer].one);
  const one = (layer: Layer, what: string) => row(`stdio, one call after the other, ${what}`, 'ms', times[layer].one, times.client.one, 'the official client alone');
  const many = (width: (typeof widths)[number], layer: Layer, what: string) => row(`stdio, ${width} calls at a time, ${what}`, 'calls/s', times[layer].many.get(width)!, times.client.many.get(width)!, 'the official client alone');
  const added = ms('chain') - ms('client');
  return [
    one('connection', 'our connection alone'), one('run', 'with gate and journal'), one('chain', 'with guest, gate and journal'),
    { ...one('chain', 'added by guest, gate and journal'), ours: added, peer: 0.15, peerName: 'what is aimed at', ratio: added / 0.15, target: 1, met: added <= 0.15 },
    ...widths.flatMap((width) => {
      const whole = many(width, 'chain', 'with guest, gate and journal');
      return [many(width, 'connection', 'our connection alone'), many(width, 'run', 'with gate and journal'), { ...whole, target: 0.8, met: whole.ratio >= 0.8 }];
    }),
  ];
}

function forEachLayer<T>(make: () => T): Readonly<Record<Layer, T>> {
  return { client: make(), connection: make(), run: make(), chain: make() };
}
