import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordsOfStore } from '../../src/savings/report/records-of-store.ts';
import { toHtml } from '../../src/savings/report/to-html.ts';
import { buildReport } from '../../src/savings/report/usage-report.ts';
import { RunStore } from '../../src/store/run-store.ts';
import { OwnBrowser } from '../helpers/own-browser.ts';
import { violationsOf } from './harness/axe.ts';
import { recordWeeks } from './harness/usage-runs.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

let directory: string;
let own: OwnBrowser;
let page: Page;
const asked: string[] = [];
const told: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'test-report-'));
  using store = new RunStore(join(directory, 'data'));
  recordWeeks(store, '/work/shop', now);
  const records = await recordsOfStore(store, { machine: 'desk' });
  const { report } = buildReport(records, { subscriptions: [{ name: 'Langfuse Core', usdPerMonth: 29 }], secondsPerColdStart: 3 }, now);
  writeFileSync(join(directory, 'report.html'), toHtml(report, { title: 'What the runs cost and saved', createdAt: new Date(now) }));
  own = await OwnBrowser.launchForPages();
  page = await own.browser.newPage();
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => told.push(message.text()));
  page.on('pageerror', (error) => told.push(String(error)));
  await page.goto(pathToFileURL(join(directory, 'report.html')).href);
});
afterAll(async () => {
  await own[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

test('the page to hand on asks for nothing but itself, and nothing of it is blocked or fails', () => {
  expect(asked.map((url) => url.replace(/.*\//, ''))).toEqual(['report.html']);
  expect(told).toEqual([]);
});

const looks = [
  ['light', [{ name: 'prefers-color-scheme', value: 'light' }]],
  ['dark', [{ name: 'prefers-color-scheme', value: 'dark' }]],
  ['high contrast', [{ name: 'forced-colors', value: 'active' }, { name: 'prefers-color-scheme', value: 'dark' }]],
] as const;

test.each(looks)('axe finds nothing in it in %s, wide and on a phone', async (_name, features) => {
  const client = await page.createCDPSession();
  await client.send('Emulation.setEmulatedMedia', { media: '', features: [...features] });
  for (const width of [1100, 360]) {
    await page.setViewport({ width, height: 800 });
    expect(await violationsOf(page), String(width)).toEqual([]);
    // Tables scroll by themselves; the page never does sideways.
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  }
  if (process.env['REPORT_SHOTS']) await page.setViewport({ width: 1100, height: 800 }).then(() => page.screenshot({ path: `${process.env['REPORT_SHOTS']}/report-${_name}.png`, fullPage: true }));
  await client.detach();
});

test('on paper it is dark on white whatever the reader has set, whole, and no table is cut off', async () => {
  const client = await page.createCDPSession();
  await client.send('Emulation.setEmulatedMedia', { media: 'print', features: [{ name: 'prefers-color-scheme', value: 'dark' }] });
  // A4 in pixels of the page, between its margins.
  await page.setViewport({ width: 720, height: 1000 });
  const look = await page.evaluate(() => ({
    paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color,
    cut: [...document.querySelectorAll('section')].filter((section) => getComputedStyle(section).overflowX !== 'visible' || section.scrollWidth > section.clientWidth + 1).map((section) => section.querySelector('caption, h2')?.textContent),
  }));
  expect(look).toEqual({ paper: 'rgb(255, 255, 255)', ink: 'rgb(0, 0, 0)', cut: [] });
  const paper = await page.pdf({ format: 'A4', printBackground: true });
  expect(paper.length).toBeGreaterThan(20_000);
  if (process.env['REPORT_SHOTS']) writeFileSync(`${process.env['REPORT_SHOTS']}/report.pdf`, paper);
  await client.detach();
});
