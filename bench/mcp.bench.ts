import type { McpServerConfig } from '../src/mcp/mcp-config.ts';
import { McpHub } from '../src/mcp/mcp-hub.ts';
import { Redactor } from '../src/policy/redact.ts';
import { chainTest } from '../test/helpers/chains.ts';
import { everythingScript, nodeServer } from '../test/helpers/mcp.ts';
import { buildSandboxFiles } from '../test/helpers/sandbox.ts';
import { median, row, type Row } from './browser/statistics.ts';
import { bare, each, everything, rate } from './mcp/bare.ts';
import { onHttp } from './mcp/http.ts';

const rounds = 9;
const calls = 300;
const atOnce = 16;
const servers = 20;

/** Written as a person would: one call after the other, and many under way. The clock of the guest counts milliseconds. */
const chain = `import { mcp } from 'assassin';
export const meta = { description: 'Calls', grants: ['mcp everything:echo', 'clock'], budget: { steps: 100000, wallMs: 600000 }, limits: { hostCalls: 100000 } };
export default async function ({ calls, atOnce }: { calls: number; atOnce: number }) {
  await mcp.everything.echo({ message: 'warm' });
  const began = Date.now();
  let left = calls;
  await Promise.all(Array.from({ length: atOnce }, async () => { while (left-- > 0) await mcp.everything.echo({ message: 'x' }); }));
  return Date.now() - began;
}`;

/** Calls of tools through guest, gate and journal beside the official client alone on the same server, over its streams and over HTTP; and many servers at once. */
export default async function mcp(): Promise<readonly Row[]> {
  return [...await onStreams(), ...await onHttp(), ...await manyServers()];
}

async function onStreams(): Promise<readonly Row[]> {
  using files = await buildSandboxFiles();
  await using test = await chainTest(files, chain, { settings: { mcpServers: [nodeServer('everything', everythingScript)] } });
  await using client = await bare(everything());
  const took = async (input: { readonly calls: number; readonly atOnce: number }) => {
    const { outcome } = await test.run('main', input);
    if (typeof outcome.result !== 'number') throw new Error(JSON.stringify(outcome.error));
    return outcome.result;
  };
  const echo = () => client.callTool({ name: 'echo', arguments: { message: 'x' } });
  const numbers = { ours: [] as number[], bare: [] as number[], ourRate: [] as number[], bareRate: [] as number[] };
  await each(calls, echo);
  for (let i = 0; i < rounds; i += 1) {
    numbers.bare.push(await each(calls, echo));
    numbers.ours.push((await took({ calls, atOnce: 1 })) / calls);
    numbers.bareRate.push(await rate(calls, atOnce, echo));
    numbers.ourRate.push((calls * 1000) / (await took({ calls, atOnce })));
  }
  const added = median(numbers.ours) - median(numbers.bare);
  const single = row('stdio, one call after the other', 'ms', numbers.ours, numbers.bare, 'the official client alone');
  const many = row(`stdio, ${atOnce} calls at a time`, 'calls/s', numbers.ourRate, numbers.bareRate, 'the official client alone');
  return [single, { ...single, bench: 'stdio, added by guest, gate and journal', ours: added, peer: 0.15, peerName: 'what is aimed at', ratio: added / 0.15, target: 1, met: added <= 0.15 }, { ...many, target: 0.8, met: many.ratio >= 0.8 }];
}

async function manyServers(): Promise<readonly Row[]> {
  const ours: number[] = [];
  const slowest: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    slowest.push(Math.max(...await Promise.all(Array.from({ length: servers }, async () => {
      const began = performance.now();
      await using client = await bare(everything());
      await client.listTools();
      return performance.now() - began;
    }))));
    await using hub = hubWith(Array.from({ length: servers }, (_, at) => nodeServer(`everything${at}`, everythingScript)));
    const began = performance.now();
    await Promise.all(hub.servers().map(({ name }) => hub.start(name)));
    ours.push(performance.now() - began);
  }
  return [row(`${servers} servers on streams, started and listed at once`, 'ms', ours, slowest, 'the slowest of as many official clients', 1.2)];
}

function hubWith(configs: readonly McpServerConfig[]): McpHub {
  return new McpHub({ workspace: process.cwd(), servers: configs, redactor: new Redactor(), version: '0.0.0', log: () => undefined });
}
