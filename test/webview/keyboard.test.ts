import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeyInput } from 'puppeteer-core';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { recordFailedRun, recordShopRun } from './harness/sample-runs.ts';

let fixture: PanelFixture;
let shop: string;
let failed: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  failed = recordFailedRun(fixture.store, { workspace: fixture.workspace, at: Date.now() - 60_000 });
  shop = recordShopRun(fixture.store, { workspace: fixture.workspace });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const press = async (panel: PanelPage, ...keys: readonly KeyInput[]) => {
  for (const key of keys) await panel.page.keyboard.press(key);
};
const focused = (panel: PanelPage) => panel.page.evaluate(() => document.activeElement?.id ?? '');
const cursor = (panel: PanelPage) => panel.page.$eval('[role=treeitem][aria-selected=true]', (row) => row.querySelector('.row-text')?.textContent ?? '');
const names = (panel: PanelPage) => panel.page.$$eval('.row-text', (rows) => rows.map((row) => row.textContent));

/** Steps through the tab order until `selector` has the focus, as a person without a mouse does. */
async function tabTo(panel: PanelPage, selector: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    if (await panel.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await press(panel, 'Tab');
  }
  throw new Error(`The keyboard cannot reach ${selector}.`);
}

test('arrows, Home and End move through the tabs and wrap around, and show what they select', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.waitForSelector('.table td');
  await tabTo(panel, '#tab-result');
  await press(panel, 'ArrowRight');
  expect(await focused(panel)).toBe('tab-trace');
  await panel.page.waitForSelector('#tabpanel-trace [role=tree]');
  await press(panel, 'End');
  expect(await focused(panel)).toBe('tab-bill');
  await panel.page.waitForSelector('#tabpanel-bill .figure');
  await press(panel, 'ArrowRight');
  expect(await focused(panel)).toBe('tab-result');
  await press(panel, 'ArrowLeft', 'Home');
  expect(await focused(panel)).toBe('tab-result');
  expect(await panel.page.$$eval('[role=tab][tabindex="0"]', (tabs) => tabs.length)).toBe(1);
});

test('the tree is walked, closed and opened with the arrows, and the details follow', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.waitForSelector('.table td');
  await tabTo(panel, '#tab-result');
  await press(panel, 'ArrowRight');
  await panel.page.waitForSelector('.row-time');
  await tabTo(panel, '[role=tree]');
  await press(panel, 'ArrowDown', 'ArrowDown', 'ArrowDown');
  expect(await cursor(panel)).toBe('page.goto');
  await panel.page.waitForFunction(() => document.querySelector('.details-name')?.textContent === 'page.goto');
  await panel.page.waitForFunction(() => document.querySelector('.details')?.textContent?.includes('https://shop.example/lamps'));

  await press(panel, 'ArrowLeft');
  expect(await cursor(panel)).toBe('crawl lamps');
  const before = (await names(panel)).length;
  await press(panel, 'ArrowLeft');
  await panel.page.waitForSelector('.row[aria-selected=true][aria-expanded=false]');
  expect((await names(panel)).length).toBe(before - 2);
  await press(panel, 'ArrowRight');
  await panel.page.waitForSelector('.row[aria-selected=true][aria-expanded=true]');
  await press(panel, 'ArrowRight');
  expect(await cursor(panel)).toBe('page.goto');
  await press(panel, 'Home');
  expect(await cursor(panel)).toBe('Shop report');
  await press(panel, 'End');
  expect(await cursor(panel)).toBe('mcp.filesystem.write_file');

  const active = await panel.page.$eval('[role=tree]', (tree) => document.getElementById(tree.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-level'));
  expect(active).toBe('3');
});

test('all rows are closed and opened with one key, and the root stays', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.locator('#tab-trace').click();
  await panel.page.waitForSelector('.row-time');
  await tabTo(panel, '[aria-label="Collapse all"]');
  await press(panel, 'Enter');
  await panel.page.waitForFunction(() => document.querySelectorAll('.row-text').length === 2);
  expect(await names(panel)).toEqual(['Shop report', '.assassin/chains/shop-report.ts']);
  await tabTo(panel, '[aria-label="Expand all"]');
  await press(panel, 'Enter');
  await panel.page.waitForFunction(() => document.querySelectorAll('.row-text').length === 20);
});

test('the filter keeps what leads to a match and tells how many rows are left', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.locator('#tab-trace').click();
  await panel.page.waitForSelector('.row-time');
  await tabTo(panel, 'input[type=search]');
  await panel.page.keyboard.type('goto error');
  await panel.page.waitForFunction(() => document.querySelectorAll('.row-text').length === 3);
  expect(await names(panel)).toEqual(['Shop report', '.assassin/chains/shop-report.ts', 'page.goto']);
  expect(await panel.text('.toolbar .hint')).toBe('3 of 20');
  await panel.page.keyboard.type(' nothing has this');
  await panel.page.waitForFunction(() => document.querySelector('.toolbar .hint')?.textContent === 'No step matches.');
});

test('a table is sorted by its header buttons, numbers by size, and says so', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.waitForSelector('.table td');
  const column = (index: number) => panel.page.$$eval('.table tbody tr', (rows, at) => rows.map((row) => row.children[at]?.textContent), index);
  await tabTo(panel, 'th:nth-child(2) .sort');
  await press(panel, 'Enter');
  expect(await column(1)).toEqual(['9', '12', '18', '24', '31']);
  expect(await panel.page.$eval('th:nth-child(2)', (head) => head.getAttribute('aria-sort'))).toBe('ascending');
  await press(panel, 'Space');
  expect(await column(1)).toEqual(['31', '24', '18', '12', '9']);
  expect(await panel.page.$eval('th:nth-child(2)', (head) => head.getAttribute('aria-sort'))).toBe('descending');
  await press(panel, 'Tab', 'Tab', 'Enter');
  expect(await column(3)).toEqual(['Clip lamp', 'Corner shelf', 'Door mat', 'Folding chair', 'Laptop desk']);
});

test('the place of an error is opened with the keyboard, as an absolute path inside the workspace', async () => {
  await using panel = await fixture.open({ run: failed });
  await panel.page.waitForSelector('.error-code');
  await tabTo(panel, '.error-foot .link');
  await press(panel, 'Enter');
  await expect.poll(() => panel.traffic.opened).toEqual([{ file: `${fixture.workspace}/.assassin/chains/nightly.ts`, line: 12, column: 18 }]);
});

test('another run is chosen in the picker, and the export button names it', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.waitForSelector('.table td');
  await panel.page.waitForFunction(() => document.querySelectorAll('.picker option').length === 2);
  await tabTo(panel, '.picker');
  await press(panel, 'ArrowDown');
  await panel.page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Nightly check');
  await tabTo(panel, '.actions .button:last-child');
  await press(panel, 'Enter');
  await expect.poll(() => panel.traffic.exported).toEqual([failed]);
});
