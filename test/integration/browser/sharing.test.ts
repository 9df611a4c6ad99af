import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BrowserFactory } from '../../../src/browser/browser-factory.ts';
import { defaultPool, type BrowserPoolOptions } from '../../../src/browser/browser-pool.ts';
import type { BrowserSession } from '../../../src/browser/browser-session.ts';
import { denyAll } from '../../../src/policy/approver.ts';
import { parseGrants } from '../../../src/policy/grant.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { HostLeases } from '../../../src/run/host-leases.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { RunManager, type RunOutcome } from '../../../src/run/run-manager.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { Json } from '../../../src/shared/json.ts';
import { leavesNothing, serve, trap } from '../../helpers/browser.ts';
import { withRun, type RunContext } from '../../helpers/run.ts';

leavesNothing();

const host = { pid: process.pid, start: (await processStart(process.pid))! };
const log = () => undefined;

function factoryIn({ store }: RunContext, pool: Partial<BrowserPoolOptions> = {}, isolation: 'process' | 'context' = 'context'): BrowserFactory {
  return new BrowserFactory({ log, isolation, pool: { ...defaultPool, ...pool, leases: new HostLeases({ store, host, log }) } });
}

/** Runs of one program, in which a run of the outer one keeps the store. */
async function inOneProgram(body: (context: RunContext, run: (grants: readonly string[], work: (scope: RunScope) => Promise<Json>) => Promise<RunOutcome>) => Promise<void>): Promise<void> {
  (await withRun([], async (_scope, context) => {
    await using runs = new RunManager({ store: context.store, host, redactor: new Redactor(), version: '0.0.0', concurrency: 8 });
    await body(context, (grants, work) => runs.start({ kind: 'chain', title: 'Run', source: 'run.ts', workspace: context.workspace, input: null, grants: parseGrants(grants, context.workspace), rules: [], approver: denyAll }, work).outcome);
    return null;
  })).result();
}

const open = async (session: BrowserSession, id: string, url: string) => {
  const page = await session.openPage(id);
  await page.goto(url, 'load', 20_000);
  return page;
};
const said = (page: Awaited<ReturnType<typeof open>>) => page.ask('its text', (world) => world.call(() => document.body.textContent ?? ''));

describe('two runs in one browser process', () => {
  it('cannot use each other\'s grants, cookies or proxies', async () => {
    await using one = await serve({ '/': (request, response) => void response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'seen=one; path=/' }).end(`<p>${request.headers.cookie ?? 'no cookie'}</p>`) });
    await using two = await serve({ '/': '<p>second site</p>' });
    await using forbidden = await trap();
    await inOneProgram(async (context, run) => {
      await using factory = factoryIn(context);
      const both = Promise.withResolvers<void>();
      const first = run(['browser', `net ${one.origin}`], async (scope) => {
        const { resource } = await factory.lease(scope);
        const page = await open(resource, 'p1', one.origin);
        await both.promise;
        // The other run may go there; this one may not, in whatever way it tries.
        await expect(open(resource, 'p2', two.origin)).rejects.toMatchObject({ code: 'egress-denied' });
        const fetched = await page.ask('a request', (world) => world.call((address) => fetch(address, { mode: 'no-cors' }).then(() => 'reached', () => 'refused'), `http://127.0.0.1:${forbidden.port}/`));
        return { again: await said(await open(resource, 'p3', one.origin)), fetched };
      });
      const second = run(['browser', `net ${two.origin}`, `net ${one.origin}`], async (scope) => {
        const { resource } = await factory.lease(scope);
        expect(factory.pool?.state).toMatchObject({ shared: 1, contexts: 2 });
        const text = await said(await open(resource, 'p1', two.origin));
        const cookie = await said(await open(resource, 'p2', one.origin));
        both.resolve();
        await first;
        return { text, cookie };
      });
      expect(await first).toMatchObject({ state: 'done', clean: true });
      expect(await second).toMatchObject({ state: 'done', clean: true });
      expect(two.requests).toEqual(['GET /', ...two.requests.slice(1).filter((line) => line.endsWith('favicon.ico'))]);
      expect(forbidden.reached).toEqual([]);
    });
  });

  it('reach nothing through the port of the other\'s proxy', async () => {
    await using site = await serve({ '/': '<p>site</p>' });
    await inOneProgram(async (context, run) => {
      await using factory = factoryIn(context);
      const port = Promise.withResolvers<number>();
      const tried = Promise.withResolvers<void>();
      const holder = run(['browser', `net ${site.origin}`], async (scope) => {
        const { resource } = await factory.lease(scope);
        await open(resource, 'p1', site.origin);
        port.resolve(context.store.events(scope.id).flatMap((event) => (event.type === 'lease.identified' && event.identity.port !== undefined ? [event.identity.port] : [])).at(-1)!);
        await tried.promise;
        return null;
      });
      const thief = await run(['browser'], async (scope) => {
        const { resource } = await factory.lease(scope);
        await expect(open(resource, 'p1', `http://127.0.0.1:${await port.promise}/`)).rejects.toMatchObject({ code: 'egress-denied' });
        return null;
      });
      tried.resolve();
      expect(thief).toMatchObject({ state: 'done', clean: true });
      expect(await holder).toMatchObject({ state: 'done', clean: true });
    });
  });

  it('end apart: the context of one is gone while the other goes on', async () => {
    await using site = await serve({ '/': '<p>site</p>' });
    await inOneProgram(async (context, run) => {
      await using factory = factoryIn(context);
      const ended = Promise.withResolvers<void>();
      const long = run(['browser', `net ${site.origin}`], async (scope) => {
        const { resource } = await factory.lease(scope);
        const page = await open(resource, 'p1', site.origin);
        await ended.promise;
        return said(page);
      });
      const short = await run(['browser', `net ${site.origin}`], async (scope) => {
        await open((await factory.lease(scope)).resource, 'p1', site.origin);
        return scope.id;
      });
      ended.resolve();
      expect(await long).toMatchObject({ state: 'done', clean: true });
      const gone = context.store.runs({ workspace: context.workspace, limit: 10 }).items.flatMap(({ id }) => context.store.events(id).flatMap((event) => (event.type === 'lease.destroyed' ? [event] : [])));
      expect(short).toMatchObject({ state: 'done', clean: true });
      expect(gone.filter(({ how }) => how.startsWith('the browser knows neither the context'))).toHaveLength(2);
    });
  });
});

describe('the pool', () => {
  it('gives a run a browser of its own that waited, and the record of it goes over to the run', async () => {
    await using site = await serve({ '/': '<p>site</p>' });
    await inOneProgram(async (context, run) => {
      await using factory = factoryIn(context, { keepReady: 'auto' }, 'process');
      await factory.pool!.fill();
      const [waiting] = context.store.hostLeases.list();
      expect(waiting).toMatchObject({ kind: 'browser', identity: { pid: expect.any(Number), path: expect.stringContaining('ia-b-') } });
      const outcome = await run(['browser', `net ${site.origin}`], async (scope) => {
        const { resource } = await factory.lease(scope);
        expect(context.store.hostLeases.list()).toEqual([]);
        expect(context.store.openLeases().find(({ run, kind }) => run === scope.id && kind === 'browser')?.identity).toEqual(waiting!.identity);
        return said(await open(resource, 'p1', site.origin));
      });
      expect(outcome).toMatchObject({ state: 'done', clean: true });
    });
  });

  it('lets a browser that waits reach nothing', async () => {
    await using forbidden = await trap();
    await inOneProgram(async (context) => {
      await using factory = factoryIn(context, { keepReady: 'auto' }, 'process');
      await factory.pool!.fill();
      const ready = factory.pool!.take()!;
      const page = await ready.driven.browser.newPage();
      await expect(page.goto(`http://127.0.0.1:${forbidden.port}/`)).rejects.toThrow('ERR_');
      const inContext = await ready.prepared.newPage();
      await expect(inContext.goto(`http://127.0.0.1:${forbidden.port}/`)).rejects.toThrow('ERR_');
      await ready.discard();
      await ready.prepared.door?.close();
      expect(forbidden.reached).toEqual([]);
    });
  });

  it('ends by itself when nobody came, and is not filled before a run had a browser', async () => {
    await inOneProgram(async (context) => {
      await using factory = factoryIn(context, { keepReady: 'auto', idleMs: 300 }, 'process');
      expect(factory.pool!.state.ready).toBe(0);
      await factory.pool!.fill();
      expect(factory.pool!.state.ready).toBe(1);
      factory.pool!.used();
      await expect.poll(() => factory.pool!.state.ready, { timeout: 5000 }).toBe(0);
      await expect.poll(() => context.store.hostLeases.list(), { timeout: 5000 }).toEqual([]);
    });
  });

  it('serves nobody new from a process that has served enough, or is too old', async () => {
    await inOneProgram(async (context) => {
      await using factory = factoryIn(context, { keepReady: 'auto', maxUses: 2 });
      const first = await factory.pool!.share();
      const second = await factory.pool!.share();
      expect(factory.pool!.state).toMatchObject({ shared: 1, contexts: 2 });
      const third = await factory.pool!.share();
      expect(factory.pool!.state).toMatchObject({ shared: 2, contexts: 3 });
      for (const { place } of [first, second, third]) expect(await place.destroy()).toMatchObject({ verified: true });
      await expect.poll(() => factory.pool!.state.shared, { timeout: 5000 }).toBe(1);
      await using old = factoryIn(context, { keepReady: 'auto', maxAgeMs: 1 }, 'process');
      await old.pool!.fill();
      await sleep(5);
      expect(old.pool!.take()).toBeUndefined();
    });
  });

  it('ends, and lets whoever waited go on, while a context is being made', async () => {
    const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    const before = servers();
    await inOneProgram(async (context) => {
      for (const happens of ['the program ends', 'the browser is killed']) {
        const factory = factoryIn(context, { keepReady: 'auto' });
        const sharing = factory.pool!.share().then(({ place }) => place.destroy(), (error: unknown) => error);
        await expect.poll(() => factory.pool!.state.shared, { timeout: 15_000, interval: 1 }).toBe(1);
        if (happens === 'the browser is killed') process.kill(context.store.hostLeases.list()[0]!.identity.pid!, 'SIGKILL');
        else await factory[Symbol.asyncDispose]();
        // The library itself would wait for half a minute: longer than this test may take.
        await sharing;
        await factory[Symbol.asyncDispose]();
        expect(context.store.hostLeases.list(), happens).toEqual([]);
      }
    });
    expect(servers()).toBe(before);
  }, 25_000);

  it('takes a browser that died while it waited off its list and off the record', async () => {
    await inOneProgram(async (context) => {
      await using factory = factoryIn(context, { keepReady: 'auto' }, 'process');
      await factory.pool!.fill();
      process.kill(context.store.hostLeases.list()[0]!.identity.pid!, 'SIGKILL');
      await expect.poll(() => factory.pool!.state.ready, { timeout: 5000 }).toBe(0);
      await expect.poll(() => context.store.hostLeases.list(), { timeout: 5000 }).toEqual([]);
    });
  });
});
