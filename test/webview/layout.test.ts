import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { Recorder } from './harness/record.ts';
import { recordFailedRun, recordShopRun } from './harness/sample-runs.ts';
import { noModel, noTasks } from './harness/tasks.ts';

let fixture: PanelFixture;
let shop: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  recordFailedRun(fixture.store, { workspace: fixture.workspace, at: Date.now() - 60_000 });
  shop = recordShopRun(fixture.store, { workspace: fixture.workspace });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const ready: Readonly<Record<string, string>> = { result: '.table td', trace: '.row-time', bill: '.figure-value' };

async function show(panel: PanelPage, tab: string): Promise<void> {
  await panel.page.locator(`#tab-${tab}`).click();
  await panel.page.waitForSelector(ready[tab]!);
  await panel.page.$$eval('main details', (all) => all.forEach((details) => (details.open = true)));
}

/** Elements that stick out at the right although nothing around them scrolls. */
const overflowing = (panel: PanelPage) => panel.page.evaluate(() => [...document.querySelectorAll('#app *')].filter((element) => {
  if (element.closest('.table-scroll, .visually-hidden, .tree, svg, .log-lines, .tabs')) return false;
  return element.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
}).map((element) => `${element.tagName}.${element.getAttribute('class') ?? ''}`));

// An editor zoomed to 200 % gives the page half the pixels, each twice as large.
describe.each([
  { name: '300 pixels wide', width: 300, height: 700 },
  { name: 'zoomed to 200 %', width: 512, height: 360 },
  { name: 'in a column of 300 pixels zoomed to 200 %', width: 150, height: 300 },
  { name: '2000 pixels wide', width: 2000, height: 1000 },
])('$name', ({ width, height }) => {
  test.each(Object.keys(ready))('the tab %s needs no sideways scrolling', async (tab) => {
    await using panel = await fixture.open({ run: shop, width, height });
    await show(panel, tab);
    const page = await panel.page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
    expect(page.scroll).toBeLessThanOrEqual(page.client);
    expect(await overflowing(panel)).toEqual([]);
    const scroller = await panel.page.$eval('.tabpanel', (element) => element.scrollWidth - element.clientWidth);
    expect(scroller).toBeLessThanOrEqual(1);
  });
});

test('a larger font of the editor makes rows and page larger', async () => {
  await using panel = await fixture.open({ run: shop });
  await show(panel, 'trace');
  const before = await panel.page.$eval('.row', (row) => row.getBoundingClientRect().height);
  await panel.page.evaluate(() => document.documentElement.style.setProperty('--vscode-font-size', '26px'));
  await panel.page.setViewport({ width: 1000, height: 700 });
  await panel.page.waitForFunction((height) => (document.querySelector('.row')?.getBoundingClientRect().height ?? 0) === 2 * height, {}, before);
});

test('a long name in the trace ends before its state, and time that a person took to answer is not shown as used', async () => {
  const run = new Recorder(fixture.store, { workspace: fixture.workspace, kind: 'task', source: '', title: 'Put the prices right', input: { task: 'Put the prices right' } });
  run.enter('running');
  const root = run.begin({ kind: 'run', name: 'Compare the prices of all shops with those of last week and write down what has changed '.repeat(4) });
  run.pass(2000).enter('waiting').pass(15 * 60_000).enter('running').pass(1000).end(root).done(run.value('Nothing has changed.'));
  await using panel = await fixture.open({ run: run.run, width: 900, height: 700 });
  const { page } = panel;
  await page.locator('#tab-chat').click();
  await page.waitForFunction(() => document.querySelector('.budget')?.textContent?.includes('Time'));
  expect(await panel.text('.budget')).toContain('3.00 s of 10 min');
  await page.locator('#tab-trace').click();
  await page.waitForSelector('.row-text');
  const { name, state } = await page.$eval('.row', (row) => ({ name: row.querySelector('.row-text')!.getBoundingClientRect().right, state: row.querySelector('.row-status')!.getBoundingClientRect().left }));
  expect(name).toBeLessThanOrEqual(state);
});

test('in a narrow side bar names in the trace can be read, the state stands beside each lease, and no word is broken on a button', async () => {
  await using panel = await fixture.open({ run: shop, width: 260, height: 900 });
  const { page } = panel;
  await show(panel, 'trace');
  const cut = () => page.$$eval('.row-text', (texts) => texts.filter((text) => text.scrollWidth > text.clientWidth).map((text) => text.textContent));
  expect((await cut()).filter((name) => name?.startsWith('page.'))).toEqual([]);
  await show(panel, 'bill');
  const { state, frame } = await page.$eval('.table td .badge', (badge) => ({ state: badge.getBoundingClientRect().right, frame: badge.closest('.table-scroll')!.getBoundingClientRect().right }));
  expect(state).toBeLessThan(frame);
  await show(panel, 'result');
  // The words of the button stand in one box for each line.
  const lines = await page.$$eval('.copy-button', (buttons) => buttons.map((button) => {
    const words = document.createRange();
    words.selectNodeContents(button.lastElementChild!);
    return new Set([...words.getClientRects()].map(({ top }) => top)).size;
  }));
  expect(new Set(lines)).toEqual(new Set([1]));
});

test.each(['hc', 'hc-light'] as const)('an unused limit does not look like a used one in the theme %s', async (theme) => {
  const run = new Recorder(fixture.store, { workspace: fixture.workspace, kind: 'task', source: '', title: 'Nothing used', input: { task: 'Nothing used' } });
  run.enter('running').done(run.value('Nothing.'));
  await using panel = await fixture.open({ theme, run: run.run });
  await panel.page.waitForSelector('.budget-meter');
  expect(await panel.page.$eval('.budget-meter', (meter) => getComputedStyle(meter).backgroundColor)).toBe('rgba(0, 0, 0, 0)');
});

test('of a page of few lines, what stands in the way of a task and the box for it are seen at once, its buttons as buttons', async () => {
  await using empty = await PanelFixture.create();
  await using panel = await empty.open({ tasks: { ...noTasks, model: () => Promise.resolve(noModel) }, width: 296, height: 236 });
  await panel.page.waitForSelector('.home .notice');
  const { notice, box, bottom } = await panel.page.evaluate(() => ({
    notice: document.querySelector('.home .notice p')!.getBoundingClientRect().top, box: document.querySelector('.composer')!.getBoundingClientRect().top, bottom: document.querySelector('.composer')!.getBoundingClientRect().bottom,
  }));
  expect(notice + 30).toBeLessThan(box);
  expect(bottom).toBeLessThanOrEqual(236);
  // As in themes that fill buttons with the colour of such a box, and give them no border.
  const look = await panel.page.evaluate(() => {
    for (const name of ['textBlockQuote-background', 'button-secondaryBackground', 'button-secondaryBorder']) document.documentElement.style.setProperty(`--vscode-${name}`, 'rgb(234, 234, 234)');
    const { backgroundColor, borderColor } = getComputedStyle(document.querySelector('.notice .button')!);
    return { backgroundColor, borderColor };
  });
  expect(look.borderColor).not.toBe(look.backgroundColor);
});

test('a call of a tool takes one line in a narrow side bar too, with the mark that unfolds it at its end', async () => {
  const run = new Recorder(fixture.store, { workspace: fixture.workspace, kind: 'task', source: '', title: 'Read it', input: { task: 'Read it' } });
  run.enter('running');
  const root = run.begin({ kind: 'run', name: 'Read it' });
  run.pass(5).end(run.begin({ kind: 'tool', name: 'read_file', parent: root, input: { path: 'small/s496.txt' } }));
  run.end(root).done(run.value('Read.'));
  await using panel = await fixture.open({ run: run.run, width: 300, height: 700 });
  await panel.page.waitForSelector('.call > summary');
  const { row, words, room } = await panel.page.$eval('.call > summary', (summary) => {
    const mark = getComputedStyle(summary, '::after');
    const own = summary.getBoundingClientRect();
    return { row: own.height, words: summary.querySelector('.call-name')!.getBoundingClientRect().height, room: own.right - summary.querySelector('.call-foot')!.getBoundingClientRect().right - parseFloat(mark.width) - parseFloat(mark.right) };
  });
  expect(row).toBeLessThan(2 * words);
  expect(room).toBeGreaterThan(0);
});
