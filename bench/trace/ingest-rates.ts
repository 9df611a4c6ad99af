import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import decoder from 'otlp-decoder/build/src/generated/root.js';
import { Redactor } from '../../src/policy/redact.ts';
import { startTraceReceiver } from '../../src/serve/traces/start-receiver.ts';
import { RunStore } from '../../src/store/run-store.ts';
import { median, type Row } from '../browser/statistics.ts';
import { requestBodies, spansEach } from './span-requests.ts';

const requests = 60;
/** Some that few spans hold, some that nearly all do, and one that none does. */
const words = ['refund parcel n17', 'answer question', 'warehouse n4999', 'nothing like it', 'gpt'] as const;
const searchTargetMs = 500;
const rounds = 3;
/** As many as the receiver works on at the same time. */
const inFlight = 4;

/** Spans per second until all are on disk: our receiver, and the least that a collector with a database must do. */
export async function ingestRates(): Promise<readonly Row[]> {
  const spans = requests * spansEach;
  const [ours, floor, searchable, searches]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let round = -1; round < rounds; round++) {
    const bodies = requestBodies(requests, round);
    const floorMs = await throughFloor(bodies);
    const mine = await throughReceiver(bodies);
    if (round < 0) continue;
    floor.push(spans / (floorMs / 1000));
    ours.push(spans / (mine.recordedMs / 1000));
    searchable.push(spans / (mine.searchableMs / 1000));
    searches.push(mine.slowestSearchMs);
  }
  const best = (rates: readonly number[]) => rates.toSorted((a, b) => b - a)[0]!;
  const rate = (bench: string, rates: readonly number[]): Row => ({ bench, unit: 'spans/s', ours: best(rates), peer: best(floor), peerName: 'official decoder and one SQLite row a span', ratio: best(rates) / best(floor), n: rounds });
  return [
    rate('OTLP in: recorded as runs', ours), rate('OTLP in: recorded, and every word found', searchable),
    { bench: `slowest of ${words.length} searches among ${spans.toLocaleString('en')} spans`, unit: 'ms', ours: median(searches), peer: searchTargetMs, peerName: 'wanted, among 10,000', ratio: median(searches) / searchTargetMs, n: rounds },
  ];
}

async function send(url: string, token: string, bodies: readonly Uint8Array[]): Promise<void> {
  const waiting = bodies[Symbol.iterator]();
  await Promise.all(Array.from({ length: inFlight }, async () => {
    for (const body of waiting) {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${token}` }, body: new Uint8Array(body) });
      if (!response.ok) throw new Error(`The spans were answered with ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
  }));
}

async function throughReceiver(bodies: readonly Uint8Array[]): Promise<{ readonly recordedMs: number; readonly searchableMs: number; readonly slowestSearchMs: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-ingest-'));
  try {
    using store = new RunStore(folder);
    await using receiver = await startTraceReceiver({ store, workspace: folder, redactor: new Redactor(), models: { ownPrices: {} } }, { version: '0.0.0', onError: (message) => { throw new Error(message); } });
    const began = performance.now();
    await send(`${receiver.endpoint}/v1/traces`, receiver.token, bodies);
    const recordedMs = performance.now() - began;
    await store.texts.catchUp();
    const searchableMs = performance.now() - began;
    if (store.traces.spans !== bodies.length * spansEach) throw new Error(`${store.traces.spans} spans are on record.`);
    let slowestSearchMs = 0;
    for (const each of words) {
      const searched = performance.now();
      await store.texts.search({ words: each, workspace: folder });
      slowestSearchMs = Math.max(slowestSearchMs, performance.now() - searched);
    }
    return { recordedMs, searchableMs, slowestSearchMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface KeyValue { readonly key: string; readonly value: unknown }
interface RawSpan { readonly traceId: Buffer; readonly spanId: Buffer; readonly parentSpanId?: Buffer; readonly name: string; readonly kind: number; readonly startTimeUnixNano: string; readonly endTimeUnixNano: string; readonly attributes?: readonly KeyValue[]; readonly status?: { readonly code?: number } }
interface RawRequest { readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[] }[] }
interface Generated { readonly opentelemetry: { readonly proto: { readonly collector: { readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: {
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: { readonly longs: StringConstructor; readonly bytes: BufferConstructor }): unknown;
} } } } } } }
const { ExportTraceServiceRequest } = (decoder as unknown as Generated).opentelemetry.proto.collector.trace.v1;

async function throughFloor(bodies: readonly Uint8Array[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-ingest-'));
  const db = new DatabaseSync(join(folder, 'collector.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE spans (trace TEXT, span TEXT, parent TEXT, name TEXT, kind INTEGER, started TEXT, ended TEXT, status INTEGER, attributes TEXT, PRIMARY KEY (trace, span)) STRICT, WITHOUT ROWID');
  const insert = db.prepare('INSERT OR IGNORE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { resourceSpans } = ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(Buffer.concat(chunks)), { longs: String, bytes: Buffer }) as RawRequest;
      db.exec('BEGIN IMMEDIATE');
      for (const { scopeSpans } of resourceSpans) {
        for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
          insert.run(span.traceId.toString('hex'), span.spanId.toString('hex'), span.parentSpanId?.toString('hex') ?? null, span.name, span.kind, span.startTimeUnixNano, span.endTimeUnixNano, span.status?.code ?? 0, JSON.stringify(span.attributes ?? []));
        }
      }
      db.exec('COMMIT');
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  try {
    const began = performance.now();
    await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, 'none', bodies);
    return performance.now() - began;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
    db.close();
    await rm(folder, { recursive: true, force: true });
  }
}
