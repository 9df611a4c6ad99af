import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { workspaceFolder } from './extension-under-test.ts';
import { chainUri, command, ended, eventually, provided, withSetting } from './recorded.ts';
import { describe, it } from './spec.ts';

interface Lens {
  readonly title: string;
  readonly command: string;
  readonly line: number;
}

async function lensesOf(uri: vscode.Uri): Promise<readonly Lens[]> {
  await vscode.workspace.openTextDocument(uri);
  const lenses = await provided<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.flatMap(({ command: lens, range }) => (lens?.command.startsWith('infrastructureAssassin.') ? [{ title: lens.title, command: lens.command, line: range.start.line }] : []));
}

const file = (...path: string[]) => vscode.Uri.joinPath(workspaceFolder(), ...path);
const titles = (lenses: readonly Lens[]) => lenses.map(({ title }) => title.replace(/^\$\([^)]*\) /, ''));

describe('code lenses', () => {
  it('stand above the default export of a chain, with the last run', async () => {
    await ended(await command('runChain', chainUri('hello')));
    const lenses = await eventually('a lens with the last run', async () => {
      const found = await lensesOf(chainUri('hello'));
      return found.some(({ title }) => /^last run: \d.*, \$0, /.test(title)) && found;
    });
    assert.deepEqual(titles(lenses).slice(0, 2), ['Run', 'Run with input...']);
    assert.match(titles(lenses)[2] ?? '', /^last run: [\d.]+ m?s, \$0, (saved \$|\$[\d.]+ dearer)/);
    assert.ok(lenses.every(({ line }) => line === 4));
  });

  it('tell that the last run of a broken chain failed', async () => {
    await ended(await command('runChain', chainUri('broken')));
    const title = await eventually('the failure in the lens', async () => titles(await lensesOf(chainUri('broken'))).find((each) => each.includes('failed')));
    assert.match(title, /^last run: failed, /);
  });

  it('stand above each server of an MCP configuration', async () => {
    const lenses = await eventually('the lenses', async () => {
      const found = await lensesOf(file('.vscode', 'mcp.json'));
      return found.length > 0 && found;
    });
    assert.equal(lenses[0]?.command, 'infrastructureAssassin.startMcpServer');
    assert.equal(lenses[0]?.line, 2);
  });

  it('stand above exported functions that a sandbox can run', async () => {
    await eventually('the lenses', async () => (await lensesOf(file('src', 'math.ts'))).length === 4);
    assert.deepEqual((await lensesOf(file('src', 'math.ts'))).map(({ title, line }) => [title, line]), [['$(beaker) Run in sandbox', 0], ['$(radio-tower) Serve', 0], ['$(beaker) Run in sandbox', 4], ['$(radio-tower) Serve', 4]]);
    assert.deepEqual((await lensesOf(file('src', 'text.ts'))).map(({ line }) => line), [3, 3, 7, 7]);
  });

  it('offer Node only above the functions of a file that needs it', async () => {
    assert.deepEqual((await lensesOf(file('src', 'files.ts'))).filter(({ title }) => !title.startsWith('last run')).map(({ title, line }) => [title, line]), [['$(warning) Run in Node', 2]]);
  });

  it('do not stand in the types that are generated', async () => {
    await command('regenerateTypes');
    assert.deepEqual(await lensesOf(file('.assassin', 'types', 'assassin.d.ts')), []);
  });

  it('can be switched off one by one', async () => {
    await withSetting('codeLens.functions', false, async () => {
      await eventually('no lenses of functions', async () => (await lensesOf(file('src', 'math.ts'))).length === 0);
      assert.notDeepEqual(await lensesOf(chainUri('hello')), []);
    });
    await withSetting('codeLens.chains', false, () => eventually('no lenses of chains', async () => (await lensesOf(chainUri('hello'))).length === 0));
    await withSetting('codeLens.mcpServers', false, () => eventually('no lenses of servers', async () => (await lensesOf(file('.vscode', 'mcp.json'))).length === 0));
  });
});
