import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BrowserFactory } from '../../../src/browser/browser-factory.ts';
import { kindOf } from '../../../src/browser/browser-places.ts';
import { attempts, gotos } from '../../fixtures/browser/egress-attempts.ts';
import { browsers, leavesNothing } from '../../helpers/browser.ts';
import { egressListeners, type EgressListeners } from '../../helpers/egress-listeners.ts';
import { OwnBrowser } from '../../helpers/own-browser.ts';
import { withRun, type FinishedRun } from '../../helpers/run.ts';

leavesNothing();

/** What a browser cannot do at all; the other one is the control for it. */
const lacks: Readonly<Record<string, readonly string[]>> = { 'headless-shell': ['pdf', 'preconnect', 'icon'], chromium: [] };

/** Long enough for every attempt where nothing is in its way, on a busy machine. */
const attemptMs = 2500;

/** Of the product's page and of puppeteer's own what is used here. */
interface TriedPage {
  goto(url: string, options: { readonly timeout?: number; readonly waitUntil: 'load' | 'domcontentloaded' }): Promise<unknown>;
  createCDPSession(): Promise<{ send(method: 'Page.getAppManifest'): Promise<unknown>; detach(): Promise<void> }>;
}

async function tryEverything(page: TriedPage, { places }: EgressListeners): Promise<void> {
  await page.goto(`${places.own}/`, { waitUntil: 'domcontentloaded' }).catch(() => undefined);
  await sleep(attemptMs);
  // A page that cannot be shown is what is hoped for.
  for (const url of gotos(places)) {
    await page.goto(url, { timeout: 3000, waitUntil: 'load' }).catch(() => undefined);
    // Makes the browser ask for the manifest now instead of when somebody wants to install the page.
    const client = await page.createCDPSession();
    await client.send('Page.getAppManifest').catch(() => undefined);
    await client.detach();
  }
  await sleep(300);
}

/** As people start it, with nothing of ours: whatever can be reached is reached. */
async function unguarded(executablePath: string, listeners: EgressListeners): Promise<void> {
  const headless = kindOf(executablePath) === 'headless-shell' ? '--headless' : '--headless=new';
  await using own = await OwnBrowser.launchAs({
    executablePath, ignoreDefaultArgs: true,
    args: [headless, '--remote-debugging-pipe', '--no-first-run', '--no-sandbox', '--disable-popup-blocking', '--host-resolver-rules=MAP *.test 127.0.0.1', 'about:blank'],
  });
  await tryEverything(await own.browser.newPage(), listeners);
}

/** In a run that was granted the hostile site, and the names whose DNS lies. */
function guarded(executablePath: string, listeners: EgressListeners): Promise<FinishedRun> {
  const { own, port } = listeners.places;
  const lying = attempts.flatMap(({ host, resolves }) => (host !== undefined && resolves !== undefined ? [[host, resolves] as const] : []));
  const factory = new BrowserFactory({ executablePath, log: () => undefined, resolver: (host) => Promise.resolve(lying.find(([name]) => name === host)?.[1] ?? ['127.0.0.1']) });
  return withRun(['browser', `net ${own}`, ...lying.map(([host]) => `net http://${host}:${port}`)], async (scope) => {
    const { resource } = await factory.lease(scope);
    await tryEverything((await resource.openPage('p1')).page, listeners);
    return null;
  });
}

describe.each(browsers)('%s', (path) => {
  it('reaches with nothing in its way what each attempt leads to, so that silence means something', async () => {
    await using listeners = await egressListeners();
    await unguarded(path, listeners);
    expect(attempts.map(({ name }) => name).filter((name) => !listeners.reached.has(name))).toEqual(lacks[kindOf(path)] ?? []);
  });

  it('reaches with a run in charge nothing of it, and says in the record what it refused and why', async () => {
    await using listeners = await egressListeners();
    const run = await guarded(path, listeners);
    expect([...listeners.reached]).toEqual([]);
    run.result();
    const denied = run.of('decision').filter(({ outcome }) => outcome === 'denied');
    const reasons = new Map(denied.map(({ action, reason }) => [action, reason]));
    const { port } = listeners.places;
    expect(reasons.get(`net http://evil.test:${port}`)).toContain(`Not allowed: net http://evil.test:${port}.`);
    expect(reasons.get(`net http://127.0.0.1:${port}`)).toContain('Not allowed');
    for (const name of ['inside', 'one-of-two', 'mapped', 'ipv6', 'translated', 'zero', 'metadata']) expect(reasons.get(`net http://rebind-${name}.test:${port}`), name).toContain('which is not a public address');
    expect(run.of('meter').find(({ meter }) => meter === 'browser.blocked_requests')!.value).toBeGreaterThan(40);
  });
});

describe('the attempts', () => {
  it('are at least forty, each with a name of its own, and all of them written down', () => {
    const names = attempts.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(40);
    const page = readFileSync(join(import.meta.dirname, '../../../docs/browser.md'), 'utf8');
    expect(page).toContain(`${names.length} ways out`);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
