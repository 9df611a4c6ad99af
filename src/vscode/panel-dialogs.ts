import { isAbsolute, relative, resolve } from 'node:path';
import * as vscode from 'vscode';
import { AssassinError } from '../shared/errors.ts';
import { follow } from './launch.ts';
import { openInBrowser } from './open-in-browser.ts';
import type { Services } from './services.ts';

const versionScheme = 'assassin-version';
/** Versions that an open comparison may still ask for; older ones are forgotten. */
const versionsKept = 200;

const versions = new Map<string, string>();
let provider: vscode.Disposable | undefined;

/** A read-only document with this text, named like the file so that it is coloured like it. */
function versionOf(path: string, key: string, text: string): vscode.Uri {
  provider ??= vscode.workspace.registerTextDocumentContentProvider(versionScheme, { provideTextDocumentContent: (uri) => versions.get(uri.toString()) ?? '' });
  const uri = vscode.Uri.from({ scheme: versionScheme, path: `/${path}`, query: key });
  versions.set(uri.toString(), text);
  const [oldest] = versions.keys();
  if (versions.size > versionsKept && oldest !== undefined) versions.delete(oldest);
  return uri;
}

/** The editor's own comparison of two versions of a file. */
export async function showVersions(run: string, path: string, before: string | undefined, after: string): Promise<void> {
  const left = versionOf(path, `${run} before ${versions.size}`, before ?? '');
  const right = versionOf(path, `${run} after ${versions.size}`, after);
  await vscode.commands.executeCommand('vscode.diff', left, right, vscode.l10n.t('{0}: before and after this step', path));
}

export { openReview as showRunChanges } from './review/open-review.ts';

/** Puts the files of a run back, after asking; gives the run that does it. */
export async function undoRun(services: Services, run: string): Promise<string | undefined> {
  const events = await services.history.events(run);
  const paths = [...new Set(events.flatMap((event) => (event.type === 'file.written' ? [event.path] : [])))];
  const undo = vscode.l10n.t('Undo changes');
  const question = paths.length === 1 ? vscode.l10n.t('Put the file back as it was before this run?') : vscode.l10n.t('Put {0} files back as they were before this run?', paths.length);
  const detail = `${paths.slice(0, 20).join('\n')}${paths.length > 20 ? '\n…' : ''}\n\n${vscode.l10n.t('What was edited since is kept; a file in which the same lines were edited is left alone. The undo can itself be undone.')}`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, undo)) !== undo) return undefined;
  const handle = await services.holder.use((runtime) => runtime.undo(run));
  void follow(services, handle);
  return handle.id;
}

/** Saves the code of a task as a chain, and opens it. */
export async function freezeRun({ holder, history, workspace }: Services, run: string): Promise<string | undefined> {
  const { title } = await history.run(run);
  const suggestion = title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40);
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Freeze into a chain'), prompt: vscode.l10n.t('Name of the chain, which then runs without a model'), value: suggestion, ignoreFocusOut: true,
    validateInput: (value) => (/^[a-z0-9][a-z0-9-]*$/i.test(value.trim()) ? undefined : vscode.l10n.t('Letters, digits and hyphens only.')),
  });
  if (name === undefined) return undefined;
  const { path } = await holder.use((runtime) => runtime.freeze(run, name.trim()));
  const folder = workspace();
  if (folder !== undefined) await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(folder), path), { viewColumn: vscode.ViewColumn.Beside });
  return path;
}

/** A link from the words of a model: the whole address is shown before anything is opened, and a path opens only inside the workspace. */
export async function openAddress(workspace: string | undefined, address: string): Promise<void> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && ['http:', 'https:', 'mailto:'].includes(url.protocol)) {
    const open = vscode.l10n.t('Open');
    const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Open this address outside of the editor?'), { modal: true, detail: url.href }, open);
    if (answer === open) await openInBrowser(url.href);
    return;
  }
  const [, path = '', line] = /^(?:\.\/)?([^#?]+?)(?:#L?|:)?(\d+)?(?:[-:].*)?$/.exec(address) ?? [];
  const file = workspace === undefined || url || path === '' ? undefined : resolve(workspace, path);
  const inside = file === undefined || workspace === undefined ? '..' : relative(workspace, file);
  if (file === undefined || inside.startsWith('..') || isAbsolute(inside)) {
    throw new AssassinError('invalid-input', `This link leads nowhere that can be opened: ${address.slice(0, 300)}`, { hint: 'Only web addresses and files of this workspace are opened.' });
  }
  const at = new vscode.Position(Math.max(0, Number(line ?? 1) - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.Beside, selection: new vscode.Range(at, at) });
}
