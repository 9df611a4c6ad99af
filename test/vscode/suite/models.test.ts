import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { scriptedServer, type RecordedRequest } from '../../fixtures/models/scripted-server.ts';
import type { Answer } from '../../fixtures/models/answer.ts';
import { isTerminal } from '../../../src/shared/run-state.ts';
import { extensionUnderTest, workspaceFolder } from './extension-under-test.ts';
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

type Part = vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart;
type EditorScript = (messages: readonly vscode.LanguageModelChatMessage[], options: vscode.LanguageModelChatRequestOptions, progress: vscode.Progress<Part>, token: vscode.CancellationToken) => Promise<void>;

/** A model of the editor, from another extension, for the time of `work`. */
async function withEditorModel(script: EditorScript, work: () => Promise<void>): Promise<void> {
  const provider = vscode.extensions.getExtension<{ readonly use: (script: EditorScript | undefined) => void }>('infrastructure-assassin-tests.model-provider');
  if (!provider) throw new Error('The extension that brings the model is not there.');
  const { use } = await provider.activate();
  use(script);
  try {
    await eventually('the model in the editor', async () => (await vscode.lm.selectChatModels({ vendor: 'assassin-test' })).length === 1);
    await work();
  } finally {
    use(undefined);
    await eventually('no model in the editor', async () => (await vscode.lm.selectChatModels({ vendor: 'assassin-test' })).length === 0);
  }
}

const resultsIn = (message: vscode.LanguageModelChatMessage | undefined) => (message?.content ?? []).filter((part) => part instanceof vscode.LanguageModelToolResultPart);

const stateOf = (id: string) => recorded((store) => store.run(id).state);

describe('models', () => {
  it('of a configured provider do a task, and what they want to write is written only after it was allowed', async () => {
    await using server = await scriptedServer(writesNote);
    // What the side bar shows would be asked, not the person at the notifications; and of those the newest is answered.
    await vscode.commands.executeCommand('workbench.action.closeSidebar');
    await vscode.commands.executeCommand('notifications.clearAll');
    await withSetting('budget.tokens', 50_000, () => withSetting('models.providers', [{ kind: 'openai-compatible', name: 'scripted', baseUrl: server.baseUrl }], async () => {
      const id = await command<string>('runTask', { text: 'Write a note.', model: 'scripted/scripted' });
      await eventually('the question', () => stateOf(id) === 'waiting');
      assert.equal(existsSync(note()), false);
      // As long as the page that shows the run is on the screen, it is asked there and nowhere else.
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      assert.equal(stateOf(id), 'waiting');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await eventually('the end after "Allow once"', async () => {
        await vscode.commands.executeCommand('notification.acceptPrimaryAction');
        return isTerminal(stateOf(id));
      }, 90_000);
      const run = await ended(id);
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
      assert.deepEqual(events.flatMap((event) => (event.type === 'approval.asked' ? [[event.action, event.cause]] : event.type === 'approval.closed' ? [[event.how]] : [])), [[`fs.write ${note()}`, 'unlisted'], ['once']]);
    }));
    await vscode.workspace.fs.delete(vscode.Uri.file(note()));
  });

  it('of the editor do a task: instructions come first, results under the ids of their calls, usage is estimated by their own count', async () => {
    const requests: (readonly vscode.LanguageModelChatMessage[])[] = [];
    const offered: string[] = [];
    await withEditorModel((messages, { tools = [] }, progress) => {
      requests.push(messages);
      offered.push(...tools.map(({ name }) => name));
      if (requests.length === 1) {
        for (const [id, text] of [['call-a', 'first'], ['call-b', 'second']] as const) {
          progress.report(new vscode.LanguageModelToolCallPart(id, 'run_code', { code: `export default () => '${text} result';` }));
        }
      } else progress.report(new vscode.LanguageModelTextPart('Both were run.'));
      return Promise.resolve();
    }, async () => {
      // Nobody is asked which: it is the only model there is.
      const run = await ended(await command('runTask', { text: 'Run two things.', tokens: 50_000 }));
      assert.equal(run.state, 'done', JSON.stringify(run.error));
      assert.equal((resultOf(run.id) as { readonly answer: unknown }).answer, 'Both were run.');
      assert.ok(offered.includes('run_code'), offered.join(', '));
      assert.equal(requests[0]?.[0]?.role, vscode.LanguageModelChatMessageRole.User);
      assert.match(JSON.stringify(requests[0]?.[0]?.content), /run_code/);
      assert.match(JSON.stringify(requests[0]), /Run two things/);
      const results = resultsIn(requests[1]?.at(-1));
      assert.deepEqual(results.map(({ callId }) => callId), ['call-a', 'call-b']);
      assert.match(JSON.stringify(results[0]?.content), /first result/);
      assert.match(JSON.stringify(results[1]?.content), /second result/);
      const meters = eventsOf(run.id).flatMap((event) => (event.type === 'meter' && event.meter === 'model.input_tokens' ? [[event.value, event.mark]] : []));
      assert.deepEqual(meters, [[1234, 'estimated'], [1234, 'estimated']]);
      assert.ok(eventsOf(run.id).some((event) => event.type === 'step.started' && event.kind === 'model' && event.name === 'vscode/assassin-test/scripted'));
    });
  });

  it('of the editor are shown the pictures of results, after the results and as data of their kind', async () => {
    const picture = join(workspaceFolder().fsPath, 'shot.png');
    await copyFile(join(extensionUnderTest().extensionPath, 'media', 'icon.png'), picture);
    const requests: (readonly vscode.LanguageModelChatMessage[])[] = [];
    await withEditorModel((messages, _options, progress) => {
      requests.push(messages);
      progress.report(requests.length === 1 ? new vscode.LanguageModelToolCallPart('call-a', 'read_file', { path: 'shot.png' }) : new vscode.LanguageModelTextPart('A circle.'));
      return Promise.resolve();
    }, async () => {
      const run = await ended(await command('runTask', { text: 'What is in shot.png?', model: 'vscode/assassin-test/scripted', tokens: 50_000 }));
      assert.equal(run.state, 'done', JSON.stringify(run.error));
      assert.deepEqual(resultsIn(requests[1]?.at(-2)).map(({ callId }) => callId), ['call-a']);
      const shown = (requests[1]?.at(-1)?.content ?? []).flatMap((part: unknown) => (typeof part === 'object' && part !== null && 'mimeType' in part && 'data' in part && part.data instanceof Uint8Array ? [[part.mimeType, Buffer.from(part.data)] as const] : []));
      assert.deepEqual(shown, [['image/png', await readFile(picture)]]);
    });
    await rm(picture);
  });

  it('of the editor that refuse are not asked again, and the run says why', async () => {
    let asked = 0;
    await withEditorModel(() => {
      asked += 1;
      return Promise.reject(vscode.LanguageModelError.NoPermissions('Not for you.'));
    }, async () => {
      const run = await ended(await command('runTask', { text: 'Do something.', model: 'vscode/assassin-test/scripted', tokens: 50_000 }));
      assert.equal(run.state, 'failed');
      assert.equal(run.error?.code, 'model-auth', JSON.stringify(run.error));
      assert.match(run.error?.message ?? '', /Not for you/);
      assert.equal(asked, 1);
    });
  });

  it('of the editor stop when the run is stopped', async () => {
    let asked = false;
    let cancelled = false;
    await withEditorModel((_messages, _options, _progress, token) => new Promise((resolve) => {
      asked = true;
      token.onCancellationRequested(() => {
        cancelled = true;
        resolve();
      });
    }), async () => {
      const id = await command<string>('runTask', { text: 'Wait.', model: 'vscode/assassin-test/scripted', tokens: 50_000 });
      await eventually('the request', () => asked);
      await command('stopRun', { kind: 'run', id });
      assert.equal((await ended(id)).state, 'cancelled');
      await eventually('the model to be told', () => cancelled);
    });
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
