import { afterAll, beforeAll, expect, test } from 'vitest';
import { PanelFixture } from './harness/fixture.ts';
import { Recorder } from './harness/record.ts';

const markup = '<img src=x onerror="document.body.dataset.owned=1"><script>document.body.dataset.owned=1</script>';
const megabyte = 'long '.repeat(200_000);
const reversed = 'report\u202Egpj.exe';
const controls = 'bell\u0007 null\u0000 escape\u001b[31m';
const rightToLeft = 'دفتر الحسابات';

let fixture: PanelFixture;
let run: string;

beforeAll(async () => {
  fixture = await PanelFixture.create();
  const recorder = new Recorder(fixture.store, { workspace: fixture.workspace, title: `${markup}${reversed}`, source: markup, input: { [markup]: markup } });
  recorder.enter('running');
  const root = recorder.begin({ kind: 'run', name: markup });
  recorder.append({ type: 'run.progress', message: markup }, { type: 'run.log', level: 'warn', message: `${markup}${controls}` });
  recorder.lease('browser', markup, (lease) => {
    recorder.append({ type: 'egress.used', lease, hosts: [{ host: `${markup}${reversed}`, requests: 1, received: 1, sent: 1 }], refused: [{ action: markup, attempts: 1, reason: `${markup}${megabyte}` }] });
    recorder.step({ kind: 'tool', name: megabyte, parent: root, input: { text: megabyte }, output: markup });
    recorder.step({ kind: 'mcp', name: reversed, parent: root, status: 'error', error: { code: 'mcp-tool-failed', message: markup, hint: megabyte, location: { file: markup, line: 1, column: 1 } } });
  }, markup);
  recorder.append({ type: 'meter', meter: 'http.requests', value: 1, mark: 'measured', source: markup });
  recorder.end(root);
  recorder.done(recorder.value([
    { [markup]: markup, name: reversed, note: controls, [rightToLeft]: rightToLeft, __proto__: 'x', long: 'short' },
    { [markup]: 'javascript:document.body.dataset.owned=1', name: 'plain', note: '', [rightToLeft]: rightToLeft, long: 'y'.repeat(5000) },
  ]));
  run = recorder.run;
});
afterAll(() => fixture[Symbol.asyncDispose]());

test.each(['result', 'trace', 'bill'])('text of strangers stays text in the tab %s', async (tab) => {
  await using panel = await fixture.open({ run });
  const { page, traffic } = panel;
  await page.locator(`#tab-${tab}`).click();
  await page.waitForSelector({ result: '.table td', trace: '.row-time', bill: '.figure-value' }[tab] ?? '');
  await page.$$eval('main details', (all) => all.forEach((details) => (details.open = true)));
  if (tab === 'trace') {
    await page.focus('[role=tree]');
    for (const _row of [1, 2, 3]) await page.keyboard.press('ArrowDown');
    await page.waitForSelector('.details .error-code');
  }
  expect(await panel.text(`#tabpanel-${tab}`)).toContain('<img src=x');
  expect(await page.$$eval('img, script:not([nonce]), iframe, object', (all) => all.length)).toBe(0);
  expect(await page.$$eval('a[href^="javascript:"]', (all) => all.length)).toBe(0);
  expect(await page.evaluate(() => document.body.dataset['owned'])).toBeUndefined();
  expect(traffic.violations).toEqual([]);
  expect(traffic.errors).toEqual([]);
  const origin = new URL(page.url()).origin;
  expect(traffic.requests.filter((url) => !url.startsWith(origin))).toEqual([]);
});

test('a character that turns the reading direction is shown by its code, a control character by its picture', async () => {
  await using panel = await fixture.open({ run });
  await panel.page.waitForSelector('.table td');
  const text = await panel.text('#app');
  expect(text).toContain('report<U+202E>gpj.exe');
  expect(text).toContain('bell\u2407 null\u2400 escape\u241b[31m');
  expect(text).toContain(rightToLeft);
  expect(text).not.toMatch(/[\u202a-\u202e\u0007\u001b]/);
});

test('a megabyte in one name or value is cut in the page and can be read on', async () => {
  await using panel = await fixture.open({ run });
  const { page } = panel;
  await page.locator('#tab-trace').click();
  await page.waitForSelector('.row-time');
  await page.focus('[role=tree]');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.querySelector('.details-name .more') !== null);
  expect((await panel.text('.tree')).length).toBeLessThan(2000);
  expect((await panel.text('.details-name')).length).toBeLessThan(2200);
  await page.locator('.details-name .more').click();
  await page.waitForFunction(() => (document.querySelector('.details-name')?.textContent?.length ?? 0) > 50_000);
});

test('the content security policy lets no inline script, no remote script and no remote picture in', async () => {
  await using panel = await fixture.open({ run });
  const { page, traffic } = panel;
  await page.waitForSelector('.table td');
  await page.evaluate(() => {
    const inline = document.createElement('script');
    inline.textContent = 'document.body.dataset.owned = 1';
    const picture = document.createElement('img');
    picture.src = 'https://pictures.invalid/x.png';
    document.body.append(inline, picture);
    document.body.insertAdjacentHTML('beforeend', '<p style="color: red" onclick="1">x</p>');
  });
  await expect.poll(() => traffic.violations.map((text) => text.split(' ')[0]).toSorted()).toEqual(['img-src', 'script-src-attr', 'script-src-elem', 'style-src-attr']);
  expect(await page.evaluate(() => document.body.dataset['owned'])).toBeUndefined();
});

test('a place outside the workspace is not opened', async () => {
  const recorder = new Recorder(fixture.store, { workspace: fixture.workspace });
  recorder.enter('running').enter('failed', { code: 'chain-failed', message: 'It failed.', location: { file: '../../etc/passwd', line: 1, column: 1 } });
  await using panel = await fixture.open({ run: recorder.run });
  await panel.page.locator('.error-foot .link').click();
  await panel.page.waitForSelector('.notice-bad');
  expect(await panel.text('.notice-bad')).toContain('is not a file of this workspace');
  expect(panel.traffic.opened).toEqual([]);
  await panel.page.locator('[aria-label="Dismiss"]').click();
  await panel.page.waitForFunction(() => document.querySelector('.notice-bad') === null);
});
