import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionUnderTest, workspaceFolder } from './extension-under-test.ts';
import { describe, it } from './spec.ts';

describe('the extension', () => {
  it('is known to VS Code and activates', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that its manifest names', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const { contributes } = extension.packageJSON as { contributes?: { commands?: { command: string }[] } };
    const missing = (contributes?.commands ?? []).map(({ command }) => command).filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('is given the fixture workspace', async () => {
    const file = vscode.Uri.joinPath(workspaceFolder(), 'src', 'math.ts');
    assert.match(Buffer.from(await vscode.workspace.fs.readFile(file)).toString(), /export function add/);
  });
});
