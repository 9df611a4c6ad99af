import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunStore } from '../../src/store/run-store.ts';
import { PanelFixture } from './harness/fixture.ts';
import { historyOf } from './harness/history.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { recordShopRun } from './harness/sample-runs.ts';

/**
 * A data directory, for example of `infrastructure-assassin sample --data-dir DIR`: its newest run is then pictured for the README.
 * Without it the pictures are taken of a recorded run and thrown away, so that the way to them stays open.
 */
const real = process.env['SCREENSHOTS'];
const folder = fileURLToPath(new URL('../../media/screenshots/', import.meta.url));

let fixture: PanelFixture;
let store: RunStore;
let run: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  store = real ? new RunStore(real) : fixture.store;
  run = real ? store.runs({ limit: 1 }).items[0]!.id : recordShopRun(store, { workspace: fixture.workspace });
});
afterAll(async () => {
  if (real) store[Symbol.dispose]();
  await fixture[Symbol.asyncDispose]();
});

const ready = { result: '.stored', trace: '.row-time', bill: '.figure-value' } as const;

test.each(['dark', 'light', 'hc'] as const)('a picture of the panel is taken in the %s theme', async (theme) => {
  await using panel = await fixture.open({ run, theme, width: 1100, height: 720, history: historyOf(store), workspace: store.run(run).workspace });
  await panel.page.waitForSelector(ready.result);
  const pictures = new Map<string, Uint8Array>();
  for (const [tab, selector] of Object.entries(ready)) {
    await panel.page.locator(`#tab-${tab}`).click();
    await panel.page.waitForSelector(selector);
    if (tab === 'trace') await selectStep(panel, 'page.extract');
    pictures.set(tab, await panel.page.screenshot({ type: 'png' }));
  }
  for (const picture of pictures.values()) expect(picture.length).toBeGreaterThan(20_000);
  if (!real) return;
  mkdirSync(folder, { recursive: true });
  for (const [tab, picture] of pictures) {
    if (tab === 'trace') writeFileSync(`${folder}panel-${theme}.png`, picture);
    else if (theme === 'dark') writeFileSync(`${folder}panel-${tab}.png`, picture);
  }
});

async function selectStep(panel: PanelPage, name: string): Promise<void> {
  const rows = await panel.page.$$('.row-text');
  for (const row of rows) {
    if ((await row.evaluate((element) => element.textContent)) !== name) continue;
    await row.click();
    return void (await panel.page.waitForFunction((wanted) => document.querySelector('.details-name')?.textContent === wanted, {}, name));
  }
}
