import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedRequest } from '../fixtures/models/scripted-server.ts';
import { finish, says } from '../helpers/tasks.ts';
import { violationsOf } from './harness/axe.ts';
import { ChatFixture } from './harness/chat-fixture.ts';
import { Gatekeeper } from './harness/live-run.ts';
import { picture } from './harness/picture.ts';

let fixture: ChatFixture;

beforeAll(async () => {
  fixture = await ChatFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const always = new AbortController().signal;
const isSummary = ({ body }: RecordedRequest) => body.tools === undefined && JSON.stringify(body.messages).includes('Sum this up');
const saysAll = ({ body }: RecordedRequest) => body.messages.some(({ role, content }) => role === 'assistant' && String(content).startsWith('Turn 1. '));

test('where the conversation was shortened, a button gives the model all of it again, and the chat says that it was used', async () => {
  const gate = new Gatekeeper();
  let turn = 0;
  let shortened = false;
  await using chat = await fixture.open(Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`a${i + 1}.txt`, 'alpha'])), async (request) => {
    if (isSummary(request)) {
      shortened = true;
      return says('The files hold alpha.');
    }
    turn += 1;
    if (shortened && !saysAll(request)) await gate.pass(always);
    return turn > 14 || saysAll(request) && shortened ? finish('done') : { text: [`Turn ${turn}. ${'words '.repeat(1900)}`], calls: [{ name: 'read_file', arguments: { path: `a${turn}.txt` } }] };
  }, { height: 900 });
  const { page } = chat.panel;
  await chat.say('Read and talk.');
  await chat.sees('.chat-shortened', 'was shortened to make room');
  expect((await page.$$eval('.chat-note', (notes) => notes.map((note) => note.textContent))).filter((text) => text?.includes('shortened'))).toEqual([]);
  expect(await violationsOf(page)).toEqual([]);
  await picture(page, 'shortened');
  await chat.press('Use the whole conversation again');
  await chat.sees('.chat-shortened [role=status]', 'The next turn begins with the whole conversation, about');
  gate.open();
  await chat.sees('.chat-shortened', 'The whole conversation was used again.');
  await chat.sees('.end', 'done');
  expect(saysAll(chat.task.server.requests.at(-1)!)).toBe(true);
  expect(await page.$$eval('.chat-shortened button', (all) => all.length)).toBe(0);
  expect(chat.panel.traffic.errors).toEqual([]);
}, 60_000);
