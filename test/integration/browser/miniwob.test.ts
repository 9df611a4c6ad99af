import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainTest } from '../../helpers/chains.ts';
import { browsers, serve } from '../../helpers/browser.ts';
import { buildSandboxFiles } from '../../helpers/sandbox.ts';

const folder = join(import.meta.dirname, '../../fixtures/miniwob');
const pages = readdirSync(folder).filter((name) => name.endsWith('.html'));
/** Parts of other pages, which are not solved by themselves. */
const parts = ['other-site', 'popup-child'];
const names = pages.map((name) => name.slice(0, -'.html'.length)).filter((name) => !parts.includes(name));

describe('small pages of their own making, solved with page tools alone in one browser', () => {
  let states: Readonly<Record<string, unknown>> = {};
  let leases: readonly string[] = [];
  const ending = new AsyncDisposableStack();

  beforeAll(async () => {
    const files = Object.fromEntries(['chains/miniwob.ts', 'lib/solvers.ts'].map((name) => [`.assassin/${name}`, readFileSync(join(folder, '.assassin', name), 'utf8')]));
    const site = ending.use(await serve(Object.fromEntries(pages.map((name) => [`/${name}`, readFileSync(join(folder, name), 'utf8')]))));
    const sandbox = ending.use(await buildSandboxFiles());
    const test = ending.use(await chainTest(sandbox, files, { settings: { browserPath: browsers[0]! } }));
    // By its port, because a run that has read a page needs a narrow grant for the next host.
    const run = await test.run('miniwob', { origin: site.origin }, { grants: [`net http://localhost:${site.port}`] });
    expect(run.outcome.error).toBeUndefined();
    expect(run.outcome.clean).toBe(true);
    states = run.outcome.result as typeof states;
    leases = run.of('lease.created').map(({ kind }) => kind).filter((kind) => kind === 'browser');
  }, 240_000);
  afterAll(() => ending[Symbol.asyncDispose]());

  it('are at least thirty, each with a solver, in one browser', () => {
    expect(names.length).toBeGreaterThanOrEqual(30);
    expect(Object.keys(states).sort()).toEqual([...names].sort());
    expect(leases).toEqual(['browser']);
  });

  it.each(names)('%s', (name) => {
    expect(states[name]).toBe('yes');
  });
});
