import { everythingScript, nodeServer } from '../test/helpers/mcp.ts';
import { row, type Row } from './browser/statistics.ts';
import { bare, everything } from './mcp/bare.ts';
import { onHttp } from './mcp/http.ts';
import { hubWith } from './mcp/hub.ts';
import { onStreams } from './mcp/streams.ts';

const servers = 20;

/** Calls of tools through guest, gate and journal beside the official client alone on the same server, over its streams and over HTTP; and many servers at once. */
export default async function mcp(): Promise<readonly Row[]> {
  return [...await onStreams(), ...await onHttp(), ...await manyServers()];
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
