import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toNano } from '../../../../src/savings/report/nano-usd.ts';
import { toCsv } from '../../../../src/savings/report/to-csv.ts';
import { buildReport } from '../../../../src/savings/report/usage-report.ts';
import { nanoText } from '../../../../src/shared/nano-text.ts';
import { arbitraryRecord, parseCsv, record } from './records.ts';

/** Adds up a money column as a spreadsheet would, but in whole billionths. */
function sumOf(rows: readonly (readonly string[])[], column: number): bigint {
  return rows.reduce((sum, cells) => {
    const text = cells[column] ?? '';
    if (text === '') return sum;
    expect(text).toMatch(/^-?\d+\.\d{9}$/);
    return sum + BigInt(text.replace('.', ''));
  }, 0n);
}

test('whatever was run, each money column of the export adds up to the total that the report shows, to the last digit', () => {
  let runs = 0;
  fc.assert(fc.property(fc.uniqueArray(arbitraryRecord, { selector: ({ run }) => run, minLength: 10, maxLength: 40, size: 'max' }), (records) => {
    runs += records.length;
    const { report, services } = buildReport(records);
    const [header = [], ...rows] = parseCsv(toCsv(records, services));
    expect(rows.filter(([kind]) => kind === 'run')).toHaveLength(report.runs);
    expect(sumOf(rows, header.indexOf('real_cost_usd'))).toBe(BigInt(report.costNanoUsd));
    for (const { service, listNanoUsd, afterFreeNanoUsd } of report.services) {
      const column = header.indexOf(`${service} usd`);
      expect(sumOf(rows.filter(([kind]) => kind === 'run'), column), service).toBe(BigInt(listNanoUsd));
      expect(sumOf(rows, column), service).toBe(BigInt(afterFreeNanoUsd));
    }
    for (const breakdown of [report.byDay, report.byMonth, report.bySource, report.byModel]) expect(breakdown.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0)).toBe(report.costNanoUsd);
    for (const rows of [report.byDay, report.byMonth, report.bySource]) {
      expect(rows.every(({ savedNanoUsd }) => (savedNanoUsd === undefined) === (report.saving === undefined))).toBe(true);
      if (report.saving) expect(rows.reduce((sum, { savedNanoUsd = 0 }) => sum + savedNanoUsd, 0)).toBe(report.saving.listNanoUsd);
      for (const { costs, nanoUsd } of rows) expect(costs.reduce((sum, cost) => sum + cost.nanoUsd, 0)).toBe(nanoUsd);
    }
    expect(report.costs.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0)).toBe(report.costNanoUsd);
  }), { numRuns: 100 });
  expect(runs).toBeGreaterThan(1000);
});

test('a text survives quotes, commas and line ends, and is no formula to a spreadsheet', () => {
  const title = '=HYPERLINK("https://evil.example","a, b")\nnext';
  const [header = [], row = []] = parseCsv(toCsv([record({ title })], []));
  expect(row[header.indexOf('title')]).toBe(`'${title}`);
});

test('a run whose model has no price has an empty cell for its cost, not a zero', () => {
  const unpriced = record({ models: [{ model: 'x/y', requests: 1, inputTokens: 10, cachedTokens: 0, outputTokens: 1, costs: [], unpriced: 1 }] });
  const [header = [], row = []] = parseCsv(toCsv([unpriced], []));
  expect(row[header.indexOf('real_cost_usd')]).toBe('');
});

test.each([[0, '0.000000000'], [1, '0.000000001'], [-1, '-0.000000001'], [1_234_567_890, '1.234567890'], [-2_500_000_000, '-2.500000000']])('%i billionths are written as %s', (nano, text) => {
  expect(nanoText(nano)).toBe(text);
});

test('an amount beyond what can be kept exactly is refused instead of being rounded', () => {
  expect(() => toNano(1e10)).toThrow(/billionths/);
  expect(toNano(-1e-12)).toBe(0);
  expect(Object.is(toNano(-1e-12), 0)).toBe(true);
});
