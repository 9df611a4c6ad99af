import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reserve } from '../../../src/models/model-bill.ts';
import { estimatedUsage } from '../../../src/models/usage.ts';
import type { ModelInfo } from '../../../src/models/model-client.ts';
import type { ModelPricing } from '../../../src/models/prices.ts';
import { denyAll } from '../../../src/policy/approver.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { RunManager } from '../../../src/run/run-manager.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import { dayOf, SharedBudget, type SharedLimits } from '../../../src/run/shared-budget.ts';
import type { BudgetLimits } from '../../../src/shared/events.ts';
import type { Json } from '../../../src/shared/json.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const drawer = join(import.meta.dirname, '../../fixtures/run/budget-drawer.ts');
let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'shared-budget-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Drawn {
  readonly used: { readonly tokens: number; readonly steps: number };
  readonly code: string;
  readonly data: { readonly budget: string; readonly limit: number; readonly per: string };
}

describe('several programs on one store', () => {
  it('never use more together than a limit of the day allows, and all are told which one it was', async () => {
    const limit = 20_000;
    const drawn = await Promise.all([1, 2].map(async (seed) => JSON.parse((await promisify(execFile)(process.execPath, [drawer, directory, String(limit), String(seed)])).stdout) as Drawn));
    using store = new RunStore(directory);
    const total = drawn.reduce((sum, { used }) => sum + used.tokens, 0);
    expect(total).toBeLessThanOrEqual(limit);
    // Nothing is lost either: what is on record is what was used, to the token.
    expect(store.budgetUse.used({ scope: 'day', period: dayOf(Date.now()) }, 'tokens')).toBe(total);
    expect(store.budgetUse.used({ scope: 'day', period: dayOf(Date.now()) }, 'steps')).toBe(drawn.reduce((sum, { used }) => sum + used.steps, 0));
    for (const { code, data } of drawn) expect({ code, data }).toMatchObject({ code: 'budget-exceeded', data: { budget: 'tokens', limit, per: 'day' } });
  });

  it('have used what one of them had reserved when it was killed', async () => {
    const child = spawn(process.execPath, [drawer, directory, '5000', '3', 'stay'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    for await (const chunk of child.stdout) if ((text += String(chunk)).includes('reserved\n')) break;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    using store = new RunStore(directory);
    const pool = new SharedBudget({ use: store.budgetUse, workspace: directory, limits: { perDay: { tokens: 5000 } } });
    expect(pool.left('tokens')).toBe(0);
    expect(() => pool.charge('tokens', 1)).toThrow('0 of 5000 tokens');
  });
});

/** A million tokens cost a dollar, whatever they are. */
const pricing: ModelPricing = { cost: (_model, usage) => ({ usd: (usage.uncachedInput + usage.output) / 1e6, mark: 'computed', source: 'test' }) };
const model: ModelInfo = { id: 'test/model', provider: 'test', model: 'model', label: 'Test' };
const question = { messages: [{ role: 'user', text: 'x'.repeat(4000) }], tools: [], toolChoice: 'none' } as const;

async function runIn(limits: SharedLimits, body: (scope: RunScope) => Promise<Json>, more: { readonly budget?: BudgetLimits; readonly unshared?: boolean } = {}) {
  using store = new RunStore(directory);
  const host = { pid: process.pid, start: (await processStart(process.pid))! };
  await using runs = new RunManager({ store, redactor: new Redactor(), host, version: '0.0.0', concurrency: 2, shared: { limits, workspace: directory } });
  const request = { kind: 'chain', title: 'Test', source: 'test.ts', workspace: directory, input: null, grants: [], rules: [], approver: denyAll, budget: { tokens: 1_000_000, moneyUsd: 10 }, ...more } as const;
  return await runs.start(request, body).outcome;
}

describe('a run below shared limits', () => {
  const asking = (used: number) => (scope: RunScope) => scope.step({ kind: 'model', name: 'ask' }, (step) => {
    const reservation = reserve(scope, model, question, pricing, 4000);
    reservation.settle({ ...estimatedUsage(used, 0), mark: 'measured' }, step);
    return Promise.resolve({ allowed: reservation.maxOutputTokens });
  });

  it('may ask for no longer answer than the day pays for, and is refused before the request where there is none', async () => {
    const limits = { perDay: { moneyUsd: 0.005 } };
    expect((await runIn(limits, asking(2500))).result).toEqual({ allowed: expect.closeTo(4000, -3) as number });
    const second = (await runIn(limits, asking(1800))).result as { readonly allowed: number };
    expect(second.allowed).toBeLessThan(1600);
    const third = await runIn(limits, asking(0));
    expect(third).toMatchObject({ state: 'failed', clean: true, error: { code: 'budget-exceeded', data: { budget: 'moneyUsd', limit: 0.005, per: 'day' } } });
    expect(third.error?.message).toContain('the next request to test/model costs about $');
  });

  it('takes what a dearer tier costs from the money of the run, and says of an answer without a price that it has none', async () => {
    const tiers: Readonly<Record<string, number>> = { standard: 1, priority: 3 };
    const tiered: ModelPricing = { cost: (info, usage) => { const factor = tiers[usage.tier ?? 'standard']; const each = pricing.cost(info, usage); return factor === undefined || !each ? undefined : { ...each, usd: each.usd * factor }; } };
    const spent: number[] = [];
    await runIn({ perDay: { moneyUsd: 5 } }, (scope) => scope.step({ kind: 'model', name: 'ask' }, (step) => {
      for (const tier of ['standard', 'priority', 'turbo']) {
        const before = scope.budget.left('moneyUsd');
        reserve(scope, model, question, tiered, 4000).settle({ ...estimatedUsage(1000, 0), tier, mark: 'measured' }, step);
        spent.push(before - scope.budget.left('moneyUsd'));
      }
      return Promise.resolve(null);
    }));
    const [standard = Number.NaN, priority, turbo] = spent;
    expect(standard).toBeGreaterThan(0);
    expect(priority).toBeCloseTo(standard * 3, 9);
    expect(turbo).toBeCloseTo(0, 9);
    using store = new RunStore(directory);
    const costs = store.events(store.runs({}).items[0]?.id ?? '').filter((event) => event.type === 'meter').filter(({ meter }) => meter === 'model.cost_usd');
    expect(costs.at(-1)).toMatchObject({ value: 0, mark: 'unknown', source: 'no price is known for test/model in the turbo tier' });
  });

  it('gives back what a request did not use, and all of it where the provider turned it away', async () => {
    const limits = { perWorkspace: { tokens: 6000 } };
    await runIn(limits, (scope) => Promise.resolve(reserve(scope, model, question, pricing, 4000).release() ?? null));
    expect((await runIn(limits, asking(10))).state).toBe('done');
    using store = new RunStore(directory);
    expect(store.budgetUse.used({ scope: `workspace ${directory}`, period: dayOf(Date.now()).slice(0, 7) }, 'tokens')).toBe(10);
  });

  it('ends where the steps of all runs are used up', async () => {
    const limits = { perDay: { steps: 4 } };
    const steps = (count: number) => async (scope: RunScope) => {
      for (let i = 0; i < count; i++) await scope.step({ kind: 'tool', name: 'x' }, () => Promise.resolve(null));
      return null;
    };
    // The run itself is a step.
    expect((await runIn(limits, steps(2))).state).toBe('done');
    expect(await runIn(limits, steps(2))).toMatchObject({ state: 'failed', error: { code: 'budget-exceeded', data: { budget: 'steps', limit: 4 } } });
    // The self-test of doctor works all the same.
    expect((await runIn(limits, steps(2), { unshared: true })).state).toBe('done');
  });

  it('ends where the wall time of all runs is used up, and is not begun afterwards', async () => {
    const limits = { perDay: { wallMs: 300 } };
    const forEver = (scope: RunScope) => new Promise<Json>((_resolve, reject) => { scope.signal.addEventListener('abort', () => reject(scope.signal.reason as Error), { once: true }); });
    const over = { state: 'failed', clean: true, error: { code: 'budget-exceeded', data: { budget: 'wallMs', limit: 300, per: 'day' } } };
    expect(await runIn(limits, forEver)).toMatchObject(over);
    let begun = false;
    expect(await runIn(limits, () => Promise.resolve((begun = true)))).toMatchObject(over);
    expect(begun).toBe(false);
  });
});
