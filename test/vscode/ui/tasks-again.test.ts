import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedServer, type ScriptedServer } from '../../fixtures/models/scripted-server.ts';
import { after, before, describe, it } from '../harness/ui.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { press, says, write } from './panel.ts';

let category = '';
let server: ScriptedServer;

const row = (workbench: Workbench, start: string) => eventually(`a run ${start}`, async () => (await workbench.treeRows('Runs')).find((each) => each.startsWith(start)));
const file = (workbench: Workbench, path: string) => readFile(join(workbench.folder, path), 'utf8');
const activeTab = (workbench: Workbench) => workbench.page.$eval('.editor-group-container.active .tab.active', (tab) => tab.getAttribute('data-resource-name') ?? '');
const edit = (path: string, oldText: string, newText: string) => ({ calls: [{ name: 'edit_file', arguments: { path, edits: [{ oldText, newText }] } }] });

async function newTask(workbench: Workbench, text: string): Promise<void> {
  await workbench.command(`${category}: New task`);
  await says(workbench, 'For example');
  await write(workbench, text);
}

/** The model double of this file: what it says depends on what the task is about. */
async function aModel(): Promise<ScriptedServer> {
  let notes = 1;
  return scriptedServer(({ body }) => {
    const asked = JSON.stringify(body.messages.filter(({ role }) => role === 'user'));
    const turn = body.messages.filter(({ role }) => role === 'assistant').length;
    if (asked.includes('Another way')) return { text: ['Forked.'] };
    if (asked.includes('Double seven')) return turn === 0 ? { calls: [{ name: 'run_code', arguments: { code: 'export default async () => 7 * 2;' } }] } : { calls: [{ name: 'finish', arguments: { result: 'It is 14.' } }] };
    if (asked.includes('Break off')) return asked.includes('stopped') || turn > 0 ? { text: ['Taken up again.'] } : { text: ['Half an ans'], stall: 'mid-stream' };
    if (asked.includes('Put it right')) return turn === 0 ? edit('.assassin/chains/wrong.ts', "throw new Error('not yet')", "return 'right'") : { text: ['Repaired.'] };
    if (asked.includes('Write a test')) return turn === 0 ? edit('src/math.test.ts', '', "import { add } from './math.ts';\nif (add(1, 2) !== 3) throw new Error('wrong');\n") : { text: ['The test is written.'] };
    if (asked.includes('Note it down')) return turn === 0 ? edit('notes/a.txt', '', `${notes++}`) : { text: ['Noted.'] };
    if (asked.includes('Explain')) return { text: ['It adds **two** numbers.'] };
    return { text: ['Nothing to say.'] };
  }, ['small']);
}

describe('commands of the palette:', () => {
  before(async ({ workbench }) => {
    category = (await manifestWords()).name;
    server = await aModel();
    await workbench.setting('infrastructureAssassin.budget.tokens', 500_000);
    await workbench.setting('infrastructureAssassin.models.providers', [{ kind: 'openai-compatible', name: 'local', baseUrl: server.baseUrl }]);
    await workbench.openView(category);
  });
  after(() => server[Symbol.asyncDispose]());

  describe('a task that has ended', () => {
    it('is forked from one of its turns: the new task knows the conversation up to there', async ({ workbench }) => {
      await newTask(workbench, 'Double seven.');
      await says(workbench, 'It is 14.', '.end');
      await press(workbench, 'Fork', '.turn-foot button');
      await says(workbench, 'A new task, from turn 1', '.composer-fork');
      await write(workbench, 'Another way.');
      await says(workbench, 'Forked.', '.chat-turn');
      const sent = JSON.stringify(server.requests.at(-1)?.body.messages);
      assert.ok(sent.includes('Double seven') && sent.includes('7 * 2') && !sent.includes('It is 14'), sent);
    });

    it('is saved as a chain by a command, which opens it', async ({ workbench }) => {
      await workbench.command(`${category}: Save task as chain`);
      await workbench.asked('Save the work of which task as a chain?');
      await workbench.pick('Double seven.');
      await eventually('the chain in an editor', async () => (await activeTab(workbench)).endsWith('.ts'));
      assert.match(await file(workbench, `.assassin/chains/${await activeTab(workbench)}`), /7 \* 2/);
      await workbench.screenshot('a frozen task');
      await workbench.command('View: Close Editor');
    });

    it('is resumed by a command where it was stopped', async ({ workbench }) => {
      await newTask(workbench, 'Break off.');
      await says(workbench, 'Half', 'article[aria-busy="true"]');
      await workbench.command(`${category}: Stop run`);
      await row(workbench, 'Break off., cancelled');
      await workbench.command(`${category}: Resume task`);
      await workbench.asked('Resume which task?');
      await workbench.pick('Break off.');
      await says(workbench, 'Taken up again.', '.chat-turn');
    });

    it('has its changes put back by a command, after a question', async ({ workbench }) => {
      await workbench.openFile('src/math.ts');
      await workbench.page.keyboard.down('Control');
      await workbench.page.keyboard.press('KeyA');
      await workbench.page.keyboard.up('Control');
      await workbench.command(`${category}: Write a test`);
      await says(workbench, 'Allow this?', '.approval');
      await press(workbench, 'Allow once', '.approval button');
      await says(workbench, 'The test is written.', '.end');
      assert.match(await file(workbench, 'src/math.test.ts'), /add\(1, 2\)/);
      await workbench.screenshot('a test that was written');
      await workbench.command(`${category}: Put back all changes of the run`);
      await workbench.asked('Put back the changes of which run?');
      await workbench.pick('Write a test');
      await workbench.dialog('Undo changes');
      await eventually('the file to go', async () => !existsSync(join(workbench.folder, 'src/math.test.ts')));
    });
  });

  describe('an explanation', () => {
    it('is a task beside the code, which changes nothing and asks nothing', async ({ workbench }) => {
      await workbench.openFile('src/math.ts');
      await workbench.command(`${category}: Explain`);
      await says(workbench, 'It adds two numbers.', '.chat-turn');
      assert.match(JSON.stringify(server.requests.at(-1)?.body.messages), /src\/math\.ts/);
      await workbench.command('View: Close All Editors');
    });
  });

  describe('a chain that failed', () => {
    it('is repaired by a model at a command, with the edit asked for like any other', async ({ workbench }) => {
      await workbench.writeFile('.assassin/chains/wrong.ts', "export const meta = { title: 'Wrong', grants: [] };\nexport default async () => { throw new Error('not yet'); };\n");
      await eventually('the chain', async () => (await workbench.treeRows('Chains')).some((each) => each.startsWith('Wrong')));
      await workbench.clickTreeAction('Wrong', 'Run chain');
      await row(workbench, 'Wrong, failed');
      await workbench.command(`${category}: Repair chain with a model`);
      await workbench.asked('Repair the chain of which run?');
      await workbench.pick('Wrong');
      await says(workbench, 'Repaired.', '.end');
      assert.match(await file(workbench, '.assassin/chains/wrong.ts'), /return 'right'/);
      await workbench.clickTreeAction('Wrong', 'Run chain');
      await row(workbench, 'Wrong, done');
    });
  });

  describe('what is allowed for good', () => {
    it('is allowed with a rule that is shown first, is listed, and is taken back', async ({ workbench }) => {
      await newTask(workbench, 'Note it down.');
      await says(workbench, 'Allow this?', '.approval');
      await press(workbench, 'Allow in this workspace', '.offer summary');
      await says(workbench, 'The rule:', '.offer[open]');
      await workbench.screenshot('an offer for the workspace');
      await press(workbench, 'Allow in this workspace', '.offer[open] button');
      await says(workbench, 'Noted.', '.end');
      await workbench.command(`${category}: What is allowed for good in this workspace...`);
      await workbench.asked('Pick one to take it back');
      await workbench.screenshot('what is allowed for good');
      await workbench.pick('fs.write notes');
      assert.match(await workbench.dialog('Revoke'), /Take back "fs\.write notes/);
      await eventually('that it was taken back', async () => (await workbench.notifications()).some((text) => text.startsWith('Taken back')));
      await newTask(workbench, 'Note it down.');
      await says(workbench, 'Allow this?', '.approval');
      await press(workbench, 'Deny', '.approval button');
      await says(workbench, 'Noted.', '.end');
      assert.equal(await file(workbench, 'notes/a.txt'), '1');
    });

    it('can be tried out while it is typed', async ({ workbench }) => {
      await workbench.command(`${category}: Test a rule...`);
      await workbench.pick('No chain: only rules and decisions count');
      await workbench.asked('An action, such as');
      await workbench.page.keyboard.type('fs.write notes/b.txt');
      await eventually('the verdict', async () => (await workbench.texts('.quick-input-list .monaco-list-row')).some((text) => /Asked first|Denied/.test(text) && text.includes('fs.write')));
      await workbench.screenshot('a rule that is tested');
      await workbench.retype('nonsense');
      await eventually('that this is none', async () => (await workbench.texts('.quick-input-list .monaco-list-row')).some((text) => text.includes('Not an action yet')));
      await workbench.page.keyboard.press('Escape');
    });
  });
});
