import * as vscode from 'vscode';
import { inRunFolder } from './run-folder.ts';
import { extensionName } from './names.ts';
import type { Services } from './services.ts';

const isAgent = (uri: vscode.Uri) => inRunFolder(uri) && /^\.assassin\/agents\/[^/]+\.md$/.test(vscode.workspace.asRelativePath(uri, false));

/** Problems and completion in the files of agents. */
export function watchAgentFiles({ workspace }: Services): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection(`${extensionName}.agents`);
  const check = async (document: vscode.TextDocument) => {
    const folder = workspace();
    if (folder === undefined || !isAgent(document.uri)) return;
    const { readAgent } = await import('../agent/team/agent-file.ts');
    const agent = readAgent({ path: vscode.workspace.asRelativePath(document.uri, false), text: document.getText() }, folder);
    problems.set(document.uri, 'problems' in agent ? agent.problems.map(({ message, hint, location }) => {
      const place = new vscode.Position(Math.max(0, (location?.line ?? 1) - 1), Math.max(0, (location?.column ?? 1) - 1));
      const diagnostic = new vscode.Diagnostic(document.getWordRangeAtPosition(place) ?? document.lineAt(Math.min(place.line, document.lineCount - 1)).range, hint === undefined ? message : `${message} ${hint}`);
      diagnostic.source = 'Infrastructure Assassin';
      return diagnostic;
    }) : []);
  };
  const first = setTimeout(() => vscode.workspace.textDocuments.forEach((document) => void check(document)));
  return vscode.Disposable.from(
    problems,
    { dispose: () => clearTimeout(first) },
    vscode.workspace.onDidOpenTextDocument((document) => void check(document)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => void check(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => problems.delete(uri)),
    vscode.languages.registerCompletionItemProvider({ pattern: '**/.assassin/agents/*.md', scheme: 'file' }, { provideCompletionItems: fields }),
  );
}

/** The fields of the front matter that are not there yet, at the beginning of a line in it. */
async function fields(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]> {
  const lines = document.getText().split(/\r?\n/);
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || position.line === 0 || (end > 0 && position.line >= end) || !/^\w*$/.test(lines[position.line]!.slice(0, position.character))) return [];
  const { agentFields } = await import('../agent/team/agent-file.ts');
  const written = new Set(lines.slice(1, end < 0 ? undefined : end).flatMap((line, i) => (i + 1 === position.line ? [] : [/^(\w+):/.exec(line)?.[1]])));
  return Object.entries(agentFields).filter(([name]) => !written.has(name)).map(([name, about]) => {
    const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Property);
    item.insertText = `${name}: `;
    item.documentation = about;
    return item;
  });
}
