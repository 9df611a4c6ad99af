import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { workspaceFolder } from './extension-under-test.ts';
import { chainUri, command, ended, eventsOf, recorded, resultOf, withSetting, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

describe('runs', () => {
  it('run a chain from the editor to its end, and record it where the command line finds it', async () => {
    const run = await ended(await command('runChain', chainUri('hello')));
    assert.equal(run.state, 'done', JSON.stringify(run.error));
    assert.equal(run.source, '.assassin/chains/hello.ts');
    assert.equal(run.costUsd, 0);
    assert.deepEqual(resultOf(run.id), { greeting: 'Hello, world!' });
    const types = eventsOf(run.id).map(({ type }) => type);
    assert.ok(types.includes('lease.destroyed'), types.join(', '));
    assert.deepEqual(recorded((store) => store.openLeases()), []);
  });

  it('run again with the same input', async () => {
    const first = await ended(await command('runChain', chainUri('hello')));
    const again = await ended(await command('runAgain', { kind: 'run', id: first.id }));
    assert.notEqual(again.id, first.id);
    assert.equal(again.state, 'done');
    assert.deepEqual(resultOf(again.id), resultOf(first.id));
  });

  it('run what the editor shows, not what was saved last', async () => {
    const uri = await writeFile('.assassin/chains/dirty.ts', "export default async function () {\n  return 'saved';\n}\n");
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(1, 0, 2, 0), "  return 'typed';\n");
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    const run = await ended(await command('runChain', uri));
    assert.equal(resultOf(run.id), 'typed');
    await vscode.workspace.fs.delete(uri);
  });

  it('record a chain with a syntax error as failed, with its line', async () => {
    const run = await ended(await command('runChain', chainUri('broken')));
    assert.equal(run.state, 'failed');
    assert.equal(run.error?.code, 'chain-syntax');
    assert.equal(run.error?.location?.file, '.assassin/chains/broken.ts');
    assert.equal(run.error?.location?.line, 4);
  });

  it('stop within a moment, and leave nothing', async () => {
    const id = await command<string>('runChain', chainUri('slow'));
    await command('stopRun', { kind: 'run', id });
    const run = await ended(id);
    assert.equal(run.state, 'cancelled');
    assert.ok(eventsOf(id).some((event) => event.type === 'run.cancelling'));
    assert.deepEqual(recorded((store) => store.openLeases().filter((lease) => lease.run === id)), []);
  });

  it('run a function of a file in a sandbox without any grant', async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder(), 'src', 'text.ts');
    const run = await ended(await command('runFunction', { uri, name: 'motto', hasParameters: false }));
    assert.equal(run.state, 'done', JSON.stringify(run.error));
    assert.equal(run.kind, 'function');
    assert.equal(run.source, 'src/text.ts#motto');
    assert.equal(resultOf(run.id), 'Nothing outlives its run');
  });

  it('obey a rule from the next run on', async () => {
    const uri = await writeFile('.assassin/chains/write.ts', "import { workspace } from 'assassin';\nexport const meta = { grants: ['fs.write out/**'] };\nexport default async function () {\n  await workspace.writeFile('out/note.txt', 'noted');\n}\n");
    const denied = await withSetting('rules', [{ effect: 'deny', grant: 'fs.write out/**' }], async () => ended(await command('runChain', uri)));
    assert.equal(denied.state, 'failed');
    assert.equal(denied.error?.code, 'denied');
    assert.match(denied.error?.message ?? '', /settings\.json:\d+/);
    const allowed = await ended(await command('runChain', uri));
    assert.equal(allowed.state, 'done', JSON.stringify(allowed.error));
    assert.equal(await readFile(join(workspaceFolder().fsPath, 'out', 'note.txt'), 'utf8'), 'noted');
    await vscode.workspace.fs.delete(uri);
  });

  it('end a run that goes on with the settings that it began with', async () => {
    const id = await command<string>('runChain', chainUri('slow'));
    await withSetting('budget.wallMs', 60_000, async () => {
      const other = await ended(await command('runChain', chainUri('hello')));
      const created = eventsOf(other.id).find((event) => event.type === 'run.created');
      assert.equal(created?.type === 'run.created' && created.budget.wallMs, 60_000);
      assert.equal(recorded((store) => store.run(id)).state, 'running');
      await command('stopRun', { kind: 'run', id });
      assert.equal((await ended(id)).state, 'cancelled');
    });
  });

  it('record that no browser is where the setting says, with what to do', async () => {
    const uri = await writeFile('.assassin/chains/page.ts', "import { browser } from 'assassin';\nexport const meta = { grants: ['browser', 'net http://127.0.0.1:9'] };\nexport default async function () {\n  await browser.open('http://127.0.0.1:9/');\n}\n");
    const run = await withSetting('browser.path', join(workspaceFolder().fsPath, 'no-browser'), async () => ended(await command('runChain', uri)));
    assert.equal(run.state, 'failed');
    assert.equal(run.error?.code, 'browser-not-found', JSON.stringify(run.error));
    assert.ok(run.error?.hint);
    await vscode.workspace.fs.delete(uri);
  });
});
