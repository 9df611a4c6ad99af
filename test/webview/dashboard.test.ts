import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toRecordsFile } from '../../src/savings/report/records-file.ts';
import { AssassinError } from '../../src/shared/errors.ts';
import { record } from '../unit/savings/report/records.ts';
import { sampled } from '../helpers/depth.ts';
import { violationsOf } from './harness/axe.ts';
import { FakeFigures } from './harness/figures.ts';
import { PanelFixture } from './harness/fixture.ts';
import { historyOf } from './harness/history.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { recordModelRun, recordWeeks } from './harness/usage-runs.ts';

/** The clock of the host stands still: a test that runs over midnight must not lose a day. */
const now = Date.parse('2026-11-20T12:00:00Z');

let fixture: PanelFixture;
let empty: PanelFixture;
/** One page for the tests that only read it. */
let shared: PanelPage;

beforeAll(async () => {
  [fixture, empty] = await Promise.all([PanelFixture.create(), PanelFixture.create()]);
  recordWeeks(fixture.store, fixture.workspace, now);
  shared = await fixture.open({ now: () => now });
  await goTo(shared, 'Usage', '.charts');
});
afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  await Promise.all([fixture, empty].map((each) => each[Symbol.asyncDispose]()));
});

async function goTo(panel: PanelPage, place: 'Usage' | 'Infrastructure', ready: string): Promise<void> {
  await panel.page.locator(`.places button[aria-label=${place}]`).click();
  await panel.page.waitForSelector(ready);
}

async function openEverything({ page }: PanelPage): Promise<void> {
  for (const button of await page.$$('.chart-toggle[aria-expanded=false], .disclosure[aria-expanded=false]')) await button.click();
  await page.$$eval('main details', (all) => all.forEach((details) => (details.open = true)));
}

/** Whole billionths of a dollar, as written. */
function nano(text: string): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)\$(\d+)\.(\d+)$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(9, '0')}`);
}

describe.each(sampled(['dark', 'light', 'hc-light', 'hc'] as const, 2))('in the %s theme', (theme) => {
  test('axe finds nothing in usage and infrastructure, with everything open', async () => {
    await using panel = await fixture.open({ theme, now: () => now });
    await goTo(panel, 'Usage', '.charts');
    await openEverything(panel);
    expect(await violationsOf(panel.page)).toEqual([]);
    await goTo(panel, 'Infrastructure', '.facts-grid');
    expect(await violationsOf(panel.page)).toEqual([]);
    expect(panel.traffic).toMatchObject({ violations: [], errors: [] });
  });
});

test.each([300, 150])('nothing sticks out at %i pixels', async (width) => {
  await using panel = await fixture.open({ width, height: 700, now: () => now });
  for (const [place, ready] of [['Usage', '.charts'], ['Infrastructure', '.facts-grid']] as const) {
    await goTo(panel, place, ready);
    await openEverything(panel);
    const overflowing = await panel.page.evaluate(() => [...document.querySelectorAll('#app *')].filter((element) =>
      element.closest('.table-scroll, .visually-hidden, .rank-name, svg') === null && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((element) => `${element.tagName}.${element.getAttribute('class') ?? ''}`));
    expect(overflowing).toEqual([]);
  }
});

test('the first sight of the panel loads nothing of the figures; they come under its policy when they are asked for', async () => {
  await using panel = await fixture.open({ now: () => now });
  await panel.page.waitForSelector('.places');
  const before = panel.traffic.requests.length;
  expect(panel.traffic.methods.filter((method) => /^(usage|infrastructure)/.test(method))).toEqual([]);
  await goTo(panel, 'Usage', '.charts');
  expect(panel.traffic.requests.slice(before).some((url) => /chunk-\w+\.js$/.test(url))).toBe(true);
  expect(panel.traffic.violations).toEqual([]);
});

test('each money column of a table adds up to the total below it, and that is the figure above', async () => {
  const panel = shared;
  await openEverything(panel);
  const tables = await panel.page.$$eval('.charts table', (all) => all.map((table) => [...table.querySelectorAll('tbody tr, tfoot tr')].map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? ''))));
  let columns = 0;
  for (const rows of tables) {
    const total = rows.at(-1) ?? [];
    for (const [column, text] of total.entries()) {
      if (!text.includes('$')) continue;
      columns += 1;
      expect(rows.slice(0, -1).reduce((sum, cells) => sum + nano(cells[column] ?? ''), 0n), text).toBe(nano(text));
    }
  }
  // Three marks, their sum, and the saving.
  expect(columns).toBe(5);
  const marks = await panel.page.$$eval('.charts thead', ([head]) => head?.textContent ?? '');
  for (const mark of ['computed', 'billed', 'estimated']) expect(marks).toContain(mark);
  expect(await panel.text('.figures')).toContain('$0.0203 computed, $0.0043 billed, $0.00027 estimated');
});

test('a chart is gone through with the arrow keys, and each bar says its figure', async () => {
  const panel = shared;
  const { page } = panel;
  await page.focus('.chart-bars');
  const active = () => page.$eval('.chart-bars', (chart) => document.getElementById(chart.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-label') ?? '');
  await page.keyboard.press('End');
  expect(await active()).toBe('2026-11-20: no runs');
  await page.keyboard.press('ArrowLeft');
  expect(await active()).toMatch(/^\d{4}-\d\d-\d\d: \$0$/);
  await page.keyboard.press('Home');
  expect(await active()).toContain('no runs');
  expect(await page.$$eval('.chart-bars', ([chart]) => chart?.querySelectorAll('[role=option]').length)).toBe(30);
  expect(await panel.text('.chart-readout')).toContain('no runs');
});

test('the span is chosen, kept for the next page, and counts for exports too', async () => {
  const figures = new FakeFigures();
  await using panel = await fixture.open({ figures, now: () => now });
  const { page } = panel;
  await goTo(panel, 'Usage', '.charts');
  const runs = () => page.$$eval('.figure', (all) => all.find((figure) => figure.textContent?.startsWith('Runs'))?.querySelector('.figure-value')?.textContent);
  expect(await runs()).toBe('16');
  await page.select('select[aria-label="Span of time"]', '7');
  await page.waitForFunction(() => document.querySelectorAll('.charts [role=listbox]')[0]?.querySelectorAll('[role=option]').length === 7);
  expect(await runs()).toBe('9');
  for (const format of ['CSV', 'JSON', 'HTML']) await page.locator(`button[aria-label^=${format}]`).click();
  await expect.poll(() => figures.saved.map(({ format }) => format).sort()).toEqual(['csv', 'html', 'json']);
  const of = (format: string) => figures.saved.find((saved) => saved.format === format)?.text ?? '';
  expect(of('csv').match(/^run,/gm)).toHaveLength(9);
  expect((JSON.parse(of('json')) as { readonly records: readonly unknown[] }).records).toHaveLength(9);
  expect(of('html')).toContain('9 runs from');
  expect(await panel.state()).toMatchObject({ place: 'usage', usage: { days: 7, everywhere: false } });
});

test('each price opens to formula, inputs, free allowance, date and source; the saving to both of its sides', async () => {
  const panel = shared;
  await openEverything(panel);
  const [lambda = ''] = await panel.page.$$eval('.formula-row', (rows) => rows.map((row) => row.textContent ?? ''));
  for (const part of ['13 browser sessions, 13 code runs; US East, x86', 'GB-s × $0.0000166667 + 26 requests × $0.2 / 1000000', 'each run rounded to billionths', '(20']) expect(lambda).toContain(part);
  expect(await panel.text('.saving-details')).toMatch(/At list price\$0\.\d+ \(.+\) − \$0\.0248862 = -\$0\.\d+/);
  expect(await panel.text('.dashboard')).toContain('last confirmed more than 60 days ago');
});

test('records of other machines are added up with those of this one, and can be left out again', async () => {
  const figures = new FakeFigures();
  const theirs = { createdAt: now - 1000, machine: 'laptop', title: 'Their run' };
  figures.chosen = [{ name: 'laptop.json', text: toRecordsFile([record({ ...theirs, run: 'r1' }), record({ ...theirs, run: 'r2' })]) }];
  await using panel = await fixture.open({ figures, now: () => now });
  const { page } = panel;
  await goTo(panel, 'Usage', '.charts');
  await page.locator('.message-actions ::-p-text(Add records of other machines)').click();
  await page.waitForFunction(() => document.querySelector('.dashboard')?.textContent?.includes('on desk, laptop'));
  expect(await panel.text('.dashboard')).toContain('laptop.json: 2 runs');
  await page.locator('::-p-text(Only this machine)').click();
  await page.waitForFunction(() => !document.querySelector('.dashboard')?.textContent?.includes('laptop'));
  figures.chosen = [{ name: 'broken.json', text: '{"format":"infrastructure-assassin/usage-records","version":2,"records":[{"run":""}]}' }];
  await page.locator('.message-actions ::-p-text(Add records of other machines)').click();
  await page.waitForSelector('.notice-bad');
  expect(await panel.text('.notice-bad')).toContain('broken.json does not hold usage records: records.0.run');
  expect(await panel.text('.dashboard')).not.toContain('broken.json');
});

test('where nothing was run the page says what would be here, and leads on', async () => {
  await using panel = await empty.open();
  await goTo(panel, 'Usage', '.dashboard h2');
  expect(await panel.text('.dashboard')).toContain('No runs in the last 30 days');
  expect(await violationsOf(panel.page)).toEqual([]);
  await panel.page.locator('::-p-text(Show all that is kept)').click();
  await panel.page.waitForFunction(() => document.querySelector('.dashboard h2')?.textContent === 'No runs yet');
});

test('a model without a price leaves the cost unknown: it is no zero, and no saving is shown', async () => {
  const workspace = '/elsewhere';
  recordModelRun(empty.store, { workspace, at: now }, [{ model: 'local/llama', input: 900, output: 40 }]);
  await using panel = await empty.open({ workspace, now: () => now });
  await goTo(panel, 'Usage', '.charts');
  const text = await panel.text('.dashboard');
  expect(text).toContain('1 run used a model whose price is not known');
  expect(text).not.toContain('Saved');
  expect(await panel.text('.figure-value')).toBe('unpriced');
  expect(await panel.page.$('.bar-unknown')).not.toBeNull();
  expect(await panel.page.$$eval('.rank-text', (all) => all.map((each) => each.textContent))).toContain('unpriced');
});

test('records that cannot be read are told, and read again at a click', async () => {
  const history = historyOf(fixture.store);
  let broken = true;
  await using panel = await fixture.open({
    now: () => now,
    history: { ...history, read: (work) => (broken && work.toString().includes('recordsOfStore') ? Promise.reject(new AssassinError('store-unwritable', 'The store is locked.', { hint: 'Close other windows.' })) : history.read(work)) },
  });
  await goTo(panel, 'Usage', '.dashboard .notice-wait');
  expect(await panel.text('.dashboard')).toContain('The store is locked.');
  broken = false;
  await panel.page.locator('.dashboard .notice-wait button').click();
  await panel.page.waitForSelector('.charts');
});

describe('on one page', () => {
  const figures = new FakeFigures();
  let panel: PanelPage;
  beforeAll(async () => {
    panel = await fixture.open({ figures, now: () => now });
    await goTo(panel, 'Usage', '.ranking');
  });
  afterAll(() => panel[Symbol.asyncDispose]());

  test('the bars of a ranking are one stop, gone through with the arrow keys, each with its name and figure', async () => {
    const { page } = panel;
    const active = () => page.$eval('.ranking', (list) => document.getElementById(list.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-label') ?? '');
    await page.focus('.ranking');
    const names = await page.$$eval('.ranking', ([list]) => [...(list?.querySelectorAll('.rank') ?? [])].map((rank) => `${rank.querySelector('.rank-name')?.textContent}: ${rank.querySelector('.rank-text')?.textContent}`));
    expect(names.length).toBeGreaterThan(1);
    expect(await active()).toBe(names[0]);
    await page.keyboard.press('ArrowDown');
    expect(await active()).toBe(names[1]);
    await page.keyboard.press('End');
    expect(await active()).toBe(names.at(-1));
    await page.keyboard.press('ArrowDown');
    expect(await active()).toBe(names.at(-1));
    await page.keyboard.press('Home');
    expect(await active()).toBe(names[0]);
    expect(await page.$eval('.ranking', (list) => [list.getAttribute('aria-label') !== '', list.querySelectorAll('[tabindex]').length])).toEqual([true, 0]);
  });

  test('what is closed on the screen is open on paper, and closed again afterwards', async () => {
    const { page } = panel;
    // Looked at within the event: the paper is made of what stands there when it is over.
    const state = () => page.evaluate(() => ({ tables: document.querySelectorAll('.chart table').length, charts: document.querySelectorAll('.chart').length, details: [...document.querySelectorAll<HTMLDetailsElement>('.saving-details')].map(({ open }) => open) }));
    expect(await state()).toMatchObject({ tables: 0, details: [false] });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    const printed = await page.evaluate(() => { window.dispatchEvent(new Event('afterprint')); window.dispatchEvent(new Event('beforeprint')); return [document.querySelectorAll('.chart table').length, document.querySelectorAll('.chart').length]; });
    expect(printed[0]).toBe(printed[1]);
    expect((await state()).details).toEqual([true]);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await page.waitForFunction(() => document.querySelectorAll('.chart table').length === 0 && document.querySelector('.saving-details[open]') === null);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000);
  });

  test('an export says that the file was written, that it was not wanted, or what went wrong', async () => {
    const told = (text: string) => panel.page.waitForFunction((wanted) => document.querySelector('.usage-told[role=status]')?.textContent === wanted, {}, text);
    const press = (name: string) => panel.page.locator(`.usage-exports button[aria-label^="${name}"]`).click();
    await press('CSV');
    await told('The CSV file was written.');
    figures.save = () => Promise.resolve(false);
    await press('HTML');
    await told('Nothing was written.');
    figures.save = () => Promise.reject(new AssassinError('file-not-found', 'There is no folder /gone.', { hint: 'Choose another one.' }));
    await press('JSON');
    await told('The JSON file was not written.');
    expect(await panel.text('.notice')).toContain('There is no folder /gone.');
  });
});

test('colours that a person forces reach the bars, and on paper there are no buttons', async () => {
  const panel = shared;
  const { page } = panel;
  const look = () => page.evaluate(() => ({ fill: getComputedStyle(document.querySelector('.bar-body')!).fill, exports: getComputedStyle(document.querySelector('.usage-exports')!).display, overflow: getComputedStyle(document.querySelector('.dashboard')!).overflow }));
  const before = await look();
  const client = await page.createCDPSession();
  await client.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  expect((await look()).fill).not.toBe(before.fill);
  await client.send('Emulation.setEmulatedMedia', { media: 'print' });
  expect(await look()).toMatchObject({ exports: 'none', overflow: 'visible' });
});

test('the infrastructure follows what the program holds, names what was not measured, and leads to the run of a lease', async () => {
  const figures = new FakeFigures();
  const [run = ''] = fixture.store.runs({ limit: 1 }).items.map(({ id }) => id);
  const { loop: _loop, ...unwatched } = figures.now;
  figures.now = { ...unwatched, leases: [{ ...figures.now.leases[0]!, run, owner: 99 }] };
  await using panel = await fixture.open({ figures, now: () => now });
  const { page } = panel;
  await goTo(panel, 'Infrastructure', '.facts-grid');
  const text = await panel.text('.dashboard');
  for (const part of ['not measured yet', 'in another program, process 99', '180 MiB', '1 running, 1 waiting for you', '2 of 4', 'records opened']) expect(text).toContain(part);
  figures.now = { ...new FakeFigures().now, leases: [], servers: [], loop: { p50Ms: 1, p99Ms: 80, maxMs: 90, watchedMs: 2000, busy: 0.9 } };
  await page.waitForFunction(() => document.querySelector('.dashboard')?.textContent?.includes('late: the computer or another extension is busy'));
  expect(await panel.text('.dashboard')).toContain('Nothing is held');
  figures.now = { ...figures.now, leases: [{ ...new FakeFigures().now.leases[0]!, run }] };
  await page.locator('.table .link').click();
  await page.waitForSelector('.tabs');
});

test('a person who asks for the figures by command gets them, also while the page is still loading', async () => {
  await using panel = await fixture.open({ now: () => now });
  panel.service.goTo('usage');
  await panel.page.waitForSelector('.charts');
  panel.service.goTo('infrastructure');
  await panel.page.waitForSelector('.facts-grid');
});
