import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { before, describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { press } from './panel.ts';

let category = '';

describe('a task', () => {
  before(async ({ workbench }) => {
    const { name } = await manifestWords();
    category = name;
    await workbench.openView(name);
  });

  it('is not started without any model: one message leads to the three quickest ways, and the words are kept', async ({ workbench }) => {
    await workbench.command(`${category}: Run task...`);
    await workbench.answer('What is to be done?', 'Write a note.');
    await eventually('the message', async () => (await workbench.notifications()).some((text) => text.startsWith('A task needs a model, and none is connected.')));
    const buttons = await workbench.texts('.notifications-center .monaco-button');
    for (const way of ['Sign in to Copilot', 'Install Ollama', 'Add a provider']) assert.ok(buttons.includes(way), buttons.join(', '));
    await workbench.screenshot('a task without a model');
    await workbench.clickNotificationButton('Add a provider');
    const choices = await eventually('the providers', async () => {
      const found = await workbench.choices();
      return found.some((choice) => choice.startsWith('OpenAI')) && found;
    });
    for (const provider of ['OpenAI', 'Anthropic', 'Google', 'OpenRouter', 'Another server']) assert.ok(choices.some((choice) => choice.startsWith(provider)), choices.join(', '));
    await workbench.escape();
  });

  it('is done by the model that was picked, inside the budget that was granted, with what was allowed', async ({ workbench }) => {
    await using server = await scriptedServer((_request, index) => (index === 0
      ? { calls: [{ name: 'edit_file', arguments: { path: 'note.txt', edits: [{ oldText: '', newText: 'noted\n' }] } }] }
      : { text: ['The note is written.'] }), [
      { id: 'mute', supported_parameters: [] }, 'small',
      { id: 'large', context_length: 131_072, supported_parameters: ['tools', 'reasoning'], architecture: { input_modalities: ['text', 'image'] } },
    ]);
    await workbench.setting('infrastructureAssassin.models.providers', [{ kind: 'openai-compatible', name: 'local', baseUrl: server.baseUrl }]);
    await workbench.command(`${category}: Run task...`);
    await workbench.asked('What is to be done?');
    assert.equal(await workbench.page.$eval('.quick-input-widget input:focus', (input) => (input instanceof HTMLInputElement ? input.value : '')), 'Write a note.');
    await workbench.page.keyboard.press('Enter');
    // What each can do, as far as its provider says so; one that cannot do tasks stands last and says why.
    await workbench.asked('Which model does the task?');
    const models = await eventually('the models', async () => {
      const rows = await workbench.texts('.quick-input-list .monaco-list-row');
      return rows.length === 3 && rows;
    });
    assert.match(models[0] ?? '', /^small.*local\/small.*costs nothing/);
    assert.match(models[1] ?? '', /^large.*local\/large.*131,072 tokens, calls tools, sees pictures, thinks before it answers, costs nothing/);
    assert.match(models[2] ?? '', /^mute.*cannot call tools, which tasks need/);
    await workbench.screenshot('models to choose from');
    await workbench.pick('local/large');
    await eventually('the question of the budget', async () => (await workbench.notifications()).some((text) => text.includes('A task needs a budget of tokens')));
    assert.equal(server.requests.length, 0);
    await workbench.clickNotificationButton('Allow 200,000 a run');
    const asking = await workbench.webview('.approval');
    await eventually('the question', async () => (await asking.evaluate((root) => root.querySelector('.approval')?.textContent ?? '')).includes('note.txt'));
    assert.equal(server.requests[0]?.body.model, 'large');
    assert.equal(existsSync(join(workbench.folder, 'note.txt')), false);
    await press(workbench, 'Allow once', '.approval button');
    await eventually('the end', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('Write a note., done'));
    assert.equal(await readFile(join(workbench.folder, 'note.txt'), 'utf8'), 'noted\n');
    const panel = await workbench.webview('[role="tablist"]');
    await eventually('the answer in the panel', async () => (await panel.evaluate((element) => element.textContent ?? '')).includes('The note is written.'));
    await workbench.screenshot('a task that is done');
  });
});
