import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { workspaceFolder } from './extension-under-test.ts';
import { command, ended, eventually, recorded, withSetting, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

interface Repository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
}

/** Long enough not to come in one piece. */
const reasons = Array.from({ length: 60 }, (_, i) => `Reason ${i + 1} is that rows count. `);

const model = { model: 'scripted/scripted', tokens: 50_000 };

/** A real repository in the folder, with one staged file, seen by the editor's own Git extension. */
async function withRepository(work: (repository: Repository) => Promise<void>): Promise<void> {
  const folder = workspaceFolder().fsPath;
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
  const settings = vscode.workspace.getConfiguration('git');
  git('init', '-q', '-b', 'main');
  try {
    await settings.update('enabled', true, vscode.ConfigurationTarget.Workspace);
    const note = await writeFile('commit-note.txt', 'The cart counts its rows.\n');
    git('add', 'commit-note.txt');
    const extension = await vscode.extensions.getExtension<{ readonly enabled: boolean; getAPI(version: 1): { readonly repositories: readonly Repository[]; openRepository(root: vscode.Uri): Promise<unknown> } }>('vscode.git')!.activate();
    const api = await eventually('the Git extension', () => extension.enabled && extension.getAPI(1));
    await api.openRepository(vscode.Uri.file(folder));
    await work(await eventually('the repository', () => api.repositories[0]));
    await vscode.workspace.fs.delete(note);
  } finally {
    await settings.update('enabled', undefined, vscode.ConfigurationTarget.Workspace);
    await rm(join(folder, '.git'), { recursive: true, force: true });
  }
}

describe('the message of a commit', () => {
  it('is written from what is staged, as it comes, and its run is on record', () => withRepository(async (repository) => {
    const seen: string[] = [];
    await using server = await scriptedServer([{ text: ['```\nCount the ', 'rows of the cart\n', '\nIt was empty before. ', ...reasons, '\n```'], bytesPerWrite: 120, pauseMs: 60 }]);
    await withSetting('models.providers', [{ kind: 'openai-compatible', name: 'scripted', baseUrl: server.baseUrl }], async () => {
      const looking = setInterval(() => seen.push(repository.inputBox.value), 20);
      const run = await ended(await command('writeCommitMessage', { rootUri: repository.rootUri, ...model }));
      clearInterval(looking);
      assert.equal(run.state, 'done', JSON.stringify(run.error));
      assert.equal(repository.inputBox.value, `Count the rows of the cart\n\nIt was empty before. ${reasons.join('').trim()}`);
      assert.match(String(server.requests[0]?.body.messages.at(-1)?.content), /\+The cart counts its rows\./);
      assert.ok(seen.some((text) => text !== '' && text !== repository.inputBox.value), `It came at once: ${JSON.stringify([...new Set(seen)])}`);
    });
  }));

  it('can be stopped, and the box is as it was', () => withRepository(async (repository) => {
    repository.inputBox.value = 'My own words';
    await using server = await scriptedServer([{ text: ['Half a', ' message'], stall: 'mid-stream' }]);
    await withSetting('models.providers', [{ kind: 'openai-compatible', name: 'scripted', baseUrl: server.baseUrl }], async () => {
      const writing = command('writeCommitMessage', { rootUri: repository.rootUri, ...model });
      await eventually('the request', () => server.requests.length === 1);
      await command('writeCommitMessage', { rootUri: repository.rootUri, ...model });
      assert.equal(await writing, undefined);
      assert.equal(repository.inputBox.value, 'My own words');
      assert.equal(recorded((store) => store.runs({ limit: 1 }).items[0]?.state), 'cancelled');
    });
  }));
});
