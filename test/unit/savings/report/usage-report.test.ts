import { expect, test } from 'vitest';
import { priceTableDate } from '../../../../src/models/prices.ts';
import { percentiles } from '../../../../src/savings/report/breakdowns.ts';
import { mergeRecords, parseRecordsFile, toRecordsFile } from '../../../../src/savings/report/records-file.ts';
import { sparedText } from '../../../../src/savings/report/spared-text.ts';
import { toHtml } from '../../../../src/savings/report/to-html.ts';
import { buildReport } from '../../../../src/savings/report/usage-report.ts';
import type { RunRecord, ServiceTotal } from '../../../../src/shared/usage-report.ts';
import { record } from './records.ts';

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);
const serviceOf = (records: readonly RunRecord[], name: string): ServiceTotal => {
  const found = buildReport(records).report.services.find(({ service }) => service === name);
  if (!found) throw new Error(`${name} is not in the report`);
  return found;
};
const browserRun = (run: string, day: string, seconds: number): RunRecord => record({ run, createdAt: at(day), browsers: [{ wallMs: seconds * 1000, measured: true }] });

test('a free allowance is applied once for all runs of a month, not once for each run', () => {
  // Browserless: 600 units of 30 s each, 0.002 dollars a unit; 1,000 units a month are free.
  const november = [browserRun('a', '2026-11-01', 18_000), browserRun('b', '2026-11-30', 18_000)];
  expect(serviceOf(november, 'Browserless')).toMatchObject({ listNanoUsd: 2_400_000_000, afterFreeNanoUsd: 400_000_000 });
  const twoMonths = [browserRun('a', '2026-10-31', 18_000), browserRun('b', '2026-11-01', 18_000)];
  expect(serviceOf(twoMonths, 'Browserless')).toMatchObject({ listNanoUsd: 2_400_000_000, afterFreeNanoUsd: 0 });
});

test('a daily allowance is applied once for each day', () => {
  // Cloudflare: 0.09 dollars an hour, ten minutes a day free. 20 minutes cost 0.03.
  expect(serviceOf([browserRun('a', '2026-11-01', 600), browserRun('b', '2026-11-01', 600)], 'Cloudflare Browser Run')).toMatchObject({ listNanoUsd: 30_000_000, afterFreeNanoUsd: 15_000_000 });
  expect(serviceOf([browserRun('a', '2026-11-01', 600), browserRun('b', '2026-11-02', 600)], 'Cloudflare Browser Run')).toMatchObject({ listNanoUsd: 30_000_000, afterFreeNanoUsd: 0 });
});

test('a saving is a loss where the models cost more than the cheapest service would have', () => {
  const models = [{ model: 'a/b', requests: 1, inputTokens: 1000, cachedTokens: 0, outputTokens: 10, costs: [{ mark: 'computed', nanoUsd: 5_000_000 } as const], unpriced: 0 }];
  const { report } = buildReport([record({ models, sandboxes: [{ wallMs: 100, measured: true }] })]);
  expect(report.saving?.listNanoUsd).toBeLessThan(0);
});

test('list prices of models that were last confirmed more than 60 days ago are named with their date', () => {
  const models = [{ model: 'a/b', requests: 1, inputTokens: 1000, cachedTokens: 0, outputTokens: 10, costs: [{ mark: 'computed', nanoUsd: 5_000_000 } as const], unpriced: 0 }];
  const said = (now: number, records: readonly RunRecord[]) => buildReport(records, {}, now).report.assumptions.filter((line) => line.startsWith('List prices of models'));
  const days = (count: number) => Date.parse(priceTableDate) + count * 86_400_000;
  expect(said(days(61), [record({ models })])).toEqual([`List prices of models are those of ${priceTableDate}, more than 60 days ago.`]);
  expect(said(days(59), [record({ models })])).toEqual([]);
  expect(said(days(61), [record({})])).toEqual([]);
});

test('no saving is shown while the cost of a single run is unknown', () => {
  const models = [{ model: 'a/b', requests: 1, inputTokens: 1000, cachedTokens: 0, outputTokens: 10, costs: [], unpriced: 1 }];
  const { report } = buildReport([browserRun('a', '2026-11-01', 20), record({ run: 'b', models })]);
  expect(report).toMatchObject({ unpricedRuns: 1, costNanoUsd: 0 });
  expect(report.saving).toBeUndefined();
});

test('a service that could not be priced for one of the runs is named and is not the cheapest', () => {
  const { report } = buildReport([record({ sandboxes: [{ wallMs: 100, measured: true }] }), record({ run: 'b', sandboxes: [{ wallMs: 100, cpuMs: 10, memoryBytes: 1e6, measured: true }] })]);
  expect(report.services.find(({ service }) => service === 'Bedrock AgentCore')).toMatchObject({ runs: 1, unpricedRuns: 1 });
  expect(report.saving?.against).not.toContain('AgentCore');
  expect(report.assumptions.join(' ')).toContain('Bedrock AgentCore (1)');
});

test('subscriptions and waiting are only what the person has said, beside the saving and not in it', () => {
  const records = [browserRun('a', '2026-10-31', 20), browserRun('b', '2026-11-01', 20)];
  const plain = buildReport(records).report;
  expect(plain).toMatchObject({ subscriptions: [] });
  expect(plain.waits).toBeUndefined();
  const { report } = buildReport(records, { subscriptions: [{ name: 'Langfuse Core', usdPerMonth: 29 }], secondsPerColdStart: 3 });
  expect(report.subscriptions).toEqual([{ name: 'Langfuse Core', months: 2, nanoUsd: 58_000_000_000 }]);
  expect(report.waits).toEqual({ count: 2, secondsEach: 3 });
  expect(report.saving).toEqual(plain.saving);
});

test('percentiles are values that occurred, by nearest rank', () => {
  expect(percentiles([])).toEqual({ count: 0 });
  expect(percentiles([5])).toEqual({ count: 1, p50: 5, p95: 5 });
  expect(percentiles(Array.from({ length: 100 }, (_, i) => 100 - i))).toEqual({ count: 100, p50: 50, p95: 95 });
});

test('records come back from their file as they were, and a run that is in two files counts once', () => {
  const mine = [browserRun('a', '2026-11-01', 20), browserRun('b', '2026-11-02', 20)];
  const theirs = [record({ run: 'c', machine: 'laptop', errorCode: 'timeout', state: 'failed' })];
  expect(parseRecordsFile(toRecordsFile(mine), 'mine.json')).toEqual(mine);
  const merged = mergeRecords([parseRecordsFile(toRecordsFile(mine), 'mine.json'), parseRecordsFile(toRecordsFile([...mine, ...theirs]), 'team.json')]);
  expect(merged.map(({ run }) => run)).toEqual(['a', 'b', 'c']);
  expect(buildReport(merged).report).toMatchObject({ runs: 3, machines: ['desk', 'laptop'], states: { succeeded: 2, failed: 1 } });
});

test.each([
  ['rubbish', 'team.json is not JSON'],
  ['{"format":"infrastructure-assassin/usage-records","version":4,"records":[]}', 'version'],
  [toRecordsFile([record()]).replace('"createdAt": ', '"createdAt": -'), 'records.0.createdAt'],
  [toRecordsFile([record()]).replace('"asks": 0', '"asks": 0, "multiplier": 10'), 'multiplier'],
])('a file that holds something else is refused by name and field', (text, expected) => {
  expect(() => parseRecordsFile(text, 'team.json')).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(expected) as string }) as Error);
});

test('the page to hand on runs nothing, loads nothing and shows texts as texts', () => {
  const { report } = buildReport([record({ title: '<script>alert(1)</script>', source: '"><img src=x onerror=alert(1)>', models: [{ model: '<b>', requests: 1, inputTokens: 1, cachedTokens: 0, outputTokens: 1, costs: [{ mark: 'computed', nanoUsd: 7 }], unpriced: 0 }] })]);
  const html = toHtml(report, { title: 'A & B', createdAt: new Date('2026-11-22') });
  expect(html).not.toMatch(/<script|<img|https?:\/\/|url\(/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('A &amp; B');
});

test.each([1, 2])('a file of the earlier version %i is read: what it could not say is absent, not zero', (version) => {
  const models = [{ model: 'a/b', requests: 1, inputTokens: 10, cachedTokens: 0, outputTokens: 1, costs: [], unpriced: 1 }];
  const before = toRecordsFile([record({ models })]).replace('"version": 3', `"version": ${version}`);
  expect(before).toContain(`"version": ${version}`);
  expect(parseRecordsFile(before, 'old.json')).toEqual([record({ models })]);
  expect(buildReport(parseRecordsFile(before, 'old.json')).report.byModel).toMatchObject([{ errors: 0, latency: { count: 0 } }]);
});

test('the formula of a service gives its list price, but for the rounding of each run', () => {
  const sessions = (count: number, wallMs: number) => Array.from({ length: count }, () => ({ wallMs, cpuMs: wallMs / 3, memoryBytes: 400 * 1024 ** 2, measured: true }));
  const records = Array.from({ length: 7 }, (_, i) => record({ run: `r${i}`, browsers: sessions(2, 31_337 + i), sandboxes: sessions(1, 911 * i) }));
  const { services } = buildReport(records).report;
  expect(services.length).toBeGreaterThan(5);
  for (const { service, formula, listNanoUsd } of services) {
    expect(formula, service).toMatch(/^[\d.\s×+/$()a-zA-Z-]+$/);
    // Words out, what is left is arithmetic: sums of products.
    const usd = formula.split(' + ').reduce((sum, term) => sum + term.split('×').map((factor) => factor.replace(/[^\d./]/g, '').split('/').map(Number).reduce((a, b) => a / b)).reduce((a, b) => a * b), 0);
    expect(Math.abs(usd * 1e9 - listNanoUsd), service).toBeLessThanOrEqual(0.5 * records.length + 1);
  }
});

test('what replays did not think out again is counted beside the saving, with those whose first cost is not known', () => {
  const { report } = buildReport([record({ run: 'a', replay: { tokens: 900, nanoUsd: 5_000_000 } }), record({ run: 'b', replay: { tokens: 100 } }), record({ run: 'c' })]);
  expect(report.replays).toEqual({ runs: 2, tokens: 1000, nanoUsd: 5_000_000, unpriced: 1 });
  expect(report.saving).toBeUndefined();
  expect(buildReport([record()]).report.replays).toBeUndefined();
});

test('tokens kept out of the context are added up beside the saving, and of runs that recorded no tools nothing is made up', () => {
  const records = [record({ run: 'a', spared: { definitionTokens: 93_210, resultTokens: 2900 } }), record({ run: 'b', spared: { resultTokens: -10 } }), record({ run: 'c' })];
  const { report } = buildReport(records);
  expect(report.spared).toEqual({ runs: 2, definitionTokens: 93_210, resultTokens: 2890, unrecorded: 1 });
  expect(report.assumptions.join(' ')).toContain('counterfactual');
  expect(buildReport([record()]).report.spared).toBeUndefined();
  expect(buildReport([record()]).report.assumptions.join(' ')).not.toContain('counterfactual');
  // Another machine tells it too.
  expect(buildReport(parseRecordsFile(toRecordsFile(records), 'a.json')).report.spared).toEqual(report.spared);
  expect(sparedText(report.spared!, String)).toBe('93210 of definitions of tools, not recorded for 1 of 2 runs; 2890 of results');
});

test('a team sees what each of its machines cost and saved, and the parts add up to the whole', () => {
  const records = [browserRun('a', '2026-11-01', 20), { ...browserRun('b', '2026-11-02', 40), machine: 'laptop' }, { ...browserRun('c', '2026-11-03', 60), machine: 'laptop' }];
  const { report } = buildReport(records);
  expect(report.byMachine.map(({ name, count }) => [name, count])).toEqual([['desk', 1], ['laptop', 2]]);
  expect(report.byMachine.reduce((sum, { savedNanoUsd = 0 }) => sum + savedNanoUsd, 0)).toBe(report.saving!.listNanoUsd);
  const html = toHtml(report, { title: 'Team', createdAt: new Date(at('2026-11-20')) });
  expect(html).toContain('<caption>By machine</caption>');
  expect(toHtml(buildReport(records.slice(0, 1)).report, { title: 'One', createdAt: new Date() })).not.toContain('By machine');
});

test('the page to hand on begins with the cost, what it is set against, and how old the prices are', () => {
  const model = record({ run: 'm', models: [{ model: 'a/one', requests: 1, inputTokens: 10, cachedTokens: 0, outputTokens: 1, unpriced: 0, costs: [{ mark: 'computed', nanoUsd: 30_000_000 }] }] });
  const lead = (records: readonly RunRecord[], now?: number) => toHtml(buildReport(records, {}, now).report, { title: 'Lead', createdAt: new Date(at('2026-11-20')) }).split('<section')[0]!;
  expect(lead([browserRun('a', '2026-11-01', 20)], at('2027-06-01'))).toMatch(/They cost \$0\. At [^,]+, the cheapest named service.*more than here\..*All prices of services were last confirmed more than 60 days ago, the newest of them 2026-/s);
  expect(lead([browserRun('a', '2026-11-01', 20), model])).toMatch(/They cost \$0\.03, all of it for models, which would have to be paid elsewhere too\. .*less than here/s);
  expect(lead([{ ...model, models: [{ ...model.models[0]!, costs: [], unpriced: 1 }] }])).toContain('What they cost is not known. No saving is shown.');
  expect(toHtml(buildReport([{ ...model, models: [{ ...model.models[0]!, costs: [], unpriced: 1 }] }]).report, { title: 'x', createdAt: new Date() })).toContain('what was paid for models is not known');
});
