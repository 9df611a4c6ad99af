import { parseGrants } from '../../src/policy/grant.ts';
import { denyAll } from '../../src/policy/approver.ts';
import type { RunScope } from '../../src/run/run-scope.ts';
import { fromErrorInfo } from '../../src/shared/errors.ts';
import { chainTest, type ChainTest } from '../../test/helpers/chains.ts';
import { everythingScript, nodeServer } from '../../test/helpers/mcp.ts';
import { buildSandboxFiles } from '../../test/helpers/sandbox.ts';
import { median, row, type Row } from '../browser/statistics.ts';
import { bare, each, everything, rate } from './bare.ts';
import { hubWith } from './hub.ts';

const rounds = 9;
/** Calls ahead of the clock, and those that are timed. V8 compiles a function for good when it has been called some 500 times: in the host, in the guest's thread and in the server. */
const calls = { warm: 1000, one: 500, many: 3000 } as const;
/** Calls at a time. */
const widths = [16, 32] as const;
const message = { message: 'x' };
const grant = 'mcp everything:echo';

/** Written as a person would: one call after the other, and many under way. The clock of the guest counts milliseconds. */
const chain = `import { mcp } from 'assassin';
export const meta = { description: 'Calls', grants: ['${grant}', 'clock'], budget: { steps: 100000, wallMs: 600000 }, limits: { hostCalls: 100000 } };
async function timed(calls: number, atOnce: number): Promise<number> {
  const began = Date.now();
  let left = calls;
  await Promise.all(Array.from({ length: atOnce }, async () => { while (left-- > 0) await mcp.everything.echo({ message: 'x' }); }));
  return Date.now() - began;
}
export default async function ({ warm, one, many, widths }: { warm: number; one: number; many: number; widths: number[] }) {
  await timed(warm, 1);
  const times = [await timed(one, 1)];
  for (const width of widths) times.push(await timed(many, width));
  return times;
}`;

const layers = ['client', 'connection', 'run', 'chain'] as const;
type Layer = (typeof layers)[number];

/** Milliseconds of a call one by one, and calls a second for each width. */
interface Measured {
  readonly one: number;
  readonly many: readonly number[];
}

/**
 * A server on its streams: the official client alone; our connection; that within a run, with gate and record; and from a program in the sandbox. Each contains the ones before. Each
 * measurement begins with a server of its own: a program has one of its own too, and one that has answered thousands of calls takes half the time.
 */
export async function onStreams(): Promise<readonly Row[]> {
  using files = await buildSandboxFiles();
  const server = nodeServer('everything', everythingScript);
  await using test = await chainTest(files, chain, { settings: { mcpServers: [server] } });
  const ways: Readonly<Record<Layer, () => Promise<Measured>>> = {
    client: async () => {
      await using client = await bare(everything());
      return await measure(() => client.callTool({ name: 'echo', arguments: message }));
    },
    connection: async () => {
      await using hub = hubWith([server]);
      return await hub.look('everything', (connection) => measure(() => connection.callTool('echo', message)));
    },
    run: () => inRun(test, (scope) => measure(() => test.runtime.tools.call('mcp.everything.echo', message, scope))),
    chain: async () => {
      const { outcome } = await test.run('main', { ...calls, widths });
      if (outcome.error) throw fromErrorInfo(outcome.error);
      const [one = 0, ...many] = outcome.result as number[];
      return { one: one / calls.one, many: many.map((ms) => (calls.many * 1000) / ms) };
    },
  };
  const found: Readonly<Record<Layer, Measured[]>> = { client: [], connection: [], run: [], chain: [] };
  // The first of each compiles our side.
  for (let i = -1; i < rounds; i += 1) {
    for (const at of layers.keys()) {
      const layer = layers[(at + i + 1) % layers.length]!;
      const measured = await ways[layer]();
      if (i >= 0) found[layer].push(measured);
    }
  }
  return rowsOf(found);
}

async function measure(call: () => Promise<unknown>): Promise<Measured> {
  await each(calls.warm, call);
  const one = await each(calls.one, call);
  const many: number[] = [];
  for (const width of widths) many.push(await rate(calls.many, width, call));
  return { one, many };
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

function rowsOf(found: Readonly<Record<Layer, readonly Measured[]>>): readonly Row[] {
  const ones = (layer: Layer) => found[layer].map(({ one }) => one);
  const rates = (layer: Layer, at: number) => found[layer].map(({ many }) => many[at]!);
  const one = (layer: Layer, what: string) => row(`stdio, one call after the other, ${what}`, 'ms', ones(layer), ones('client'), 'the official client alone');
  const added = median(ones('chain')) - median(ones('client'));
  return [
    one('connection', 'our connection alone'), one('run', 'with gate and journal'), one('chain', 'with guest, gate and journal'),
    { ...one('chain', 'added by guest, gate and journal'), ours: added, peer: 0.15, peerName: 'what is aimed at', ratio: added / 0.15, target: 1, met: added <= 0.15 },
    ...widths.flatMap((width, at) => {
      const many = (layer: Layer, what: string) => row(`stdio, ${width} calls at a time, ${what}`, 'calls/s', rates(layer, at), rates('client', at), 'the official client alone');
      const whole = many('chain', 'with guest, gate and journal');
      return [many('connection', 'our connection alone'), many('run', 'with gate and journal'), { ...whole, target: 0.8, met: whole.ratio >= 0.8 }];
    }),
  ];
}
