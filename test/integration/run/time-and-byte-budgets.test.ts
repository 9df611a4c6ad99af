import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { denyAll } from '../../../src/policy/approver.ts';
import { parseGrants } from '../../../src/policy/grant.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { RunManager, type RunOutcome } from '../../../src/run/run-manager.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { SharedLimits } from '../../../src/run/shared-budget.ts';
import type { BudgetLimits, JournalEvent } from '../../../src/shared/events.ts';
import type { Json } from '../../../src/shared/json.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { httpTools } from '../../../src/tools/http-tools.ts';
import { browserToolbox, leavesNothing } from '../../helpers/browser.ts';
import { httpSite, type HttpSite } from '../../helpers/http-site.ts';

let site: HttpSite;
let asked = 0;
let directory: string;
beforeAll(async () => {
  site = await httpSite((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Page</title>${'x'.repeat(40_000)}`);
  });
});
afterAll(() => site[Symbol.asyncDispose]());
beforeEach(() => {
  asked = 0;
  directory = mkdtempSync(join(tmpdir(), 'test-levels-'));
  return () => rmSync(directory, { recursive: true, force: true });
});
leavesNothing();

const levels = ['run', 'day', 'workspace'] as const;
type Level = (typeof levels)[number];
type Kind = 'browserSeconds' | 'egressBytes';

/** A run of its own program, as it were: each opens the store anew and draws from the same limits. */
async function runIn(level: Level, kind: Kind, limit: number, body: (scope: RunScope) => Promise<Json>): Promise<{ readonly outcome: RunOutcome; readonly events: readonly JournalEvent[] }> {
  const limits: SharedLimits = level === 'day' ? { perDay: { [kind]: limit } } : level === 'workspace' ? { perWorkspace: { [kind]: limit } } : {};
  const budget: BudgetLimits = level === 'run' ? { [kind]: limit } : {};
  using store = new RunStore(join(directory, 'data'));
  const host = { pid: process.pid, start: (await processStart(process.pid))! };
  await using runs = new RunManager({ store, redactor: new Redactor(), host, version: '0.0.0', concurrency: 1, shared: { limits, workspace: directory } });
  const grants = parseGrants(['browser', `net ${site.origin}`], directory);
  const handle = runs.start({ kind: 'chain', title: 'Test', source: 'test.ts', workspace: directory, input: null, grants, rules: [], approver: denyAll, budget }, body);
  const outcome = await handle.outcome;
  return { outcome, events: store.events(handle.id, 0, 100_000) };
}

const leases = (events: readonly JournalEvent[], kind: string) => events.filter((event) => event.type === 'lease.created' && event.kind === kind).length;
const request = (scope: RunScope): Promise<Json> => {
  const tools = new ToolRegistry();
  tools.register(...httpTools());
  return tools.call('http.request', { url: site.origin }, scope);
};
const visit = (scope: RunScope): Promise<Json> => browserToolbox().tools(scope)('browser.open', { url: `${site.origin}/` });
const over = (level: Level, kind: Kind, limit: number) => ({ state: 'failed', clean: true, error: { code: 'budget-exceeded', data: { budget: kind, limit, ...(level === 'run' ? {} : { per: level }) } } });

describe.each(levels)('a limit for each %s', (level) => {
  it('of bytes refuses a request before it is sent where nothing is left', async () => {
    expect((await runIn(level, 'egressBytes', 0, request)).outcome).toMatchObject(over(level, 'egressBytes', 0));
    expect(asked).toBe(0);
  });

  it('of bytes refuses a page before it is asked for', async () => {
    const { outcome } = await runIn(level, 'egressBytes', 0, visit);
    expect(outcome.error?.code).toBe('budget-exceeded');
    expect(asked).toBe(0);
  });

  it('of browser-seconds refuses a browser before it is launched where nothing is left', async () => {
    const { outcome, events } = await runIn(level, 'browserSeconds', 0, visit);
    expect(outcome).toMatchObject(over(level, 'browserSeconds', 0));
    expect([leases(events, 'browser'), asked]).toEqual([0, 0]);
  });
});

describe.each(['day', 'workspace'] as const)('what one run has used of a limit for the %s', (level) => {
  it('of bytes is missing to the next, whose request is not sent', async () => {
    const limit = 60_000;
    expect((await runIn(level, 'egressBytes', limit, request)).outcome.state).toBe('done');
    expect((await runIn(level, 'egressBytes', limit, request)).outcome).toMatchObject(over(level, 'egressBytes', limit));
    const before = asked;
    expect((await runIn(level, 'egressBytes', limit, request)).outcome).toMatchObject(over(level, 'egressBytes', limit));
    expect([before, asked]).toEqual([2, 2]);
  });

  it('of browser-seconds ends its browser, and launches none for the next', async () => {
    const limit = 1;
    const held = await runIn(level, 'browserSeconds', limit, async (scope) => {
      const call = browserToolbox().tools(scope);
      // On a busy machine it is over before the page is there, and the first of the two fails.
      await call('browser.open', { url: `${site.origin}/` });
      return call('page.waitFor', { page: 'p1', ms: 60_000 });
    });
    expect(held.outcome).toMatchObject(over(level, 'browserSeconds', limit));
    const before = asked;
    const next = await runIn(level, 'browserSeconds', limit, visit);
    expect(next.outcome).toMatchObject(over(level, 'browserSeconds', limit));
    expect([leases(next.events, 'browser'), asked]).toEqual([0, before]);
  });
});
