import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedServer, type ScriptedServer } from '../../fixtures/models/scripted-server.ts';
import { after, before, describe, it } from '../harness/ui.ts';
import { eventually, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { fill, press, says, write } from './panel.ts';

let category = '';
let server: ScriptedServer;
let released = Promise.withResolvers<void>();

const page = (workbench: Workbench, selector = '.composer-text') => workbench.webview(selector);

describe('the chat', () => {
  before(async ({ workbench }) => {
    category = (await manifestWords()).name;
    server = await scriptedServer(async ({ body }, index) => {
      const last = JSON.stringify(body.messages.at(-1));
      if (index === 0) {
        return {
          text: ['I write the note ', 'in **one** step:\n\n', '```ts\nexport const note = 1;\n```\n'],
          calls: [{ name: 'edit_file', arguments: { path: 'note.txt', edits: [{ oldText: '', newText: 'first line\nsecond line\n' }] } }],
          bytesPerWrite: 60, pauseMs: 5,
        };
      }
      if (last.includes('Go on slowly')) {
        await released.promise;
        return { calls: [{ name: 'run_code', arguments: { code: 'export default () => 42;' } }] };
      }
      // The message that was queued came with the result of the code.
      // More than comes until it is stopped, however busy the machine is.
      if (last.includes('Be brief.')) return { text: Array.from({ length: 4000 }, (_, i) => `word${i} `), bytesPerWrite: 200, pauseMs: 30 };
      return { text: ['The note is written.'] };
    }, [{ id: 'small', context_length: 32_768, supported_parameters: ['tools'] }]);
    await workbench.setting('infrastructureAssassin.budget.tokens', 500_000);
    await workbench.setting('infrastructureAssassin.models.providers', [{ kind: 'openai-compatible', name: 'local', baseUrl: server.baseUrl }]);
    await workbench.openView(category);
  });
  after(() => server[Symbol.asyncDispose]());

  it('begins with the place where a task is written, with examples and the model', async ({ workbench }) => {
    await workbench.command(`${category}: New task`);
    await says(workbench, 'What is to be done?');
    await says(workbench, 'For example');
    const said = () => page(workbench).then((root) => root.$eval('.model-button', (button) => `${button.textContent}; ${button.getAttribute('aria-label')}`));
    await eventually('the model and what it can do', async () => (await said()) === 'small; Model: small, 32,768 tokens, calls tools, costs nothing');
    await workbench.screenshot('chat new task');
  });

  it('asks inline, shows what the edit changed, and how it ended', async ({ workbench }) => {
    await write(workbench, 'Write a note.');
    await says(workbench, 'Allow this?', '.approval');
    await workbench.screenshot('chat approval');
    assert.equal(existsSync(join(workbench.folder, 'note.txt')), false);
    assert.deepEqual((await workbench.notifications()).filter((text) => text.includes('wants to do this')), []);
    await workbench.escape();
    await press(workbench, 'Allow once', '.approval button');
    await says(workbench, 'The note is written.', '.end');
    assert.equal(await readFile(join(workbench.folder, 'note.txt'), 'utf8'), 'first line\nsecond line\n');
    await says(workbench, 'second line', '.diff');
    await workbench.screenshot('chat done');
    await press(workbench, 'Open changes', '.edit button');
    await eventually('the comparison', async () => (await workbench.page.$('.monaco-diff-editor')) !== null);
    await workbench.screenshot('chat diff');
    await workbench.command('View: Close Editor');
  });

  it('takes a message while it works, is stopped at once, and shows the truth when it is opened in the middle', async ({ workbench }) => {
    await workbench.command(`${category}: New task`);
    await says(workbench, 'For example');
    await write(workbench, 'Go on slowly.');
    await says(workbench, 'Queue');
    await write(workbench, 'Be brief.');
    await says(workbench, 'Be brief.', '.bubble-queued');
    await workbench.screenshot('chat queued');
    released.resolve();
    released = Promise.withResolvers<void>();
    await says(workbench, 'word5', 'article[aria-busy="true"]');
    await workbench.command('View: Close All Editors');
    const closed = performance.now();
    await workbench.command(`${category}: Open panel`);
    await says(workbench, 'word20', '.chat');
    console.log(`      opened again, the turn in sight after ${Math.round(performance.now() - closed)} ms with the palette`);
    await workbench.screenshot('chat reopened');
    await press(workbench, 'Stop the task');
    await says(workbench, 'Cancelled', '.end');
    await workbench.screenshot('chat stopped');
  });

  it('finds earlier tasks by their words', async ({ workbench }) => {
    await press(workbench, 'History', '.places button');
    await page(workbench, '.history');
    await fill(workbench, 'note', '.search input');
    await says(workbench, 'Write a note.', '.found');
    await workbench.screenshot('chat history');
    await press(workbench, 'Write a note.', '.found-run button');
    await says(workbench, 'The note is written.', '.end');
  });
});
