import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { chainUri, command, ended, eventually, provided, withSetting, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

const edits = `import { workspace } from 'assassin';
export const meta = { grants: ['fs.read **', 'fs.write **'] };
export default async () => {
  await workspace.edit('review/a.txt', [{ oldText: 'one', newText: 'ONE' }, { oldText: 'five', newText: 'FIVE' }]);
  await workspace.writeFile('review/new.txt', 'made');
};
`;

interface Lens {
  readonly title: string;
  readonly line: number;
  readonly run: () => Thenable<unknown>;
}

async function lensesIn(uri: vscode.Uri): Promise<readonly Lens[]> {
  await vscode.workspace.openTextDocument(uri);
  const lenses = await provided<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.flatMap(({ command: lens, range }) => (lens && /(keep|putBack)Change$/.test(lens.command)
    ? [{ title: lens.title.replace(/^\$\([^)]*\) /, ''), line: range.start.line, run: () => vscode.commands.executeCommand(lens.command, ...(lens.arguments ?? [])) }] : []));
}

const linesOf = (lenses: readonly Lens[]) => lenses.map(({ title, line }) => `${line} ${title}`);

/** Runs the chain on files that are as they were, and opens the review of that run. */
async function reviewed(work: (file: vscode.Uri, made: vscode.Uri, run: string) => Promise<void>): Promise<void> {
  const file = await writeFile('review/a.txt', 'one\r\ntwo\r\nthree\r\nfour\r\nfive\r\n');
  await writeFile('.assassin/chains/edits.ts', edits);
  try {
    const run = await ended(await command('runChain', chainUri('edits')));
    assert.equal(run.state, 'done', JSON.stringify(run.error));
    await command('reviewChanges', { kind: 'run', id: run.id });
    await work(file, vscode.Uri.joinPath(file, '..', 'new.txt'), run.id);
  } finally {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(file, '..'), { recursive: true });
    await vscode.workspace.fs.delete(chainUri('edits'));
  }
}

const read = (uri: vscode.Uri) => readFile(uri.fsPath, 'utf8');

describe('the review of a run', () => {
  it('opens the comparison of all its files, with what they held before', () => reviewed(async (file, _made, run) => {
    await eventually('the tab of the review', () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.startsWith('Changes of')));
    const before = await vscode.workspace.openTextDocument(file.with({ scheme: 'assassin-before', query: run }));
    assert.equal(before.getText().replaceAll('\r', ''), 'one\ntwo\nthree\nfour\nfive\n');
  }));

  it('puts one change back at a click: the others and what was edited by hand stay, and the undo can be undone', () => reviewed(async (file, made) => {
    await writeFile('review/a.txt', `by hand\r\n${await read(file)}`);
    const lenses = await eventually('the lenses at the moved lines', async () => {
      const found = await lensesIn(file);
      return linesOf(found).join() === '1 Keep,1 Put back,5 Keep,5 Put back' && found;
    });
    const undo = await ended(await lenses[3]!.run());
    assert.equal(await read(file), 'by hand\r\nONE\r\ntwo\r\nthree\r\nfour\r\nfive\r\n');
    await eventually('the lenses of what is left', async () => linesOf(await lensesIn(file)).join() === '1 Keep,1 Put back');
    assert.equal(await read(made), 'made');
    await command('reviewChanges', { kind: 'run', id: undo.id });
    const again = await eventually('the change of the undo itself', async () => (await lensesIn(file)).find(({ title, line }) => title === 'Put back' && line === 5));
    await ended(await again.run());
    assert.equal(await read(file), 'by hand\r\nONE\r\ntwo\r\nthree\r\nfour\r\nFIVE\r\n');
  }));

  it('forgets a change that is kept, and a file that was made can be put back as a whole', () => reviewed(async (file, made) => {
    const lenses = await eventually('the lenses', async () => {
      const found = await lensesIn(file);
      return found.length === 4 && found;
    });
    await lenses[0]!.run();
    await eventually('the lenses of what is left', async () => linesOf(await lensesIn(file)).join() === '4 Keep,4 Put back');
    assert.equal((await read(file)).startsWith('ONE'), true);
    const whole = await eventually('the lens of the made file', async () => (await lensesIn(made)).find(({ title }) => title === 'Put this file back'));
    await ended(await whole.run());
    await assert.rejects(read(made), { code: 'ENOENT' });
  }));

  it('works with the keyboard: at the cursor, and from the light bulb', () => reviewed(async (file) => {
    const editor = await vscode.window.showTextDocument(file);
    editor.selection = new vscode.Selection(4, 1, 4, 1);
    const actions = await eventually('the actions', async () => {
      const found = await provided<vscode.CodeAction[]>('vscode.executeCodeActionProvider', file, editor.selection);
      return found.some(({ title }) => title === 'Put back') && found;
    });
    assert.ok(actions.some(({ title }) => title === 'Keep'), actions.map(({ title }) => title).join());
    await ended(await command('putBackChange'));
    assert.equal(await read(file), 'ONE\r\ntwo\r\nthree\r\nfour\r\nfive\r\n');
  }));

  it('saves what is not saved before it puts anything back, and leaves lines alone that were edited', () => reviewed(async (file) => {
    const editor = await vscode.window.showTextDocument(file);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 3), ' by hand'));
    const lenses = await eventually('the lenses of the unsaved text', async () => {
      const found = await lensesIn(file);
      return linesOf(found).join() === '0 Keep (edited since),4 Keep,4 Put back' && found;
    });
    await ended(await lenses[2]!.run());
    assert.equal(await read(file), 'ONE by hand\r\ntwo\r\nthree\r\nfour\r\nfive\r\n');
  }));

  it('shows no lenses where they are switched off', () => reviewed((file) => withSetting('codeLens.review', false, async () => {
    await eventually('no lenses', async () => (await lensesIn(file)).length === 0);
  })));
});
