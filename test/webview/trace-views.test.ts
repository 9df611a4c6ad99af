import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeyInput } from 'puppeteer-core';
import { violationsOf } from './harness/axe.ts';
import { PanelFixture } from './harness/fixture.ts';
import { Gatekeeper, LiveRuns } from './harness/live-run.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { Recorder } from './harness/record.ts';
import { recordTask } from './harness/sample-tasks.ts';
import { recordShopRun } from './harness/sample-runs.ts';

let fixture: PanelFixture;
let shop: string;
let task: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  task = recordTask(fixture.store, { workspace: fixture.workspace, at: Date.now() - 60_000 });
  shop = recordShopRun(fixture.store, { workspace: fixture.workspace });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const state = (more: object = {}) => ({ tab: 'trace', fold: { rest: 'open', except: [] }, filter: '', scroll: { result: 0, trace: 0, bill: 0 }, ...more });
const cursor = (panel: PanelPage) => panel.page.$eval('[role=treeitem][aria-selected=true]', (row) => row.querySelector('.row-text')?.textContent ?? '');
const press = async (panel: PanelPage, ...keys: readonly KeyInput[]) => {
  for (const key of keys) await panel.page.keyboard.press(key);
};
const draw = async (panel: PanelPage, view: string, ready: string) => {
  await panel.page.locator(`::-p-aria([name="${view}"][role="button"])`).click();
  await panel.page.waitForSelector(ready);
};
const selected = (panel: PanelPage, name: string) => panel.page.waitForFunction((wanted) => document.querySelector('.row.selected .row-text')?.textContent === wanted, {}, name);

test('letters that are typed into the tree move to the step that begins with them', async () => {
  await using panel = await fixture.open({ run: shop, state: state() });
  await panel.page.waitForSelector('.row-time');
  await panel.page.focus('[role=tree]');
  // At once: on a machine that is busy the keys of a real keyboard may come further apart than those of one word.
  await panel.page.$eval('[role=tree]', (tree, word) => [...word].forEach((key) => tree.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))), 'crawl r');
  await selected(panel, 'crawl rugs');
  await panel.page.waitForFunction(() => document.querySelector('.details-name')?.textContent === 'crawl rugs');
  await press(panel, 'Home');
  await press(panel, 'm');
  await selected(panel, 'mcp.filesystem.write_file');
  expect(await panel.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tree');
});

test('the timeline shows the same steps along the time, and is zoomed and moved with keys', async () => {
  await using panel = await fixture.open({ run: shop, state: state() });
  await panel.page.waitForSelector('.row-time');
  await draw(panel, 'Timeline', '.trace-timeline .row-bar');
  const width = () => panel.page.$eval('.row.selected .row-bar', (bar) => bar.getBoundingClientRect().width);
  await panel.page.focus('[role=tree]');
  await press(panel, 'End', 'ArrowUp');
  await panel.page.waitForFunction(() => document.querySelector('.details-name')?.textContent === 'group and summarise');
  const whole = await width();
  await press(panel, '+', '+');
  await panel.page.waitForFunction((before) => (document.querySelector('.row.selected .row-bar')?.getBoundingClientRect().width ?? 0) > before * 3.5, {}, whole);
  const scale = await panel.text('.scale-track');
  await panel.page.keyboard.down('Shift');
  await press(panel, 'ArrowLeft');
  await panel.page.keyboard.up('Shift');
  await panel.page.waitForFunction((before) => document.querySelector('.scale-track')?.textContent !== before, {}, scale);
  // What lies outside of the time that is shown has no bar.
  expect(await panel.page.$$eval('.row:not(:has(.row-bar))', (rows) => rows.length)).toBeGreaterThan(3);
  await press(panel, '0');
  await panel.page.waitForFunction((before) => Math.abs((document.querySelector('.row.selected .row-bar')?.getBoundingClientRect().width ?? 0) - before) < 1, {}, whole);
  expect(await cursor(panel)).toBe('group and summarise');
});

test('the log shows every event, is searched, and leads to the step of an event', async () => {
  await using panel = await fixture.open({ run: shop, state: state() });
  await panel.page.waitForSelector('.row-time');
  await draw(panel, 'Log', '.event-text');
  const events = fixture.store.run(shop).events;
  expect(await panel.text('.toolbar .hint')).toBe(`${events} events`);
  await panel.page.focus('.event-log');
  await press(panel, 'End');
  await panel.page.waitForFunction(() => document.querySelector('.event.selected')?.textContent?.includes('running → done'));
  await panel.page.locator('input[type=search]').fill('step.ended extract');
  await panel.page.waitForFunction(() => document.querySelectorAll('.event-text').length === 5);
  expect(await panel.text('.toolbar .hint')).toBe(`5 of ${events}`);
  await panel.page.focus('.event-log');
  await press(panel, 'ArrowDown', 'Enter');
  await selected(panel, 'page.extract');
  expect(await panel.page.$eval('.switch-option[aria-pressed=true]', (button) => button.textContent)).toBe('Tree');
  await panel.page.locator('::-p-aria([name="Log"][role="button"])').click();
  await panel.page.locator('input[type=search]').fill('no event says this');
  await panel.page.waitForFunction(() => document.querySelector('.toolbar .hint')?.textContent === 'No event matches.');
});

test('lines of the log come in while it is open, and it stays at its end', async () => {
  await using live = new LiveRuns(fixture);
  const more = new Gatekeeper();
  const run = live.start('Growing', async (scope) => {
    for (let i = 0; i < 60; i++) scope.log('info', `early ${i}`);
    await more.pass(scope.signal);
    for (let i = 0; i < 200; i++) scope.log('info', `late ${i}`);
    return null;
  });
  await using panel = await fixture.open({ run: run.id, actions: live.actions, state: state({ traceView: 'log' }) });
  await panel.page.waitForSelector('.event-text');
  await panel.page.$eval('.event-log', (log) => (log.scrollTop = log.scrollHeight));
  await panel.page.waitForFunction(() => [...document.querySelectorAll('.event-text')].some((line) => line.textContent === 'early 59'));
  more.open();
  await run.outcome;
  await panel.page.waitForFunction(() => [...document.querySelectorAll('.event-text')].at(-1)?.textContent === 'running → done');
  expect(await panel.page.$$eval('.event', (lines) => lines.length)).toBeLessThan(80);
});

test('the details of a step name its tokens, cost and attributes as collectors know them, and its file is opened', async () => {
  await using panel = await fixture.open({ run: task, state: state() });
  await panel.page.waitForSelector('.row-time');
  await panel.page.focus('[role=tree]');
  await panel.page.keyboard.type('openai');
  await panel.page.waitForFunction(() => document.querySelector('.details')?.textContent?.includes('1,200 read (1,000 from the cache), 34 written'));
  expect(await panel.text('.details')).toContain('$0.0021');
  await panel.page.locator('.attributes summary').click();
  const attributes = await panel.text('.attributes dl');
  for (const [name, value] of [['operation.name', 'chat'], ['request.model', 'openai/gpt-5'], ['usage.input_tokens', '1200'], ['usage.cache_read.input_tokens', '1000'], ['conversation.id', 'ses_1']]) expect(attributes).toContain(`gen_ai.${name}${value}`);
  expect(await panel.page.$eval('.stored h3', (heading) => heading.getAttribute('title'))).toBe('gen_ai.input.messages');
  await panel.page.focus('[role=tree]');
  await press(panel, 'ArrowDown');
  await panel.page.locator('.details .pairs .link').click();
  await expect.poll(() => panel.traffic.opened).toEqual([{ file: `${fixture.workspace}/src/price.ts`, line: 12, column: 1 }]);
});

test('steps are narrowed down by kind, state, time and cost at once, by choice or in words', async () => {
  await using panel = await fixture.open({ run: task, state: state() });
  await panel.page.waitForSelector('.row-time');
  const steps = await panel.page.$$eval('.row', (rows) => rows.length);
  const matching = (count: number) => panel.page.waitForFunction((wanted) => document.querySelectorAll('.row:not(.faint)').length === wanted && document.querySelector('.row-loading') === null, {}, count);
  await panel.page.locator('::-p-aria([name="Filters"][role="button"])').click();
  await panel.page.locator('::-p-xpath(//summary[starts-with(., "Kind")])').click();
  await panel.page.locator('::-p-xpath(//details[@open]//label[contains(., "Model")]/input)').click();
  await panel.page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[type=search]')?.value === 'kind:model');
  const models = await panel.page.$$eval('.row:not(.faint)', (rows) => rows.length);
  expect(models).toBeLessThan(steps);
  expect(await violationsOf(panel.page)).toEqual([]);
  await panel.page.keyboard.press('Escape');
  await panel.page.locator('::-p-aria([name="Cost from (USD)"][role="spinbutton"])').fill('0.001');
  await panel.page.keyboard.press('Enter');
  await panel.page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[type=search]')?.value === 'kind:model cost:0.001');
  await matching(models);
  await panel.page.locator('input[type=search]').fill('kind:model cost:5');
  await panel.page.waitForFunction(() => document.querySelector('.toolbar .hint')?.textContent === 'No step matches.');
  await panel.page.locator('::-p-aria([name="Clear filters"][role="button"])').click();
  await matching(steps);
});

test.each([['timeline', 'light'], ['log', 'hc']] as const)('axe finds nothing in the %s, in the %s theme', async (traceView, theme) => {
  await using panel = await fixture.open({ run: task, theme, state: state({ traceView }) });
  await panel.page.waitForSelector(traceView === 'log' ? '.event-text' : '.row-time');
  await panel.page.$$eval('main details', (all) => all.forEach((details) => (details.open = true)));
  await panel.page.focus(traceView === 'log' ? '.event-log' : '[role=tree]');
  expect(await violationsOf(panel.page)).toEqual([]);
});

test('a step of another program whose parent is inside of it stands at the top and says so, in words and to a screen reader; the others of its circle stand below it', async () => {
  const run = new Recorder(fixture.store, { title: 'Trace of a loop', source: 'loop', kind: 'trace', workspace: fixture.workspace });
  const step = (span: string, parent: string | undefined, after: number) => run.append({
    type: 'span.received', span, kind: 'chain', name: `step ${span}`, startedAt: 1_700_000_000_000 + after, ms: 5, status: 'ok', attributes: { json: {} }, ...(parent === undefined ? {} : { parent }),
  });
  run.enter('running');
  step('plain', undefined, 0);
  step('first', 'last', 10);
  step('middle', 'first', 20);
  step('last', 'middle', 30);
  run.done(run.value(null));
  await using panel = await fixture.open({ run: run.run, state: state() });
  await panel.page.waitForFunction(() => document.querySelectorAll('[role=treeitem]').length === 4);
  const rows = await panel.page.$$eval('[role=treeitem]', (all) => all.map((row) => [row.getAttribute('aria-level'), row.querySelector('.row-text')?.textContent, row.querySelector('.row-about')?.textContent ?? '', row.getAttribute('title')?.includes('Its parent is inside of it')]));
  expect(rows).toEqual([['1', 'step plain', '', false], ['1', 'step first', 'Its parent is inside of it', true], ['2', 'step middle', '', false], ['3', 'step last', '', false]]);
  const name = await panel.page.evaluate(() => document.querySelectorAll('[role=treeitem]')[1]?.textContent ?? '');
  expect(name).toContain('Its parent is inside of it');
  expect(await violationsOf(panel.page)).toEqual([]);
});
