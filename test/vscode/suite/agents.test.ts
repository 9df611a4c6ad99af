import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { scriptedServer, type RecordedRequest } from '../../fixtures/models/scripted-server.ts';
import type { Answer } from '../../fixtures/models/answer.ts';
import { workspaceFolder } from './extension-under-test.ts';
import { command, ended, eventually, recorded, resultOf, withSetting } from './recorded.ts';
import { describe, it } from './spec.ts';

const agentFile = (name: string) => vscode.Uri.joinPath(workspaceFolder(), '.assassin', 'agents', `${name}.md`);
async function withAgents(files: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await vscode.workspace.fs.writeFile(agentFile(name), new TextEncoder().encode(text));
  try {
    await work();
  } finally {
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(workspaceFolder(), '.assassin', 'agents'), { recursive: true });
  }
}

function leads({ body }: RecordedRequest): Answer {
  const text = JSON.stringify(body.messages);
  if (!text.includes('ROLE-LEADER')) return { calls: [{ name: 'finish', arguments: { result: 'part done' } }] };
  return { calls: [text.includes('part done') ? { name: 'finish', arguments: { result: 'whole' } } : { name: 'delegate', arguments: { task: 'PART' } }] };
}

describe('agents', () => {
  it('work on a task, and the runs of those that they ask stand below it', async () => {
    await using server = await scriptedServer(leads);
    await withAgents({ leader: '---\ndescription: Leads\n---\nROLE-LEADER\n' }, () => withSetting('budget.tokens', 50_000, () => withSetting('models.providers', [{ kind: 'openai-compatible', name: 'scripted', baseUrl: server.baseUrl }], async () => {
      const id = await command<string>('runAgent', { text: 'Do it.', agent: 'leader', model: 'scripted/scripted' });
      const run = await eventually('the end', () => ended(id));
      assert.equal(run.state, 'done', JSON.stringify(run.error));
      assert.match(JSON.stringify(await resultOf(id)), /whole/);
      const children = await recorded((store) => store.children(id));
      assert.deepEqual(children.map(({ title, state, parent }) => [title, state, parent]), [['PART', 'done', id]]);
    })));
  });

  it('have problems at their place while they are written, and fields that are completed', async () => {
    await withAgents({ bad: '---\ndescription: Reads\ngrant: []\n\n---\nYou read.\n' }, async () => {
      const document = await vscode.workspace.openTextDocument(agentFile('bad'));
      const [problem] = await eventually('the problem', () => {
        const problems = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Infrastructure Assassin');
        return problems.length > 0 && problems;
      });
      assert.match(problem!.message, /There is no field "grant"/);
      assert.equal(problem!.range.start.line, 2);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, document.lineAt(2).range, 'grants: []');
      await vscode.workspace.applyEdit(edit);
      await eventually('no problem', () => vscode.languages.getDiagnostics(document.uri).length === 0);
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, new vscode.Position(3, 0));
      const names = items.map(({ label }) => String(label));
      assert.ok(names.includes('worktree') && !names.includes('description') && !names.includes('grants'), names.join(', '));
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    });
  });
});
