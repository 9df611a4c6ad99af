import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserFactory } from '../../../src/browser/browser-factory.ts';
import { parseEndpoint } from '../../../src/browser/remote-endpoint.ts';
import { browsers, serve } from '../../helpers/browser.ts';
import { withRun } from '../../helpers/run.ts';

let chromium: ChildProcess;
let profile: string;
let port: number;

beforeAll(async () => {
  profile = mkdtempSync(join(tmpdir(), 'remote-browser-'));
  chromium = spawn(browsers[0]!, ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--no-sandbox', '--disable-gpu', 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface({ input: chromium.stderr! })) {
    const found = /^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (found === undefined) continue;
    port = Number(found);
    break;
  }
  chromium.stderr!.resume();
}, 30_000);

afterAll(async () => {
  chromium.kill('SIGKILL');
  if (chromium.exitCode === null && chromium.signalCode === null) await once(chromium, 'exit');
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

const factory = () => new BrowserFactory({ log: () => undefined });
const targets = async () => ((await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as readonly { readonly url: string }[]).map(({ url }) => url);

describe('a browser that runs elsewhere', () => {
  it('shows pages in a context of the run, which goes with it, and is itself left as it was', async () => {
    await using site = await serve({ '/': '<title>There</title>' });
    const before = await targets();
    const finished = await withRun([`browser ws://127.0.0.1:${port}`, `net ${site.origin}`], async (scope) => {
      const { resource } = await factory().leaseRemote(scope, parseEndpoint(`http://127.0.0.1:${port}`));
      const page = await resource.openPage('p1');
      const { title } = await page.goto(`${site.origin}/`, 'load', 20_000);
      expect(await targets()).toContain(`${site.origin}/`);
      return title;
    });
    expect(finished.result()).toBe('There');
    expect(finished.of('lease.destroyed').map(({ verified, how }) => ({ verified, how }))).toEqual([{ verified: true, how: expect.stringMatching(/knows neither the context .* the browser itself was left as it was$/) }]);
    expect(await targets()).toEqual(before);
    expect(chromium.exitCode).toBeNull();
  });

  it('is said to be out of reach of what is enforced here', async () => {
    const finished = await withRun([`browser ws://127.0.0.1:${port}`], async (scope) => {
      await factory().leaseRemote(scope, parseEndpoint(`http://127.0.0.1:${port}`));
      return null;
    });
    expect(finished.of('run.log').map(({ level, message }) => `${level}: ${message}`)).toEqual([expect.stringMatching(/^warn: .*cannot be seen or prevented from here\.$/)]);
  });

  it('needs a grant of its own: that for throwaway browsers is not enough', async () => {
    const finished = await withRun(['browser'], async (scope) => {
      await factory().leaseRemote(scope, parseEndpoint(`ws://127.0.0.1:${port}/devtools/browser/x`));
      return null;
    });
    expect(finished.outcome).toMatchObject({ state: 'failed', error: { code: 'denied' } });
  });

  it('that does not answer is an error which names host and port, not the key', async () => {
    const finished = await withRun(['browser ws://127.0.0.1:9'], async (scope) => {
      await factory().leaseRemote(scope, parseEndpoint('http://127.0.0.1:9/?token=geheim'));
      return null;
    });
    expect(finished.outcome).toMatchObject({ state: 'failed', clean: true, error: { code: 'browser-failed', message: expect.stringContaining('ws://127.0.0.1:9') } });
    expect(JSON.stringify(finished.events)).not.toContain('geheim');
  });

  it.each(['127.0.0.1:9222', 'ftp://browsers.example', ''])('is not named by "%s"', (text) => {
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});
