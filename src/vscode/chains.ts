import * as vscode from 'vscode';
import type { ChainCatalog } from '../chains/chain-catalog.ts';
import type { BrokenChain, ChainFile } from '../chains/chain-file.ts';
import { requireFolder } from './require-folder.ts';

const settleMs = 200;

/** The chains of the open folder, read without the runtime and read again when files change. In an untrusted workspace there are none. */
export class Chains implements vscode.Disposable {
  readonly #workspace: () => string | undefined;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[] = [this.#changed];
  #catalog: Promise<ChainCatalog> | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChange = this.#changed.event;

  constructor(workspace: () => string | undefined) {
    this.#workspace = workspace;
  }

  async list(): Promise<readonly (ChainFile | BrokenChain)[]> {
    if (this.#workspace() === undefined || !vscode.workspace.isTrusted) return [];
    return (await this.catalog()).list();
  }

  /** The chain in that file or of that name, or what is wrong with it. Throws `chain-not-found`. */
  async find(nameOrPath: string): Promise<ChainFile | BrokenChain> {
    const catalog = await this.catalog();
    return (await catalog.read(await catalog.resolve(nameOrPath))).chain;
  }

  catalog(): Promise<ChainCatalog> {
    const workspace = requireFolder(this.#workspace());
    return (this.#catalog ??= this.#open(workspace));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #open(workspace: string): Promise<ChainCatalog> {
    const { ChainCatalog } = await import('../chains/chain-catalog.ts');
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(workspace), '.assassin/chains/**'));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) event(() => this.#soon(), undefined, this.#disposables);
    this.#disposables.push(watcher);
    return new ChainCatalog({ workspace });
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, settleMs);
  }
}
