import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PanelFixture } from './harness/fixture.ts';
import { violationsOf } from './harness/axe.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { recordFailedRun, recordShopRun } from './harness/sample-runs.ts';

let fixture: PanelFixture;
let shop: string;
let failed: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  shop = recordShopRun(fixture.store, { workspace: fixture.workspace });
  failed = recordFailedRun(fixture.store, { workspace: fixture.workspace });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const ready: Readonly<Record<string, string>> = { result: '.table td', trace: '.row .row-time', bill: '.figure-value' };

async function show(panel: PanelPage, tab: keyof typeof ready): Promise<void> {
  await panel.page.locator(`#tab-${tab}`).click();
  await panel.page.waitForSelector(ready[tab]!);
  // Everything that can be opened is part of the page, too.
  await panel.page.$$eval('main details', (all) => all.forEach((details) => (details.open = true)));
  for (const button of await panel.page.$$('.disclosure')) await button.click();
  // The colours of a list that has the focus are others.
  if (tab === 'trace') await panel.page.focus('[role=tree]');
}

describe.each(['dark', 'light', 'hc', 'hc-light'] as const)('in the %s theme', (theme) => {
  test.each(Object.keys(ready))('axe finds nothing in the tab %s', async (tab) => {
    await using panel = await fixture.open({ theme, run: shop });
    await show(panel, tab);
    expect(await violationsOf(panel.page)).toEqual([]);
  });

  test('axe finds nothing in a failed run', async () => {
    await using panel = await fixture.open({ theme, run: failed });
    await panel.page.waitForSelector('.error-code');
    await panel.page.$$eval('main details', (all) => all.forEach((details) => (details.open = true)));
    expect(await violationsOf(panel.page)).toEqual([]);
  });
});

test('axe finds nothing before there is a run, and the page says what to do', async () => {
  await using empty = await PanelFixture.create();
  await using panel = await empty.open();
  await panel.page.waitForSelector('main h1');
  expect(await panel.text('main')).toContain('.assassin/chains');
  expect(await violationsOf(panel.page)).toEqual([]);
});

test('a page that is asked for less motion does not move', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await panel.page.waitForSelector('.table td');
  const moving = await panel.page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => getComputedStyle(element).animationName !== 'none').length);
  expect(moving).toBe(0);
});
