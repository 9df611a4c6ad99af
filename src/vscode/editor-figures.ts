import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { LoopWatch } from '../doctor/loop-watch.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Infrastructure } from '../shared/infrastructure.ts';
import type { UsageFormat } from '../shared/protocol-figures.ts';
import type { PanelFigures } from './panel-ports.ts';
import { savingsAssumptions } from './savings-assumptions.ts';
import type { Services } from './services.ts';

/** A file of records is a few hundred bytes for each run: one that is larger is another file. */
const largestFile = 64 * 1024 * 1024;

const labels: Readonly<Record<UsageFormat, string>> = { html: 'HTML', csv: 'CSV', json: 'JSON' };

/** The editor's side of the figures: its dialogs, its settings, its extension host. */
export class EditorFigures implements PanelFigures, Disposable {
  readonly machine = hostname();
  readonly #services: Pick<Services, 'context' | 'holder' | 'workspace'>;
  readonly #loop = new LoopWatch();

  constructor(services: Pick<Services, 'context' | 'holder' | 'workspace'>) {
    this.#services = services;
  }

  assumptions = savingsAssumptions;

  async pickRecords(): Promise<readonly { readonly name: string; readonly text: string }[]> {
    const chosen = await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Add records of other machines'), openLabel: vscode.l10n.t('Add'), canSelectMany: true, filters: { JSON: ['json'] },
    });
    return Promise.all((chosen ?? []).map(async (uri) => {
      const name = basename(uri.path);
      const { size } = await vscode.workspace.fs.stat(uri);
      if (size > largestFile) throw new AssassinError('invalid-input', `${name} is too large to hold usage records.`, { hint: 'Give a file that "savings export --format json" has written.' });
      return { name, text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) };
    }));
  }

  async save(format: UsageFormat, text: () => Promise<string>): Promise<boolean> {
    const folder = this.#services.workspace();
    const uri = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Export savings report'), filters: { [labels[format]]: [format] },
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.file(join(folder, `savings.${format}`)) }),
    });
    if (!uri) return false;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(await text()));
    void this.#offerToOpen(uri);
    return true;
  }

  async infrastructure(): Promise<Infrastructure> {
    const { context, holder } = this.#services;
    const { infrastructureOf } = await import('../doctor/infrastructure.ts');
    const loop = this.#loop.read();
    return holder.use((runtime) => infrastructureOf(runtime, { kind: 'editor', version: String((context.extension.packageJSON as { readonly version?: unknown }).version), loop }));
  }

  [Symbol.dispose](): void {
    this.#loop[Symbol.dispose]();
  }

  async #offerToOpen(uri: vscode.Uri): Promise<void> {
    const open = vscode.l10n.t('Open');
    const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Wrote {0}.', vscode.workspace.asRelativePath(uri)), open);
    if (answer === open) await vscode.env.openExternal(uri);
  }
}
