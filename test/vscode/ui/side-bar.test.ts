import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scriptedServer, type ScriptedServer } from '../../fixtures/models/scripted-server.ts';
import { after, before, describe, it } from '../harness/ui.ts';
import { eventually, patienceMs, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { fill, press, says, write } from './panel.ts';

let category = '';
let server: ScriptedServer;

const key = 'sk-proj-Zx81kQw0RtYbNmLpO3vUaC5dEfGhIjKl7sTnWq2X';
const firstRun = (workbench: Workbench, start: string) => eventually(`a run ${start}`, async () => (await workbench.treeRows('Runs')).some((row) => row.startsWith(start)));
const focused = async (workbench: Workbench) => (await workbench.webview('.approval')).evaluate((root) => `${root.ownerDocument.activeElement?.className ?? ''} ${root.ownerDocument.activeElement?.textContent ?? ''}`);

describe('the chat in the side bar', () => {
  before(async ({ workbench }) => {
    category = (await manifestWords()).name;
    server = await scriptedServer(({ body }) => {
      const last = JSON.stringify(body.messages.at(-1));
      const asked = JSON.stringify(body.messages.filter(({ role }) => role === 'user'));
      if (last.includes('Many words')) return { text: Array.from({ length: 4000 }, (_, i) => `word${i} `), bytesPerWrite: 200, pauseMs: 30 };
      if (asked.includes('Many words')) return { text: ['And that was all.'] };
      if (last.includes('Write a note')) return { text: ['I write it.'], calls: [{ name: 'edit_file', arguments: { path: 'note.txt', edits: [{ oldText: '', newText: 'noted\n' }] } }] };
      return { text: ['The note is written.'] };
    }, ['small']);
    await workbench.setting('infrastructureAssassin.budget.tokens', 500_000);
    await workbench.setting('infrastructureAssassin.models.providers', [{ kind: 'openai-compatible', name: 'local', baseUrl: server.baseUrl }]);
    await workbench.openView(category, { chat: true });
  });
  after(() => server[Symbol.asyncDispose]());

  it('stands open above the lists with the room to write, and takes the keys when a task is begun from the palette', async ({ workbench }) => {
    const height = await workbench.page.$eval('.sidebar .pane-header[aria-label^="Chat"][aria-expanded="true"]', (head) => head.closest('.pane')!.getBoundingClientRect().height);
    assert.ok(height > 220, `${height} px`);
    await workbench.openFile('.assassin/chains/hello.ts');
    const writes = async () => (await workbench.webview('.composer-text')).evaluate((root) => root.ownerDocument.hasFocus() && root.ownerDocument.activeElement?.className === 'composer-text');
    assert.equal(await writes(), false);
    await workbench.command(`${category}: New task`);
    await eventually('the cursor in the box', writes);
    assert.equal((await workbench.texts('.editor-group-container .tab[data-resource-name="Infrastructure Assassin"]')).length, 0);
  });

  // Three other views lie below: the page has the height of some lines, and the question is longer.
  it('goes from nothing to a result: written, asked, allowed by keyboard alone, done', async ({ workbench }) => {
    const { keyboard } = workbench.page;
    await says(workbench, 'What is to be done?');
    await write(workbench, 'Write a note.');
    await says(workbench, 'Allow this?', '.approval');
    await workbench.screenshot('side bar approval');
    await eventually('the question to be in sight', async () => (await workbench.webview('.approval')).evaluate((root) => (root.querySelector('.approval-head')?.getBoundingClientRect().top ?? Infinity) < root.ownerDocument.defaultView!.innerHeight));
    await eventually('its answers to be in sight', async () => (await workbench.webview('.approval')).evaluate((root) => (root.querySelector('.approval-answers')?.getBoundingClientRect().bottom ?? Infinity) <= root.ownerDocument.defaultView!.innerHeight + 1));
    assert.equal(existsSync(join(workbench.folder, 'note.txt')), false);
    // The focus has stayed where the person writes; backwards from there lie the answers.
    const way: string[] = [];
    for (let step = 0; step < 12 && !way.at(-1)?.includes('Allow once'); step++) {
      await keyboard.down('Shift');
      await keyboard.press('Tab');
      await keyboard.up('Shift');
      way.push(await focused(workbench));
    }
    assert.match(way.at(-1) ?? '', /Allow once/, way.join('\n'));
    await keyboard.press('Enter');
    await says(workbench, 'The note is written.', '.end');
    await says(workbench, 'You were asked once whether something is allowed.', '.end');
    assert.equal(await readFile(join(workbench.folder, 'note.txt'), 'utf8'), 'noted\n');
    await workbench.screenshot('side bar done');
  });

  it('takes what is begun from the code and from the list: no second chat opens, and the keys stay in the editor', async ({ workbench }) => {
    const tabs = () => workbench.texts('.editor-group-container .tab[data-resource-name="Infrastructure Assassin"]');
    await workbench.openFile('src/math.ts');
    await workbench.command(`${category}: Explain`);
    await says(workbench, 'Explain', '.chat .bubble');
    await says(workbench, 'The note is written.', '.end');
    assert.equal(await (await workbench.webview('.end')).evaluate((root) => root.ownerDocument.hasFocus()), false);
    await press(workbench, 'Run again', '.actions button');
    await eventually('both runs', async () => (await workbench.treeRows('Runs')).filter((row) => row.startsWith('Explain')).length === 2);
    await says(workbench, 'The note is written.', '.end');
    assert.deepEqual(await tabs(), []);
  });

  it('shows the whole secret-keeping question before a pasted key goes anywhere, and sends a reference in its place', async ({ workbench }) => {
    const before = server.requests.length;
    await press(workbench, 'New task', '.places button');
    await says(workbench, 'For example');
    await write(workbench, `Remember the key ${key}.`);
    await workbench.page.waitForSelector('.monaco-dialog-box', { visible: true, timeout: patienceMs });
    await workbench.screenshot('a pasted secret');
    assert.equal(server.requests.length, before);
    const text = await workbench.dialog('Move to secret storage');
    assert.match(text, /looks like a secret/);
    await says(workbench, 'The note is written.', '.end');
    const sent = JSON.stringify(server.requests.slice(before).map(({ body }) => body));
    assert.ok(!sent.includes(key));
    assert.match(sent, /\$\{secret:/);
  });

  it('is there again after the window was reloaded in the middle of an answer: nothing gray, nothing lost, and it goes on when it is told to', async ({ workbench }) => {
    await press(workbench, 'New task', '.places button');
    await says(workbench, 'For example');
    await write(workbench, 'Many words.');
    await says(workbench, 'word9', 'article[aria-busy="true"]');
    await workbench.page.reload({ waitUntil: 'domcontentloaded' });
    await workbench.page.waitForSelector('.monaco-workbench .statusbar', { timeout: 2 * patienceMs });
    await says(workbench, 'Many words.', '.bubble', 2 * patienceMs);
    await firstRun(workbench, 'Many words., ');
    await says(workbench, 'Resume', '.end-actions');
    await workbench.screenshot('side bar after a reload');
    await press(workbench, 'Resume', '.end-actions button');
    await says(workbench, 'And that was all.', '.chat-turn');
  }, 180_000);

  it('says that a question was ended by a reload of the window, and not that the person refused', async ({ workbench }) => {
    await press(workbench, 'New task', '.places button');
    await says(workbench, 'For example');
    await write(workbench, 'Write a note and wait.');
    await says(workbench, 'Allow this?', '.approval');
    await workbench.page.reload({ waitUntil: 'domcontentloaded' });
    await workbench.page.waitForSelector('.monaco-workbench .statusbar', { timeout: 2 * patienceMs });
    await says(workbench, 'The window was closed or loaded again.', '.end', 2 * patienceMs);
    await says(workbench, 'Not done: the run ended before there was an answer.', '.small-item');
    await press(workbench, 'Resume', '.end-actions button');
    await says(workbench, 'The note is written.', '.chat-turn');
  }, 180_000);

  it('has words that were typed right before the window was reloaded, and not yet sent', async ({ workbench }) => {
    await press(workbench, 'New task', '.places button');
    await says(workbench, 'For example');
    await fill(workbench, 'Half a thought', '.composer-text');
    // The page hands them over a moment later; the editor takes much longer to write down the memory of a page.
    await eventually('the words on the disk', async () => {
      const data = dirname(workbench.folder);
      for await (const kept of glob('data/data/User/workspaceStorage/*/*/drafts-side.json', { cwd: data })) if ((await readFile(join(data, kept), 'utf8')).includes('Half a thought')) return true;
      return false;
    });
    await workbench.page.reload({ waitUntil: 'domcontentloaded' });
    await workbench.page.waitForSelector('.monaco-workbench .statusbar', { timeout: 2 * patienceMs });
    await workbench.webview('.composer-text');
    await press(workbench, 'New task', '.places button');
    await eventually('the words', async () => (await (await workbench.webview('.composer-text')).$eval('.composer-text', (box) => ('value' in box ? box.value : ''))) === 'Half a thought', 2 * patienceMs);
  }, 180_000);
});
