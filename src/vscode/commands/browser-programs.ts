import * as vscode from 'vscode';
import type { DownloadOffer } from '../../browser/browser-download-plan.ts';
import { downloadKinds, type DownloadedBrowser, type DownloadKind } from '../../browser/browser-downloads.ts';
import type { RunHandle } from '../../run/run-manager.ts';
import { formatBytes } from '../../shared/bytes.ts';
import { fromErrorInfo } from '../../shared/errors.ts';
import { requireTrust } from '../launch.ts';
import type { Services } from '../services.ts';

/** Asks which browser, tells its size and where it comes from, and downloads it only then. Gives whether there is one afterwards. */
export async function downloadBrowser(services: Services, target?: unknown): Promise<boolean> {
  requireTrust();
  const browser = downloadKinds.find((kind) => kind === target) ?? (await pickKind());
  if (browser === undefined) return false;
  return await services.holder.use(async (runtime) => {
    const handle = await runtime.browserPrograms.download({ browser }, confirm);
    const { error, result } = await withProgress(handle, vscode.l10n.t('Downloading {0}', browser), (tell) => runtime.store.onAppend((events) => {
      for (const event of events) if (event.run === handle.id && event.type === 'run.progress') tell(event.message, event.fraction);
    }));
    if (error?.code === 'cancelled') return false;
    if (error !== undefined) throw fromErrorInfo(error);
    const [done] = runtime.browserPrograms.list().filter((one) => typeof result === 'object' && result !== null && 'version' in result && one.version === result.version);
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} {1} is there. Runs use it from now on.', browser, done?.version ?? ''));
    return true;
  });
}

async function pickKind(): Promise<DownloadKind | undefined> {
  const details: Readonly<Record<DownloadKind, string>> = {
    'chrome-headless-shell': vscode.l10n.t('Small and quick: all that runs need'),
    chrome: vscode.l10n.t('The whole browser, as people use it'),
  };
  return (await vscode.window.showQuickPick(downloadKinds.map((kind) => ({ label: kind, detail: details[kind], browser: kind })), { title: vscode.l10n.t('Download which browser?') }))?.browser;
}

async function confirm({ browser, version, url, bytes }: DownloadOffer): Promise<boolean> {
  const download = vscode.l10n.t('Download');
  const size = bytes === undefined ? vscode.l10n.t('The server does not tell its size.') : vscode.l10n.t('Size: {0}.', formatBytes(bytes));
  const detail = `${size} ${vscode.l10n.t('It comes from {0}, lies in the data directory, and can be removed with "Remove a downloaded browser...".', url.origin)}`;
  return (await vscode.window.showInformationMessage(vscode.l10n.t('Download {0} {1}?', browser, version), { modal: true, detail }, download)) === download;
}

/** Progress with a button that cancels, as far as the run tells of itself. */
function withProgress(handle: RunHandle, title: string, listen: (tell: (message: string, fraction: number | undefined) => void) => Disposable): Thenable<Awaited<RunHandle['outcome']>> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    let shown = 0;
    using _events = listen((message, fraction) => {
      progress.report({ message, ...(fraction === undefined ? {} : { increment: (fraction - shown) * 100 }) });
      shown = fraction ?? shown;
    });
    const cancelling = token.onCancellationRequested(() => handle.cancel('The download was cancelled.'));
    try {
      return await handle.outcome;
    } finally {
      cancelling.dispose();
    }
  });
}

/** Removes what was downloaded, after a look at what that is. */
export async function removeBrowser(services: Services): Promise<void> {
  await services.holder.use(async ({ browserPrograms }) => {
    const there = browserPrograms.list();
    if (there.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t('No browser was downloaded.'));
    const items = there.map((one: DownloadedBrowser) => ({ label: `${one.browser} ${one.version}`, description: formatBytes(one.bytes), detail: one.path, one }));
    const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Remove which browser?'), canPickMany: true, matchOnDetail: true });
    for (const { one } of chosen ?? []) browserPrograms.remove({ browser: one.browser, version: one.version });
    if (chosen !== undefined && chosen.length > 0) void vscode.window.showInformationMessage(vscode.l10n.t('Removed: {0}.', chosen.map(({ label }) => label).join(', ')));
  });
}

/** Looks whether pages of the browser can get past the egress proxy. Gives what got past. */
export async function checkBrowser(services: Services): Promise<readonly string[]> {
  requireTrust();
  return await services.holder.use(async ({ browserPrograms: { factory, guard } }) => {
    const { leaks, tried, version } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Looking whether the browser leaks') }, () => guard.test(factory.find()));
    if (leaks.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('{0} is held: {1} ways out tried, none led past the egress proxy.', version, tried));
    else void vscode.window.showErrorMessage(vscode.l10n.t('{0} leaks: {1}. Runs do not get it.', version, leaks.join(', ')));
    return leaks;
  });
}
