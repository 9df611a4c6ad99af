import { afterAll, beforeAll, expect, test } from 'vitest';
import { violationsOf } from './harness/axe.ts';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { png } from './harness/png.ts';
import { recordShopRun } from './harness/sample-runs.ts';

let fixture: PanelFixture;
let run: string;
beforeAll(async () => {
  fixture = await PanelFixture.create();
  run = recordShopRun(fixture.store, { workspace: fixture.workspace }, png(320, 200));
});
afterAll(() => fixture[Symbol.asyncDispose]());

const state = { tab: 'trace', fold: { rest: 'open', except: [] }, filter: '', scroll: { result: 0, trace: 0, bill: 0 } };
const drawn = '.row-picture[data-state=drawn]';
const dialog = 'dialog[open] img';
const closed = (panel: PanelPage) => panel.page.waitForFunction(() => document.querySelector('dialog') === null);
const role = (panel: PanelPage) => panel.page.evaluate(() => document.activeElement?.getAttribute('role'));
const toPicture = (panel: PanelPage, rows: string) => panel.page.$eval(drawn, (picture, row) => picture.closest(row)?.querySelector<HTMLElement>('bdi')?.click(), rows);

test('a step that has a picture shows it in its row, small, with a name, and in rows of the height of all others', async () => {
  await using panel = await fixture.open({ run, state });
  await panel.page.waitForSelector(drawn);
  expect(await panel.page.$eval(drawn, (picture) => [picture.getAttribute('role'), picture.getAttribute('aria-label')])).toEqual(['img', 'page.screenshot, picture']);
  const heights = await panel.page.$$eval('.row', (rows) => [...new Set(rows.map((row) => Math.round(row.getBoundingClientRect().height)))]);
  expect(heights).toHaveLength(1);
  expect(await panel.page.$eval(drawn, (picture) => picture.getBoundingClientRect().height)).toBeLessThan(heights[0] ?? 0);
  // The row that has the focus in the tree is the one that the picture belongs to, for a screen reader too.
  expect(await violationsOf(panel.page)).toEqual([]);
});

test('the picture is opened large by a click and by Shift+Enter, and Escape leads back to the row', async () => {
  await using panel = await fixture.open({ run, state });
  await panel.page.waitForSelector(drawn);
  await panel.page.click(drawn);
  await panel.page.waitForSelector(dialog);
  expect(await panel.page.$eval(dialog, (image) => [image.getAttribute('alt'), (image as HTMLImageElement).naturalWidth || 320])).toEqual(['page.screenshot, picture', 320]);
  expect(await violationsOf(panel.page)).toEqual([]);
  await panel.page.keyboard.press('Escape');
  await closed(panel);
  await panel.page.focus('[role=tree]');
  await toPicture(panel, '.row');
  await panel.page.waitForFunction(() => document.querySelector('.row.selected .row-picture'));
  await panel.page.focus('[role=tree]');
  await panel.page.keyboard.down('Shift');
  await panel.page.keyboard.press('Enter');
  await panel.page.keyboard.up('Shift');
  await panel.page.waitForSelector(dialog);
  await panel.page.locator('::-p-aria([name="Close"][role="button"])').click();
  await closed(panel);
  expect(await role(panel)).toBe('tree');
});

test('the log has it too, beside the event that tells of it', async () => {
  await using panel = await fixture.open({ run, state });
  await panel.page.waitForSelector('.row-time');
  await panel.page.locator('::-p-aria([name="Log"][role="button"])').click();
  await panel.page.waitForSelector('.event-text');
  await panel.page.locator('input[type=search]').fill('page.screenshot step.ended');
  // The picture may have been in sight before the filter: what counts is the one line that is left.
  await panel.page.waitForFunction((wanted) => document.querySelectorAll('.event').length === 1 && document.querySelector(`.event.selected ${wanted}`) !== null, {}, drawn);
  expect(await panel.page.$eval('.event', (row) => row.getBoundingClientRect().height - (row.querySelector('.row-picture')?.getBoundingClientRect().height ?? 0))).toBeGreaterThan(0);
  await panel.page.focus('.event-log');
  await panel.page.keyboard.down('Shift');
  await panel.page.keyboard.press('Enter');
  await panel.page.keyboard.up('Shift');
  await panel.page.waitForSelector(dialog);
  await panel.page.keyboard.press('Escape');
  await closed(panel);
  expect(await role(panel)).toBe('listbox');
  expect(await panel.page.$eval('.switch-option[aria-pressed=true]', (button) => button.textContent)).toBe('Log');
});

test('what is no picture after all leaves its row as it is', async () => {
  const broken = recordShopRun(fixture.store, { workspace: fixture.workspace }, Buffer.from('These bytes are no picture.'));
  await using panel = await fixture.open({ run: broken, state });
  await panel.page.waitForSelector('.row-picture[data-state=failed]');
  expect(await panel.page.$$eval('.row', (rows) => rows.length)).toBeGreaterThan(5);
});
