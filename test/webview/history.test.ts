import { afterAll, beforeAll, expect, test } from 'vitest';
import { Redactor } from '../../src/policy/redact.ts';
import { tagRun } from '../../src/run/tag-run.ts';
import { violationsOf } from './harness/axe.ts';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { recordFailedRun, recordShopRun } from './harness/sample-runs.ts';
import { recordTask } from './harness/sample-tasks.ts';
import { noTasks } from './harness/tasks.ts';

let fixture: PanelFixture;
let first: string;
let second: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  const { store, workspace } = fixture;
  const at = Date.now() - 100_000;
  recordFailedRun(store, { workspace, at });
  first = recordTask(store, { workspace, at: at + 1000, title: 'Find the price', tags: ['eu'] });
  second = recordTask(store, { workspace, at: at + 2000, title: 'And in another shop', model: 'anthropic/claude', written: 90 });
  recordTask(store, { workspace, at: at + 3000, title: 'Something else', session: 'ses_2' });
  recordShopRun(store, { workspace, at: at + 4000 });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const history = (more: object = {}) => fixture.open({ state: { place: 'history', tab: 'chat', fold: { rest: 'open', except: [] }, filter: '', scroll: { result: 0, trace: 0, bill: 0 }, ...more }, tasks: { ...noTasks, tag: (run, change) => Promise.resolve(tagRun({ store: fixture.store, host: { pid: 1, start: 'x' }, redactor: new Redactor() }, undefined, run, change)) } });
const titles = (panel: PanelPage, wanted: readonly string[]) => panel.page.waitForFunction((all) => JSON.stringify([...document.querySelectorAll('.found-title')].map((each) => each.textContent)) === all, {}, JSON.stringify(wanted));
/** Opens a list of choices, ticks one by keyboard, and closes the list again. */
const tick = async (panel: PanelPage, list: string, choice: string) => {
  await panel.page.locator(`::-p-xpath(//summary[starts-with(., "${list}")])`).click();
  await panel.page.locator(`::-p-xpath(//details[@open]//label[contains(translate(., "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"), "${choice.toLowerCase()}")]/input)`).click();
  await panel.page.keyboard.press('Escape');
};
const named = (name: string, role = 'button') => `::-p-aria([name="${name}"][role="${role}"])`;

test('runs are filtered by state, model, tag and cost beside their words, and the filters outlive the page', async () => {
  await using panel = await history();
  await titles(panel, ['Shop report', 'Something else', 'And in another shop', 'Find the price', 'Nightly check']);
  await panel.page.locator(named('Filters')).click();
  await tick(panel, 'State', 'failed');
  await titles(panel, ['Nightly check']);
  // Several of one kind widen, several kinds narrow.
  await tick(panel, 'State', 'cancelled');
  await tick(panel, 'Kind', 'Chain');
  await titles(panel, ['Nightly check']);
  expect(await panel.text('.many .many-value')).toMatch(/failed, cancelled/i);
  await panel.page.locator(named('Clear filters')).click();
  await panel.page.locator('::-p-xpath(//summary[starts-with(., "Model")])').click();
  await panel.page.locator(named('Model: Part of a name', 'textbox')).fill('claude');
  await panel.page.keyboard.press('Enter');
  await titles(panel, ['And in another shop']);
  await panel.page.keyboard.press('Escape');
  expect(await panel.page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
  expect(await violationsOf(panel.page)).toEqual([]);
  const kept = await panel.state();
  await using again = await history(kept as object);
  await titles(again, ['And in another shop']);
  await again.page.locator(named('Clear filters')).click();
  await again.page.locator(named('Cost from (USD)', 'spinbutton')).fill('0.001');
  await again.page.keyboard.press('Enter');
  await titles(again, ['Something else', 'And in another shop', 'Find the price']);
  await again.page.locator('input[type=search]').fill('no run has this');
  await again.page.waitForFunction(() => document.querySelector('.history > .hint')?.textContent?.includes('all filters must hold'));
});

test('conversations list their runs', async () => {
  await using panel = await history();
  await panel.page.waitForSelector('.found-title');
  await panel.page.locator(named('Conversations')).click();
  await titles(panel, ['Something else', 'Find the price']);
  expect(await panel.text('.found-run:nth-child(2)')).toContain('2 runs');
  expect(await violationsOf(panel.page)).toEqual([]);
  await panel.page.locator('.found-run:nth-child(2) .found-title').click();
  await titles(panel, ['And in another shop', 'Find the price']);
});

test('two runs are compared side by side, down to what their results say', async () => {
  await using panel = await history();
  await titles(panel, ['Shop report', 'Something else', 'And in another shop', 'Find the price', 'Nightly check']);
  await panel.page.locator('.found-run:nth-child(4) .pick input').click();
  await panel.page.waitForFunction(() => document.querySelector('.compare-bar')?.textContent?.includes('Choose another run'));
  await panel.page.locator('.found-run:nth-child(3) .pick input').click();
  await panel.page.locator('.compare-bar .primary').click();
  await panel.page.waitForSelector('.compare-row .compare-cell');
  await panel.page.waitForSelector('.compare .diff-added');
  // What stands above the list of steps scrolls by itself, and does not push away how many are different.
  await panel.page.setViewport({ width: 900, height: 450 });
  expect(await panel.page.$eval('.compare-steps .pick', (pick) => document.elementFromPoint(pick.getBoundingClientRect().x + 5, pick.getBoundingClientRect().y + 5)?.closest('.pick') === pick)).toBe(true);
  const facts = await panel.page.$$eval('.compare .table tr', (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  expect(facts.find(([name]) => name === 'Tokens')).toEqual(['Tokens', '1,234', '1,290', '+56']);
  expect(await panel.page.$$eval('.compare .diff-added, .compare .diff-removed', (lines) => lines.map((line) => line.lastElementChild?.textContent))).toEqual(['  "written": 34', '  "written": 90']);
  const rows = () => panel.page.$$eval('.compare-row', (all) => all.map((row) => [row.querySelector('.row-text')?.textContent, row.lastElementChild?.textContent]));
  expect(await rows()).toEqual([['Find the price', ''], ['CodeAct', ''], ['openai/gpt-5 / anthropic/claude', 'name, output'], ['workspace.readFile', '']]);
  expect(await violationsOf(panel.page)).toEqual([]);

  await panel.page.locator('.compare .pick input').click();
  await panel.page.waitForFunction(() => document.querySelectorAll('.compare-row').length === 1);
  await panel.page.focus('.compare-rows');
  await panel.page.keyboard.down('Shift');
  await panel.page.keyboard.press('Enter');
  await panel.page.keyboard.up('Shift');
  await panel.page.waitForFunction(() => document.querySelector('h1')?.textContent === 'And in another shop');
  await panel.page.waitForFunction(() => document.querySelector('.row.selected .row-text')?.textContent === 'anthropic/claude');
});

test('the editor may ask to compare two runs, also before the page has loaded; one that is gone is told', async () => {
  await using panel = await fixture.open();
  panel.service.compare({ a: first, b: second });
  await panel.page.waitForSelector('.compare-row .compare-cell');
  panel.service.compare({ a: first, b: 'run_gone' });
  await panel.page.waitForFunction(() => document.querySelector('.compare .notice')?.textContent?.includes('There is no run run_gone.'));
});

test('tags are put on and taken off with the keyboard, and a word that cannot be one is told', async () => {
  await using panel = await history({ place: 'run', run: first });
  await panel.page.waitForSelector('.tags .tag');
  expect(await panel.page.$$eval('.tag bdi', (tags) => tags.map((tag) => tag.textContent))).toEqual(['eu']);
  await panel.page.focus('[aria-label="Add a tag"]');
  await panel.page.keyboard.press('Enter');
  await panel.page.waitForFunction(() => document.activeElement?.className === 'tag-input');
  await panel.page.keyboard.type('nightly, price');
  await panel.page.keyboard.press('Enter');
  await panel.page.waitForFunction(() => document.querySelectorAll('.tag').length === 3);
  await panel.page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Add a tag');
  expect(await violationsOf(panel.page)).toEqual([]);
  await panel.page.locator('[aria-label="Remove the tag nightly"]').click();
  await panel.page.waitForFunction(() => document.querySelectorAll('.tag').length === 2);
  expect(fixture.store.traces.tags(first)).toEqual(['eu', 'price']);
  await panel.page.locator('[aria-label="Add a tag"]').click();
  await panel.page.locator('.tag-input').fill('x'.repeat(120));
  await panel.page.keyboard.press('Enter');
  await panel.page.waitForFunction(() => document.querySelector('.notice-bad')?.textContent?.includes('cannot be a tag'));
  await panel.page.keyboard.press('Escape');
  await panel.page.waitForFunction(() => document.querySelector('.tag-input') === null);
});
