import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processesNaming } from '../../../src/browser/process-search.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { sweep } from '../../../src/run/sweep.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { serve, type Site } from '../../helpers/browser.ts';
import { sampled } from '../../helpers/depth.ts';

const hostDies = ['SIGKILL of the host', 'SIGTERM of the host'] as const;
const browserDies = ['SIGKILL of the browser', 'SIGTERM of the browser'] as const;
const everything = [...hostDies, ...browserDies, 'SIGKILL of the renderers', 'cancel', 'deadline'] as const;

/** Isolation, phase, what happens there. */
const cases: readonly (readonly [string, string, string])[] = [
  ...['SIGKILL of the host', 'SIGTERM of the host', 'SIGKILL of the browser', 'cancel', 'deadline'].map((happens) => ['process', 'launching', happens] as const),
  ...['showing a page', 'navigating', 'busy'].flatMap((phase) => everything.map((happens) => ['process', phase, happens] as const)),
  ...[...hostDies, 'SIGKILL of the browser'].map((happens) => ['process', 'closing', happens] as const),
  ...[...hostDies, ...browserDies].map((happens) => ['ready', 'waiting in the pool', happens] as const),
  ...[...hostDies, 'SIGKILL of the browser', 'cancel'].map((happens) => ['ready', 'showing a page', happens] as const),
  ...['SIGKILL of the host', 'cancel', 'deadline'].map((happens) => ['ready', 'busy', happens] as const),
  ['ready', 'closing', 'SIGKILL of the host'],
  ...[...hostDies, ...browserDies].map((happens) => ['context', 'waiting in the pool', happens] as const),
  ...['SIGKILL of the host', 'cancel'].map((happens) => ['context', 'launching', happens] as const),
  ...everything.map((happens) => ['context', 'showing a page', happens] as const),
  ...['SIGKILL of the host', 'cancel', 'deadline'].map((happens) => ['context', 'navigating', happens] as const),
  ...['SIGKILL of the host', 'SIGKILL of the browser', 'SIGKILL of the renderers', 'cancel', 'deadline'].map((happens) => ['context', 'busy', happens] as const),
  ...[...hostDies, 'SIGKILL of the browser'].map((happens) => ['context', 'closing', happens] as const),
];

/** The same on the whole browser, which is slower: what differs from the shell is its processes. */
const onChromium: typeof cases = [
  ...['SIGKILL of the host', 'SIGKILL of the browser', 'cancel'].map((happens) => ['process', 'launching', happens] as const),
  ...['SIGKILL of the host', 'SIGTERM of the host', 'SIGKILL of the browser', 'SIGKILL of the renderers', 'cancel', 'deadline'].map((happens) => ['process', 'showing a page', happens] as const),
  ...['SIGKILL of the host', 'cancel'].map((happens) => ['process', 'busy', happens] as const),
  ...['SIGKILL of the host', 'cancel'].map((happens) => ['context', 'showing a page', happens] as const),
  ['process', 'closing', 'SIGKILL of the host'],
];

/** The window is loaded anew: its host ends in the middle of ending its runs. */
const reloads: typeof cases = [['process', 'launching'], ['process', 'showing a page'], ['process', 'navigating'], ['process', 'busy'], ['ready', 'waiting in the pool'], ['context', 'showing a page'], ['context', 'busy']]
  .map(([isolation, phase]) => [isolation!, phase!, 'reload of the window'] as const);

const [shell, chromium] = ['/usr/lib/chromium/chromium-headless-shell', '/usr/lib/chromium/chromium'];

let site: Site;
let folder: string;
beforeAll(async () => {
  site = await serve({ '/': '<title>Page</title>', '/slow': () => undefined });
  folder = mkdtempSync(join(tmpdir(), 'kill-'));
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** How the run has to end where the host lives on. */
function stateAfter(phase: string, happens: string): unknown {
  if (phase === 'closing') return 'done';
  if (happens === 'cancel') return 'cancelled';
  return 'failed';
}

describe.each([
  { browser: shell, these: sampled([...cases, ...reloads], 34) },
  { browser: chromium, these: sampled([...onChromium, ...reloads.slice(0, 2)], 6) },
].filter(({ browser }) => existsSync(browser)))('$browser leaves nothing', ({ browser, these }) => {
  it.each(these)('of isolation "%s", %s, at the %s', async (isolation, phase, happens) => {
    // A temporary folder of its own: what is left is looked for there, and in the process list by that name.
    const own = mkdtempSync(join(folder, 'case-'));
    const [temporary, data] = [join(own, 'tmp'), join(own, 'data')];
    mkdirSync(temporary);
    const host = spawn(process.execPath, [join(import.meta.dirname, '../../fixtures/browser/kill-case.ts'), data, isolation, phase, happens, site.origin], {
      stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: temporary, ASSASSIN_BROWSER: browser },
    });
    const said = text(host.stdout);
    const [code, signal] = await once(host, 'exit') as [number | null, string | null];
    if (happens.endsWith('of the host') || happens === 'reload of the window') {
      if (happens === 'reload of the window') expect({ code, signal }).toEqual({ code: 0, signal: null });
      else expect(signal).toBe(happens.split(' ')[0]);
      using store = new RunStore(data);
      const report = await sweep(store, { pid: process.pid, start: (await processStart(process.pid))! });
      expect(report.leases.filter(({ verified }) => !verified)).toEqual([]);
      expect([...store.openLeases(), ...store.hostLeases.list()]).toEqual([]);
    } else {
      expect(code).toBe(0);
      if (phase !== 'waiting in the pool') expect(JSON.parse(await said)).toEqual({ state: stateAfter(phase, happens), clean: true });
      using store = new RunStore(data);
      expect([...store.openLeases(), ...store.hostLeases.list()]).toEqual([]);
    }
    // A helper that watches for crashes is of no group and ends by itself, a moment after the browser.
    await expect.poll(() => processesNaming(temporary), { timeout: 20_000 }).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);

  it.runIf(browser === shell)('in all of at least 40 cases', () => {
    expect(new Set(cases.map((one) => one.join(' '))).size).toBeGreaterThanOrEqual(40);
  });
});
