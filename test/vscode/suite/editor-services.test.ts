import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorContext } from '../../../src/vscode/context/editor-context.ts';
import { eventually, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

const source = 'def total(rows):\n    return 0\n\ntotal([])\n';
const at = (uri: vscode.Uri, line: number, from: number, to: number) => new vscode.Location(uri, new vscode.Range(line, from, line, to));

describe('what the editor knows', () => {
  it('of symbols, definitions and references comes from its language services, with places that count from 1', async () => {
    const uri = await writeFile('services/cart.py', source);
    const python = { language: 'python' };
    const providers = vscode.Disposable.from(
      vscode.languages.registerDocumentSymbolProvider(python, { provideDocumentSymbols: () => {
        const outer = new vscode.DocumentSymbol('Cart', '', vscode.SymbolKind.Class, new vscode.Range(0, 0, 1, 12), new vscode.Range(0, 4, 0, 9));
        outer.children.push(new vscode.DocumentSymbol('total', '', vscode.SymbolKind.Method, new vscode.Range(1, 0, 1, 12), new vscode.Range(1, 4, 1, 10)));
        return [outer];
      } }),
      vscode.languages.registerWorkspaceSymbolProvider({ provideWorkspaceSymbols: (query) => [new vscode.SymbolInformation(`found ${query}`, vscode.SymbolKind.Function, '', at(uri, 0, 4, 9))] }),
      vscode.languages.registerDefinitionProvider(python, { provideDefinition: (document, position) => (position.line === 3 ? at(document.uri, 0, 4, 9) : undefined) }),
      vscode.languages.registerReferenceProvider(python, { provideReferences: (document) => [at(document.uri, 0, 4, 9), at(document.uri, 3, 0, 5)] }),
    );
    try {
      const path = uri.fsPath;
      assert.deepEqual((await editorContext.outline(path)).map(({ name, kind, container, line, column, endLine }) => [name, kind, container, line, column, endLine]), [['Cart', 'class', undefined, 1, 5, 2], ['total', 'method', 'Cart', 2, 5, 2]]);
      assert.ok((await editorContext.symbols('total')).some(({ name, path: where, line, column }) => name === 'found total' && where === path && line === 1 && column === 5));
      assert.deepEqual(await editorContext.definitions({ path, line: 4, column: 2 }), [{ path, line: 1, column: 5, endLine: 1 }]);
      assert.deepEqual(await editorContext.definitions({ path, line: 2, column: 1 }), []);
      assert.deepEqual((await editorContext.references({ path, line: 4, column: 2 })).map(({ line }) => line), [1, 4]);
    } finally {
      providers.dispose();
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
    }
  });

  it('of the terminal is what it shows, and the clipboard is as it was', async () => {
    assert.equal(await editorContext.terminal(), undefined);
    const written = new vscode.EventEmitter<string>();
    const terminal = vscode.window.createTerminal({ name: 'Numbers', pty: { onDidWrite: written.event, open: () => written.fire('3 tests failed\r\nsee above\r\n'), close: () => written.dispose() } });
    try {
      terminal.show();
      await vscode.env.clipboard.writeText('mine');
      const text = await eventually('the text of the terminal', async () => {
        const shown = await editorContext.terminal();
        return shown?.includes('3 tests failed') && shown;
      });
      assert.match(text, /3 tests failed\s+see above/);
      assert.equal(await vscode.env.clipboard.readText(), 'mine');
    } finally {
      terminal.dispose();
    }
  });
});
