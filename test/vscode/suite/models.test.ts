import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { scriptedServer, type RecordedRequest } from '../../fixtures/models/scripted-server.ts';
import type { Answer } from '../../fixtures/models/answer.ts';
import { workspaceFolder } from './extension-under-test.ts';
import { command, ended, eventsOf, eventually, recorded, resultOf, withSetting } from './recorded.ts';
import { describe, it } from './spec.ts';

const note = () => join(workspaceFolder().fsPath, 'notes', 'said.txt');

/** Writes the note from code in a sandbox, then says that it is done with that step as its evidence. */
function writesNote({ body }: RecordedRequest, index: number): Answer {
  if (index === 0) {
    const code = "import { workspace } from 'assassin';\nexport default async () => { await workspace.writeFile('notes/said.txt', 'written by a task'); return workspace.readFile('notes/said.txt'); };";
    return { calls: [{ name: 'run_code', arguments: { code } }], usage: { prompt_tokens: 400, completion_tokens: 60 } };
  }
  const step = /step (s_\w+):/.exec(String(body.messages.at(-1)?.content))?.[1] ?? '';
  return { calls: [{ name: 'finish', arguments: { result: 'The note is written.', evidence: [step] } }], usage: { prompt_tokens: 500, completion_tokens: 20 } };
}

const stateOf = (id: string) => recorded((store) => store.run(id).state);

describe('models', () => {
  it('of a configured provider do a task, and what they want to write is written only after it was allowed', async () => {
    await using server = await scriptedServer(writesNote);
    await withSetting('budget.tokens', 50_000, () => withSetting('models.providers', [{ kind: 'openai-compatible', name: 'scripted', baseUrl: server.baseUrl }], async () => {
      const id = await command<string>('runTask', { text: 'Write a note.', model: 'scripted/scripted' });
      await eventually('the question', () => stateOf(id) === 'waiting');
      assert.equal(existsSync(note()), false);
      // The question may not be on the screen yet when it is in the record.
      const run = await eventually('the end after "Allow once"', async () => {
        await vscode.commands.executeCommand('notification.acceptPrimaryAction');
        await sleep(200);
        return stateOf(id) !== 'waiting' && ended(id);
      });
      assert.equal(run.state, 'done', JSON.stringify(run.error));
      assert.equal(run.kind, 'task');
      assert.equal(run.title, 'Write a note.');
      assert.equal(await readFile(note(), 'utf8'), 'written by a task');
      const events = eventsOf(id);
      const models = events.flatMap((event) => (event.type === 'step.started' && event.kind === 'model' ? [event.name] : []));
      assert.deepEqual(models, ['scripted/scripted', 'scripted/scripted']);
      const output = events.flatMap((event) => (event.type === 'meter' && event.meter === 'model.output_tokens' ? [event.value] : []));
      assert.deepEqual(output, [60, 20]);
      assert.deepEqual((resultOf(id) as { readonly changed: unknown }).changed, ['notes/said.txt']);
      assert.equal(server.requests.length, 2);
    }));
    await vscode.workspace.fs.delete(vscode.Uri.file(note()));
  });

  it('start nothing where there is none', async () => {
    const before = recorded((store) => store.runs({ limit: 1 }).items[0]?.id);
    assert.equal(await command('runTask', { text: 'Do something.' }), undefined);
    assert.equal(recorded((store) => store.runs({ limit: 1 }).items[0]?.id), before);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('of a provider whose setting is wrong are refused, with the setting named, before anything runs', async () => {
    const before = recorded((store) => store.runs({ limit: 1 }).items[0]?.id);
    const id = await withSetting('models.providers', [{ kind: 'openai-compatible', name: 'vscode', baseUrl: 'http://127.0.0.1:9/v1' }], async () => command('runTask', { text: 'Do something.', model: 'vscode/x', tokens: 1000 }));
    assert.equal(id, undefined);
    assert.equal(recorded((store) => store.runs({ limit: 1 }).items[0]?.id), before);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
