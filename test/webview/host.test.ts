import { afterAll, beforeAll, expect, test } from 'vitest';
import { AssassinError } from '../../src/shared/errors.ts';
import { PanelFixture } from './harness/fixture.ts';
import { historyOf } from './harness/history.ts';
import { Recorder } from './harness/record.ts';
import { recordFailedRun, recordShopRun } from './harness/sample-runs.ts';
import { violationsOf } from './harness/axe.ts';

let fixture: PanelFixture;
let shop: string;
let failed: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  failed = recordFailedRun(fixture.store, { workspace: fixture.workspace, at: Date.now() - 60_000 });
  shop = recordShopRun(fixture.store, { workspace: fixture.workspace });
});
afterAll(() => fixture[Symbol.asyncDispose]());

test('a host that is silent from the start is told after the time limit, and the run is shown when it is back', async () => {
  await using panel = await fixture.open();
  panel.mute(true);
  await panel.page.reload();
  await panel.page.waitForFunction(() => document.querySelector('main h1')?.textContent === 'The run could not be read');
  expect(await panel.text('main')).toContain('did not answer within 8 s');
  expect(await violationsOf(panel.page)).toEqual([]);
  panel.mute(false);
  await panel.page.locator('.message .button').click();
  await panel.page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Shop report');
});

test('a store that cannot be read for a while leaves the page as it is, with a warning that goes by itself', async () => {
  const history = historyOf(fixture.store);
  let broken = false;
  await using panel = await fixture.open({
    run: shop,
    history: {
      ...history,
      read: (work) => (broken ? Promise.reject(new AssassinError('store-unwritable', 'The store is locked.', { hint: 'Close other windows.' })) : history.read(work)),
    },
  });
  const { page } = panel;
  await page.waitForSelector('.table td');
  broken = true;
  await page.locator('#tab-trace').click();
  await page.waitForFunction(() => document.querySelector('.notice-wait')?.textContent?.includes('The store is locked.'));
  expect(await panel.text('h1')).toBe('Shop report');
  expect(await violationsOf(page)).toEqual([]);
  broken = false;
  await page.waitForSelector('.row-time');
  await page.waitForFunction(() => document.querySelector('.notice-wait') === null);
});

test('the run that a person asked for comes before the one that was shown last, and that one before the newest', async () => {
  const view = { tab: 'result', fold: { rest: 'open', except: [] }, filter: '', scroll: { result: 0, trace: 0, bill: 0 } };
  const title = async (options: Parameters<PanelFixture['open']>[0]) => {
    await using panel = await fixture.open(options);
    await panel.page.waitForSelector('.header h1');
    return await panel.text('.header h1');
  };
  expect(await title({})).toBe('Shop report');
  expect(await title({ state: { ...view, run: failed } })).toBe('Nightly check');
  expect(await title({ state: { ...view, run: failed }, run: shop })).toBe('Shop report');
  expect(await title({ state: { ...view, run: 'run_deleted' } })).toBe('Shop report');
  expect(await title({ state: { run: 17, tab: 'unheard of' } })).toBe('Shop report');
});

test('where the shown run is deleted, the page goes on to the newest that is left, and then says that there is none', async () => {
  await using other = await PanelFixture.create();
  const { store, workspace } = other;
  const left = recordFailedRun(store, { workspace, at: Date.now() - 60_000 });
  const shown = recordShopRun(store, { workspace });
  const listeners = new Set<(runs: readonly string[] | undefined) => void>();
  const onDidChange = (listener: (runs: readonly string[] | undefined) => void) => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  };
  await using panel = await other.open({ history: { ...historyOf(store), onDidChange } });
  for (const [run, next] of [[shown, 'Nightly check'], [left, 'What is to be done?']] as const) {
    await panel.page.waitForSelector('.header h1');
    store.deleteRun(run);
    for (const listener of listeners) listener(undefined);
    await panel.page.waitForFunction((title) => document.querySelector('h1')?.textContent === title, {}, next);
  }
});

test('the page goes to another run when the host says so', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.waitForSelector('.table td');
  panel.service.open(failed);
  await panel.page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Nightly check');
});

test('messages that break the protocol are dropped and change nothing', async () => {
  await using panel = await fixture.open({ run: shop });
  await panel.page.waitForSelector('.table td');
  await panel.page.evaluate(() => {
    for (const message of [null, 'text', { type: 'response', id: 1, result: { run: 'x' } }, { type: 'event', event: 'open', data: { run: 5 } }, { type: 'event', event: 'reload' }]) {
      window.postMessage(message, location.origin);
    }
  });
  await expect.poll(() => panel.traffic.errors.length).toBe(4);
  expect(await panel.text('h1')).toBe('Shop report');
});

test('the page speaks the language of the editor', async () => {
  await using panel = await fixture.open({ run: shop, strings: { Result: 'Ergebnis', Trace: 'Ablauf', 'Run again': 'Noch einmal', '{0} steps': '{0} Schritte' } });
  await panel.page.waitForSelector('.table td');
  expect(await panel.text('#tab-result')).toBe('Ergebnis');
  expect(await panel.text('.actions')).toContain('Noch einmal');
  expect(await panel.text('.facts')).toContain('20 Schritte');
});

test('the bill tells real cost, prices with their formula and date, use with its mark, and what is not counted', async () => {
  await using panel = await fixture.open({ run: shop });
  const { page } = panel;
  await page.locator('#tab-bill').click();
  await page.waitForSelector('.figure-value');
  expect(await panel.text('.figure-value')).toBe('$0');
  expect(await panel.text('.notice-good')).toContain('All 3 things');
  const text = await panel.text('#tabpanel-bill');
  for (const part of ['process group 4711 not in the process list', 'AWS Lambda', 'Browser, CPU time', '1.26 s', 'measured', 'estimated', 'electricity and wear']) expect(text).toContain(part);
  expect(await panel.text('[aria-label="Refused"]')).toBe('RefusedAttemptsWhynet https://ads.example:44312No grant covers it.');
  expect(await panel.text('[aria-label="Reached"]')).toBe('ReachedConnectionsReceivedSentshop.example:44346793.3 KiB40.0 KiB');
  expect(await page.$('.formula')).toBeNull();
  await page.locator('.disclosure').click();
  expect(await panel.text('.formula')).toContain('×');
  expect(await page.$eval('.disclosure', (button) => button.getAttribute('aria-expanded'))).toBe('true');
  expect(await page.$$eval('time[datetime]', (all) => all.every((time) => /^\d{4}(-\d\d(-\d\d)?)?$/.test(time.getAttribute('datetime') ?? '')))).toBe(true);
});

test('the bill tells what a model did not have to read with the arithmetic behind it, and of a run that recorded no tools that it did not', async () => {
  const spared = async (recorded: boolean) => {
    const run = new Recorder(fixture.store, { title: 'Task', kind: 'task', workspace: fixture.workspace, at: Date.now() - 30_000 });
    run.enter('running');
    run.step({ kind: 'agent', name: 'Turn 1' }, (turn) => run.step({ kind: 'model', name: 'openai/gpt', parent: turn }));
    if (recorded) run.append({ type: 'tools.known', tools: 120, tokens: 48_000, toldTools: 9, toldTokens: 1395, how: 'four characters a token' });
    run.done(run.value(null));
    await using panel = await fixture.open({ run: run.run });
    await panel.page.locator('#tab-bill').click();
    await panel.page.waitForSelector('.figure-value');
    return await panel.text('#tabpanel-bill');
  };
  expect(await spared(true)).toContain('About 46,605 tokens of definitions of tools.(48,000 of 120 connected tools − 1,395 of the 9 that it was told of) × 1 (requests) = 46,605');
  expect(await spared(false)).toContain('Definitions of tools: not recorded.');
});
