import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { command, ended, resultOf, withSetting, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

describe('what the editor knows', () => {
  it('reaches a task that names it: the selection, its problems, and the search by the ripgrep of the editor', async () => {
    const uri = await writeFile('context/cart.ts', 'export const price = 1;\nexport const needleInTheCart = price;\n');
    const editor = await vscode.window.showTextDocument(uri);
    editor.selection = new vscode.Selection(1, 0, 1, 12);
    const diagnostics = vscode.languages.createDiagnosticCollection('assassin-test');
    diagnostics.set(uri, [new vscode.Diagnostic(new vscode.Range(1, 13, 1, 19), 'The cart is empty.', vscode.DiagnosticSeverity.Warning)]);
    const code = "import { workspace } from 'assassin';\nexport default async () => ({ found: await workspace.search('needleinthecart'), problems: await workspace.problems('context/cart.ts') });";
    await using server = await scriptedServer((_request, index) => ({ calls: [index === 0 ? { name: 'run_code', arguments: { code } } : { name: 'finish', arguments: { result: 'Seen.', evidence: [] } }] }));
    try {
      await withSetting('models.providers', [{ kind: 'openai-compatible', name: 'scripted', baseUrl: server.baseUrl }], async () => {
        const run = await ended(await command('runTask', { text: 'Look at @selection and @problems:context/cart.ts.', model: 'scripted/scripted', tokens: 50_000 }));
        assert.equal(run.state, 'done', JSON.stringify(run.error));
        assert.equal((resultOf(run.id) as { readonly answer: unknown }).answer, 'Seen.');
      });
      const told = String(server.requests[0]?.body.messages[1]?.content);
      assert.match(told, /@selection \(context\/cart\.ts\), lines 2 to 2:\n<data source="selection context\/cart\.ts">\nexport const\n/);
      assert.match(told, /context\/cart\.ts:2 warning: The cart is empty\./);
      const result = String(server.requests[1]?.body.messages.at(-1)?.content);
      assert.match(result, /"engine":"ripgrep"/);
      assert.match(result, /"path":"context\/cart\.ts","line":2,"column":14/);
      assert.match(result, /The cart is empty\./);
    } finally {
      diagnostics.dispose();
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
    }
  });
});
