import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { groupMembers } from '../../../src/run/process-identity.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { Json } from '../../../src/shared/json.ts';
import { browsers, browserToolbox, leavesNothing, serve, type Handler, type ToolCaller } from '../../helpers/browser.ts';
import { withRun, type FinishedRun, type RunContext, type WithRunOptions } from '../../helpers/run.ts';

leavesNothing();

const pages: Readonly<Record<string, Handler>> = { '/': '<title>Page</title>', '/slow': () => undefined, '/busy': '<script>for (;;);</script>' };
const rejected = (work: Promise<Json>) => work.then(() => { throw new Error('it did not fail'); }, (error: Error) => error);

interface Body {
  (parts: { readonly call: ToolCaller; readonly scope: RunScope; readonly context: RunContext; readonly origin: string }): Promise<Json>;
}

async function run(executablePath: string, body: Body, options: WithRunOptions = {}): Promise<FinishedRun> {
  await using site = await serve(pages);
  const { tools } = browserToolbox({ executablePath });
  return await withRun(['browser', `net ${site.origin}`], (scope, context) => body({ call: tools(scope), scope, context, origin: site.origin }), options);
}

/** The pid that the run recorded for its browser. */
const pidOf = (context: RunContext, scope: RunScope) => context.store.events(scope.id).flatMap((event) => (event.type === 'lease.identified' ? [event.identity.pid] : [])).findLast((pid) => pid !== undefined)!;
const destroyed = (finished: FinishedRun) => finished.of('lease.destroyed').map(({ verified, how }) => ({ verified, how }));
const clean = [{ verified: true, how: expect.stringMatching(/^a connection to 127\.0\.0\.1:\d+ is refused/) }, { verified: true, how: expect.stringMatching(/process list.*ia-b-.* does not exist$/) }];

function program(name: string, text: string): string {
  const path = join(tmpdir(), name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

describe.each(browsers)('%s', (browser) => {
  it('is gone after a run that left its pages open, and the report says how that was seen', async () => {
    const finished = await run(browser, async ({ call, origin }) => {
      await call('browser.open', { url: `${origin}/` });
      await call('browser.open', { url: `${origin}/` });
      return null;
    });
    expect(finished.outcome).toMatchObject({ state: 'done', clean: true });
    expect(destroyed(finished)).toEqual(clean);
    const meters = Object.fromEntries(finished.of('meter').map(({ meter, value }) => [meter, value]));
    expect(meters).toMatchObject({ 'browser.pages': 2, 'browser.wall_ms': expect.any(Number) });
    expect(meters['browser.cpu_ms']).toBeGreaterThan(50);
    expect(meters['browser.memory_bytes']).toBeGreaterThan(50 * 1024 * 1024);
  });

  it.each([0, 40, 120, 300])('is gone where the run is cancelled %i ms into its launch', async (ms) => {
    const finished = await run(browser, async ({ call, origin, context }) => {
      setTimeout(() => context.cancel('enough'), ms);
      await call('browser.open', { url: `${origin}/` });
      return call('page.waitFor', { page: 'p1', ms: 20_000 });
    });
    expect(finished.outcome).toMatchObject({ state: 'cancelled', clean: true });
    expect(destroyed(finished).every(({ verified }) => verified)).toBe(true);
  });

  it.each([['a page that does not answer', '/slow'], ['a page whose script never ends', '/busy']])('is gone where the run is cancelled in %s', async (_name, path) => {
    const finished = await run(browser, async ({ call, origin, context }) => {
      setTimeout(() => context.cancel('enough'), 700);
      return call('browser.open', { url: `${origin}${path}` });
    });
    expect(finished.outcome).toMatchObject({ state: 'cancelled', clean: true, error: { message: 'enough' } });
    expect(destroyed(finished)).toEqual(clean);
  });

  it('that is killed fails whoever waits in it with its end, and a new one opens with new page ids', async () => {
    const finished = await run(browser, async ({ call, origin, scope, context }) => {
      await call('browser.open', { url: `${origin}/` });
      const waiting = rejected(call('page.goto', { page: 'p1', url: `${origin}/slow` }));
      await sleep(200);
      process.kill(pidOf(context, scope), 'SIGKILL');
      expect(await waiting).toMatchObject({ code: 'browser-failed', message: `The browser ${browser} ended by itself (signal SIGKILL).` });
      expect(await rejected(call('page.text', { page: 'p1' }))).toMatchObject({ code: 'browser-failed' });
      expect(await call('browser.open', { url: `${origin}/` })).toMatchObject({ page: 'p2', title: 'Page' });
      return null;
    });
    finished.result();
    expect(destroyed(finished)).toHaveLength(4);
    expect(destroyed(finished).every(({ verified }) => verified)).toBe(true);
  });

  it('that is stopped and answers nobody is gone too', async () => {
    const finished = await run(browser, async ({ call, origin, scope, context }) => {
      await call('browser.open', { url: `${origin}/` });
      process.kill(pidOf(context, scope), 'SIGSTOP');
      return null;
    });
    expect(finished.outcome).toMatchObject({ state: 'done', clean: true });
    expect(destroyed(finished)).toEqual(clean);
  });
});

describe('a throwaway browser', () => {
  it('fails only the page whose process crashed', async () => {
    const finished = await run(browsers[0]!, async ({ call, origin, scope, context }) => {
      await call('browser.open', { url: `${origin}/` });
      const renderers = (await groupMembers(pidOf(context, scope))).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer'));
      for (const pid of renderers) process.kill(pid, 'SIGKILL');
      await sleep(300);
      expect(await rejected(call('page.text', { page: 'p1' }))).toMatchObject({ code: 'page-failed', message: 'The page p1 crashed.' });
      return call('browser.open', { url: `${origin}/` });
    });
    expect(finished.result()).toMatchObject({ page: 'p2' });
  });

  it('is taken away when its seconds are used up', async () => {
    const finished = await run(browsers[0]!, async ({ call, origin }) => {
      await call('browser.open', { url: `${origin}/` });
      return call('page.waitFor', { page: 'p1', ms: 20_000 });
    }, { budget: { browserSeconds: 1.5 } });
    expect(finished.outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'budget-exceeded', data: { budget: 'browserSeconds', limit: 1.5 } } });
  });

  it('is not started at all where no browser-seconds are left', async () => {
    const finished = await run(browsers[0]!, ({ call, origin }) => call('browser.open', { url: `${origin}/` }), { budget: { browserSeconds: 0 } });
    expect(finished.outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'budget-exceeded' } });
  });

  it('is one of its run: two runs at once do not see each other, and the end of one leaves the other', async () => {
    await using site = await serve({ '/': (request, response) => void response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'seen=yes' }).end(`<p>${request.headers.cookie ?? 'no cookie'}</p>`) });
    const { tools } = browserToolbox();
    const grants = ['browser', `net ${site.origin}`];
    const first = Promise.withResolvers<void>();
    const one = withRun(grants, async (scope) => {
      await tools(scope)('browser.open', { url: site.origin });
      await first.promise;
      await tools(scope)('page.goto', { page: 'p1', url: site.origin });
      return tools(scope)('page.text', { page: 'p1' });
    });
    const two = await withRun(grants, async (scope) => {
      await tools(scope)('browser.open', { url: site.origin });
      return tools(scope)('page.text', { page: 'p1' });
    });
    first.resolve();
    expect(two.result()).toBe('no cookie');
    expect((await one).result()).toBe('seen=yes');
  });

  it('can be destroyed again and again with the same answer', async () => {
    await using site = await serve(pages);
    const { factory } = browserToolbox();
    const finished = await withRun(['browser', `net ${site.origin}`], async (scope) => {
      const lease = await factory.lease(scope);
      const [first, second, third] = [await lease.release(), await lease.release(), await lease.resource.destroy()];
      expect(first).toEqual(second);
      expect(first).toEqual(third);
      return null;
    });
    expect(finished.outcome).toMatchObject({ state: 'done', clean: true });
    expect(finished.of('lease.destroyed')).toHaveLength(2);
  });
});

describe('a browser that does not work', () => {
  it('is named with what it said last, where it ends at once', async () => {
    const path = program('ends-at-once', '#!/bin/sh\necho "no display here" >&2\nexit 7\n');
    const finished = await run(path, ({ call, origin }) => call('browser.open', { url: `${origin}/` }));
    expect(finished.outcome).toMatchObject({
      state: 'failed', clean: true, error: { code: 'browser-failed', message: `The browser ${path} ended by itself (exit code 7).`, data: { lastWords: ['no display here'] } },
    });
  });

  it.each([['no program of this machine', 'garbage', '\u007fELF nothing'], ['a script without its interpreter', 'orphan', '#!/no/such/interpreter\n']])('fails clearly where it is %s', async (_name, file, text) => {
    const finished = await run(program(file, text), ({ call, origin }) => call('browser.open', { url: `${origin}/` }));
    expect(finished.outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'browser-failed' } });
  });

  it('that never answers and ignores being asked is gone with everything it started', async () => {
    const path = program('mute', '#!/bin/sh\ntrap "" TERM HUP\nsleep 600 &\nwhile :; do sleep 1; done\n');
    const finished = await run(path, ({ call, origin }) => call('browser.open', { url: `${origin}/` }), { budget: { browserSeconds: 0.5 } });
    expect(finished.outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'budget-exceeded' } });
    expect(destroyed(finished)).toEqual(clean);
  });

  it('that is not there is an error which names the setting', async () => {
    const path = join(tmpdir(), 'missing');
    const finished = await run(path, ({ call, origin }) => call('browser.open', { url: `${origin}/` }));
    expect(finished.outcome.error).toMatchObject({ code: 'browser-not-found', message: expect.stringContaining('infrastructureAssassin.browser.path') });
    expect(existsSync(path)).toBe(false);
  });
});
