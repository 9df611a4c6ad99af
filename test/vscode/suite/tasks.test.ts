import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { command, ended, eventsOf, resultOf, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

describe('tasks', () => {
  it('run with a provider of the settings, to an answer that is checked, and are recorded as tasks', async () => {
    await writeFile('word.txt', 'hello\n');
    await using server = await scriptedServer((request, index) => (index === 0
      ? { calls: [{ name: 'run_code', arguments: { code: 'import { workspace } from "assassin"; export default () => workspace.readFile("word.txt");' } }] }
      : { calls: [{ name: 'finish', arguments: { result: 'hello', evidence: [/step (s_\w+):/.exec(String(request.body.messages.at(-1)?.content))?.[1] ?? ''] } }] }));
    const settings = vscode.workspace.getConfiguration('infrastructureAssassin');
    await settings.update('models.providers', [{ kind: 'openai-compatible', name: 'scripted', baseUrl: server.baseUrl }], vscode.ConfigurationTarget.Global);
    try {
      const run = await ended(await command('runTask', { text: 'Which word is in @word.txt?', model: 'scripted/scripted', tokens: 50_000 }));
      assert.equal(run.state, 'done', JSON.stringify(run.error));
      assert.equal(run.kind, 'task');
      assert.equal(run.title, 'Which word is in @word.txt?');
      const { answer, verification } = resultOf(run.id) as { readonly answer: unknown; readonly verification: unknown };
      assert.deepEqual([answer, verification], ['hello', 'verified']);
      assert.ok(eventsOf(run.id).some((event) => event.type === 'meter' && event.meter === 'model.input_tokens'));
      assert.match(String(server.requests[0]?.body.messages[1]?.content), /hello/);
    } finally {
      await settings.update('models.providers', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('say what is wrong with a model that is not there, and start nothing', async () => {
    assert.equal(await command('runTask', { text: 'Go.', model: 'nobody/nothing', tokens: 1000 }), undefined);
  });
});
