// node bench/trace/million-spans.ts [COUNT]: fills a store with spans of other programs, and says what they take on disk, how fast they are found, and what is left at the limit.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor } from '../../src/policy/redact.ts';
import { receivedTraceLimits } from '../../src/serve/traces/start-receiver.ts';
import { RunStore } from '../../src/store/run-store.ts';
import { readProtobuf } from '../../src/telemetry/received/read-protobuf.ts';
import { TraceIntake } from '../../src/telemetry/received/trace-intake.ts';
import { requestBodies, spansEach } from './span-requests.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'ia-million-'));
const bytesOnDisk = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
const say = (what: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);
try {
  using store = new RunStore(folder);
  const intake = new TraceIntake({ store, workspace: folder, host: { pid: process.pid, start: 'bench' }, redactor: new Redactor(), version: '0.0.0' });
  const look = async () => {
    const milliseconds: number[] = [];
    for (const words of ['refund parcel n17', 'answer question', 'warehouse n4999', 'nothing like it', 'gpt']) {
      const began = performance.now();
      await store.texts.search({ words, workspace: folder });
      milliseconds.push(Math.round(performance.now() - began));
    }
    return milliseconds.join(', ');
  };
  const steps = [10_000, 100_000, count];
  const began = performance.now();
  for (let request = 0, taken = 0; taken < count; request++) {
    const [body] = requestBodies(1, request);
    taken += (await intake.take(readProtobuf(body!))).taken;
    if (request % 20 === 0) await store.texts.catchUp();
    if (taken < steps[0]! && taken < count) continue;
    await store.texts.catchUp();
    say(`${taken} spans in ${((performance.now() - began) / 1000).toFixed(0)} s: ${(bytesOnDisk() / 2 ** 20).toFixed(0)} MiB on disk; five searches in ${await look()} ms; resident ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`);
    steps.shift();
  }
  intake.endSilent(true);
  for (const request of [-1, -2]) await intake.take(readProtobuf(requestBodies(1, 100_000 - request)[0]!));
  intake.endSilent(true);
  const looked = performance.now();
  const limits = { ...receivedTraceLimits, maxSpans: Math.min(receivedTraceLimits.maxSpans, count) };
  const gone = store.traces.beyond(limits);
  const foundMs = performance.now() - looked;
  for (const run of gone) store.deleteRun(run);
  say(`beyond ${limits.maxSpans} spans: ${gone.length} traces found in ${foundMs.toFixed(0)} ms and removed in ${(performance.now() - looked - foundMs).toFixed(0)} ms; ${store.traces.spans} spans stay, ${(bytesOnDisk() / 2 ** 20).toFixed(0)} MiB; ${spansEach * 2} had come on top`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
