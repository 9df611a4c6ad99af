import * as vscode from 'vscode';
import { commandId, extensionName, keyInFile } from './names.ts';

/** Names only, so that nothing is loaded for other files; which file is which is decided by what looks into it. */
const files = { pattern: '**/{settings.json,mcp.json,.mcp.json,*.code-workspace}' };
const schemes = new Set(['file', 'vscode-userdata', 'vscode-remote']);
const settleMs = 300;

const concerns = ({ uri }: vscode.TextDocument) => schemes.has(uri.scheme) && /(?:settings|mcp)\.json$|\.code-workspace$/.test(uri.path) && (uri.scheme === 'vscode-userdata' || vscode.workspace.isTrusted);

/** What a diagnostic is about: where the value stands in its file. */
class SecretDiagnostic extends vscode.Diagnostic {
  readonly path: readonly (string | number)[] | undefined;

  constructor(range: vscode.Range, message: string, path: readonly (string | number)[] | undefined) {
    super(range, message, vscode.DiagnosticSeverity.Warning);
    this.path = path;
    this.source = 'Infrastructure Assassin';
    this.code = keyInFile;
  }
}

/** Points out keys that stand in the open in files of MCP servers and model providers, while somebody looks at them, and offers to move them. */
export function watchTypedSecrets(): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection(`${extensionName}.keys`);
  const timers = new Map<string, NodeJS.Timeout>();
  const check = async (document: vscode.TextDocument) => {
    const { configFormOf, typedSecrets } = await import('../mcp/typed-secrets.ts');
    const form = configFormOf(document.uri.path);
    if (form === undefined || document.isClosed) return;
    problems.set(document.uri, typedSecrets(document.getText(), form).map(({ offset, length, field, owner, place, path }) => {
      const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
      const what = place === 'key' ? vscode.l10n.t('"{0}" of the model provider {1} looks like a secret that stands in the open.', field, owner) : vscode.l10n.t('"{0}" of the MCP server {1} looks like a secret that stands in the open.', field, owner);
      return place === 'none' ? new SecretDiagnostic(range, `${what} ${vscode.l10n.t('What stands here is seen by other programs: hand it over in "env" or "headers".')}`, undefined) : new SecretDiagnostic(range, what, path);
    }));
  };
  const soon = (document: vscode.TextDocument) => {
    if (!concerns(document)) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(key, setTimeout(() => {
      timers.delete(key);
      void check(document);
    }, settleMs));
  };
  const all = () => vscode.workspace.textDocuments.forEach(soon);
  all();
  return vscode.Disposable.from(
    problems,
    { dispose: () => timers.forEach((timer) => clearTimeout(timer)) },
    vscode.workspace.onDidOpenTextDocument(soon),
    vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => problems.delete(uri)),
    vscode.workspace.onDidGrantWorkspaceTrust(all),
    vscode.languages.registerCodeActionsProvider(files, { provideCodeActions: ({ uri }, range) => actionsAt(uri, range, problems.get(uri) ?? []) }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
  );
}

function actionsAt(uri: vscode.Uri, range: vscode.Range, diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    if (!(diagnostic instanceof SecretDiagnostic) || diagnostic.path === undefined || diagnostic.range.intersection(range) === undefined) return [];
    const action = new vscode.CodeAction(vscode.l10n.t('Move to secret storage'), vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    action.command = { command: commandId('moveTypedSecret'), title: action.title, arguments: [{ uri, path: diagnostic.path }] };
    return [action];
  });
}
