import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import { databaseName } from '../../../src/store/database.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import type { ReceivedSpan } from '../../../src/telemetry/received/received-span.ts';
import { TraceIntake } from '../../../src/telemetry/received/trace-intake.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'trace-groups-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const traceOf = (n: number) => String(n).padStart(32, 'a');
const spanOf = (n: number) => String(n).padStart(16, 'b');

/** As many traces, each with a top and two spans below it. */
function request(traces: number): readonly ReceivedSpan[] {
  return Array.from({ length: traces * 3 }, (_, i): ReceivedSpan => ({
    traceId: traceOf(Math.floor(i / 3)), spanId: spanOf(i), ...(i % 3 === 0 ? {} : { parentSpanId: spanOf(i - (i % 3)) }), name: `work ${i}`, kind: 1, startedAt: 1000 + i, endedAt: 1001 + i,
    status: { code: 1, message: '' }, attributes: { 'gen_ai.operation.name': 'execute_tool' }, events: [], links: [], resource: { 'service.name': 'shop' }, scope: { name: '', version: '' },
  }));
}

const intakeOf = (store: RunStore) => new TraceIntake({ store, workspace: directory, host: { pid: 1, start: 'a' }, redactor: new Redactor(), version: '0' });
const recorded = (store: RunStore) => store.runs({ limit: 1000 }).items.flatMap(({ id }) => store.eventsOf(id, ['span.received'])).flatMap((event) => (event.type === 'span.received' ? [event.span] : []));

it('spans of many small traces are recorded together, each as a run of its own', async () => {
  using store = new RunStore(directory);
  let transactions = 0;
  let before = 0;
  using elsewhere = new RunStore(directory);
  using _listener = store.onAppend(() => {
    if (elsewhere.othersVersion === before) return;
    before = elsewhere.othersVersion;
    transactions += 1;
  });
  expect(await intakeOf(store).take(request(60))).toEqual({ taken: 180, refused: 0 });
  expect(store.runs({ limit: 1000 }).items).toHaveLength(60);
  expect(store.runs({ limit: 1 }).items).toMatchObject([{ state: 'done', steps: 3, kind: 'trace' }]);
  expect(recorded(store)).toHaveLength(180);
  expect(transactions).toBeLessThan(6);
});

it('where one trace of a request cannot be recorded, those before it are, and the request sent again leaves each span once', async () => {
  using store = new RunStore(directory);
  const intake = intakeOf(store);
  const database = new DatabaseSync(join(directory, databaseName));
  database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON received_traces WHEN new.trace = '${traceOf(7)}' BEGIN SELECT RAISE(ABORT, 'refused here'); END`);
  await expect(intake.take(request(12))).rejects.toThrow('refused here');
  expect(recorded(store).toSorted()).toEqual(Array.from({ length: 21 }, (_, i) => spanOf(i)).toSorted());
  database.exec('DROP TRIGGER refuse');
  database.close();
  expect(await intake.take(request(12))).toEqual({ taken: 36, refused: 0 });
  expect(recorded(store).toSorted()).toEqual(Array.from({ length: 36 }, (_, i) => spanOf(i)).toSorted());
  expect(store.runs({ limit: 100 }).items.map(({ state, steps }) => `${state} ${steps}`)).toEqual(Array.from({ length: 12 }, () => 'done 3'));
});
