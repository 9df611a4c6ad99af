import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import { chainTest } from '../../helpers/chains.ts';
import { serve } from '../../helpers/browser.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { everythingScript, filesystemScript, nodeServer } from '../../helpers/mcp.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => void (sandbox = await buildSandboxFiles()));
afterAll(() => sandbox[Symbol.dispose]());

describe('browser', () => {
  it('opens, reads and uses a page of a real browser, which is gone afterwards', async () => {
    await using site = await serve({
      '/': '<title>Shop</title><ul><li class=row><b class=name>Tea</b> <i class=price>3</i></li><li class=row><b class=name>Milk</b></li></ul><a href="/two">Next</a><input name=q><select name=s><option>red<option>blue</select>',
      '/two': '<title>Two</title><h1>Second page</h1>',
    });
    await using test = await chainTest(sandbox, `import { browser } from 'assassin';
export const meta = { grants: ['browser', 'net ${site.origin}'] };
export default async function () {
  await using page = await browser.open('${site.origin}/', { waitUntil: 'domcontentloaded' });
  const opened = { url: page.url, title: page.title, status: page.status };
  const rows = await page.extract([{ name: '.name', price: '.price' }]);
  await page.type('input', 'hi');
  await page.select('select', 'blue');
  await page.press('End', { selector: 'input' });
  const values = await page.evaluate((names: string[]) => names.map((name) => (globalThis as any).document.querySelector(\`[name=\${name}]\`).value), ['q', 's']);
  const links = await page.links('body');
  const clicked = await page.click('text=Next');
  await page.waitFor('h1');
  await page.waitFor({ text: 'Second' });
  await page.waitFor(1);
  const after = { url: page.url, text: await page.text('h1'), html: await page.html('h1'), title: await page.evaluate('document.title') };
  const shot = await page.screenshot({ fullPage: true });
  const snapshot = await page.snapshot({ maxChars: 1000 });
  await page.goto('${site.origin}/');
  return { opened, rows, values, links, clicked, after, again: page.title, shot: shot.mediaType, snapshot: snapshot.includes('Second page') };
}`);
    const run = await test.run('main');
    expect(run.outcome).toMatchObject({ state: 'done', clean: true });
    expect(run.outcome.result).toEqual({
      opened: { url: `${site.origin}/`, title: 'Shop', status: 200 },
      rows: [{ name: 'Tea', price: '3' }, { name: 'Milk', price: null }],
      values: ['hi', 'blue'], links: [{ text: 'Next', url: `${site.origin}/two` }],
      clicked: { url: `${site.origin}/two`, navigated: true, status: 200 },
      after: { url: `${site.origin}/two`, text: 'Second page', html: '<h1>Second page</h1>', title: 'Two' },
      again: 'Shop', shot: 'image/png', snapshot: true,
    });
    const names = run.of('step.started').map(({ name }) => name);
    expect(names).toContain('page.close');
    expect(run.of('lease.created').map(({ kind }) => kind)).toEqual(expect.arrayContaining(['sandbox', 'browser', 'proxy']));
  });

  it('points to the line of the call where a page cannot be had', async () => {
    await using site = await serve({ '/': '<title>Shop</title>' });
    await using test = await chainTest(sandbox, `import { browser } from 'assassin';
export const meta = { grants: ['browser', 'net ${site.origin}'] };
export default async function () {
  const page = await browser.open('${site.origin}/');
  await page.click('.missing', { timeoutMs: 100 });
}`);
    expect((await test.run('main')).outcome.error).toMatchObject({ code: expect.stringMatching(/timeout|page-failed/) as string, location: { line: 5, column: 9 } });
  });
});

describe('mcp', () => {
  it('calls tools of real servers by their names', async () => {
    using folder = testWorkspace({ 'a.txt': 'hello' });
    await using test = await chainTest(sandbox, `import { mcp } from 'assassin';
export const meta = { grants: ['mcp filesystem:*', 'mcp everything:get-sum'] };
export default async function () {
  const servers = await Promise.resolve(mcp.filesystem);
  return [await servers.read_text_file({ path: ${JSON.stringify(join(folder.path, 'a.txt'))} }), await mcp.everything['get-sum']({ a: 2, b: 3 }), typeof mcp.then, typeof (mcp.filesystem as any).then, JSON.stringify({ mcp })];
}`, { settings: { mcpServers: [nodeServer('filesystem', filesystemScript, [folder.path]), nodeServer('everything', everythingScript)] } });
    const run = await test.run('main');
    expect(run.outcome).toMatchObject({ state: 'done', clean: true });
    const [text, sum, ...kinds] = run.outcome.result as unknown as readonly unknown[];
    expect([JSON.stringify(text), JSON.stringify(sum)]).toEqual([expect.stringContaining('hello'), expect.stringContaining('5')]);
    expect(kinds).toEqual(['undefined', 'undefined', '{"mcp":{}}']);
  });
});

describe.each<EngineName>(['quickjs-wasi', 'quickjs-emscripten'])('http, workspace and log in %s', (sandboxEngine) => {
  it('send and read what was meant', async () => {
    await using site = await httpSite((incoming, response) => {
      incoming.toArray().then((chunks) => {
        if (incoming.url === '/missing') response.writeHead(404).end('gone');
        else if (incoming.url === '/text') response.end('no json');
        else response.end(JSON.stringify({ method: incoming.method, type: incoming.headers['content-type'], accept: incoming.headers.accept, x: incoming.headers['x-y'], body: chunks.join('') }));
      });
    });
    await using test = await chainTest(sandbox, `import { http, log, progress, workspace } from 'assassin';
export const meta = { grants: ['net ${site.origin}', 'fs.write **', 'fs.read **'] };
const site = '${site.origin}';
const caught = (work: Promise<unknown>) => work.then(() => 'none', (error: Error) => error.message);
export default async function () {
  log.debug('d', 1, null, undefined); log.warn(new TypeError('w')); log.error({ a: [1n] }); log();
  progress('half', 7);
  progress(5 as never);
  await workspace.writeFile('a/b.txt', 'x');
  return {
    json: await http.getJson(site + '/', { headers: { 'x-y': 'z' } }),
    posted: JSON.parse((await http.post(site + '/', { a: 1 })).body), text: JSON.parse((await http.post(site + '/', 'plain')).body),
    status: (await http.get(site + '/missing')).status, put: JSON.parse((await http.request({ url: site, method: 'PUT', body: 'b' })).body).method,
    failed: [await caught(http.getJson(site + '/missing')), await caught(http.getJson(site + '/text'))],
    files: [await workspace.list(), await workspace.exists('a'), await workspace.readFile('a/b.txt')],
  };
}`, { settings: { sandboxEngine } });
    const run = await test.run('main');
    expect(run.outcome).toMatchObject({
      state: 'done',
      result: {
        json: { method: 'GET', accept: 'application/json', x: 'z', body: '' }, posted: { method: 'POST', type: 'application/json', body: '{"a":1}' }, text: { method: 'POST', body: 'plain' },
        status: 404, put: 'PUT', failed: [`${site.origin}/missing answered 404.`, `${site.origin}/text did not answer with JSON.`],
        files: [[{ name: '.assassin', kind: 'directory' }, { name: 'a', kind: 'directory' }], true, 'x'],
      },
    });
    expect(run.of('run.log').map(({ level, message }) => `${level} ${message}`)).toEqual(['debug d 1 null undefined', 'warn TypeError: w', 'error object', 'info ']);
    expect(run.of('run.progress')).toMatchObject([{ message: 'half', fraction: 1 }, { message: '5' }]);
  });

  it('point failures that show late to the line of the call', async () => {
    await using site = await httpSite((_incoming, response) => response.end('no json'));
    await using test = await chainTest(sandbox, `import { http } from 'assassin';\nexport const meta = { grants: ['net ${site.origin}'] };\nexport default async function () {\n  return await http.getJson('${site.origin}');\n}`, { settings: { sandboxEngine } });
    expect((await test.run('main')).outcome.error).toMatchObject({ code: 'chain-failed', message: `${site.origin}/ did not answer with JSON.`, location: { line: 4, column: 16 } });
  });
});

describe('a chain that breaks the language', () => {
  it('breaks it for itself, and its calls still say what it asked for', async () => {
    await using test = await chainTest(sandbox, `import { workspace, mcp, log, http } from 'assassin';
export const meta = { grants: ['fs.read notes.txt'] };
JSON.stringify = () => 'patched'; JSON.parse = () => 'patched'; Reflect.apply = () => 'patched'; Function.prototype.toString = () => 'patched';
Object.create = () => ({ evil: 1 }); Object.freeze = (x) => x; Object.defineProperty(Object.prototype, 'path', { set() { throw new Error('setter'); }, get() { return '/etc/passwd'; }, configurable: true });
globalThis.Promise = class {}; globalThis.Error = class {}; globalThis.Proxy = class {}; Array.prototype[Symbol.iterator] = function* () { yield '/etc/passwd'; };
export default async function () {
  const tried = [];
  for (const attempt of new Set([() => { workspace.readFile = 1; }, () => { mcp.x = 1; }, () => { http.get = 1; }, () => { log.warn = 1; }])) { try { attempt(); } catch { tried[tried.length] = true; } }
  return [await workspace.readFile('notes.txt'), tried.length];
}`);
    const run = await test.run('main');
    expect(run.of('step.started').find(({ name }) => name === 'workspace.readFile')?.input).toEqual({ json: { path: 'notes.txt' } });
    expect(run.outcome.error).toMatchObject({ code: 'file-not-found' });
  });

  it('cannot make calls but by the names of tools, nor pages but by opening them', async () => {
    await using test = await chainTest(sandbox, {
      '.assassin/chains/main.ts': `import { browser, mcp, http } from 'assassin';
export const meta = { grants: ['fs.read **'] };
const caught = (work: () => Promise<unknown>) => Promise.resolve().then(work).then(() => 'none', (error: any) => error.code ?? error.name);
export default async () => [
  await caught(() => (mcp as any)['../x']['y/z']({})), await caught(() => (mcp as any).constructor.prototype()), await caught(() => (mcp as any).__proto__.__proto__()),
  await caught(() => http.request('x' as never)), await caught(() => browser.open('https://a.example/')), await caught(() => (mcp as any).a.b('text')),
];`,
    });
    const { outcome } = await test.run('main');
    expect(outcome.result).toEqual(['tool-not-found', 'denied', 'denied', 'invalid-input', 'denied', 'invalid-input']);
  });
});
