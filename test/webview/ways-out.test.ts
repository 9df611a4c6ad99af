import { afterAll, beforeAll, expect, test } from 'vitest';
import { budgetExceeded } from '../../src/run/budget.ts';
import { AssassinError } from '../../src/shared/errors.ts';
import type { ModelChoice } from '../../src/shared/protocol-chat.ts';
import type { SetupWay } from '../../src/shared/setup-ways.ts';
import { says } from '../helpers/tasks.ts';
import { violationsOf } from './harness/axe.ts';
import { ChatFixture, type Chat } from './harness/chat-fixture.ts';
import { picture } from './harness/picture.ts';
import { noModel, noTasks, someModel, tasksOf } from './harness/tasks.ts';

let fixture: ChatFixture;

beforeAll(async () => {
  fixture = await ChatFixture.create();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const unused: ModelChoice = { label: '', abilities: [], pictures: false, none: false };

/** A page whose editor leads where the buttons say, and tells which model there is. */
function waysOf(model: () => ModelChoice) {
  const ways: SetupWay[] = [];
  return { ways, tasks: { ...noTasks, model: () => Promise.resolve(model()), setUp: async (way: SetupWay) => void ways.push(way) } };
}

const boxOf = ({ panel }: Chat) => panel.page.$eval('.composer-text', (box) => (box instanceof HTMLTextAreaElement ? box.value : ''));
const noticeButtons = ({ panel }: Chat) => panel.page.$$eval('.notice button', (all) => all.map((button) => button.textContent?.trim() || button.getAttribute('aria-label')));

test('with a wrong setting the page says so and leads there, also where a task is sent all the same, and is ready once the setting is mended', async () => {
  let model: ModelChoice = { ...unused, label: 'A setting is wrong', blocked: 'settings', problem: 'The setting infrastructureAssassin.budget.steps: "many" is wrong.' };
  const { ways, tasks } = waysOf(() => model);
  await using chat = await fixture.open({}, [says('Before.')], { tasks });
  await chat.sees('.notice', 'budget.steps: "many" is wrong');
  await chat.press('Open settings');
  await expect.poll(() => ways).toEqual(['settings']);
  await chat.say('Do it anyway');
  await chat.sees('.notice-bad', 'What is on record can be read');
  expect(await noticeButtons(chat)).toEqual(['Open settings', 'Dismiss', 'Open settings', 'Look again']);
  expect(chat.panel.traffic.methods).not.toContain('chat.start');
  model = someModel;
  await chat.panel.page.waitForFunction(() => ![...document.querySelectorAll('.notice')].some((notice) => notice.textContent?.includes('"many" is wrong')));
});

test('in a folder that is not trusted the page says that nothing is run and leads to trust; a task that is sent all the same is kept', async () => {
  const { ways, tasks } = waysOf(() => ({ ...unused, label: 'Restricted Mode', blocked: 'untrusted' }));
  await using chat = await fixture.open({}, [], { tasks });
  await chat.sees('.notice', 'Restricted Mode, so nothing is run here');
  expect(await noticeButtons(chat)).toEqual(['Manage workspace trust', 'Look again']);
  await chat.press('Manage workspace trust');
  await expect.poll(() => ways).toEqual(['trust']);
  await chat.say('Do it anyway');
  await chat.sees('.notice-bad', 'Restricted Mode');
  expect(await boxOf(chat)).toBe('Do it anyway');
  expect(chat.panel.traffic.methods).not.toContain('chat.start');
  expect(await violationsOf(chat.panel.page)).toEqual([]);
  await picture(chat.panel.page, 'ways-untrusted');
});

test('without a folder the page reads no record, says so, and leads to one', async () => {
  const { ways, tasks } = waysOf(() => ({ ...unused, label: 'No folder', blocked: 'no-folder' }));
  const unread = () => Promise.reject(new Error('There is nothing to be read.'));
  await using chat = await fixture.open({}, [], { tasks, workspace: undefined, history: { read: unread, events: unread, spans: unread, beginning: unread, onDidChange: () => ({ dispose: () => undefined }) } });
  await chat.sees('.notice', 'No folder is open.');
  expect(await noticeButtons(chat)).toEqual(['Open folder…', 'Look again']);
  await chat.press('Open folder…');
  await expect.poll(() => ways).toEqual(['folder']);
  await chat.panel.page.click('.places button:last-of-type');
  expect(chat.panel.traffic.errors).toEqual([]);
});

test('a setting that keeps the record from being read is called what it is, with the way to it', async () => {
  const { ways, tasks } = waysOf(() => someModel);
  const wrong = new AssassinError('invalid-config', 'The setting infrastructureAssassin.budget.steps: "many" is wrong.', { hint: 'Correct it.', data: { setting: 'infrastructureAssassin.budget.steps' } });
  const unread = () => Promise.reject(wrong);
  await using chat = await fixture.open({}, [], { tasks, history: { read: unread, events: unread, spans: unread, beginning: unread, onDidChange: () => ({ dispose: () => undefined }) } });
  await chat.sees('h1', 'A setting is wrong');
  await chat.press('Open settings');
  await expect.poll(() => ways).toEqual(['settings']);
  expect(await violationsOf(chat.panel.page)).toEqual([]);
});

test('a follow-up without a model is kept, says why it was not sent, and goes once there is one', async () => {
  let model = someModel;
  await using chat = await fixture.open({}, [says('First.'), says('Second.')]);
  const tasks = { ...tasksOf(chat.task.runtime), model: () => Promise.resolve(model) };
  await chat.say('One.');
  await chat.sees('.end', 'Unverified');
  model = noModel;
  await using again = await chat.reopen({ tasks });
  await again.page.waitForSelector('.composer .notice');
  await again.page.focus('.composer-text');
  await again.page.keyboard.type('Two.');
  await again.page.keyboard.press('Enter');
  await chat.sees('.notice-bad', 'No model is connected', again);
  expect(await again.page.$$eval('.notice-bad .message-actions button', (all) => all.map((button) => button.textContent))).toEqual(['Sign in to Copilot', 'Install Ollama', 'Add a provider']);
  model = someModel;
  await again.page.focus('.composer-text');
  await again.page.keyboard.press('Enter');
  await chat.sees('.markdown', 'Second.', again);
  expect(await again.page.$('.notice')).toBeNull();
});

test('a run that ended for what only a setting or a download can mend leads there', async () => {
  const none = (data?: { readonly download: boolean }) => new AssassinError('browser-not-found', 'No browser was found.', { hint: 'Install one.', ...(data === undefined ? {} : { data }) });
  for (const [error, label, way] of [
    [none({ download: true }), 'Download a browser…', 'browser'], [none(), 'Open settings', 'browserPath'], [budgetExceeded('moneyUsd', 0), 'Open settings', 'budget'],
  ] as const) {
    const { ways, tasks } = waysOf(() => someModel);
    await using chat = await fixture.open({}, [], { tasks });
    const run = chat.task.runtime.runs.start({ kind: 'chain', title: 'Look', source: 'a.ts', workspace: chat.task.runtime.workspace, input: null, grants: [], rules: [], approver: { approve: () => Promise.resolve(undefined), ask: () => Promise.resolve(undefined) } }, () => Promise.reject(error));
    await run.outcome;
    chat.panel.service.open(run.id);
    await chat.sees('.error', error.message);
    await chat.press(label);
    await expect.poll(() => ways).toEqual([way]);
  }
});
