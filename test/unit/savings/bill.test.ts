import { expect, test } from 'vitest';
import type { EventBody, Mark, MeterName } from '../../../src/shared/events.ts';
import { billOf } from '../../../src/savings/bill.ts';
import { ledgerOf } from '../../../src/savings/ledger.ts';
import { meteredUse } from '../../../src/savings/metered-use.ts';
import { created, journalOf } from '../telemetry/journal-fixture.ts';

const now = Date.parse('2026-09-20');
const meter = (name: MeterName, value: number, lease?: string, mark: Mark = 'measured', source = 'a clock'): EventBody =>
  ({ type: 'meter', meter: name, value, mark, source, ...(lease === undefined ? {} : { lease }) });
const lease = (id: string, kind: 'browser' | 'sandbox' | 'mcp'): EventBody => ({ type: 'lease.created', lease: id, kind, label: id, identity: {} });

test('memory over time is the most that it can have been, added up over what was held one by one', () => {
  const ledger = ledgerOf(journalOf(
    meter('sandbox.wall_ms', 2000, 'a'), meter('sandbox.memory_bytes', 2 ** 29, 'a'), meter('sandbox.wall_ms', 500, 'b'), meter('sandbox.memory_bytes', 2 ** 30, 'b'),
    meter('sandbox.wall_ms', 9000, 'c'), meter('browser.wall_ms', 1000, 'd'), meter('mcp.wall_ms', 1000, 'e'), meter('mcp.memory_bytes', 0, 'e', 'unknown'),
  ));
  // 2 s × 0.5 GB + 0.5 s × 1 GB; of the third sandbox, the browser and the server no memory is known.
  expect(ledger.filter((line) => line.unit === 'GB-s')).toEqual([{ meter: 'sandbox.gb_seconds', value: 1.5, unit: 'GB-s', mark: 'estimated', source: 'duration × largest memory of each, the most that it can be; 1 not measured' }]);
});

test('what the platform could not tell of a browser or a sandbox is said to be not measured', () => {
  const { notCounted } = billOf('run_1', journalOf(created, meter('browser.wall_ms', 1000, 'a'), meter('browser.cpu_ms', 5, 'a'), meter('sandbox.wall_ms', 100, 's'), meter('sandbox.wall_ms', 100, 't')), now);
  expect(notCounted.filter((line) => line.endsWith('not measured'))).toEqual(['memory of 1 browser: not measured', 'CPU time of 2 sandboxes: not measured', 'memory of 2 sandboxes: not measured']);
});

test('a ledger sums each meter, takes the largest of peaks, and names its sources once', () => {
  const ledger = ledgerOf(journalOf(
    meter('browser.wall_ms', 10, 'a'), meter('browser.wall_ms', 20, 'b'), meter('browser.memory_bytes', 300, 'a'), meter('browser.memory_bytes', 200, 'b', 'measured', 'PSS'),
  ));
  expect(ledger.filter(({ unit }) => unit !== 'GB-s')).toEqual([
    { meter: 'browser.wall_ms', value: 30, unit: 'ms', mark: 'measured', source: 'a clock' },
    { meter: 'browser.memory_bytes', value: 300, unit: 'bytes', mark: 'measured', source: 'a clock; PSS' },
  ]);
});

test('figures of different marks are never added', () => {
  const ledger = ledgerOf(journalOf(meter('browser.cpu_ms', 10), meter('browser.cpu_ms', 5, undefined, 'estimated')));
  expect(ledger.map(({ value, mark }) => [value, mark])).toEqual([[10, 'measured'], [5, 'estimated']]);
});

test('meters of one lease make one session, those of another a second', () => {
  const use = meteredUse(journalOf(
    lease('a', 'browser'), lease('b', 'browser'), lease('c', 'sandbox'), lease('m', 'mcp'),
    meter('browser.wall_ms', 1000, 'a'), meter('browser.cpu_ms', 300, 'a'), meter('browser.wall_ms', 2000, 'b'), meter('browser.requests', 9, 'b'),
  ));
  expect(use).toEqual({
    browsers: [{ wallMs: 1000, cpuMs: 300, measured: true }, { wallMs: 2000, measured: true }], sandboxes: [], unmetered: 1, mcpServers: 1,
  });
});

test('a chain without a model has cost nothing, and that is measured', () => {
  const bill = billOf('run_1', journalOf(created, meter('sandbox.wall_ms', 100, 's')), now);
  expect(bill).toMatchObject({ run: 'run_1', realCostUsd: 0, realCostMark: 'measured' });
});

test('a saving is taken against the cheapest service that could have done the whole work', () => {
  const bill = billOf('run_1', journalOf(created, lease('b', 'browser'), meter('browser.wall_ms', 20_000, 'b')), now);
  // Without CPU the two that bill used CPU are out; of the others Cloudflare is the cheapest: 20 × 0.09 / 3600.
  expect(bill.saving?.against).toBe('Cloudflare Browser Run');
  expect(bill.saving?.listUsd).toBeCloseTo(0.0005, 12);
  expect(bill.saving?.afterFreeTierUsd).toBe(0);
  expect(bill.baselines.every((line) => line.listUsd >= bill.saving!.listUsd)).toBe(true);
  expect(bill.notCounted.join()).toContain('Bedrock AgentCore: it bills something that was not measured here');
});

test('a service for browsers alone counts for browsers and code only together with one for code', () => {
  const bill = billOf('run_1', journalOf(created, meter('browser.wall_ms', 20_000, 'b'), meter('sandbox.wall_ms', 20_000, 's')), now);
  // Cloudflare 0.0005 + E2B 20 × (2 × 0.000014 + 0.5 × 0.0000045) = 0.000605 > Cloud Run 0.0005804 for both in one function.
  expect(bill.saving?.against).toBe('Google Cloud Run functions');
  expect(bill.saving?.listUsd).toBeCloseTo(0.0005804, 12);
});

test('code that ran longer than the browsers is one more invocation for the rest of its time', () => {
  const bill = billOf('run_1', journalOf(created, meter('browser.wall_ms', 20_000, 'b'), meter('sandbox.wall_ms', 30_000, 's')), now);
  // 20 s × 2 GB + 10 s × 0.5 GB = 45 GB-s: × 0.0000166667 = 0.0007500015; + 2 × 0.0000002
  expect(bill.baselines.find((line) => line.service === 'AWS Lambda')?.listUsd).toBeCloseTo(0.0007504015, 12);
});

test('CPU of the code is billed with the browser in whose function it ran', () => {
  const GiB = 1024 ** 3;
  const bill = billOf('run_1', journalOf(
    created, meter('browser.wall_ms', 20_000, 'b'), meter('browser.cpu_ms', 8000, 'b'), meter('browser.memory_bytes', GiB, 'b'),
    meter('sandbox.wall_ms', 15_000, 's'), meter('sandbox.cpu_ms', 1000, 's'), meter('sandbox.memory_bytes', 1024 ** 2, 's'),
  ), now);
  // 9 s CPU × 0.0895 / 3600 + 20 s × 1 GB × 0.00945 / 3600
  expect(bill.baselines.find((line) => line.service === 'Bedrock AgentCore')?.listUsd).toBeCloseTo((0.8055 + 0.189) / 3600, 12);
});

test('a run that used a paid model can have cost more than any service', () => {
  const bill = billOf('run_1', journalOf(created, meter('sandbox.wall_ms', 100, 's'), meter('model.cost_usd', 0.5, undefined, 'billed')), now);
  expect(bill.realCostUsd).toBe(0.5);
  expect(bill.realCostMark).toBe('billed');
  expect(bill.saving!.listUsd).toBeLessThan(-0.49);
});

test('tokens without a price make the cost unknown and leave no saving to claim', () => {
  const bill = billOf('run_1', journalOf(created, meter('sandbox.wall_ms', 100, 's'), meter('model.input_tokens', 1000)), now);
  expect(bill.realCostMark).toBe('unknown');
  expect(bill.saving).toBeUndefined();
});

test('one request without a price makes the cost of the run unknown, whatever the others cost and in whatever order', () => {
  const [priced, unpriced] = [meter('model.cost_usd', 0.1, 's'), meter('model.cost_usd', 0, 't', 'unknown')];
  for (const costs of [[priced, unpriced], [unpriced, priced]]) {
    const bill = billOf('run_1', journalOf(created, meter('sandbox.wall_ms', 100, 's'), ...costs), now);
    expect([bill.realCostMark, bill.saving]).toEqual(['unknown', undefined]);
    expect(bill.ledger.filter(({ meter: name }) => name === 'model.cost_usd').map(({ value }) => value).toSorted()).toEqual([0, 0.1]);
  }
});

test('the worst mark of several costs is the mark of the sum', () => {
  const bill = billOf('run_1', journalOf(created, meter('model.cost_usd', 0.1, undefined, 'billed'), meter('model.cost_usd', 0.2, undefined, 'estimated')), now);
  expect(bill.realCostUsd).toBeCloseTo(0.3, 12);
  expect(bill.realCostMark).toBe('estimated');
});

test('an estimated meter makes every line that rests on it an estimate', () => {
  const bill = billOf('run_1', journalOf(created, meter('sandbox.wall_ms', 100, 's', 'estimated')), now);
  expect(new Set(bill.baselines.map((line) => line.mark))).toEqual(new Set(['estimated']));
});

test('a run that used nothing of the kind has no baselines and no saving', () => {
  const bill = billOf('run_1', journalOf(created, meter('run.wall_ms', 5)), now);
  expect(bill.baselines).toEqual([]);
  expect(bill.saving).toBeUndefined();
});

test('what is not counted is said, MCP servers and lost measurements included', () => {
  const bill = billOf('run_1', journalOf(created, lease('m', 'mcp'), lease('b', 'browser')), now);
  expect(bill.notCounted).toEqual(expect.arrayContaining(['hosting of 1 MCP server', '1 resource that left no measurement', 'your time, on either side']));
});

test('prices older than 60 days are marked on each line', () => {
  const events = journalOf(created, meter('browser.wall_ms', 20_000, 'b'), meter('browser.cpu_ms', 1, 'b'), meter('browser.memory_bytes', 1, 'b'));
  const stale = (at: string) => billOf('run_1', events, Date.parse(at)).baselines.filter((line) => line.stale).map((line) => line.service);
  expect(stale('2026-09-20')).not.toContain('Bedrock AgentCore');
  expect(stale('2026-12-01')).toContain('Bedrock AgentCore');
});
