import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../src/shared/json.ts';
import { violationsOf } from './harness/axe.ts';
import { PanelFixture } from './harness/fixture.ts';
import type { PanelPage, PanelPageOptions } from './harness/panel-page.ts';
import { Recorder } from './harness/record.ts';
import { png } from './harness/png.ts';

let fixture: PanelFixture;
beforeAll(async () => { fixture = await PanelFixture.create(); });
afterAll(() => fixture[Symbol.asyncDispose]());

type Parts = Readonly<Record<string, Json>>;

/** A recorded check; `parts` take the place of those of one that passed. */
function showing(parts: Parts = {}, options: Partial<PanelPageOptions> = {}): Promise<PanelPage> {
  const recorder = new Recorder(fixture.store, { workspace: fixture.workspace, kind: 'function', title: 'browser.verify', source: 'browser.verify', input: { url: 'http://localhost:5173/' }, grants: ['browser', 'net http://localhost:5173'] });
  const picture = recorder.journal.bytes(png(320, 200), 'image/png');
  const found: Json = {
    passed: true, url: 'http://localhost:5173/', steps: [{ name: 'Open http://localhost:5173/', passed: true, ms: 210, problem: null }, { name: 'The text "Hello" is there', passed: true, ms: 12, problem: null }],
    screenshots: [{ name: 'The page', blob: picture.blob, bytes: picture.bytes, mediaType: 'image/png', width: 320, height: 200 }], console: [], network: [], accessibility: [], ...parts,
  };
  recorder.enter('running').done(recorder.value(found));
  return fixture.open({ run: recorder.run, ...options });
}

const bad: Parts = {
  passed: false,
  steps: [{ name: 'Open http://localhost:5173/', passed: true, ms: 210, problem: null }, { name: 'Click #buy', passed: false, ms: 5000, problem: '"#buy" on p1 (button#buy) is covered by div.cookies after 5000 ms.' }],
  console: [{ text: 'Uncaught TypeError: <img src=x onerror=alert(1)> is not a function', url: 'http://localhost:5173/app.js', line: 12 }],
  network: [{ method: 'GET', url: 'http://localhost:5173/missing.png', status: 404, failure: null }, { method: 'GET', url: 'https://cdn.example/x.js', status: null, failure: 'net::ERR_TUNNEL_CONNECTION_FAILED' }],
  accessibility: [{ rule: 'image-alt', impact: 'critical', help: 'Images must have alternative text', helpUrl: 'https://dequeuniversity.com/rules/axe/4.10/image-alt', elements: ['img.hero'], count: 1 }],
  server: { command: 'npm run dev', readyMs: 1400, output: '  Local: http://localhost:5173/' },
};

test('a check that passed says so first, with its steps and its pictures', async () => {
  await using panel = await showing();
  await panel.page.waitForSelector('.pictures img');
  expect(await panel.text('.verdict')).toBe('Passed');
  expect(await panel.text('.verify-steps')).toContain('The text "Hello" is there');
  expect(await panel.page.$eval('.pictures img', (image) => [(image as HTMLImageElement).naturalWidth, (image as HTMLImageElement).alt])).toEqual([320, 'The page, picture']);
  expect(await panel.page.$$('.findings')).toHaveLength(0);
});

test('a check that failed tells each finding as text, and nothing of the page becomes part of the panel', async () => {
  await using panel = await showing(bad);
  await panel.page.waitForSelector('.verdict');
  const shown = await panel.text('[role=tabpanel]');
  expect(await panel.text('.verdict')).toBe('Failed');
  for (const words of ['1 step failed, 1 error in the console, 2 requests failed, 1 rule of accessibility is broken.', 'is covered by div.cookies', '<img src=x onerror=alert(1)>', '404', 'net::ERR_TUNNEL_CONNECTION_FAILED', 'Critical: Images must have alternative text', 'Server: npm run dev']) expect(shown).toContain(words);
  expect(await panel.page.$('.findings img')).toBeNull();
});

test.each(['dark', 'light', 'hc'] as const)('a check is accessible in the %s theme', async (theme) => {
  await using panel = await showing(bad, { theme });
  await panel.page.waitForSelector('.pictures img');
  await panel.page.$$eval('details', (all) => all.forEach((each) => { each.open = true; }));
  expect(await violationsOf(panel.page)).toEqual([]);
});

test('a check fits into a side bar of 300 pixels', async () => {
  await using panel = await showing(bad, { width: 300 });
  await panel.page.waitForSelector('.pictures img');
  await panel.page.$$eval('details', (all) => all.forEach((each) => { each.open = true; }));
  const wide = await panel.page.evaluate(() => [...document.querySelectorAll('.section, .picture, .findings, .notice')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1).map(({ className }) => className));
  expect(wide).toEqual([]);
  expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
});

test('pictures, the server and the data are reached and opened with the keyboard alone', async () => {
  await using panel = await showing(bad);
  const { page } = panel;
  await page.waitForSelector('.pictures img');
  await page.focus('#tab-result');
  const reached: string[] = [];
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.className || '');
    reached.push(name);
    if (name.startsWith('Server: npm run dev') && !reached.slice(0, -1).includes(name)) await page.keyboard.press('Enter');
  }
  expect(reached).toEqual(expect.arrayContaining(['picture-button', 'Server: npm run dev', 'As data', 'what to do about image-alt']));
  expect(await page.$eval('.page-text', (element) => element.checkVisibility())).toBe(true);
});

test('a result with other fields than a check has is shown as data', async () => {
  await using panel = await showing({ steps: 'none' });
  await panel.page.waitForSelector('.stored');
  expect(await panel.page.$('.verdict')).toBeNull();
});

test('a check with findings beyond what the record holds in place is read and shown all the same', async () => {
  await using panel = await showing({ passed: false, console: Array.from({ length: 300 }, (_, i) => ({ text: `error ${i} ${'x'.repeat(100)}`, url: '', line: 0 })) });
  await panel.page.waitForSelector('.findings');
  expect(await panel.page.$$eval('.findings > li', (all) => all.length)).toBe(100);
  expect(await panel.text('[role=tabpanel]')).toContain('200 more are in the data below.');
});
