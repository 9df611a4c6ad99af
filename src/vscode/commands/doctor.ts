import * as vscode from 'vscode';
import type { Check } from '../../doctor/check.ts';
import { ripgrepPlaces } from '../context/ripgrep-places.ts';
import { userSettingsFile } from '../rule-places.ts';
import { runFolderPath } from '../run-folder.ts';
import type { Services } from '../services.ts';
import { configuration } from '../settings.ts';

const scheme = 'infrastructure-assassin-doctor';
const reports = new Map<string, string>();
let registered = false;

/** Examines the machine and shows what it found as a page that can be read, searched and copied from. */
export async function doctor(services: Services): Promise<readonly Check[]> {
  const [{ examine }, { configFilesOf }] = await Promise.all([import('../../doctor/examine.ts'), import('../../doctor/typed-secret-checks.ts')]);
  const { context, holder, log, mcpServers } = services;
  const folder = runFolderPath();
  const browserPath = configuration(folder === undefined ? undefined : vscode.Uri.file(folder)).get<string>('browser.path');
  const checks: Check[] = [];
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Examining this machine') }, async (progress) => {
    const patient = examine({
      program: { kind: 'editor', version: String((context.extension.packageJSON as { readonly version?: unknown }).version) },
      ...(browserPath ? { browserPath } : {}), ripgrep: ripgrepPlaces(vscode.env.appRoot),
      withRuntime: async (work) => {
        const { problems } = await mcpServers.load();
        return await holder.use((runtime) => work(runtime, problems));
      },
      configFiles: [{ path: userSettingsFile(context), shown: vscode.l10n.t('User settings'), form: 'settings' }, ...(folder === undefined || !vscode.workspace.isTrusted ? [] : configFilesOf(folder))],
      openFix: vscode.l10n.t('Look into the log for the cause.'),
    });
    for await (const check of patient) {
      checks.push(check);
      progress.report({ message: check.name });
      log.info(`doctor: ${check.status} ${check.name}: ${check.detail}`);
    }
  });
  if (!registered) {
    registered = true;
    context.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => reports.get(uri.path) ?? '' }));
  }
  // A new name each time: the editor keeps a document that it has seen.
  const path = `/${vscode.l10n.t('Doctor')} ${new Date().toLocaleTimeString()}.md`;
  reports.clear();
  reports.set(path, report(checks));
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.from({ scheme, path }));
  return checks;
}

const marks: Readonly<Record<Check['status'], string>> = { ok: '✓', warn: '!', fail: '✗' };

function report(checks: readonly Check[]): string {
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const verdict = failed === 0 ? vscode.l10n.t('Ready: all that runs need is here.') : failed === 1 ? vscode.l10n.t('1 thing needs to be put right.') : vscode.l10n.t('{0} things need to be put right.', failed);
  const rows = checks.map(({ name, status, detail, fix }) => `| ${marks[status]} | ${cell(name)} | ${cell(detail)}${status === 'ok' || fix === undefined ? '' : `<br>**${cell(fix)}**`} |`);
  return [`# ${vscode.l10n.t('Doctor')}`, '', verdict, '', `| | ${vscode.l10n.t('Check')} | ${vscode.l10n.t('Finding')} |`, '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** Paths and messages may hold anything: nothing of them is Markdown. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~$-]/g, (sign) => `\\${sign}`);
}
