import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calls, code, finishChecked, recorded, says } from '../helpers/tasks.ts';
import { ChatFixture } from './harness/chat-fixture.ts';
import { Gatekeeper } from './harness/live-run.ts';
import { violationsOf } from './harness/axe.ts';

let fixture: ChatFixture;

beforeAll(async () => {
  fixture = await ChatFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const always = new AbortController().signal;
const edit = calls(['edit_file', { path: 'price.ts', edits: [{ oldText: 'price = 1', newText: 'price = 2' }] }]);
const files = { 'price.ts': 'export const name = "lamp";\nexport const price = 1;\nexport const unit = "EUR";\n' };

test('a task is typed, streamed, its code folded with what it did, and its end says how far it can be trusted', async () => {
  const gate = new Gatekeeper();
  await using chat = await fixture.open({ 'a.txt': 'alpha\n' }, recorded(
    { reasoning: ['First I look ', 'at the file.'], text: ['I **read** ', 'the file.'], calls: [{ name: 'run_code', arguments: { code: 'import { workspace } from "assassin"; export default async () => (await workspace.readFile("a.txt")).trim();' } }] },
    async (request) => {
      await gate.pass(always);
      return finishChecked('It says alpha.')(request);
    },
  ));
  const { page } = chat.panel;
  await chat.sees('h1', 'What is to be done?');
  await chat.say('What is in a.txt?');
  await chat.sees('.bubble', 'What is in a.txt?');
  await chat.sees('.markdown strong', 'read');
  await chat.sees('.call summary', 'Code in a sandbox');
  await chat.sees('.reasoning', 'First I look at the file.');
  await chat.sees('.badge', 'Running');
  await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.call summary')].find((summary) => summary.textContent?.includes('Code in a sandbox'))?.click());
  await chat.sees('.call-details .hljs-keyword', 'import');
  await chat.sees('.inner-step', 'workspace.readFile');
  await chat.sees('.inner-step', 'a.txt');
  gate.open();
  await chat.sees('.seal-good', 'Checked');
  await chat.sees('.end', 'It says alpha.');
  await chat.sees('.turn-foot', 'tokens in');
  expect(await chat.panel.text('.budget')).toContain('of 1M');
  expect(chat.panel.traffic.violations).toEqual([]);
  expect(chat.panel.traffic.errors).toEqual([]);
  expect(await violationsOf(page)).toEqual([]);
});

test('text is on the page while the model still writes, and the whole of it once it has ended', async () => {
  await using chat = await fixture.open({}, [{ text: Array.from({ length: 40 }, (_, i) => `word${i} `), bytesPerWrite: 200, pauseMs: 40 }]);
  await chat.say('Write many words.');
  await chat.sees('article[aria-busy="true"] .markdown', 'word2');
  const early = await chat.panel.text('article[aria-busy="true"] .markdown');
  expect(early).not.toContain('word39');
  await chat.sees('article:not([aria-busy]) .markdown', 'word39');
  await chat.sees('.seal-wait', 'Unverified');
  const list = await chat.panel.text('.chat-items');
  expect(list.split('word7 ').length).toBe(2);
});

test('in a page of few lines, which scrolls as a whole, what is new comes into sight by itself until one goes up, and a button leads back', async () => {
  await using chat = await fixture.open({}, recorded(says(Array.from({ length: 40 }, (_, line) => `Line ${line}.`).join('\n\n'))), { width: 320, height: 300 });
  const { page } = chat.panel;
  const place = () => page.evaluate(() => ({ above: window.scrollY, below: document.documentElement.scrollHeight - window.scrollY - window.innerHeight }));
  await chat.say('Tell me.');
  await chat.sees('.chat-turn', 'Line 39.');
  await chat.sees('.turn-foot', 'tokens in');
  await expect.poll(async () => (await place()).below).toBeLessThan(60);
  expect((await place()).above).toBeGreaterThan(300);
  await page.evaluate(() => window.scrollTo({ top: 0 }));
  await page.waitForSelector('.to-end');
  await chat.press('Go to the newest');
  await expect.poll(async () => (await place()).below).toBeLessThan(60);
});

test('what is not granted is asked inline: the exact action, why, an answer for once; the change is shown as a small diff', async () => {
  await using chat = await fixture.open(files, recorded(edit, says('Done.')));
  const { page } = chat.panel;
  await chat.say('Make it 2.');
  await chat.sees('.approval-action', 'price.ts');
  await chat.sees('.approval', 'Allow this?');
  await chat.sees('.deadline', 'left, then no');
  expect(await readFile(join(chat.task.workspace, 'price.ts'), 'utf8')).toContain('price = 1');
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('composer-text');
  expect(await violationsOf(page)).toEqual([]);
  await chat.press('Allow once');
  await chat.sees('.diff-added .diff-text', 'export const price = 2;');
  await chat.sees('.diff-removed .diff-text', 'export const price = 1;');
  await chat.sees('.chat-decision', 'You allowed it.');
  await chat.sees('.end', '1 file changed');
  expect(await readFile(join(chat.task.workspace, 'price.ts'), 'utf8')).toContain('price = 2');
  await chat.press('Open changes');
  await expect.poll(() => chat.tasks.shown.diffs.length).toBe(1);
  expect(chat.tasks.shown.diffs[0]).toMatchObject({ path: 'price.ts', before: files['price.ts'], after: files['price.ts'].replace('price = 1', 'price = 2') });
  expect(await violationsOf(page)).toEqual([]);
  await chat.press('Undo changes');
  await expect.poll(() => readFile(join(chat.task.workspace, 'price.ts'), 'utf8')).toBe(files['price.ts']);
});

test('an offer shows the rule that it makes and what that covers before it can be chosen; a refusal carries its reason to the model', async () => {
  await using chat = await fixture.open(files, recorded(edit, (request) => says(JSON.stringify(request.body.messages.at(-1)?.content ?? ''))));
  const { page } = chat.panel;
  await chat.say('Make it 2.');
  await chat.sees('.offer summary', 'Allow for this run');
  await page.locator('.offer summary').click();
  await chat.sees('.offer-inside code', 'fs.write');
  expect(await violationsOf(page)).toEqual([]);
  await chat.press('Deny with a reason…');
  await page.waitForFunction(() => document.activeElement?.matches('.answer-form input'));
  await page.keyboard.type('The price is right as it is.');
  await page.keyboard.press('Enter');
  await chat.sees('.chat-turn .markdown', 'The price is right as it is.');
  await chat.sees('.chat-decision', 'You said no: The price is right as it is.');
  expect(await readFile(join(chat.task.workspace, 'price.ts'), 'utf8')).toBe(files['price.ts']);
});

test('a message to a task that goes on waits for its next turn, and one that is withdrawn never reaches the model', async () => {
  const gate = new Gatekeeper();
  await using chat = await fixture.open({}, recorded(
    async () => {
      await gate.pass(always);
      return code('export default () => 1;');
    },
    (request) => says(`I was told: ${JSON.stringify(request.body.messages.at(-1)?.content)}`),
  ));
  await chat.say('Begin.');
  await chat.sees('.composer button[type="submit"]', 'Queue');
  await chat.say('Use French.');
  await chat.sees('.bubble-queued', 'Use French.');
  await chat.say('And hurry.');
  await chat.sees('.bubble-queued', 'And hurry.');
  await chat.panel.page.locator('.chat-item:has(.bubble-queued) ~ .chat-item .bubble-queued .link').click();
  await chat.sees('.bubble-withdrawn', 'And hurry.');
  gate.open();
  await chat.sees('.chat-turn .markdown', 'Use French.');
  expect(JSON.stringify(chat.task.server.requests.map(({ body }) => body.messages))).not.toContain('And hurry');
  await chat.sees('.bubble-read', 'Use French.');
});

test('Stop is answered at once, and a task that was stopped can be resumed and followed', async () => {
  await using chat = await fixture.open({}, (_request, index) => (index === 0 ? { text: ['Half an ans'], stall: 'mid-stream' } : says(`Answer ${index}`)));
  await chat.say('Take your time.');
  await chat.sees('.markdown', 'Half');
  await chat.press('Stop the task');
  await chat.sees('.badge', 'Cancelled');
  await chat.press('Resume');
  await chat.sees('.chat-turn .markdown', 'Answer 1');
  await chat.sees('.earlier summary', 'Before: Take your time.');
  await chat.say('And now?');
  await chat.sees('.chat-turn .markdown', 'Answer 2');
  expect(await chat.panel.page.$$eval('.earlier', (all) => all.length)).toBe(2);
  await chat.press('Fork');
  await chat.sees('.composer-fork', 'A new task, from turn 1');
  await chat.say('Another way.');
  await chat.sees('.chat-turn .markdown', 'Answer 3');
  expect(JSON.stringify(chat.task.server.requests.at(-1)?.body.messages)).toContain('Another way.');
});

test('a page that is opened in the middle of a turn shows what has come of it, and the words that were not sent', async () => {
  const gate = new Gatekeeper();
  await using chat = await fixture.open({}, recorded({ text: Array.from({ length: 60 }, (_, i) => `piece${i} `), bytesPerWrite: 300, pauseMs: 100 }, async () => {
    await gate.pass(always);
    return says('never');
  }));
  await chat.say('Go on for long.');
  await chat.sees('.markdown', 'piece3');
  await chat.panel.page.focus('.composer-text');
  await chat.panel.page.keyboard.type('half a thought');
  const kept = await chat.panel.state();
  const opened = performance.now();
  await using again = await chat.reopen({ state: kept });
  await chat.sees('.markdown', 'piece3', again);
  console.log(`Reopened in the middle of a turn: its text after ${Math.round(performance.now() - opened)} ms, with the new page.`);
  expect(await again.page.$eval('.composer-text', (box) => (box instanceof HTMLTextAreaElement ? box.value : ''))).toBe('half a thought');
  await chat.sees('article:not([aria-busy]) .markdown', 'piece59', again);
  const text = await again.text('.chat-turn .markdown');
  expect([...text.matchAll(/piece(\d+) /g)].map(([, at]) => Number(at))).toEqual(Array.from({ length: 60 }, (_, i) => i));
});

test('what a task failed with is told once, at its end', async () => {
  await using chat = await fixture.open({}, [{ status: 400, body: { error: { message: 'No such thing.' } } }]);
  await chat.say('Try it.');
  await chat.sees('.end .error', '400');
  expect(await chat.panel.page.$$eval('.error', (errors) => errors.length)).toBe(1);
});

test('that a model had to be asked again stands in its turn, above the answer that came of it', async () => {
  await using chat = await fixture.open({}, [{ status: 500 }, says('Here it is.')]);
  await chat.say('Do it.');
  await chat.sees('.chat-end', 'Done');
  const turns = await chat.panel.page.$$eval('.chat-turn', (all) => all.map((turn) => [...turn.querySelectorAll('.note, .markdown')].map((part) => part.textContent ?? '')));
  expect(turns).toEqual([[expect.stringMatching(/attempt 1 failed, the next one in [\d.]+ ms\./) as string, expect.stringContaining('Here it is.') as string]]);
  expect(await chat.panel.page.$$('.chat-note')).toEqual([]);
});

test('a question of the model is answered inline, with one of its answers or in words', async () => {
  await using chat = await fixture.open({}, recorded(calls(['ask_person', { question: 'Which shop?' }]), (request) => says(`So: ${String(request.body.messages.at(-1)?.content)}`)));
  await chat.say('Compare shops.');
  await chat.sees('.approval', 'Which shop?');
  await chat.sees('.deadline', 'left, then it goes on without an answer');
  expect(await violationsOf(chat.panel.page)).toEqual([]);
  await chat.panel.page.locator('.answer-form .input').fill('The one in town');
  await chat.panel.page.keyboard.press('Enter');
  await chat.sees('.chat-question', 'The one in town');
  await chat.sees('.chat-turn .markdown', 'The one in town');
});

test('@ completes files of the workspace by keyboard, and Shift+Enter makes a new line', async () => {
  await using chat = await fixture.open({ 'src/alpha.ts': 'a\n', 'src/beta.ts': 'b\n' }, [says('Read.')]);
  const { page } = chat.panel;
  await page.waitForSelector('.composer-text');
  await page.focus('.composer-text');
  await page.keyboard.type('Read @beta');
  await chat.sees('.mention[aria-selected="true"]', 'src/beta.ts');
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press('Enter');
  const value = () => page.$eval('.composer-text', (box) => (box instanceof HTMLTextAreaElement ? box.value : ''));
  expect(await value()).toBe('Read @file:src/beta.ts ');
  await page.keyboard.down('Shift');
  await page.keyboard.press('Enter');
  await page.keyboard.up('Shift');
  await page.keyboard.type('Twice.');
  expect(await value()).toBe('Read @file:src/beta.ts \nTwice.');
  await page.keyboard.press('Enter');
  await chat.sees('.bubble', 'Twice.');
  await chat.sees('.chat-turn .markdown', 'Read.');
});

test('the plan of a planned task is opened, and carried out at a press', async () => {
  await using chat = await fixture.open({}, recorded(
    says('# Plan\n\n- [ ] Write the file\n- [ ] Read it again\n'),
    calls(['set_plan', { steps: [{ text: 'Write the file', state: 'done' }, { text: 'Read it again', state: 'doing' }] }]),
    says('Carried out.'), says('Carried out.'), says('Carried out.'), says('Carried out.'),
  ));
  await chat.panel.page.waitForSelector('.mode input[value="plan"]');
  await chat.panel.page.click('.mode input[value="plan"]');
  await chat.say('Plan it.');
  await chat.sees('.end-actions', 'Carry out the plan');
  expect(existsSync(join(chat.task.workspace, '.assassin/plans'))).toBe(true);
  await chat.panel.page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.end-actions button')].find((button) => button.textContent?.includes('Carry out'))?.click());
  await chat.sees('.chat-turn .markdown', 'Carried out.');
  await chat.sees('.task-list summary', 'Task list: 1 of 2');
});

test('the history finds a task by its words and opens it', async () => {
  await using chat = await fixture.open({}, (_request, index) => says(`Answer ${index}`));
  for (const words of ['Compare lamps', 'Water the plants']) {
    await chat.press('New task');
    await chat.say(words);
    await chat.sees('.bubble', words);
    await chat.sees('.end', 'Done');
  }
  await chat.press('History');
  await chat.sees('.found-run', 'Water the plants');
  expect(await violationsOf(chat.panel.page)).toEqual([]);
  await chat.panel.page.keyboard.type('lamps');
  await chat.sees('[role="status"]', '1 run');
  await chat.press('Compare lamps');
  await chat.sees('.bubble', 'Compare lamps');
});
