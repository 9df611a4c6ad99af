import * as vscode from 'vscode';
import { describeError } from '../shared/errors.ts';
import type { Services } from './services.ts';

/** What is looked into, by the path of a document; the rest of the question is asked by what is loaded then. */
const checked = {
  agents: { of: /\/\.assassin\/agents\/[^/]+\.md$/, load: async (services: Services) => (await import('./agent-files.ts')).watchAgentFiles(services) },
  keys: { of: /(?:settings|mcp)\.json$|\.code-workspace$/, load: async () => (await import('./typed-secrets.ts')).watchTypedSecrets() },
};

/** Problems in files that people write for us. What finds them is loaded with the first such file that somebody looks at. */
export function watchFileProblems(services: Services): vscode.Disposable {
  const loaded: vscode.Disposable[] = [];
  const waiting = new Set(Object.values(checked));
  let ended = false;
  const look = ({ uri }: vscode.TextDocument) => {
    for (const kind of waiting) {
      if (!kind.of.test(uri.path)) continue;
      waiting.delete(kind);
      kind.load(services).then(
        (watching) => (ended ? watching.dispose() : loaded.push(watching)),
        (error: unknown) => services.log.warn(`The problems in ${uri.path} could not be looked for: ${describeError(error)}`),
      );
    }
  };
  const all = () => vscode.workspace.textDocuments.forEach(look);
  const first = setTimeout(all);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(look),
    { dispose: () => {
      ended = true;
      clearTimeout(first);
      loaded.forEach((watching) => watching.dispose());
    } },
  );
}
