import { afterAll, beforeAll, expect, test } from 'vitest';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { recordLongRun } from './harness/sample-runs.ts';

const events = 10_000;
/** Rows that a tall window needs, with the margins; what matters is that it does not grow with the run. */
const rowLimit = 80;
const heapLimitBytes = 100 * 1024 * 1024;

let fixture: PanelFixture;
let run: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  run = recordLongRun(fixture.store, { workspace: fixture.workspace }, events);
});
afterAll(() => fixture[Symbol.asyncDispose]());

const rows = (panel: PanelPage) => panel.page.$$eval('[role=treeitem]', (all) => all.length);

async function heapBytes(panel: PanelPage): Promise<number> {
  const session = await panel.page.createCDPSession();
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  return (await panel.page.metrics()).JSHeapUsedSize ?? Number.NaN;
}

test('a run of 10,000 events opens with few rows in the page and little memory', async () => {
  expect(fixture.store.run(run).events).toBeGreaterThan(events * 0.98);
  const began = performance.now();
  await using panel = await fixture.open({ run, state: { tab: 'trace', fold: { rest: 'open', except: [] }, filter: '', scroll: { result: 0, trace: 0, bill: 0 } } });
  await panel.page.waitForSelector('.row-time');
  const shown = performance.now() - began;
  const heap = await heapBytes(panel);
  console.log(`${events} events: first screen of the trace after ${Math.round(shown)} ms with the new page, JS heap ${(heap / 1024 / 1024).toFixed(1)} MiB, ${await rows(panel)} rows in the page.`);
  expect(await rows(panel)).toBeLessThan(rowLimit);
  expect(heap).toBeLessThan(heapLimitBytes);
  // Once for what is there at first, and once more when all of the record was read.
  expect(panel.traffic.methods.filter((method) => method === 'run.spans').length).toBeLessThan(9);
});

test('the end of it is reached with one key, and scrolling through all of it leaves no rows behind', async () => {
  await using panel = await fixture.open({ run });
  await panel.page.locator('#tab-trace').click();
  await panel.page.waitForSelector('.row-time');
  await panel.page.focus('[role=tree]');
  await panel.page.keyboard.press('End');
  await panel.page.waitForFunction(() => /^step 49\d\d$/.test(document.querySelector('.row.selected .row-text')?.textContent ?? ''));
  await panel.page.waitForFunction(() => document.querySelector('.details-name')?.textContent === document.querySelector('.row.selected .row-text')?.textContent);

  for (const share of [0, 0.25, 0.5, 0.75, 0.1, 0.9]) {
    await panel.page.$eval('[role=tree]', (tree, at) => (tree.scrollTop = tree.scrollHeight * at), share);
    await panel.page.waitForFunction(() => document.querySelectorAll('.row-time').length > 5 && document.querySelector('.row-loading') === null);
    expect(await rows(panel)).toBeLessThan(rowLimit);
  }
  expect(await heapBytes(panel)).toBeLessThan(heapLimitBytes);
});

test('its steps are found by a filter', async () => {
  await using panel = await fixture.open({ run });
  await panel.page.locator('#tab-trace').click();
  await panel.page.waitForSelector('.row-time');
  await panel.page.locator('input[type=search]').fill('Item 4365 is gone');
  await panel.page.waitForFunction(() => document.querySelectorAll('.row-text').length === 3);
  expect(await panel.page.$$eval('.row-text', (all) => all.map((row) => row.textContent))).toEqual(['Crawl of a whole site', 'batch 110', 'step 4365']);
});
