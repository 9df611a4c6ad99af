import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BrowserFactory } from '../../../src/browser/browser-factory.ts';
import { browserTools } from '../../../src/tools/browser-tools.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { person } from '../../helpers/approval.ts';
import { browsers, leavesNothing, serve } from '../../helpers/browser.ts';
import { withRun, type FinishedRun } from '../../helpers/run.ts';
import type { Json } from '../../../src/shared/json.ts';

leavesNothing();
const axe = pathToFileURL(join(import.meta.dirname, '../../../node_modules/axe-core/axe.min.js'));
const good = '<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><main><h1>Shop</h1><label>Name <input id="n"></label><button id="b">Go</button><p id="o"></p></main><script>b.onclick = () => { o.textContent = "Hello " + n.value; }</script>';

function verifying(grants: readonly string[], tool: string, input: (workspace: string) => object): Promise<FinishedRun> {
  const registry = new ToolRegistry();
  registry.register(...browserTools(new BrowserFactory({ executablePath: browsers[0]!, log: () => undefined }), { axe }));
  return withRun(['browser', ...grants], (scope, { workspace }) => registry.call(tool, JSON.parse(JSON.stringify(input(workspace))) as Json, scope));
}

/** One that nobody listens on, below those that systems give to whoever asks for any: no other test comes to have it meanwhile. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

describe('checking a page', () => {
  it('goes through its steps, keeps pictures and passes where nothing is wrong', async () => {
    await using site = await serve({ '/': good });
    const run = await verifying([`net ${site.origin}`], 'browser.verify', () => ({ url: `${site.origin}/`, checks: [{ title: 'Shop' }, { fill: '#n', value: 'Ada' }, { click: 'text=Go', screenshot: true }, { text: 'Hello Ada' }] }));
    const result = run.result() as { passed: boolean; steps: { name: string; passed: boolean }[]; screenshots: { name: string; mediaType: string }[] };
    expect(result).toMatchObject({ passed: true, console: [], network: [], accessibility: [] });
    expect(result.steps.map(({ passed }) => passed)).toEqual([true, true, true, true, true]);
    expect(result.screenshots.map(({ name, mediaType }) => [name, mediaType])).toEqual([['Click text=Go', 'image/png'], ['The page', 'image/png']]);
    expect(run.outcome.clean).toBe(true);
  });

  it('fails for what is logged, missing or unreadable for some people, and says where', async () => {
    await using site = await serve({ '/': '<!doctype html><html><title>x</title><img src="/missing.png"><script>console.error("bad thing"); setTimeout(() => nothing.here)</script>' });
    const run = await verifying([`net ${site.origin}`], 'browser.verify', () => ({ url: `${site.origin}/`, checks: [{ text: 'never', name: 'Says never' }, { click: 'button' }], timeoutMs: 400 }));
    const result = run.result() as { accessibility: { rule: string; elements: string[] }[]; console: { text: string }[] };
    expect(result).toMatchObject({ passed: false, network: [{ status: 404, url: `${site.origin}/missing.png` }] });
    expect(result.console.map(({ text }) => text).join()).toMatch(/bad thing.*nothing is not defined|nothing is not defined.*bad thing/s);
    expect(result.accessibility.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['html-has-lang', 'image-alt']));
    expect((run.result() as { steps: Json[] }).steps.slice(1)).toMatchObject([{ name: 'Says never', passed: false, problem: expect.stringContaining('did not appear') }, { passed: false, problem: 'Not tried: a step before it failed.' }]);
  });

  it('starts a server that prints its address, checks what it serves, and ends it', async () => {
    const source = `require('node:http').createServer((q, s) => s.setHeader('content-type', 'text/html').end(${JSON.stringify(good)})).listen(0, '127.0.0.1', function () { console.log('  Local:   http://127.0.0.1:' + this.address().port + '/'); });`;
    const run = await verifying(['exec node server.cjs', 'net http://127.0.0.1:*'], 'browser.verifyServer', (workspace) => {
      writeFileSync(join(workspace, 'server.cjs'), source);
      return { argv: ['node', 'server.cjs'], checks: [{ text: 'Shop' }] };
    });
    const { url, passed } = run.result() as { url: string; passed: boolean };
    expect(passed).toBe(true);
    expect(run.of('lease.destroyed').map(({ verified }) => verified)).toEqual(run.of('lease.created').map(() => true));
    expect(run.of('lease.created').map(({ kind }) => kind)).toContain('process');
    // Somebody else can have the port again.
    const { port } = new URL(url);
    const taken = createServer();
    await new Promise<void>((resolve, reject) => taken.once('error', reject).listen(Number(port), '127.0.0.1', resolve));
    expect((taken.address() as AddressInfo).port).toBe(Number(port));
    taken.close();
  });

  it.each(['', 'url'])('asks one question, about the program, for all of it on this machine: %s', async (given) => {
    const port = await freePort();
    const source = `require('node:http').createServer((q, s) => s.setHeader('content-type', 'text/html').end(${JSON.stringify(good)})).listen(${port}, '127.0.0.1', () => console.log('http://127.0.0.1:${port}/'));`;
    const asked = person({ answer: 'once' });
    const registry = new ToolRegistry();
    registry.register(...browserTools(new BrowserFactory({ executablePath: browsers[0]!, log: () => undefined }), { axe }));
    const run = await withRun([], (scope, { workspace }) => {
      writeFileSync(join(workspace, 'server.cjs'), source);
      return registry.call('browser.verifyServer', { argv: ['node', 'server.cjs'], checks: [{ text: 'Shop' }], ...(given === 'url' ? { url: `http://127.0.0.1:${port}/` } : {}) }, scope);
    }, { approver: asked, askUngranted: true });
    expect(run.result()).toMatchObject({ passed: true });
    expect(asked.texts).toEqual(['exec node server.cjs']);
    expect(run.of('untrusted.read').map(({ source: from }) => from)).toContain(`http://127.0.0.1:${port}`);
  });

  it('asks about an address that is not of this machine, and starts nothing where that is refused', async () => {
    const registry = new ToolRegistry();
    registry.register(...browserTools(new BrowserFactory({ executablePath: browsers[0]!, log: () => undefined }), { axe }));
    const run = await withRun(['exec node server.cjs', 'browser'], (scope) => registry.call('browser.verifyServer', { argv: ['node', 'server.cjs'], url: 'http://192.0.2.1:9/' }, scope));
    expect(run.outcome.error).toMatchObject({ code: 'denied', message: expect.stringContaining('net http://192.0.2.1:9') as string });
    expect(run.of('lease.created')).toEqual([]);
  });

  it('says what a server printed that ended at once, and checks nothing that was not granted', async () => {
    const ended = await verifying(['exec node -e *'], 'browser.verifyServer', () => ({ argv: ['node', '-e', 'console.log("port is taken"); process.exit(1)'] }));
    expect(ended.outcome.error).toMatchObject({ code: 'tool-failed', hint: expect.stringContaining('port is taken') });
    await using site = await serve({ '/': good });
    const denied = await verifying([], 'browser.verify', () => ({ url: `${site.origin}/` }));
    expect(denied.outcome.error).toMatchObject({ code: 'denied' });
    expect(site.requests).toEqual([]);
  });

  it('starts what prints only its port, and ends what has left its process group too', async () => {
    const source = `const { spawn } = require('node:child_process');
      const daemon = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }); daemon.unref();
      require('node:http').createServer((q, s) => s.setHeader('content-type', 'text/html').end(${JSON.stringify(good)})).listen(0, 'localhost', function () { console.log('daemon ' + daemon.pid + ', server listening on port ' + this.address().port); });`;
    const run = await verifying(['exec node server.cjs', 'net http://localhost:*'], 'browser.verifyServer', (workspace) => {
      writeFileSync(join(workspace, 'server.cjs'), source);
      return { argv: ['node', 'server.cjs'] };
    });
    const result = run.result() as { passed: boolean; server: { command: string; output: string } };
    expect(result).toMatchObject({ passed: true, server: { command: 'node server.cjs', output: expect.stringMatching(/^daemon \d+/) } });
    expect(await processStart(Number(/daemon (\d+)/.exec(result.server.output)![1]))).toBeUndefined();
    expect(run.outcome.clean).toBe(true);
  });

  it('says which address never answered, and ends the server that waits for it', async () => {
    const silent = await verifying(['exec node -e *', 'net http://localhost:1'], 'browser.verifyServer', () => ({ argv: ['node', '-e', 'console.log("thinking"); setInterval(() => {}, 1000)'], url: 'http://localhost:1/', startMs: 700 }));
    expect(silent.outcome.error).toMatchObject({ code: 'tool-failed', message: 'Nothing answered at http://localhost:1/ within 700 ms.', hint: expect.stringContaining('thinking') });
    const mute = await verifying(['exec node -e *'], 'browser.verifyServer', () => ({ argv: ['node', '-e', 'setInterval(() => {}, 1000)'], startMs: 500 }));
    expect(mute.outcome.error).toMatchObject({ code: 'tool-failed', message: 'The development server named no address within 500 ms.', hint: 'It printed: nothing. Where it prints no address, give its url.' });
    for (const run of [silent, mute]) expect(run.outcome.clean).toBe(true);
  });

  it('starts nothing where somebody else answers at the address already', async () => {
    await using site = await serve({ '/': good });
    const run = await verifying(['exec node -e *', `net ${site.origin}`], 'browser.verifyServer', () => ({ argv: ['node', '-e', 'console.log(1)'], url: site.origin }));
    expect(run.outcome.error).toMatchObject({ code: 'tool-failed', message: `Something answers at ${site.origin} already.` });
    expect(run.of('lease.created')).toEqual([]);
  });

  it('is denied the program that was not granted', async () => {
    const run = await verifying(['exec node other.cjs'], 'browser.verifyServer', () => ({ argv: ['node', 'server.cjs'] }));
    expect(run.outcome.error).toMatchObject({ code: 'denied' });
    expect(run.of('lease.created')).toEqual([]);
  });

  it('ends the server and the browser when it is cancelled in the middle', async () => {
    const registry = new ToolRegistry();
    registry.register(...browserTools(new BrowserFactory({ executablePath: browsers[0]!, log: () => undefined }), { axe }));
    const source = `require('node:http').createServer((q, s) => s.setHeader('content-type', 'text/html').end(${JSON.stringify(good)})).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port + '/ ' + process.pid); });`;
    const run = await withRun(['browser', 'exec node server.cjs', 'net http://127.0.0.1:*'], async (scope, { workspace, cancel }) => {
      writeFileSync(join(workspace, 'server.cjs'), source);
      const work = registry.call('browser.verifyServer', { argv: ['node', 'server.cjs'], checks: [{ text: 'never there' }], timeoutMs: 60_000 }, scope);
      work.catch(() => undefined);
      setTimeout(() => cancel('enough'), 2500);
      return work;
    });
    expect(run.outcome).toMatchObject({ state: 'cancelled', clean: true });
    expect(run.of('lease.created').map(({ kind }) => kind)).toEqual(expect.arrayContaining(['process', 'browser']));
    expect(run.of('lease.destroyed').every(({ verified }) => verified)).toBe(true);
  });
});
