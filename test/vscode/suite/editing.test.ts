import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Answer } from '../../fixtures/models/answer.ts';
import { scriptedServer, type RecordedRequest, type ScriptedServer } from '../../fixtures/models/scripted-server.ts';
import { command, ended, eventually, provided, recorded, withSetting, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

const model = { model: 'scripted/scripted', tokens: 50_000 };
const finish = (result: string): Answer => ({ calls: [{ name: 'finish', arguments: { result, evidence: [] } }] });
const edit = (oldText: string, newText: string): Answer => ({ calls: [{ name: 'edit_file', arguments: { path: 'editing/cart.py', edits: [{ oldText, newText }] } }] });

async function withModel(script: (request: RecordedRequest, index: number) => Answer, work: (server: ScriptedServer) => Promise<void>): Promise<void> {
  await using server = await scriptedServer(script);
  await withSetting('rules', [{ effect: 'allow', grant: 'fs.write editing/**' }], () => withSetting('models.providers', [{ kind: 'openai-compatible', name: 'scripted', baseUrl: server.baseUrl }], () => work(server)));
}

/** The editor remembers the text of a file that was deleted for a while: each name is used for one text. */
async function withFile(text: string, work: (uri: vscode.Uri) => Promise<void>, name = 'cart.py'): Promise<void> {
  const uri = await writeFile(`editing/${name}`, text);
  try {
    await work(uri);
  } finally {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
  }
}

const told = (server: ScriptedServer) => String(server.requests[0]?.body.messages[1]?.content);
const comment = 'def total(rows):\n    # assassin: count the rows\n    return 0\n';

async function commentLens(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  await vscode.workspace.openTextDocument(uri);
  const lenses = await provided<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.filter(({ command: lens }) => lens?.command.endsWith('.doComment'));
}

/** The argument of the lens with the model of the test beside it: nobody is there to choose one. */
async function doComment(uri: vscode.Uri): Promise<unknown> {
  const [lens] = await eventually('the lens', async () => {
    const lenses = await commentLens(uri);
    return lenses.length > 0 && lenses;
  });
  return command('doComment', { ...(lens?.command?.arguments?.[0] as object), ...model });
}

describe('code actions', () => {
  it('fix a problem: the model is told what it is and where, and the file is changed', () => withFile('def total(rows):\n    return len(row)\n', (uri) =>
    withModel((_request, index) => (index === 0 ? edit('len(row)', 'len(rows)') : finish('Fixed.')), async (server) => {
      const problems = vscode.languages.createDiagnosticCollection('editing-test');
      const diagnostic = new vscode.Diagnostic(new vscode.Range(1, 15, 1, 18), '"row" is not defined', vscode.DiagnosticSeverity.Error);
      diagnostic.source = 'checker';
      problems.set(uri, [diagnostic]);
      try {
        await vscode.window.showTextDocument(uri);
        const fix = await eventually('the action', async () => {
          const actions = await provided<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, diagnostic.range);
          return actions.find(({ title }) => title === 'Fix with the agent')?.command;
        });
        const run = await ended(await command('fixProblem', { ...(fix.arguments?.[0] as object), ...model }));
        assert.equal(run.state, 'done', JSON.stringify(run.error));
        assert.match(told(server), /Fix this problem in @file:editing\/cart\.py:2-2:\n- line 2: checker: "row" is not defined/);
        assert.match(told(server), /return len\(row\)/);
        assert.equal(await readFile(uri.fsPath, 'utf8'), 'def total(rows):\n    return len(rows)\n');
      } finally {
        problems.dispose();
      }
    })));

  it('stand on a selection, and nowhere where they are switched off', () => withFile('def total(rows):\n    return 0\n', async (uri) => {
    await vscode.window.showTextDocument(uri);
    const titles = async () => (await provided<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, new vscode.Range(0, 0, 1, 4))).map(({ title }) => title);
    // The editor hears of a provider a moment after the extension has registered it.
    for (const title of ['Write a test', 'Explain']) await eventually(`the action "${title}"`, async () => (await titles()).includes(title));
    await withSetting('codeActions.enabled', false, () => eventually('no action', async () => !(await titles()).includes('Explain')));
  }));

  it('explain the symbol around the cursor', () => withFile('x = 1\n\ndef total(rows):\n    return 0\n', (uri) => withModel(() => finish('It adds.'), async (server) => {
    const symbols = vscode.languages.registerDocumentSymbolProvider({ language: 'python' }, { provideDocumentSymbols: () => [new vscode.DocumentSymbol('total', '', vscode.SymbolKind.Function, new vscode.Range(2, 0, 3, 12), new vscode.Range(2, 4, 2, 9))] });
    try {
      const editor = await vscode.window.showTextDocument(uri);
      editor.selection = new vscode.Selection(3, 4, 3, 4);
      assert.equal((await ended(await command('explainCode', model))).state, 'done');
      assert.match(told(server), /Explain total in @file:editing\/cart\.py:3-4/);
    } finally {
      symbols.dispose();
    }
  })));
});

describe('an instruction in a comment', () => {
  it('is carried out, and taken away when something was changed', () => withFile(comment, (uri) => withModel((_request, index) => (index === 0 ? edit('return 0', 'return len(rows)') : finish('Counted.')), async (server) => {
    assert.equal((await ended(await doComment(uri))).state, 'done');
    assert.match(told(server), /The task:\ncount the rows\n\nThis is said in a comment in line 2 of @file:editing\/cart\.py:1-/);
    await eventually('the comment to be gone', async () => (await readFile(uri.fsPath, 'utf8')) === 'def total(rows):\n    return len(rows)\n');
  })));

  it('stays where nothing was changed, so that it can be tried again', () => withFile(comment, (uri) => withModel(() => finish('I do not know how.'), async () => {
    const run = await ended(await doComment(uri));
    assert.equal(run.state, 'done');
    await command('openPanel', { kind: 'run', id: run.id });
    assert.equal(await readFile(uri.fsPath, 'utf8'), comment);
    assert.equal((await commentLens(uri)).length, 1);
  }), 'later.py'));

  it('has no lens where that is switched off, and starts nothing without a place', () => withFile(comment, async (uri) => {
    await withSetting('codeLens.comments', false, async () => assert.deepEqual(await commentLens(uri), []));
    const before = recorded((store) => store.runs({ limit: 1 }).items[0]?.id);
    assert.equal(await command('doComment', {}), undefined);
    assert.equal(recorded((store) => store.runs({ limit: 1 }).items[0]?.id), before);
  }, 'off.py'));
});
