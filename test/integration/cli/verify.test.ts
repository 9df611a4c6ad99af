import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verificationOf } from '../../../src/shared/verification.ts';
import type { Json } from '../../../src/shared/json.ts';
import { serve } from '../../helpers/browser.ts';
import { CommandLine, isRunning, pidsOf, type RunDocument } from './command-line.ts';

const html = (body: string) => `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><main><h1>Shop</h1>${body}</main></html>`;
const server = `require('node:http').createServer((q, s) => s.setHeader('content-type', 'text/html').end(${JSON.stringify(html('<p>at PATH</p>'))}.replace('PATH', q.url))).listen(0, '127.0.0.1', function () { console.log('serving at http://127.0.0.1:' + this.address().port + '/'); });`;
const files = { 'package.json': '{ "name": "shop", "scripts": { "dev": "node server.cjs" } }', 'server.cjs': server };
const found = ({ result }: RunDocument) => verificationOf(result as Json)!;

describe('verify on the command line', () => {
  it('passes and writes its pictures, fails with the step that failed, and becomes a chain that is run again', async () => {
    await using site = await serve({ '/': html('<button onclick="this.textContent = \'Thanks\'">Buy</button>') });
    using cli = new CommandLine();
    const checks = JSON.stringify([{ click: 'text=Buy' }, { text: 'Thanks', screenshot: true }]);
    const good = await cli.json(['verify', `${site.origin}/`, '--checks', checks, '--pictures', 'out']);
    expect(good.code, good.stderr).toBe(0);
    expect(found(good.document)).toMatchObject({ passed: true, steps: expect.arrayContaining([expect.objectContaining({ passed: true })]) });
    const pictures = readdirSync(join(cli.workspace, 'out')).sort();
    expect(pictures.length).toBe(found(good.document).screenshots.length);
    expect(pictures.map((name) => readFileSync(join(cli.workspace, 'out', name)).subarray(1, 4).toString())).toEqual(pictures.map(() => 'PNG'));

    const bad = await cli.json(['verify', `${site.origin}/`, '--checks', '[{"text":"Sold out"}]', '--path', '/', '--timeout', '1500']);
    expect(bad).toMatchObject({ code: 1, document: { state: 'done', clean: true } });
    expect(found(bad.document).steps.find(({ passed }) => !passed)?.problem).toContain('Sold out');
    expect(bad.stderr).toMatch(/"Sold out".*: On p1 .*did not appear within 1500 ms/);

    const frozen = await cli.json<{ path: string; grants: string[]; inputs: { name: string }[] }>(['browser', 'freeze', good.document.run, '--name', 'buy']);
    expect(frozen).toMatchObject({ code: 0, document: { path: '.assassin/chains/buy.ts', grants: ['browser', `net ${site.origin}`] } });
    const again = await cli.json(['run', 'buy']);
    expect(again.code, again.stderr).toBe(0);
    expect(found(again.document)).toMatchObject({ passed: true });
  }, 90_000);

  it('names the check that is none, and the kinds that there are, before anything is recorded', async () => {
    using cli = new CommandLine();
    const { code, stderr } = await cli.run(['verify', 'http://127.0.0.1:1/', '--checks', '[{"text":"a"},{"foo":1}]']);
    expect({ code, stderr: stderr.replaceAll(/\s+/g, ' ') }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^--checks is no list of checks\. check 2: \{ foo \} is none of the forms that it may have: text, selector, .* docs\/browser\.md/) as string });
  });

  it('starts a script or any other command, checks what it serves there, and leaves no process', async () => {
    using cli = new CommandLine(files);
    for (const start of [['--script', 'dev'], ['--server', `${process.execPath} server.cjs`]]) {
      const { code, document, stderr } = await cli.json(['verify', ...start, '--path', '/login', '--checks', '[{"text":"at /login"}]']);
      expect(code, stderr).toBe(0);
      expect(found(document)).toMatchObject({ passed: true, server: { output: expect.stringContaining('serving at') } });
      const pids = pidsOf(await cli.events(document.run));
      expect(pids.length).toBeGreaterThanOrEqual(2);
      expect(pids.filter(isRunning)).toEqual([]);
    }
  }, 90_000);

  it('says what a server printed that ended early, and which flags do not go together', async () => {
    using cli = new CommandLine({ ...files, 'broken.cjs': 'console.error("no database here"); process.exit(3);' });
    const broken = await cli.json(['verify', '--server', `${process.execPath} broken.cjs`]);
    expect(broken).toMatchObject({ code: 1, document: { state: 'failed', clean: true } });
    expect(JSON.stringify(broken.document.error)).toContain('no database here');
    expect(await cli.run(['verify'])).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing to check') });
    expect(await cli.run(['verify', 'http://127.0.0.1:9/', '--timeout', 'soon'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--timeout needs a whole number, not "soon"') });
    expect(await cli.run(['verify', 'file:///etc/passwd'])).toMatchObject({ code: 2, stderr: expect.stringContaining('is not an address') });
    expect(await cli.run(['verify', '--script', 'dev', '--server', 'x'])).toMatchObject({ code: 2, stderr: expect.stringContaining('two servers') });
    expect(await cli.run(['verify', '--script', 'serve-it'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Missing script: "serve-it"') });
  }, 90_000);
});
