import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BrowserFactory } from '../../../src/browser/browser-factory.ts';
import { BrowserGuard } from '../../../src/browser/browser-guard.ts';
import { testForLeaks } from '../../../src/browser/browser-leak-test.ts';
import { kindOf } from '../../../src/browser/browser-places.ts';
import type { FoundBrowser } from '../../../src/browser/discovery.ts';
import { HostLeases } from '../../../src/run/host-leases.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { browsers, leavesNothing } from '../../helpers/browser.ts';
import { withRun } from '../../helpers/run.ts';

leavesNothing();

const log = () => undefined;
const found = (path: string): FoundBrowser => ({ path, kind: kindOf(path), from: 'test' });

/** Does `body` with what a program would have to test browsers with. */
async function withLeases(body: (leases: HostLeases, store: RunStore) => Promise<unknown>): Promise<void> {
  const run = await withRun([], async (_scope, { store }) => {
    const host = { pid: process.pid, start: (await processStart(process.pid))! };
    await body(new HostLeases({ store, host, log }), store);
    expect(store.hostLeases.list()).toEqual([]);
    return null;
  });
  run.result();
}

describe.each(browsers)('the self-test for leaks of %s', (path) => {
  it('finds none with the flags that runs give it', () => withLeases(async (leases) => {
    expect(await testForLeaks({ browser: found(path), leases, log })).toMatchObject({ leaks: [], version: expect.stringMatching(/\d+\.\d+/) });
  }));

  it('finds what gets past the proxy where a flag against it is missing', () => withLeases(async (leases) => {
    const without = (...flags: readonly string[]) => testForLeaks({ browser: found(path), leases, log, without: flags });
    expect((await without('--webrtc-ip-handling-policy', '--force-webrtc-ip-handling-policy')).leaks).toEqual(['stun']);
    expect((await without('--proxy-bypass-list')).leaks).toEqual(expect.arrayContaining(['fetch', 'loopback', 'service-worker', 'shared-worker', 'web-socket', 'prefetch', 'beacon']));
    expect((await without('--proxy-server', '--proxy-bypass-list', '--host-resolver-rules', '--disable-quic')).leaks).toEqual(expect.arrayContaining(['fetch', 'quic', 'prerender']));
  }));
});

describe('a browser that leaks', () => {
  const browser = found(browsers[0]!);
  const leaky = ['--webrtc-ip-handling-policy', '--force-webrtc-ip-handling-policy'];

  it('is refused to every run, with the leaks, until the person allows it', async () => {
    for (const allowLeaks of [false, true]) {
      const run = await withRun(['browser'], async (scope, { store }) => {
        const host = { pid: process.pid, start: (await processStart(process.pid))! };
        const guard = new BrowserGuard({ leases: new HostLeases({ store, host, log }), checks: store.browserChecks, log, without: leaky, allowLeaks });
        const factory = new BrowserFactory({ executablePath: browser.path, log, guard });
        await factory.lease(scope);
        return null;
      });
      if (allowLeaks) {
        run.result();
        expect(run.of('run.log').map(({ level, message }) => `${level}: ${message}`)).toContainEqual(expect.stringMatching(/^warn: .* gets past the egress proxy: stun\. It is used because the settings allow it/));
      } else {
        expect(run.outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining('gets past the egress proxy: stun'), hint: expect.stringContaining('infrastructureAssassin.browser.allowLeaks'), data: { leaks: ['stun'] } });
        expect(run.of('lease.created')).toEqual([]);
      }
    }
  });

  it('is tested once, by however many runs it is wanted, and again when the program or its flags have changed', () => withLeases(async (leases, store) => {
    const folder = mkdtempSync(join(tmpdir(), 'copy-'));
    try {
      const guard = (without: readonly string[] = []) => new BrowserGuard({ leases, checks: store.browserChecks, log, without });
      const first = guard();
      expect(first.known(browser)).toBeUndefined();
      await Promise.all([first.check(browser), first.check(browser), first.check(browser)]);
      const known = guard().known(browser)!;
      expect(known).toMatchObject({ leaks: [], path: browser.path });
      await guard().check(browser);
      expect(guard().known(browser)).toEqual(known);
      expect(guard(['--disable-quic']).known(browser)).toBeUndefined();
      // Another program at another place is another program, even with the same bytes.
      const copy = join(folder, 'chrome-headless-shell');
      copyFileSync('/bin/true', copy);
      expect(guard().known(found(copy))).toBeUndefined();
      await expect(guard().check(found(copy))).rejects.toMatchObject({ code: 'browser-failed' });
      expect(guard().known(found(copy))).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }));
});
