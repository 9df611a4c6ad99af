import { EraBook } from '../src/mcp/era-book.ts';
import { everythingScript, nodeServer } from '../test/helpers/mcp.ts';
import { row, type Row } from './browser/statistics.ts';
import { bare, everything } from './mcp/bare.ts';
import { onHttp } from './mcp/http.ts';
import { hubWith } from './mcp/hub.ts';
import { onStreams } from './mcp/streams.ts';

const servers = 20;
const rounds = 5;

/** Calls of tools through guest, gate and journal beside the official client alone on the same server, over its streams and over HTTP; and many servers at once. */
export default async function mcp(): Promise<readonly Row[]> {
  return [...await onStreams(), ...await onHttp(), ...await manyServers()];
}

/** Ours has met these servers once, in the round ahead, as it keeps which protocol each of them speaks from one start to the next; the official clients are told. */
async function manyServers(): Promise<readonly Row[]> {
  const ours: number[] = [];
  const slowest: number[] = [];
  const eras = new EraBook();
  for (let i = -1; i < rounds; i += 1) {
    const theirs = await slowestOf(servers);
    await using hub = hubWith(Array.from({ length: servers }, (_, at) => nodeServer(`everything${at}`, everythingScript)), eras);
    const began = performance.now();
    await Promise.all(hub.servers().map(({ name }) => hub.start(name)));
    if (i < 0) continue;
    ours.push(performance.now() - began);
    slowest.push(theirs);
  }
  return [row(`${servers} servers on streams, started and listed at once`, 'ms', ours, slowest, 'the slowest of as many official clients', 1.2)];
}

/** Milliseconds of the slowest of so many official clients. All stay until the last is listed, as ours do: one that ends sooner leaves its processor to the others. */
async function slowestOf(count: number): Promise<number> {
  await using clients = new AsyncDisposableStack();
  return Math.max(...await Promise.all(Array.from({ length: count }, async () => {
    const began = performance.now();
    const client = clients.use(await bare(everything()));
    await client.listTools();
    return performance.now() - began;
  })));
}
