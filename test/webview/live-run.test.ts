import { afterAll, beforeAll, expect, test } from 'vitest';
import { AssassinError } from '../../src/shared/errors.ts';
import { PanelFixture } from './harness/fixture.ts';
import { Gatekeeper, LiveRuns } from './harness/live-run.ts';

let fixture: PanelFixture;

beforeAll(async () => {
  fixture = await PanelFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

test('a run is followed from its progress to its result without a reload', async () => {
  await using live = new LiveRuns(fixture);
  const middle = new Gatekeeper();
  const run = live.start('Two halves', async (scope) => {
    scope.progress('First half', 0.5);
    await scope.step({ kind: 'sandbox', name: 'first half' }, async () => null);
    await middle.pass(scope.signal);
    await scope.step({ kind: 'sandbox', name: 'second half' }, async () => null);
    return [{ half: 1, done: true }, { half: 2, done: true }];
  });
  await using panel = await fixture.open({ run: run.id, actions: live.actions });
  await panel.page.waitForFunction(() => document.querySelector('.progress-text')?.textContent === 'First half');
  expect(await panel.page.$eval('progress', (bar) => bar.value)).toBe(0.5);
  expect(await panel.text('.badge')).toBe('Running');
  expect(await panel.text('.actions')).toContain('Stop');

  const first = await panel.text('.facts');
  await panel.page.waitForFunction((before) => document.querySelector('.facts')?.textContent !== before, {}, first);

  middle.open();
  await run.outcome;
  await panel.page.waitForFunction(() => document.querySelectorAll('.table tbody tr').length === 2);
  expect(await panel.text('.badge')).toBe('Done');
  expect(await panel.text('[role=status]')).toBe('Two halves: Done');
  expect(await panel.text('.actions')).toContain('Run again');
});

test('rows of the trace come in while it is open, and the cursor stays on its step', async () => {
  await using live = new LiveRuns(fixture);
  const more = new Gatekeeper();
  const run = live.start('Growing', async (scope) => {
    await scope.step({ kind: 'tool', name: 'early' }, async () => null);
    await more.pass(scope.signal);
    for (let i = 0; i < 300; i++) await scope.step({ kind: 'tool', name: `late ${i}` }, async () => null);
    return null;
  });
  await using panel = await fixture.open({ run: run.id, actions: live.actions });
  await panel.page.locator('#tab-trace').click();
  await panel.page.waitForFunction(() => document.querySelectorAll('.row-text').length === 2);
  await panel.page.focus('[role=tree]');
  await panel.page.keyboard.press('End');
  await panel.page.waitForFunction(() => document.querySelector('.details-name')?.textContent === 'early');
  more.open();
  await run.outcome;
  await panel.page.waitForFunction(() => document.querySelector('#tab-trace .count')?.textContent === '302');
  await panel.page.waitForFunction(() => document.querySelector('.toolbar .hint')?.textContent === '302 steps');
  expect(await panel.text('.row.selected .row-text')).toBe('early');
});

test('a busy run causes few messages, however many events it writes', async () => {
  await using live = new LiveRuns(fixture);
  const started = new Gatekeeper();
  const run = live.start('Chatty', async (scope) => {
    await started.pass(scope.signal);
    for (let i = 0; i < 2000; i++) scope.log('info', `line ${i}`);
    return null;
  });
  await using panel = await fixture.open({ run: run.id, actions: live.actions });
  await panel.page.waitForSelector('.progress');
  const before = panel.traffic.methods.length;
  started.open();
  await run.outcome;
  await panel.page.waitForFunction(() => document.querySelector('.badge')?.textContent === 'Done');
  await panel.page.waitForFunction(() => document.querySelector('.log-lines li:last-child')?.textContent?.includes('line 1999'));
  expect(panel.traffic.methods.length - before).toBeLessThan(60);
  expect(await panel.page.$$eval('.log-line', (lines) => lines.length)).toBe(200);
});

test('a panel that was closed and is opened again in the middle shows the truth, where the person was', async () => {
  await using live = new LiveRuns(fixture);
  const middle = new Gatekeeper();
  const end = new Gatekeeper();
  const run = live.start('Interrupted view', async (scope) => {
    for (let i = 0; i < 120; i++) await scope.step({ kind: 'tool', name: `before ${i}` }, async () => null);
    await middle.pass(scope.signal);
    for (let i = 0; i < 30; i++) await scope.step({ kind: 'tool', name: `after ${i}` }, async () => null);
    await end.pass(scope.signal);
    return 'the end';
  });
  let kept: unknown;
  {
    await using panel = await fixture.open({ run: run.id, actions: live.actions });
    await panel.page.locator('#tab-trace').click();
    await panel.page.waitForSelector('.row-time');
    await panel.page.focus('[role=tree]');
    await panel.page.keyboard.press('End');
    await panel.page.waitForFunction(() => document.querySelector('.details-name')?.textContent === 'before 119');
    await panel.page.waitForFunction(() => ((window.__state as { scroll?: { trace?: number } } | null)?.scroll?.trace ?? 0) > 0);
    kept = await panel.state();
  }
  middle.open();
  await expect.poll(() => fixture.store.run(run.id).steps).toBe(151);

  const opened = performance.now();
  await using again = await fixture.open({ state: kept, actions: live.actions });
  await again.page.waitForFunction(() => document.querySelector('.toolbar .hint')?.textContent === '151 steps');
  console.log(`Reopened in the middle of the run: the truth after ${Math.round(performance.now() - opened)} ms, with the new page.`);
  expect(await again.text('h1')).toBe('Interrupted view');
  expect(await again.page.$eval('#tab-trace', (tab) => tab.getAttribute('aria-selected'))).toBe('true');
  await again.page.waitForFunction(() => document.querySelector('.row.selected .row-text')?.textContent === 'before 119');
  await again.page.waitForFunction(() => document.querySelector('.details-name')?.textContent === 'before 119');

  end.open();
  await run.outcome;
  await again.page.waitForFunction(() => document.querySelector('.badge')?.textContent === 'Done');
});

test('Stop ends the run, and Run again starts it once more and shows it', async () => {
  await using live = new LiveRuns(fixture);
  const never = new Gatekeeper();
  const run = live.start('Endless', async (scope) => {
    await never.pass(scope.signal);
    return null;
  });
  await using panel = await fixture.open({ run: run.id, actions: live.actions });
  await panel.page.waitForSelector('.progress');
  await panel.page.locator('.actions .button.primary').click();
  expect((await run.outcome).state).toBe('cancelled');
  await panel.page.waitForFunction(() => document.querySelector('.badge')?.textContent === 'Cancelled');
  expect(await panel.text('.error')).toContain('Stopped in the panel.');
  await panel.page.locator('.actions .button.primary').click();
  await panel.page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Once more');
});

test('a run that waits for a person says what it asks', async () => {
  const answer = Promise.withResolvers<string | undefined>();
  await using live = new LiveRuns(fixture, { approve: () => Promise.resolve(undefined), ask: () => answer.promise });
  const run = live.start('Curious', async (scope) => (await scope.ask('Which shop?')) ?? null);
  await using panel = await fixture.open({ run: run.id, actions: live.actions });
  await panel.page.waitForFunction(() => document.querySelector('.badge')?.textContent === 'Waiting for you');
  await panel.page.waitForFunction(() => document.querySelector('.notice')?.textContent?.includes('Which shop?'));
  answer.resolve('The one in town');
  await panel.page.waitForFunction(() => document.querySelector('.badge')?.textContent === 'Done');
  expect(await panel.text('.stored')).toContain('The one in town');
});

test('what is left of a failed destruction is told in the bill and in the state', async () => {
  await using live = new LiveRuns(fixture);
  const run = live.start('Leaver', async (scope) => {
    await scope.lease({ kind: 'browser', label: 'stubborn browser' }, async () => ({ destroy: () => Promise.reject(new AssassinError('leftover', 'it would not go')) }));
    return null;
  });
  await run.outcome;
  await using panel = await fixture.open({ run: run.id, actions: live.actions });
  await panel.page.waitForFunction(() => document.querySelector('.badge')?.textContent === 'Failed');
  expect(await panel.text('.error')).toContain('leftover');
  await panel.page.locator('#tab-bill').click();
  await panel.page.waitForSelector('.notice-bad');
  expect(await panel.text('.notice-bad')).toContain('1 of 1');
  expect(await panel.page.$$eval('td .badge', (all) => all.map((badge) => badge.textContent))).toEqual(['Not verified']);
});

test('a run of another program, whose events give no notice here, is followed all the same', async () => {
  await using live = new LiveRuns(fixture);
  const end = new Gatekeeper();
  const run = live.start('Elsewhere', async (scope) => {
    await end.pass(scope.signal);
    return 'seen';
  });
  const { store } = fixture;
  const { historyOf } = await import('./harness/history.ts');
  await using panel = await fixture.open({ run: run.id, history: { ...historyOf(store), onDidChange: () => ({ dispose: () => undefined }) } });
  await panel.page.waitForSelector('.progress');
  expect(await panel.page.$eval('.actions .button.primary', (button) => button.hasAttribute('disabled'))).toBe(true);
  end.open();
  await panel.page.waitForFunction(() => document.querySelector('.badge')?.textContent === 'Done');
  expect(await panel.text('.stored')).toContain('seen');
});
