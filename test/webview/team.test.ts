import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedRequest } from '../fixtures/models/scripted-server.ts';
import type { Answer } from '../fixtures/models/answer.ts';
import { calls, code, finish } from '../helpers/tasks.ts';
import { ChatFixture, type Chat } from './harness/chat-fixture.ts';
import { Gatekeeper } from './harness/live-run.ts';
import { violationsOf } from './harness/axe.ts';
import { picture } from './harness/picture.ts';

let fixture: ChatFixture;

beforeAll(async () => {
  fixture = await ChatFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const always = new AbortController().signal;
const writer = '---\ndescription: Writes things down\n---\nYou write.\n';
const turn = ({ body }: RecordedRequest) => body.messages.filter(({ role }) => role === 'assistant').length;
const about = ({ body }: RecordedRequest) => JSON.stringify(body.messages.filter(({ role }) => role !== 'tool').map(({ content }) => content));

/** A leader that hands out two parts at once; one of them waits at the gate. */
function team(gate: Gatekeeper) {
  return async (request: RecordedRequest): Promise<Answer> => {
    const text = about(request);
    if (text.includes('PART ONE')) return turn(request) === 0 ? code('export default () => 6 * 7;') : finish('one');
    if (text.includes('PART TWO')) {
      await gate.pass(always);
      return finish('two');
    }
    return turn(request) === 0 ? calls(['delegate', { task: 'PART ONE', agent: 'writer' }, 'call_1'], ['delegate', { task: 'PART TWO' }, 'call_2']) : finish('both');
  };
}

/** Of two agents that begin at once, either may be first. */
const rowOf = (task: string) => `::-p-xpath(//details[@class="child-run"]/summary[contains(., "${task}")])`;

const rowSays = (chat: Chat, task: string, words: RegExp) => expect.poll(() => chat.panel.page.$$eval('.child-run > summary', (rows, of) => rows.find((row) => row.textContent?.includes(of))?.textContent, task), { timeout: 15_000 }).toMatch(words);

test('agents are shown below the step that asked them, live, with their task and what they took, and unfold to their own steps', async () => {
  const gate = new Gatekeeper();
  await using chat = await fixture.open({ '.assassin/agents/writer.md': writer }, team(gate), { width: 480, height: 900 });
  const { page } = chat.panel;
  await chat.say('The whole.');
  await chat.sees('.child-run summary', 'PART ONE');
  await chat.sees('.child-run .child-agent', 'writer');
  await rowSays(chat, 'PART ONE', /Done · (about )?[\d,]+ tokens · \$0 ·/);
  await rowSays(chat, 'PART TWO', /Running/);
  expect(await page.$$eval('.children', (lists) => lists.map((list) => list.getAttribute('aria-label')))).toEqual(['Run that was started', 'Run that was started']);
  // By keyboard alone: the row is a native disclosure.
  await page.focus(rowOf('PART ONE'));
  await page.keyboard.press('Enter');
  await chat.sees('.child-inside .call summary', 'Code in a sandbox');
  expect(await violationsOf(page)).toEqual([]);
  gate.open();
  await page.waitForFunction(() => [...document.querySelectorAll('.child-run > summary')].every((row) => row.textContent?.includes('Done')));
  await chat.sees('.end', 'both');
  await picture(page, 'team-480');
  expect(chat.panel.traffic.errors).toEqual([]);
});

test('what an agent says is in its row while it says it, and whole in its steps when it is unfolded', async () => {
  await using chat = await fixture.open({}, (request) => {
    if (about(request).includes('PART ONE')) return { text: Array.from({ length: 80 }, (_, i) => `piece${i} `), bytesPerWrite: 300, pauseMs: 60 };
    return turn(request) === 0 ? calls(['delegate', { task: 'PART ONE' }]) : finish('over');
  }, { height: 900 });
  const { page } = chat.panel;
  await chat.say('The whole.');
  await chat.sees('.child-words', 'piece3');
  await picture(page, 'child-words');
  await page.focus('.child-run summary');
  await page.keyboard.press('Enter');
  await chat.sees('.child-inside article[aria-busy="true"] .markdown', 'piece5');
  expect(await page.$('.child-words')).toBeNull();
  expect(await page.$eval('.child-inside .markdown', (words) => words.textContent)).not.toContain('piece79');
  await chat.sees('.child-inside article:not([aria-busy]) .markdown', 'piece79');
  const text = await page.$eval('.child-inside .markdown', (words) => words.textContent ?? '');
  expect([...text.matchAll(/piece(\d+)/g)].map(([, at]) => Number(at))).toEqual(Array.from({ length: 80 }, (_, i) => i));
  await chat.sees('.end', 'over');
  expect(chat.panel.traffic.errors).toEqual([]);
});

test('the run of an agent is opened from its row, and leads back; lists of runs show it only there', async () => {
  const gate = new Gatekeeper();
  gate.open();
  await using chat = await fixture.open({ '.assassin/agents/writer.md': writer }, team(gate));
  const { page } = chat.panel;
  await chat.say('The whole.');
  await chat.sees('.end', 'both');
  expect(await page.$$eval('.picker option', (all) => all.length)).toBe(1);
  await chat.press('Open the run of writer');
  await chat.sees('.title', 'PART ONE');
  await chat.sees('.bubble', 'PART ONE');
  await chat.press('Show that run');
  await chat.sees('.title', 'The whole.');
  // A step of an agent is shown in the trace of its own run.
  await chat.sees('.child-run', 'PART ONE');
  // Waits until the row stands still: the conversation is still being laid out.
  await page.locator(rowOf('PART ONE')).click();
  await chat.sees('.child-inside .call summary', 'Code in a sandbox');
  await page.locator('.child-inside .call summary ::-p-text(Code in a sandbox)').click();
  await page.locator('.child-inside .call-details ::-p-text(Show in the trace)').click();
  await chat.sees('.title', 'PART ONE');
  await chat.sees('.row.selected', 'run_code');
});

test('the bill of a task sums up those of its agents, and lists them', async () => {
  const gate = new Gatekeeper();
  gate.open();
  await using chat = await fixture.open({ '.assassin/agents/writer.md': writer }, team(gate));
  const { page } = chat.panel;
  await chat.say('The whole.');
  await chat.sees('.end', 'both');
  const [run] = chat.tasks.shown.started;
  const { store } = chat.task.runtime;
  const tokensOf = (id: string) => chat.task.runtime.events(id).reduce((sum, event) => sum + (event.type === 'meter' && /^model\.(in|out)put_tokens$/.test(event.meter) ? event.value : 0), 0);
  const children = store.children(run!);
  const whole = [run!, ...children.map(({ id }) => id)].reduce((sum, id) => sum + tokensOf(id), 0);
  expect(children.every(({ id }) => tokensOf(id) > 0)).toBe(true);
  const bill = chat.task.runtime.bill(run!);
  expect(bill.ledger.filter(({ meter }) => /^model\.(in|out)put_tokens$/.test(meter)).reduce((sum, { value }) => sum + value, 0)).toBe(whole);
  expect(bill.ledger.find(({ meter }) => meter === 'run.wall_ms')?.value).toBeLessThanOrEqual(store.run(run!).durationMs! + 1);
  expect(bill.children).toMatchObject(children.map(({ id }) => ({ run: id, tokens: tokensOf(id), state: 'done' })));
  await page.click('#tab-bill');
  await chat.sees('.table', 'PART TWO');
  expect(await violationsOf(page)).toEqual([]);
});

test('what an agent asks is asked where the task is looked at, and says which agent', async () => {
  await using chat = await fixture.open({ '.assassin/agents/writer.md': writer, 'a.txt': 'one\n' }, async (request) => {
    if (!about(request).includes('PART')) return turn(request) === 0 ? calls(['delegate', { task: 'PART', agent: 'writer', grants: ['fs.write **'] }]) : finish('whole');
    return turn(request) === 0 ? calls(['edit_file', { path: 'a.txt', edits: [{ oldText: 'one', newText: 'two' }] }]) : finish('part');
  });
  await chat.say('The whole.');
  await chat.sees('.approval', 'a.txt');
  expect(await chat.panel.text('.approval')).toContain('writer');
  expect(await chat.panel.page.$('.asks-others')).toBeNull();
  await chat.press('Allow once');
  await chat.sees('.end', 'You were asked once whether something is allowed.');
  await chat.sees('.end', 'whole');
});
