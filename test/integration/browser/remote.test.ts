import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserFactory } from '../../../src/browser/browser-factory.ts';
import { parseEndpoint, socketAddress } from '../../../src/browser/remote-endpoint.ts';
import { SocketTransport } from '../../../src/browser/socket-transport.ts';
import { browsers, browserToolbox, serve } from '../../helpers/browser.ts';
import { BrowserFolder } from '../../helpers/own-browser.ts';
import { withRun } from '../../helpers/run.ts';

let chromium: ChildProcess;
let folder: BrowserFolder;
let port: number;

/** One that is driven over a port, as those are that run elsewhere. */
async function remoteBrowser({ profile, env }: BrowserFolder): Promise<{ readonly chromium: ChildProcess; readonly port: number }> {
  const started = spawn(browsers[0]!, ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--no-sandbox', '--disable-gpu', 'about:blank'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface({ input: started.stderr })) {
    const found = /^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (found === undefined) continue;
    started.stderr.resume();
    return { chromium: started, port: Number(found) };
  }
  throw new Error('The browser ended before it told its port.');
}

beforeAll(async () => {
  folder = new BrowserFolder();
  ({ chromium, port } = await remoteBrowser(folder));
}, 30_000);

afterAll(async () => {
  chromium.kill('SIGKILL');
  if (chromium.exitCode === null && chromium.signalCode === null) await once(chromium, 'exit');
  folder[Symbol.dispose]();
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

  it('has all the tools that a browser here has', async () => {
    await using site = await serve({ '/': '<title>Form</title><h1>Form</h1><input id="i"><button onclick="document.title = i.value">Go</button><a href="/next">Next</a>', '/next': 'arrived' });
    const remote = `http://127.0.0.1:${port}`;
    const run = await withRun([`browser ws://127.0.0.1:${port}`, `net ${site.origin}`], async (scope) => {
      const call = browserToolbox().tools(scope);
      const opened = await call('browser.open', { url: `${site.origin}/`, remote });
      await call('page.type', { page: 'p1', selector: '#i', text: 'typed' });
      await call('page.click', { page: 'p1', selector: 'role=button "Go"' });
      const title = await call('page.evaluate', { page: 'p1', expression: 'document.title' });
      const snapshot = await call('page.snapshot', { page: 'p1' });
      const [picture, pdf, har] = [await call('page.screenshot', { page: 'p1' }), await call('page.pdf', { page: 'p1' }), await call('page.har', { page: 'p1' })];
      await call('page.click', { page: 'p1', selector: 'text=Next' });
      await call('page.waitFor', { page: 'p1', text: 'arrived' });
      return { opened, title, snapshot, picture, pdf, har, text: await call('page.text', { page: 'p1' }), extracted: await call('page.extract', { page: 'p1', shape: { all: 'body' } }) };
    });
    expect(run.result()).toMatchObject({
      opened: { page: 'p1', status: 200, title: 'Form' }, title: 'typed', snapshot: expect.stringContaining('button "Go"'), picture: { mediaType: 'image/png', width: 1280 },
      pdf: { mediaType: 'application/pdf' }, har: { mediaType: 'application/json' }, text: 'arrived', extracted: { all: 'arrived' },
    });
    expect(run.outcome.clean).toBe(true);
  }, 60_000);

  it('destroys the context of a host that was killed', async () => {
    await using site = await serve({ '/': '<title>Killed</title>' });
    const before = await targets();
    const directory = mkdtempSync(join(tmpdir(), 'store-'));
    try {
      const host = spawn(process.execPath, [join(import.meta.dirname, '../../fixtures/browser/killed-remote-host.ts'), directory, `http://127.0.0.1:${port}`, `${site.origin}/`], { stdio: ['ignore', 'inherit', 'inherit'] });
      expect(await once(host, 'exit')).toEqual([null, 'SIGKILL']);
      expect(site.requests).toContain('GET /');
      await expect.poll(targets, { timeout: 5000 }).toEqual(before);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 60_000);

  it('that ends in the middle of a run is told as that, and the run is not clean: nobody can look any more', async () => {
    using own = new BrowserFolder();
    const other = await remoteBrowser(own);
    try {
      const run = await withRun([`browser ws://127.0.0.1:${other.port}`, 'net http://127.0.0.1:9'], async (scope) => {
        const { resource } = await factory().leaseRemote(scope, parseEndpoint(`http://127.0.0.1:${other.port}`));
        const page = await resource.openPage('p1');
        const evaluated = page.ask('a look', (world) => world.evaluate('new Promise(() => {})'));
        other.chromium.kill('SIGKILL');
        await evaluated;
        return null;
      });
      expect(run.outcome).toMatchObject({ state: 'failed', clean: false });
      expect(JSON.stringify(run.of('lease.destroyed'))).toContain('broke before the context was seen to be gone');
      expect(run.outcome.error).toMatchObject({ code: expect.stringMatching(/^(browser-failed|leftover)$/), message: expect.stringContaining(`ws://127.0.0.1:${other.port}`) });
    } finally {
      if (other.chromium.exitCode === null && other.chromium.signalCode === null) await once(other.chromium, 'exit');
    }
  }, 60_000);

  it('is reached with user and password of its address, and not where it sends us elsewhere', async () => {
    const asked: (string | undefined)[] = [];
    await using site = await serve({
      '/json/version': (request, response) => {
        asked.push(request.headers.authorization);
        response.end(JSON.stringify({ webSocketDebuggerUrl: 'ws://inside/devtools' }));
      },
    });
    const address = new URL(site.origin);
    [address.username, address.password] = ['ada', 'p@ss'];
    const endpoint = parseEndpoint(address.href);
    expect(await socketAddress(endpoint, AbortSignal.timeout(5000))).toBe(`ws://${address.host}/devtools`);
    expect(asked).toEqual([`Basic ${Buffer.from('ada:p@ss').toString('base64')}`]);
    await using elsewhere = await serve({ '/': (_request, response) => void response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end() });
    await expect(SocketTransport.open(elsewhere.origin.replace('http', 'ws'), {})).rejects.toThrow();
  });
});
