import * as vscode from 'vscode';
import type { EditorContext, EditorPlace, EditorProblem, EditorSymbol } from '../../workspace/context/editor-context.ts';
import { terminalText } from './terminal-text.ts';

const severities: Readonly<Record<vscode.DiagnosticSeverity, EditorProblem['severity']>> = {
  [vscode.DiagnosticSeverity.Error]: 'error', [vscode.DiagnosticSeverity.Warning]: 'warning', [vscode.DiagnosticSeverity.Information]: 'info', [vscode.DiagnosticSeverity.Hint]: 'hint',
};
const maxProblems = 500;

/** What this window knows: selection, problems, the terminal, and the language services of whatever extensions are there. */
export const editorContext: EditorContext = {
  selection: () => {
    const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors.find(({ selection }) => !selection.isEmpty);
    if (editor === undefined || editor.selection.isEmpty) return Promise.resolve(undefined);
    const { document, selection } = editor;
    return Promise.resolve({ ...(document.uri.scheme === 'file' ? { path: document.uri.fsPath } : {}), from: selection.start.line + 1, to: selection.end.line + 1, text: document.getText(selection) });
  },
  problems: (path) => {
    const all = path === undefined ? vscode.languages.getDiagnostics() : [[vscode.Uri.file(path), vscode.languages.getDiagnostics(vscode.Uri.file(path))] as const];
    const found = all.flatMap(([uri, diagnostics]) => (uri.scheme === 'file' ? diagnostics.map((diagnostic): EditorProblem => ({
      ...placeOf(uri, diagnostic.range), severity: severities[diagnostic.severity], message: diagnostic.message, ...(diagnostic.source === undefined ? {} : { source: diagnostic.source }),
    })) : []));
    // Errors first: where there are too many, hints are what can be missed.
    const order = ['error', 'warning', 'info', 'hint'];
    return Promise.resolve(found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)).slice(0, maxProblems));
  },
  terminal: terminalText,
  symbols: async (query) => {
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>('vscode.executeWorkspaceSymbolProvider', query);
    return (found ?? []).filter(({ location }) => location.uri.scheme === 'file').map(({ name, kind, containerName, location }) => symbolOf(name, kind, containerName, placeOf(location.uri, location.range)));
  },
  outline: async (path) => {
    const uri = await opened(path);
    const found = await vscode.commands.executeCommand<(vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined>('vscode.executeDocumentSymbolProvider', uri);
    return (found ?? []).flatMap((symbol) => outlineOf(uri, symbol, undefined));
  },
  definitions: (place) => places('vscode.executeDefinitionProvider', place),
  references: (place) => places('vscode.executeReferenceProvider', place),
};

async function places(command: string, { path, line, column }: Omit<EditorPlace, 'endLine'>): Promise<readonly EditorPlace[]> {
  const uri = await opened(path);
  const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[] | undefined>(command, uri, new vscode.Position(line - 1, column - 1));
  return (found ?? []).map((each) => ('targetUri' in each ? { uri: each.targetUri, range: each.targetSelectionRange ?? each.targetRange } : each)).filter(({ uri: at }) => at.scheme === 'file').map(({ uri: at, range }) => placeOf(at, range));
}

/** Language services answer for documents that are open; nothing of it is shown. */
async function opened(path: string): Promise<vscode.Uri> {
  return (await vscode.workspace.openTextDocument(vscode.Uri.file(path))).uri;
}

function outlineOf(uri: vscode.Uri, symbol: vscode.DocumentSymbol | vscode.SymbolInformation, container: string | undefined): readonly EditorSymbol[] {
  if (!('children' in symbol)) return [symbolOf(symbol.name, symbol.kind, symbol.containerName, placeOf(symbol.location.uri, symbol.location.range))];
  return [symbolOf(symbol.name, symbol.kind, container, placeOf(uri, symbol.selectionRange, symbol.range)), ...symbol.children.flatMap((child) => outlineOf(uri, child, symbol.name))];
}

function symbolOf(name: string, kind: vscode.SymbolKind, container: string | undefined, place: EditorPlace): EditorSymbol {
  return { ...place, name, kind: (vscode.SymbolKind[kind] ?? 'symbol').toLowerCase(), ...(container === undefined || container === '' ? {} : { container }) };
}

function placeOf(uri: vscode.Uri, at: vscode.Range, whole: vscode.Range = at): EditorPlace {
  return { path: uri.fsPath, line: at.start.line + 1, column: at.start.character + 1, endLine: whole.end.line + 1 };
}
