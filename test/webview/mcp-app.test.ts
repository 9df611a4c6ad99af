import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppHost } from '../../src/mcp/apps/app-host.ts';
import { resourceForView, resultForView } from '../../src/mcp/apps/view-calls.ts';
import { mcpAppHtml } from '../../src/vscode/mcp-app-html.ts';
import { httpSite, type HttpSite } from '../helpers/http-site.ts';
import { OwnBrowser } from '../helpers/own-browser.ts';
import { builtWebview } from './harness/built-webview.ts';

let own: OwnBrowser;
let server: HttpSite;
let elsewhere: HttpSite;

beforeAll(async () => {
  const files = await builtWebview();
  server = await httpSite((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (path === '/') return void response.setHeader('content-type', 'text/html').end(mcpAppHtml({ cspSource: server.origin, script: `${server.origin}/mcp-app.js`, language: 'en' }));
    const file = files.get(path.slice(1));
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': 'text/javascript' }).end(file);
  });
  elsewhere = await httpSite((_request, response) => void response.setHeader('access-control-allow-origin', '*').end('reached'));
  own = await OwnBrowser.launchForPages();
});
afterAll(async () => {
  await own[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
});

interface FromPage {
  readonly kind: 'ready' | 'message';
  readonly message?: unknown;
}

/** The page as the editor makes it, showing a view. What it posts to the editor goes to `heard`. */
async function showing(html: string, heard: (message: FromPage, page: Page) => void): Promise<Page> {
  const page = await own.browser.newPage();
  await page.exposeFunction('toEditor', (message: FromPage) => heard(message, page));
  // The editor gives this to the page and to no frame in it.
  await page.evaluateOnNewDocument("if (window === top) window.acquireVsCodeApi = () => ({ postMessage: (message) => void window.toEditor(message) })");
  await page.goto(`${server.origin}/`);
  await toPage(page, { kind: 'show', html, from: 'Made by the server weather', title: 'Weather', unwalled: 'Not here' });
  return page;
}

const toPage = (page: Page, message: unknown) => page.evaluate((data) => window.postMessage(data, '*'), message);

test('a view runs its own scripts, and reaches neither the page around it, nor the editor, nor any network', async () => {
  const report = Promise.withResolvers<Record<string, string>>();
  const hostile = `<!doctype html><body><img id="i" src="${elsewhere.origin}/img"><form id="f" action="${elsewhere.origin}/form" method="post"></form>
    <link rel="stylesheet" href="${elsewhere.origin}/css"><script src="${elsewhere.origin}/script"></script><iframe src="${elsewhere.origin}/frame"></iframe><object data="${elsewhere.origin}/object"></object>
    <script>(async () => {
      const tried = {};
      const attempt = async (name, work) => { try { tried[name] = 'did: ' + String(await work()); } catch (error) { tried[name] = error.name; } };
      tried.origin = String(self.origin);
      await attempt('storage', () => localStorage.length);
      await attempt('cookie', () => document.cookie);
      await attempt('parent', () => parent.document.title);
      await attempt('editor', () => parent.acquireVsCodeApi());
      await attempt('bridge', () => parent.toEditor({ kind: 'ready' }));
      await attempt('fetch', () => fetch('${elsewhere.origin}/fetch'));
      await attempt('beacon', () => navigator.sendBeacon('${elsewhere.origin}/beacon', 'x'));
      await attempt('socket', () => new Promise((resolve, reject) => { const s = new WebSocket('${elsewhere.origin.replace('http', 'ws')}/socket'); s.onopen = resolve; s.onerror = () => reject(new TypeError('closed')); }));
      await attempt('worker', () => new Promise((resolve, reject) => { const w = new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))); w.onmessage = resolve; w.onerror = () => reject(new TypeError('none')); }));
      await attempt('module', () => import('${elsewhere.origin}/module'));
      await attempt('top', () => { top.location = '${elsewhere.origin}/top'; return 'asked'; });
      await attempt('popup', () => window.open('${elsewhere.origin}/popup'));
      document.getElementById('f').submit();
      parent.postMessage(tried, '*');
      setTimeout(() => { location.href = '${elsewhere.origin}/self'; setTimeout(() => parent.postMessage({ ...tried, end: 'still here' }, '*'), 300); }, 0);
    })();</script>`;
  const page = await showing(hostile, ({ kind, message }) => {
    const tried = message as Record<string, string> | undefined;
    if (kind === 'message' && tried?.['fetch'] !== undefined) report.resolve(tried);
  });
  expect(await report.promise).toEqual({
    origin: 'null', storage: 'SecurityError', cookie: 'SecurityError', parent: 'SecurityError', editor: 'SecurityError', bridge: 'SecurityError', fetch: 'TypeError', beacon: expect.stringMatching(/^did: (?:true|false)$/) as string,
    socket: expect.stringMatching(/Error$/) as string, worker: expect.stringMatching(/Error$/) as string, module: 'TypeError', top: expect.any(String) as string, popup: 'did: null',
  });
  // The frame is where it was, and so is the page.
  await page.waitForFunction(() => document.querySelector('iframe') !== null);
  expect(page.url()).toBe(`${server.origin}/`);
  expect(await page.$eval('#from', (line) => line.textContent)).toBe('Made by the server weather');
  await page.close();
  expect(elsewhere.requests).toEqual([]);
});

test('a view that speaks the protocol is shown the call, and calls a tool through its host', async () => {
  const ended = Promise.withResolvers<unknown>();
  const page = await showing(`<!doctype html><p id="shown"></p><script>
    let id = 0; const waiting = new Map();
    const ask = (method, params) => new Promise((resolve) => { waiting.set(++id, resolve); parent.postMessage({ jsonrpc: '2.0', id, method, params }, '*'); });
    addEventListener('message', async ({ data }) => {
      if (data.id !== undefined && waiting.has(data.id)) return waiting.get(data.id)(data.result ?? data.error);
      if (data.method !== 'ui/notifications/tool-result') return;
      document.getElementById('shown').textContent = data.params.structuredContent.degrees + ' degrees';
      ask('tools/call', { name: 'forecast', arguments: { days: document.getElementById('shown').textContent } });
    });
    ask('ui/initialize', { protocolVersion: '2026-01-26', appInfo: { name: 'v', version: '1' }, appCapabilities: {} }).then(() => parent.postMessage({ jsonrpc: '2.0', method: 'ui/notifications/initialized' }, '*'));
  </script>`, ({ kind, message }) => void (kind === 'message' && void opened.then((host) => host.receive(message))));
  const opened = AppHost.open({
    version: '0.0.0', theme: 'light', locale: 'en', input: {}, result: resultForView({ degrees: 4 }), readResource: (uri) => Promise.resolve(resourceForView(uri, '')), openLink: () => Promise.resolve(false), log: () => undefined, cutOff: (why) => ended.resolve(why),
    callTool: (tool, args) => {
      ended.resolve([tool, args]);
      return Promise.resolve(resultForView(null));
    },
    post: (message) => void toPage(page, { kind: 'message', message }),
  });
  expect(await ended.promise).toEqual(['forecast', { days: '4 degrees' }]);
  await (await opened)[Symbol.asyncDispose]();
  await toPage(page, { kind: 'end', why: 'The view was closed.' });
  await page.waitForFunction(() => document.querySelector('iframe') === null);
  await page.close();
});
