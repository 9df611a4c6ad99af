import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../src/shared/json.ts';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage } from './harness/panel-page.ts';
import { png } from './harness/png.ts';
import { Recorder } from './harness/record.ts';

let fixture: PanelFixture;

beforeAll(async () => {
  fixture = await PanelFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** A run whose result is what `make` gives; opened in the panel. */
function showing(make: (recorder: Recorder) => Json): Promise<PanelPage> {
  const recorder = new Recorder(fixture.store, { workspace: fixture.workspace });
  recorder.enter('running').done(recorder.value(make(recorder)));
  return fixture.open({ run: recorder.run });
}

test('a table that is too big for the journal is read from its blob and shown a page at a time', async () => {
  await using panel = await showing(() => Array.from({ length: 2500 }, (_, i) => ({ id: i, name: `item ${i}`, price: (i * 7919) % 1000 })));
  const { page } = panel;
  await page.waitForSelector('.table td');
  expect(await page.$$eval('tbody tr', (rows) => rows.length)).toBe(100);
  expect(await panel.text('.pager')).toContain('Rows 1 to 100 of 2,500');
  await page.locator('[aria-label="Next rows"]').click();
  await page.waitForFunction(() => document.querySelector('tbody td')?.textContent === '100');
  await page.locator('th:nth-child(3) .sort').click();
  await page.waitForFunction(() => document.querySelector('tbody td:nth-child(3)')?.textContent === '0');
  expect(await panel.text('.pager')).toContain('Rows 1 to 100');
  expect(panel.traffic.methods.filter((method) => method === 'blob.read').length).toBeLessThan(4);
});

test('a value of many megabytes is not read before somebody asks for it', async () => {
  await using panel = await showing(() => Array.from({ length: 30_000 }, (_, i) => ({ id: i, text: 'x'.repeat(60) })));
  const { page } = panel;
  await page.waitForFunction(() => document.querySelector('.stored')?.textContent?.includes('Show all'));
  expect(panel.traffic.methods).not.toContain('blob.read');
  await page.locator('.stored > .button').click();
  await page.waitForSelector('.table td');
  expect(await panel.text('.pager')).toContain('of 30,000');
});

test('a value beyond that is read as text, page by page, without cutting a character in two', async () => {
  await using panel = await showing(() => 'ä€😀'.repeat(1_000_000));
  const { page } = panel;
  await page.waitForFunction(() => (document.querySelector('.page-text')?.textContent?.length ?? 0) > 10_000);
  const first = await panel.text('.page-text');
  await page.locator('[aria-label="Next page"]').click();
  await page.waitForFunction((before) => document.querySelector('.page-text')?.textContent !== before && document.querySelector('[aria-busy=true]') === null, {}, first);
  const second = await panel.text('.page-text');
  expect(`${first}${second}`).toBe(`"${'ä€😀'.repeat(30_000)}`.slice(0, first.length + second.length));
  expect(first + second).not.toContain('\ufffd');
  await page.locator('[aria-label="Previous page"]').click();
  await page.waitForFunction((before) => document.querySelector('.page-text')?.textContent === before, {}, first);
});

test('a screenshot is shown as a picture, in a result and in a cell, and grows on demand', async () => {
  await using panel = await showing((recorder) => {
    const shot = { ...recorder.journal.bytes(png(640, 400), 'image/png') };
    return { home: shot, pages: [{ url: '/a', shot }] };
  });
  const { page } = panel;
  await page.waitForFunction(() => [...document.querySelectorAll('img')].filter((image) => image.naturalWidth === 640).length === 2);
  const height = () => page.$eval('td img', (image) => image.getBoundingClientRect().height);
  const small = await height();
  await page.locator('td .picture-button').click();
  await page.waitForFunction((before) => (document.querySelector('td img')?.getBoundingClientRect().height ?? 0) > before, {}, small);
  expect(panel.traffic.violations).toEqual([]);
});

test('a picture that is a document is not shown as one', async () => {
  await using panel = await showing((recorder) => ({ ...recorder.journal.bytes(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'image/svg+xml') }));
  await panel.page.waitForFunction(() => document.querySelector('.stored')?.textContent?.includes('image/svg+xml'));
  expect(await panel.page.$$eval('img', (all) => all.length)).toBe(0);
  expect(panel.traffic.methods).not.toContain('blob.read');
});

test('a value whose blob is gone says so', async () => {
  const recorder = new Recorder(fixture.store, { workspace: fixture.workspace });
  recorder.enter('running').done({ blob: 'a'.repeat(64), bytes: 20_000, mediaType: 'application/json', preview: '[' });
  await using panel = await fixture.open({ run: recorder.run });
  await panel.page.waitForFunction(() => document.querySelector('.stored')?.textContent?.includes('no longer stored'));
  expect(await panel.text('.stored')).toContain('run the chain again');
});

test('nested data is shown as pairs, tables and a tree that opens level by level', async () => {
  await using panel = await showing(() => ({ total: 3, shop: { name: 'Corner', open: true }, rows: [{ a: 1 }], deep: { x: { y: { z: { w: 'bottom' } } } }, empty: [], none: {}, nothing: null }));
  const { page } = panel;
  await page.waitForSelector('.pairs');
  const text = await panel.text('.stored');
  for (const part of ['total', '3', 'Corner', 'true', 'Nothing (null)', 'Nothing (empty list)', 'Nothing (empty object)']) expect(text).toContain(part);
  expect(text).not.toContain('bottom');
  await page.$$eval('.json details', (all) => all.forEach((details) => (details.open = true)));
  await page.waitForFunction(() => document.querySelectorAll('.json details').length > 1);
  await page.$$eval('.json details', (all) => all.forEach((details) => (details.open = true)));
  await page.waitForFunction(() => document.querySelector('.stored')?.textContent?.includes('bottom'));
});

test('a result is copied as text, also where it is in a blob', async () => {
  const rows = Array.from({ length: 400 }, (_, i) => ({ id: i, name: `row ${i} with a name` }));
  await using panel = await showing(() => rows);
  const { page } = panel;
  await page.waitForSelector('.table td');
  await page.browserContext().overridePermissions(new URL(page.url()).origin, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
  await page.bringToFront();
  await page.locator('.section-head .button').click();
  await page.waitForFunction(() => document.querySelector('.section-head .button')?.textContent === 'Copied');
  expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(rows);
});
