import type { Frame } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AssassinError } from '../../src/shared/errors.ts';
import { httpSite, type HttpSite } from '../helpers/http-site.ts';
import { violationsOf } from './harness/axe.ts';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { Recorder } from './harness/record.ts';
import { ServerViews, speaks } from './harness/server-views.ts';

let fixture: PanelFixture;
let elsewhere: HttpSite;
let views: ServerViews;
let run: string;
let task: string;
let step: string;
let inside: string[];

beforeAll(async () => {
  fixture = await PanelFixture.create();
  elsewhere = await httpSite((_request, response) => void response.setHeader('access-control-allow-origin', '*').end('reached'));
  const chain = new Recorder(fixture.store, { workspace: fixture.workspace });
  chain.enter('running');
  step = chain.step({ kind: 'mcp', name: 'mcp.weather.forecast', input: { city: 'Oslo' }, output: { degrees: 4 } });
  chain.done(chain.value(null));
  run = chain.run;
  const agent = new Recorder(fixture.store, { workspace: fixture.workspace, kind: 'task', title: 'Weather', source: '' });
  agent.enter('running');
  const root = agent.begin({ kind: 'run', name: 'Weather' });
  const worker = agent.begin({ kind: 'agent', name: 'CodeAct', parent: root });
  const code = agent.begin({ kind: 'tool', name: 'run_code', parent: worker, input: { code: 'await mcp.weather.forecast({})' } });
  inside = [1, 2, 3, 4].map((day) => agent.step({ kind: 'mcp', name: 'mcp.weather.forecast', parent: code, input: { day }, output: { degrees: day } }));
  agent.step({ kind: 'mcp', name: 'mcp.weather.forecast', parent: code, status: 'error', error: { code: 'mcp-tool-failed', message: 'No such day.' } });
  agent.step({ kind: 'mcp', name: 'mcp.files.read', parent: code, output: 'text' });
  agent.end(code, { output: 4 }).end(worker).end(root).done(agent.value(null));
  task = agent.run;
});
beforeEach(() => void (views = new ServerViews()));
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
});

const state = (tab: string) => ({ tab, fold: { rest: 'open', except: [] }, filter: '', scroll: { result: 0, trace: 0, bill: 0 } });
const fold = '.view-fold > summary';

/** The trace of a run with one call, whose view is unfolded. */
async function unfolded(html: string): Promise<PanelPage> {
  views.html = html;
  const panel = await fixture.open({ run, views, state: state('trace') });
  await panel.page.locator(fold).click();
  return panel;
}

async function frameOf(panel: PanelPage, nth = 0): Promise<Frame> {
  await panel.page.waitForFunction((index) => document.querySelectorAll('iframe').length > index, {}, nth);
  const frame = await (await panel.page.$$('iframe'))[nth]?.contentFrame();
  if (!frame) throw new Error('There is no frame.');
  return frame;
}

test('a hostile view finds the nonce out and still reaches no network, no storage, no window of others and not the panel', async () => {
  await using panel = await unfolded(`<!doctype html><body><img src="${elsewhere.origin}/img"><link rel="stylesheet" href="${elsewhere.origin}/css"><script src="${elsewhere.origin}/script"></script><iframe src="${elsewhere.origin}/frame"></iframe>
    <object data="${elsewhere.origin}/object"></object><form id="f" action="${elsewhere.origin}/form" method="post"></form><script>(async () => {
      const tried = {};
      const attempt = async (name, work) => { try { tried[name] = 'did: ' + String(await work()); } catch (error) { tried[name] = error.name; } };
      const known = document.currentScript.nonce;
      const loads = (name, address, nonce) => new Promise((resolve, reject) => { const made = document.createElement(name); made.nonce = nonce; made.onload = resolve; made.onerror = () => reject(new TypeError('refused')); setTimeout(() => reject(new TypeError('nothing came')), 2000); if (name === 'script') made.src = address; else { made.rel = 'stylesheet'; made.href = address; } document.head.append(made); });
      tried.origin = String(self.origin);
      tried.nonce = known === '' ? 'unknown' : 'known';
      await attempt('storage', () => localStorage.length);
      await attempt('cookie', () => document.cookie);
      await attempt('database', () => new Promise((resolve, reject) => { const r = indexedDB.open('x'); r.onsuccess = resolve; r.onerror = () => reject(r.error); }));
      await attempt('parent', () => parent.document.title);
      await attempt('editor', () => parent.acquireVsCodeApi());
      await attempt('bridge', () => parent.toHost({ type: 'request', id: 1, method: 'panel.reload', params: {} }));
      await attempt('fetch', () => fetch('${elsewhere.origin}/fetch'));
      await attempt('script', () => loads('script', '${elsewhere.origin}/nonced', known));
      await attempt('style', () => loads('link', '${elsewhere.origin}/nonced', known));
      await attempt('module', () => import('${elsewhere.origin}/module'));
      await attempt('eval', () => eval('1'));
      await attempt('worker', () => new Promise((resolve, reject) => { const w = new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))); w.onmessage = resolve; w.onerror = () => reject(new TypeError('none')); }));
      await attempt('popup', () => window.open('${elsewhere.origin}/popup'));
      await attempt('top', () => { top.location = '${elsewhere.origin}/top'; });
      document.getElementById('f').submit();
      // As if the editor had said it; a frame inside of this one would say it too.
      const lie = { type: 'event', event: 'place', data: { place: 'usage' } };
      parent.postMessage(lie, '*');
      await attempt('nested', () => { const made = document.createElement('iframe'); made['src' + 'doc'] = '<script nonce="' + known + '">top.postMessage(' + JSON.stringify(lie) + ', "*")</' + 'script>'; });
      document.body.dataset.tried = JSON.stringify(tried);
    })();</script>`);
  const frame = await frameOf(panel);
  await frame.waitForFunction(() => document.body?.dataset['tried'] !== undefined, { polling: 50 });
  const tried = JSON.parse(await frame.evaluate(() => document.body.dataset['tried'] ?? '')) as Record<string, string>;
  const refused = /Error$/;
  expect(tried).toEqual({
    origin: 'null', nonce: 'known', popup: 'did: null', top: expect.stringMatching(/Error$|^did: undefined$/) as string,
    ...Object.fromEntries(['storage', 'cookie', 'database', 'parent', 'editor', 'bridge', 'fetch', 'script', 'style', 'module', 'eval', 'worker', 'nested'].map((name) => [name, expect.stringMatching(refused) as string])),
  });
  // The panel is where it was, whatever it was told in the name of the editor.
  expect(await panel.text('.details-name')).toBe('mcp.weather.forecast');
  expect(elsewhere.requests).toEqual([]);
  expect(panel.traffic.methods).not.toContain('panel.reload');
});

test.each(['elsewhere', "'data:text/html,' + encodeURIComponent(tall)", "URL.createObjectURL(new Blob([tall], { type: 'text/html' }))"])('a view that goes to %s gets nowhere', async (address) => {
  await using panel = await unfolded(`<!doctype html><script>const tall = '<script>parent.postMessage({ jsonrpc: "2.0", method: "ui/notifications/size-changed", params: { height: 444 } }, "*")</' + 'script>'; setTimeout(() => (location.href = ${address === 'elsewhere' ? JSON.stringify(`${elsewhere.origin}/self`) : address}), 0)</script>`);
  await expect.poll(() => panel.traffic.violations.map((text) => text.split(' ')[0])).toContain('frame-src');
  expect(elsewhere.requests).toEqual([]);
  expect(await panel.page.$eval('iframe', (element) => element.style.height)).toBe('');
});

test('a view below its call is told what the call gave, calls tools through its host, is dressed as it was written and as tall as it says, within a ceiling', async () => {
  await using panel = await unfolded(`<!doctype html><style>p { color: rgb(1, 2, 3); }</style><p id="shown" style="width: 123px">nothing yet</p><script>${speaks}
    tell = async ({ method, params }) => {
      if (method !== 'ui/notifications/tool-result') return;
      document.getElementById('shown').textContent = params.structuredContent.degrees + ' degrees';
      const late = document.createElement('style'); late.textContent = 'b { color: rgb(4, 5, 6); }'; document.head.append(late);
      document.body.insertAdjacentHTML('beforeend', '<b id="late" style="display: block; width: 45px"></b>');
      note('ui/notifications/size-changed', { width: 10, height: 333 });
      const { error, code } = await ask('sampling/createMessage', { messages: [], maxTokens: 1 }).then((answer) => answer);
      const { content } = await ask('tools/call', { name: 'forecast', arguments: { days: 2 } });
      document.body.dataset.heard = code + ' ' + content[0].text;
    };
    begin();</script>`);
  const frame = await frameOf(panel);
  await frame.waitForFunction(() => document.body?.dataset['heard'] !== undefined, { polling: 50 });
  expect(await frame.evaluate(() => ({
    heard: document.body.dataset['heard'], shown: document.getElementById('shown')?.textContent, colour: getComputedStyle(document.getElementById('shown') ?? document.body).color, width: document.getElementById('shown')?.offsetWidth,
    late: document.getElementById('late')?.offsetWidth, lateColour: getComputedStyle(document.getElementById('late') ?? document.body).color,
  }))).toEqual({ heard: '-32601 called', shown: '4 degrees', colour: 'rgb(1, 2, 3)', width: 123, late: 45, lateColour: 'rgb(4, 5, 6)' });
  expect(views.called).toEqual([{ tool: 'forecast', args: { days: 2 } }]);
  const height = () => panel.page.$eval('iframe', (element) => element.style.height);
  await expect.poll(height).toBe('333px');
  await frame.evaluate("note('ui/notifications/size-changed', { width: 10, height: 1e9 })");
  await expect.poll(height).toBe('640px');
  await frame.evaluate("note('ui/notifications/size-changed', { width: 10, height: 'NaN' }), note('ui/notifications/size-changed', { height: -5 })");
  await expect.poll(height).toBe('80px');
  // Reading what the server wrote says so of its styles, which is all that is said.
  expect(panel.traffic.violations.filter((text) => !/^style-src-(?:attr|elem) inline $/.test(text))).toEqual([]);
});

test('the keyboard goes into a view and comes out with Escape; the frame has a name, and nobody else moves the focus', async () => {
  await using panel = await unfolded('<!doctype html><title>v</title><button id="inside">Inside</button><script>addEventListener("keydown", (event) => event.stopImmediatePropagation(), true); parent.postMessage({ kind: "leave" }, "*");</script>');
  const { page } = panel;
  const frame = await frameOf(panel);
  await frame.waitForSelector('#inside');
  expect(await page.$eval('iframe', ({ title }) => title)).toBe('View of an MCP server: Weather');
  await page.focus(fold);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('IFRAME');
  expect(await frame.evaluate(() => document.activeElement?.id)).toBe('inside');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Show view');
  await page.focus('#tab-trace');
  await frame.evaluate("parent.postMessage({ kind: 'leave' }, '*'), parent.postMessage({ jsonrpc: '2.0', method: 'ui/notifications/size-changed', params: { height: 300 } }, '*')");
  await page.waitForFunction(() => document.querySelector('iframe')?.style.height === '300px');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-trace');
  expect(await violationsOf(page)).toEqual([]);
});

test('a view that floods the panel is cut off, what it was is said, and it comes again when it is asked for', async () => {
  await using panel = await unfolded('<!doctype html><p>flood</p><script>for (let i = 0; i < 2000; i++) parent.postMessage({ jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: i } }, "*");</script>');
  await panel.page.waitForSelector('.mcp-view [role=status]');
  expect(await panel.text('.mcp-view')).toContain('The view was closed: it sent more than 200 messages in a second.');
  expect(await panel.page.$$('iframe')).toEqual([]);
  expect(panel.traffic.methods.filter((method) => method === 'view.say').length).toBeLessThanOrEqual(200);
  await expect.poll(() => panel.traffic.methods.filter((method) => method === 'view.close').length).toBe(1);
  views.html = '<!doctype html><p id="calm">calm</p><script>parent.postMessage({ jsonrpc: "2.0", method: "x".repeat(2 ** 20) }, "*")</script>';
  await panel.page.locator('.mcp-view .button').click();
  await panel.page.waitForFunction(() => document.querySelector('.mcp-view')?.textContent?.includes('it sent a message of more than') === true);
});

test('a view that cannot be read says why and is tried again; folded, it is gone; a tab of its own is still there', async () => {
  views.problem = new AssassinError('denied', 'The server is not trusted.', { hint: 'Review it.' });
  await using panel = await unfolded('<!doctype html><p>shown</p>');
  await panel.page.waitForSelector('.mcp-view .error');
  expect(await panel.text('.mcp-view')).toContain('The server is not trusted.');
  views.problem = undefined;
  await panel.page.locator('.mcp-view .button:not(.quiet)::-p-text(Try again)').click();
  await (await frameOf(panel)).waitForSelector('p');
  await panel.page.locator('::-p-text(Open in its own tab)').click();
  await expect.poll(() => views.tabs).toEqual([{ run, step }]);
  await panel.page.locator(fold).click();
  await panel.page.waitForFunction(() => document.querySelector('iframe') === null);
  await expect.poll(() => panel.traffic.methods.filter((method) => method === 'view.close').length).toBe(1);
});

test('below the code of a chat each call that ended well has its view; the fourth that is opened puts the first to sleep, and it wakes again', async () => {
  views.html = '<!doctype html><p>shown</p>';
  await using panel = await fixture.open({ run: task, views, state: state('chat') });
  const { page } = panel;
  await page.locator('.call > summary').click();
  await page.waitForFunction((wanted) => document.querySelectorAll('.view-fold').length === wanted, {}, inside.length);
  for (const nth of [0, 1, 2, 3]) {
    await page.$$eval('.view-fold', (all, index) => all[index]?.setAttribute('open', ''), nth);
    await expect.poll(() => views.opened.length).toBe(nth + 1);
    await page.waitForFunction((index) => document.querySelectorAll('.view-fold')[index]?.querySelector('iframe') !== null, {}, nth);
  }
  expect(views.opened.map((each) => each.step)).toEqual(inside);
  await page.waitForFunction(() => document.querySelector('.view-fold')?.textContent?.includes('This view is asleep') === true);
  expect((await page.$$('iframe')).length).toBe(3);
  await page.locator('.mcp-view ::-p-text(Show it again)').click();
  await page.waitForFunction(() => document.querySelector('.view-fold iframe') !== null && document.querySelectorAll('iframe').length === 3);
  expect(await violationsOf(page)).toEqual([]);
});

test('in a browser that could not hold it a view is not even read: its place says why', async () => {
  views.html = '<p>shown</p>';
  await using panel = await fixture.open({ run, views, state: state('trace') });
  await panel.page.evaluate(() => Reflect.deleteProperty(globalThis, 'trustedTypes'));
  await panel.page.locator(fold).click();
  await panel.page.waitForFunction(() => document.querySelector('.mcp-view')?.textContent?.includes('cannot keep a view of an MCP server from the network') === true);
  expect([await panel.page.$('iframe'), views.opened]).toEqual([null, []]);
});

test('the picture of a tool stands beside its calls in the chat and in the trace; one that cannot be drawn is left out, and one at an address is never asked for', async () => {
  const dot = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  views.icons = { 'mcp.weather.forecast': dot, 'mcp.files.read': 'data:image/png;base64,AAAA' };
  await using chat = await fixture.open({ run: task, views, state: state('chat') });
  await chat.page.locator('.call > summary').click();
  const shown = (page: PanelPage['page']) => page.$$eval('.tool-icon', (all) => all.map((each) => [(each as HTMLImageElement).src, (each as HTMLImageElement).hidden, (each as HTMLImageElement).alt]));
  await expect.poll(() => shown(chat.page)).toEqual([...Array.from({ length: inside.length + 1 }, () => [dot, false, '']), [views.icons['mcp.files.read'], true, '']]);
  await using trace = await fixture.open({ run, views, state: state('trace') });
  // In the row of the call, and in the details of the step.
  await expect.poll(() => shown(trace.page)).toEqual([[dot, false, ''], [dot, false, '']]);
  expect(await trace.page.$$eval('.row .tool-icon', (all) => all.map((each) => each.closest('.row')?.querySelector('.row-text')?.textContent))).toEqual(['mcp.weather.forecast']);
  expect(trace.traffic.methods.filter((method) => method === 'view.declared')).toHaveLength(2);
  views.icons = { 'mcp.weather.forecast': `${elsewhere.origin}/icon.png` };
  await using remote = await fixture.open({ run, views, state: state('trace') });
  await expect.poll(() => remote.traffic.methods).toContain('view.declared');
  expect(await remote.text('.details-name')).toBe('mcp.weather.forecast');
  expect(await shown(remote.page)).toEqual([]);
  expect(elsewhere.requests).toEqual([]);
});
