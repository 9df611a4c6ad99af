import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toRecordsFile } from '../../../src/savings/report/records-file.ts';
import type { UsageAnswer, UsageQuery } from '../../../src/shared/protocol-figures.ts';
import type { BreakdownRow } from '../../../src/shared/usage-report.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { clippedRows, FigureService } from '../../../src/vscode/panel-figures.ts';
import { FakeFigures } from '../../webview/harness/figures.ts';
import { recordModelRun } from '../../webview/harness/usage-runs.ts';
import { record } from '../savings/report/records.ts';

const dayMs = 86_400_000;
const noon = Date.parse('2026-11-20T12:00:00Z');
let directory: string;
let store: RunStore;
let figures: FakeFigures;
let workspace: string | undefined;
let reads: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'test-figures-'));
  store = new RunStore(join(directory, 'data'));
  figures = new FakeFigures();
  workspace = '/work/shop';
  reads = 0;
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

const service = () => new FigureService({
  figures, workspace: () => workspace, now: () => noon,
  history: { read: async (work) => work(new Proxy(store, { get: (target, name) => {
    const value: unknown = Reflect.get(target, name, target);
    if (name === 'events') reads += 1;
    return typeof value === 'function' ? value.bind(target) : value;
  } })) },
});

async function reportOf({ handlers }: FigureService, query: UsageQuery): Promise<Required<UsageAnswer>> {
  for (;;) {
    const answer = await handlers['usage.report'](query);
    if (answer.report !== undefined) return { since: '', ...answer, report: answer.report };
  }
}

function runAt(at: number, folder = '/work/shop'): void {
  recordModelRun(store, { workspace: folder, at }, [{ model: 'a/b', input: 100, cached: 40, output: 10, usd: 0.01 }]);
}

test('days are whole days of UTC, today among them, and only of this folder unless all are asked for', async () => {
  for (const at of [noon - 7 * dayMs, Date.parse('2026-11-14T00:00:00Z'), noon]) runAt(at);
  runAt(noon, '/work/other');
  const answered = await reportOf(service(), { days: 7, everywhere: false });
  expect(answered).toMatchObject({ machine: 'desk', since: '2026-11-14', until: '2026-11-20', read: 2, files: [] });
  expect(answered.report).toMatchObject({ runs: 2, costNanoUsd: 20_000_000, inputTokens: 200, cachedTokens: 80 });
  expect(answered.report.byModel).toMatchObject([{ name: 'a/b', count: 2, errors: 0, latency: { count: 2, p50: 900, p95: 900 }, costs: [{ mark: 'computed', nanoUsd: 20_000_000 }] }]);
  expect((await reportOf(service(), { everywhere: true })).report.runs).toBe(4);
  workspace = undefined;
  expect((await reportOf(service(), { everywhere: false })).report.runs).toBe(0);
});

test('a run of another program that began long before it came in hides none that came before it', async () => {
  runAt(noon);
  runAt(noon - 60 * dayMs);
  expect((await reportOf(service(), { days: 7, everywhere: false })).report.runs).toBe(1);
});

test('a run that has not changed is not read again, one that has is', async () => {
  runAt(noon - dayMs);
  const opened = service();
  await reportOf(opened, { everywhere: false });
  const first = reads;
  await reportOf(opened, { everywhere: false });
  expect(reads).toBe(first);
  runAt(noon);
  expect((await reportOf(opened, { everywhere: false })).report.runs).toBe(2);
  expect(reads).toBeGreaterThan(first);
});

test('record files are taken all or none, and a run that is here and in a file counts once', async () => {
  runAt(noon);
  const [own] = store.runs({}).items;
  const theirs = record({ run: 'r1', machine: 'laptop', createdAt: noon });
  const opened = service();
  figures.chosen = [{ name: 'laptop.json', text: toRecordsFile([theirs, record({ ...theirs, run: own!.id })]) }, { name: 'none.json', text: '[]' }];
  await expect(opened.handlers['usage.addFiles']({})).rejects.toThrow(/none\.json does not hold usage records/);
  expect((await reportOf(opened, { everywhere: false })).files).toEqual([]);
  figures.chosen = figures.chosen.slice(0, 1);
  await expect(opened.handlers['usage.addFiles']({})).resolves.toEqual({ added: true });
  const { report, files } = await reportOf(opened, { everywhere: false });
  expect(files).toEqual([{ name: 'laptop.json', runs: 2 }]);
  expect(report).toMatchObject({ runs: 2, machines: ['desk', 'laptop'], costNanoUsd: 10_000_000 });
  figures.chosen = [];
  await expect(opened.handlers['usage.addFiles']({})).resolves.toEqual({ added: false });
  await opened.handlers['usage.forgetFiles']({});
  expect((await reportOf(opened, { everywhere: false })).report.runs).toBe(1);
});

test('records that cannot be read are an error, and the next question begins anew', async () => {
  let broken = true;
  const opened = new FigureService({ figures, workspace: () => workspace, now: () => noon, history: { read: async (work) => { if (broken) throw new Error('locked'); return work(store); } } });
  await expect(reportOf(opened, { everywhere: false })).rejects.toThrow('locked');
  broken = false;
  expect((await reportOf(opened, { everywhere: false })).report.runs).toBe(0);
});

test('rows beyond those that a page gets become one row, so that the sums stay whole', () => {
  const row = (name: string, nanoUsd: number): BreakdownRow => ({
    name, count: 2, errors: 1, latency: { count: 2, p50: 5, p95: 9 }, nanoUsd, costs: [{ mark: 'computed', nanoUsd }], unpriced: 0, savedNanoUsd: -nanoUsd, inputTokens: 10, cachedTokens: 5, outputTokens: 1,
  });
  const rows = [row('a', 50), row('b', 40), row('c', 30), row('d', 20)];
  expect(clippedRows(rows, 4)).toEqual(rows);
  expect(clippedRows(rows, 2)).toEqual([rows[0], {
    name: '3 others', count: 6, errors: 3, latency: { count: 0 }, nanoUsd: 90, costs: [{ mark: 'computed', nanoUsd: 90 }], unpriced: 0, savedNanoUsd: -90, inputTokens: 30, cachedTokens: 15, outputTokens: 3,
  }]);
});
