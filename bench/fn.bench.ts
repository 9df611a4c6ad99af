import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSandboxFiles } from '../test/helpers/sandbox.ts';
import { servedTest } from '../test/helpers/functions.ts';
import { installPeers, peerModule, peerVersion } from './sandbox/peer-packages.ts';

const rounds = 200;
const inFlight = 4;
const perBurst = 40;
const bursts = 7;
const compatibilityDate = '2026-01-01';
const body = '{"n":21}';
const wanted = '{"twice":42}';

interface Contender {
  readonly name: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly one: number[];
  readonly burst: number[];
}

interface MiniflarePackage {
  readonly Miniflare: new (options: Readonly<Record<string, unknown>>) => { readonly ready: Promise<URL>; dispose(): Promise<void> };
}

/** One handler as a worker: in the isolate of the server, or in a fresh one that the server loads for each request. */
const warmWorker = 'export default { async fetch(request) { const { n } = await request.json(); return Response.json({ twice: n * 2 }); } };';
const freshWorker = `let count = 0;
export default { fetch(request, env) {
  const worker = env.LOADER.get('w' + ++count, () => ({ compatibilityDate: '${compatibilityDate}', mainModule: 'main.js', globalOutbound: null, modules: { 'main.js': ${JSON.stringify(warmWorker)} } }));
  return worker.getEntrypoint().fetch(request);
} };`;

/**
 * A function of JSON behind HTTP: one call after the other, and four at a time, over kept connections. Ours runs each call in a fresh sandbox and records it. The
 * fair peer makes a fresh isolate for each request too; the other two keep one and so show what that costs, down to a bare server that isolates nothing.
 */
export default async function fn() {
  installPeers();
  using files = await buildSandboxFiles();
  await using ours = await servedTest(files, 'export default ({ n }: { n: number }) => ({ twice: n * 2 });', { concurrency: inFlight });
  const { Miniflare }: MiniflarePackage = await peerModule('miniflare');
  const shared = { modules: true, compatibilityDate, port: 0, host: '127.0.0.1' };
  const [fresh, warm] = [new Miniflare({ ...shared, script: freshWorker, workerLoaders: { LOADER: {} } }), new Miniflare({ ...shared, script: warmWorker })];
  const bare = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
    const { n }: { readonly n: number } = JSON.parse(Buffer.concat(chunks).toString());
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ twice: n * 2 }));
  });
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  try {
    const contender = (name: string, port: number, headers: Contender['headers'] = {}): Contender => ({ name, port, headers, one: [], burst: [] });
    const own = contender('ours', ours.port, { authorization: `Bearer ${ours.token}` });
    const peers = [
      contender(`${peerVersion('workerd')}: a fresh isolate for each request`, Number((await fresh.ready).port)),
      contender(`${peerVersion('workerd')}: one isolate for all requests`, Number((await warm.ready).port)),
      contender('node:http, the function in the server itself', (bare.address() as AddressInfo).port),
    ];
    await measure([own, ...peers]);
    return peers.flatMap((peer) => [
      row('one call after the other, median', 'ms', median(own.one), median(peer.one), peer.name, rounds),
      row(`${inFlight} calls at a time`, 'calls/s', rate(own), rate(peer), peer.name, bursts * perBurst),
    ]);
  } finally {
    await Promise.all([fresh.dispose(), warm.dispose()]);
    bare.closeAllConnections();
    await new Promise<void>((resolve) => void bare.close(() => resolve()));
  }
}

/** Interleaved, so that what else the machine does meets all of them. */
async function measure(all: readonly Contender[]): Promise<void> {
  using agent = closing(new Agent({ keepAlive: true, maxSockets: inFlight }));
  for (let round = -10; round < rounds; round++) {
    for (const contender of all) {
      const began = performance.now();
      await call(contender, agent.value);
      if (round >= 0) contender.one.push(performance.now() - began);
    }
  }
  for (let burst = -1; burst < bursts; burst++) {
    for (const contender of all) {
      const began = performance.now();
      let left = perBurst;
      await Promise.all(Array.from({ length: inFlight }, async () => {
        while (left-- > 0) await call(contender, agent.value);
      }));
      if (burst >= 0) contender.burst.push(performance.now() - began);
    }
  }
}

function call({ port, headers, name }: Contender, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).once('end', () => (text === wanted ? resolve() : reject(new Error(`${name} answered ${response.statusCode}: ${text}`))));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function closing(value: Agent): Disposable & { readonly value: Agent } {
  return { value, [Symbol.dispose]: () => value.destroy() };
}

function rate({ burst }: Contender): number {
  return (perBurst * 1000) / median(burst);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** `ratio` is ours through the peer's. */
function row(bench: string, unit: string, ours: number, peer: number, peerName: string, n: number) {
  return { bench, unit, ours, peer, peerName, ratio: ours / peer, n };
}
