import fc from 'fast-check';
import { expect, test } from 'vitest';
import { billedMs, priceSessions, type Piece } from '../../../src/savings/price-sessions.ts';
import { prices, type PriceRow } from '../../../src/savings/prices.ts';

const row = (service: string): PriceRow => {
  const found = prices.find((price) => price.service === service);
  if (!found) throw new Error(`no price row for ${service}`);
  return found;
};
const GiB = 1024 ** 3;
const browser = (wallMs: number, more: Partial<Piece> = {}): Piece => ({ kind: 'browser', wallMs, ...more });
const code = (wallMs: number, more: Partial<Piece> = {}): Piece => ({ kind: 'code', wallMs, ...more });

interface Golden {
  readonly case: string;
  readonly service: string;
  readonly pieces: readonly Piece[];
  readonly list: number;
  readonly free: number;
}

/** Each expectation is worked out by hand from the price list; the arithmetic stands beside it. */
const golden: readonly Golden[] = [
  // 20 s × 2 GB = 40 GB-s; 40 × 0.0000166667 = 0.000666668; + 1 request 0.0000002
  { case: 'a browser task of 20 s', service: 'AWS Lambda', pieces: [browser(20_000)], list: 0.000666868, free: 0 },
  // 0.1 s × 0.5 GB = 0.05 GB-s; × 0.0000166667 = 0.000000833335; + 0.0000002
  { case: 'code of 100 ms', service: 'AWS Lambda', pieces: [code(100)], list: 0.000001033335, free: 0 },
  // 0.2 ms are billed as 1 ms: 0.001 s × 0.5 GB × 0.0000166667 = 0.00000000833335; + 0.0000002
  { case: 'code of a fifth of a millisecond, rounded up to 1 ms', service: 'AWS Lambda', pieces: [code(0.2)], list: 0.00000020833335, free: 0 },
  // 1.2345 ms are billed as 2 ms: 0.002 × 0.5 × 0.0000166667 = 0.0000000166667; + 0.0000002
  { case: 'a broken millisecond counts whole', service: 'AWS Lambda', pieces: [code(1.2345)], list: 0.0000002166667, free: 0 },
  // 250,000 s × 2 GB = 500,000 GB-s: × 0.0000166667 = 8.33335, + 0.0000002; free: 100,000 GB-s beyond 400,000 = 1.66667, request free
  { case: 'beyond the free tier only the rest is paid', service: 'AWS Lambda', pieces: [browser(250_000_000)], list: 8.3333502, free: 1.66667 },
  // 20 s × 1 vCPU × 0.000024 = 0.00048; 20 s × 2 GiB × 0.0000025 = 0.0001; + 0.0000004
  { case: 'a browser task of 20 s', service: 'Google Cloud Run functions', pieces: [browser(20_000)], list: 0.0005804, free: 0 },
  // 101 ms are billed as 200 ms: 0.2 × 0.000024 = 0.0000048; 0.2 × 0.5 × 0.0000025 = 0.00000025; + 0.0000004
  { case: 'code of 101 ms, rounded up to 200 ms', service: 'Google Cloud Run functions', pieces: [code(101)], list: 0.00000545, free: 0 },
  // three of 100 ms, 3 requests: 0.3 × 0.000024 = 0.0000072; 0.3 × 0.5 × 0.0000025 = 0.000000375; + 0.0000012
  { case: 'three runs are three requests', service: 'Google Cloud Run functions', pieces: [code(100), code(80), code(1)], list: 0.000008775, free: 0 },
  // 20 s are billed as 60 s: 60 × 0.12 / 3600
  { case: 'a session of 20 s costs the minimum of a minute', service: 'Browserbase', pieces: [browser(20_000)], list: 0.002, free: 0 },
  // two sessions of 20 s are two minutes, not 40 s: 120 × 0.12 / 3600
  { case: 'the minimum holds for each session', service: 'Browserbase', pieces: [browser(20_000), browser(20_000)], list: 0.004, free: 0 },
  // 90 s: 90 × 0.12 / 3600
  { case: 'a session of 90 s costs its time', service: 'Browserbase', pieces: [browser(90_000)], list: 0.003, free: 0 },
  // 2 hours: 7200 × 0.12 / 3600 = 0.24; one hour is free
  { case: 'after the free hour', service: 'Browserbase', pieces: [browser(7_200_000)], list: 0.24, free: 0.12 },
  // 20 s are one unit of 30 s
  { case: 'a task of 20 s is one unit', service: 'Browserless', pieces: [browser(20_000)], list: 0.002, free: 0 },
  // 30.001 s are two units
  { case: 'a millisecond more than a unit is two units', service: 'Browserless', pieces: [browser(30_001)], list: 0.004, free: 0 },
  // 9 h = 1080 units × 0.002 = 2.16; 1000 are free: 80 × 0.002
  { case: 'after the free units', service: 'Browserless', pieces: [browser(32_400_000)], list: 2.16, free: 0.16 },
  // 20 × 0.10 / 3600 = 0.000555…; no free tier known
  { case: 'a task of 20 s', service: 'Steel', pieces: [browser(20_000)], list: 2 / 3600, free: 2 / 3600 },
  // 20 × 0.09 / 3600
  { case: 'a task of 20 s', service: 'Cloudflare Browser Run', pieces: [browser(20_000)], list: 0.0005, free: 0 },
  // 20 min = 1200 s × 0.09 / 3600 = 0.03; 10 minutes are free
  { case: 'twice the free minutes', service: 'Cloudflare Browser Run', pieces: [browser(1_200_000)], list: 0.03, free: 0.015 },
  // 8 s CPU × 0.0895 / 3600 = 0.000198888…; 20 s × 1 GB × 0.00945 / 3600 = 0.0000525
  { case: 'a task of 20 s that kept a CPU busy for 8 s and held 1 GB', service: 'Bedrock AgentCore', pieces: [browser(20_000, { cpuMs: 8000, memoryBytes: GiB })], list: 0.716 / 3600 + 0.0000525, free: 0.716 / 3600 + 0.0000525 },
  // 0.3 s are billed as 1 s; 1 MB as 0.125 GB: 0.2 × 0.0895 / 3600 + 1 × 0.125 × 0.00945 / 3600
  { case: 'short code with little memory costs a second and 128 MB', service: 'Bedrock AgentCore', pieces: [code(300, { cpuMs: 200, memoryBytes: 1024 ** 2 })], list: (0.0179 + 0.00118125) / 3600, free: (0.0179 + 0.00118125) / 3600 },
  // one hour: 3600 × 2 × 0.000014 = 0.1008; 3600 × 0.5 × 0.0000045 = 0.0081
  { case: 'one hour of the default sandbox', service: 'E2B', pieces: [code(3_600_000)], list: 0.1089, free: 0.1089 },
  // 2 s CPU × 0.128 / 3600 + 10 s × 2 GB × 0.0106 / 3600 = (0.256 + 0.212) / 3600
  { case: 'code of 10 s that used 2 s of CPU', service: 'Vercel Sandbox', pieces: [code(10_000, { cpuMs: 2000 })], list: 0.468 / 3600, free: 0 },
  // 0.001 s × 0.5 GB × 0.0000166667 = 0.00000000833335; + 0.0000002
  { case: 'exactly a millisecond is not rounded up', service: 'AWS Lambda', pieces: [code(1)], list: 0.00000020833335, free: 0 },
  // 2 × (0.1 × 0.5 × 0.0000166667) = 0.00000166667; + 2 × 0.0000002
  { case: 'two runs are two requests', service: 'AWS Lambda', pieces: [code(100), code(100)], list: 0.00000206667, free: 0 },
  // 20 s × 2 GB + 0.5 s × 0.5 GB = 40.25 GB-s × 0.0000166667 = 0.000670834675; + 0.0000004
  { case: 'a browser and code beside it', service: 'AWS Lambda', pieces: [browser(20_000), code(500)], list: 0.000671234675, free: 0 },
  // 200,000 s × 2 GB = 400,000 GB-s × 0.0000166667 = 6.66668, + 0.0000002; all of it free
  { case: 'the last free second', service: 'AWS Lambda', pieces: [browser(200_000_000)], list: 6.6666802, free: 0 },
  // 200,001 s × 2 GB = 400,002 GB-s: 2 GB-s × 0.0000166667 are paid
  { case: 'the first second that is paid', service: 'AWS Lambda', pieces: [browser(200_001_000)], list: 400_002 * 0.0000166667 + 0.0000002, free: 0.0000333334 },
  // 0.1 × 0.000024 = 0.0000024; 0.1 × 0.5 × 0.0000025 = 0.000000125; + 0.0000004
  { case: 'exactly 100 ms are one step', service: 'Google Cloud Run functions', pieces: [code(100)], list: 0.000002925, free: 0 },
  // nothing is raised to 100 ms: 0.1 × 0.000024 + 0.1 × 0.5 × 0.0000025 + 0.0000004
  { case: 'a run of no time costs a step', service: 'Google Cloud Run functions', pieces: [code(0)], list: 0.000002925, free: 0 },
  // 200,000 s: 4.8 vCPU + 400,000 GiB-s × 0.0000025 = 1.0, + 0.0000004; beyond 180,000 vCPU-s: 20,000 × 0.000024 = 0.48; beyond 360,000 GiB-s: 40,000 × 0.0000025 = 0.1
  { case: 'processor and memory have free tiers of their own', service: 'Google Cloud Run functions', pieces: [browser(200_000_000)], list: 5.8000004, free: 0.58 },
  // 180,000 s: the processor's tier is used up exactly, the memory's (360,000 GiB-s) too
  { case: 'both free tiers used up, nothing to pay', service: 'Google Cloud Run functions', pieces: [browser(180_000_000)], list: 5.2200004, free: 0 },
  // 60 × 0.12 / 3600
  { case: 'exactly a minute', service: 'Browserbase', pieces: [browser(60_000)], list: 0.002, free: 0 },
  // 60.001 × 0.12 / 3600
  { case: 'a millisecond more than the minimum', service: 'Browserbase', pieces: [browser(60_001)], list: 7.20012 / 3600, free: 0 },
  // 60 sessions of 1 s are an hour, which is free: 3600 × 0.12 / 3600
  { case: 'sixty sessions of a second are the free hour', service: 'Browserbase', pieces: Array.from({ length: 60 }, () => browser(1000)), list: 0.12, free: 0 },
  // one more is a minute to pay: 60 × 0.12 / 3600
  { case: 'the sixty-first is paid', service: 'Browserbase', pieces: Array.from({ length: 61 }, () => browser(1000)), list: 0.122, free: 0.002 },
  // exactly one unit
  { case: 'exactly 30 s are one unit', service: 'Browserless', pieces: [browser(30_000)], list: 0.002, free: 0 },
  // 1,001 units × 0.002 = 2.002; one is paid
  { case: 'one unit beyond the free ones', service: 'Browserless', pieces: Array.from({ length: 1001 }, () => browser(500)), list: 2.002, free: 0.002 },
  // 3600 × 0.10 / 3600
  { case: 'an hour', service: 'Steel', pieces: [browser(3_600_000)], list: 0.1, free: 0.1 },
  // no minimum and no rounding beyond a millisecond: 0.001 × 0.10 / 3600
  { case: 'a millisecond', service: 'Steel', pieces: [browser(1)], list: 0.0001 / 3600, free: 0.0001 / 3600 },
  // 600 × 0.09 / 3600 = 0.015; all of it free
  { case: 'exactly the free ten minutes', service: 'Cloudflare Browser Run', pieces: [browser(600_000)], list: 0.015, free: 0 },
  // 601 × 0.09 / 3600; one second is paid
  { case: 'a second beyond the free ten minutes', service: 'Cloudflare Browser Run', pieces: [browser(601_000)], list: 0.015025, free: 0.000025 },
  // 1.001 s are billed as 2 s: CPU 0.5 × 0.0895 / 3600 + 2 × 0.25 × 0.00945 / 3600
  { case: 'a second begun is a second of memory, but only used CPU', service: 'Bedrock AgentCore', pieces: [code(1001, { cpuMs: 500, memoryBytes: GiB / 4 })], list: (0.04475 + 0.004725) / 3600, free: (0.04475 + 0.004725) / 3600 },
  // a page that waits for an hour: 0 CPU; 3600 × 1 × 0.00945 / 3600
  { case: 'an hour of waiting costs only memory', service: 'Bedrock AgentCore', pieces: [browser(3_600_000, { cpuMs: 0, memoryBytes: GiB })], list: 0.00945, free: 0.00945 },
  // 20 s: 20 × 2 × 0.000014 = 0.00056; 20 × 0.5 × 0.0000045 = 0.000045
  { case: 'twenty seconds', service: 'E2B', pieces: [code(20_000)], list: 0.000605, free: 0.000605 },
  // 5 CPU-hours are free, 6 are used: 6 × 0.128 = 0.768 and 6 × 2 × 0.0106 = 0.1272; one CPU-hour is paid, the 12 GB-hours are free
  { case: 'one CPU-hour beyond the free ones', service: 'Vercel Sandbox', pieces: [code(21_600_000, { cpuMs: 21_600_000 })], list: 0.8952, free: 0.128 },
  // a sandbox that only waits: 0 CPU; 10 × 2 × 0.0106 / 3600
  { case: 'waiting costs memory, not CPU', service: 'Vercel Sandbox', pieces: [code(10_000, { cpuMs: 0 })], list: 0.212 / 3600, free: 0 },
];

test.each(golden)('$service: $case', ({ service, pieces, list, free }) => {
  const price = priceSessions(row(service), pieces);
  expect(price?.listUsd).toBeCloseTo(list, 14);
  expect(price?.afterFreeTierUsd).toBeCloseTo(free, 12);
});

test('a service that bills used CPU has no price where CPU was not measured', () => {
  expect(priceSessions(row('Bedrock AgentCore'), [browser(20_000, { memoryBytes: GiB })])).toBeUndefined();
  expect(priceSessions(row('Vercel Sandbox'), [code(1000)])).toBeUndefined();
});

test('a service that bills peak memory has no price where memory was not measured', () => {
  expect(priceSessions(row('Bedrock AgentCore'), [code(1000, { cpuMs: 5 })])).toBeUndefined();
});

test('the minimum comes before the rounding', () => {
  expect(billedMs({ minimumMs: 60_000, stepMs: 1 }, 5)).toBe(60_000);
  expect(billedMs({ minimumMs: 1000, stepMs: 1000 }, 1000.5)).toBe(2000);
  expect(billedMs({ minimumMs: 0, stepMs: 30_000 }, 0)).toBe(0);
});

test('a formula names each of up to three pieces, and the sum of more', () => {
  expect(priceSessions(row('AWS Lambda'), [browser(20_000)])?.formula).toBe('20 s × 2 GB × $0.0000166667 + 1 request × $0.2 / 1000000');
  expect(priceSessions(row('AWS Lambda'), [browser(20_000), code(500)])?.formula).toBe('(20 s × 2 GB + 0.5 s × 0.5 GB) × $0.0000166667 + 2 requests × $0.2 / 1000000');
  expect(priceSessions(row('Browserless'), Array.from({ length: 4 }, () => browser(1000)))?.formula).toBe('120 s × $0.002 / 30');
});

test('whatever the work, the formula typed into a calculator gives the price to the last digit shown', () => {
  const ms = fc.double({ min: 0, max: 5_000_000, noNaN: true });
  const piece = fc.record({ kind: fc.constantFrom('browser' as const, 'code' as const), wallMs: ms, cpuMs: ms, memoryBytes: fc.integer({ min: 0, max: 8 * GiB }) });
  fc.assert(fc.property(fc.constantFrom(...prices), fc.array(piece, { minLength: 1, maxLength: 6 }), (service, pieces) => {
    const fitting = pieces.filter((item) => service.covers === 'all' || item.kind === service.covers);
    fc.pre(fitting.length > 0);
    const price = priceSessions(service, fitting);
    const calculated = calculate(price?.formula ?? '');
    expect(calculated).toBeCloseTo(price?.listUsd ?? Number.NaN, 9);
    expect(price!.afterFreeTierUsd).toBeLessThanOrEqual(price!.listUsd);
    expect(price!.afterFreeTierUsd).toBeGreaterThanOrEqual(0);
  }), { numRuns: 300 });
});

/** Leaves out units and dollar signs and evaluates what remains; anything but arithmetic fails. */
function calculate(formula: string): number {
  const arithmetic = formula.replaceAll('×', '*').replaceAll(/\$|GB-s|vCPU-s|GB|vCPU|s CPU|requests?|\bs\b/g, '');
  if (!/^[0-9.+*/() ]+$/.test(arithmetic)) throw new Error(`not arithmetic: ${formula}`);
  return Function(`return ${arithmetic}`)() as number;
}
