import * as vscode from 'vscode';
import type { Serving } from '../chains/functions/serve-function.ts';
import { extensionName } from './names.ts';

/** A function that answers on a port of this computer. */
export interface ServedFunction extends Serving {
  readonly kind: 'serving';
  /** Of the run in which it is served. */
  readonly id: string;
  readonly uri: vscode.Uri;
  /** Relative to the folder. */
  readonly file: string;
  readonly name: string;
  readonly stop: () => void;
}

/** The functions that this window serves. */
export class Servings implements vscode.Disposable {
  readonly #all = new Map<string, ServedFunction>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  get all(): readonly ServedFunction[] {
    return [...this.#all.values()];
  }

  of(uri: vscode.Uri, name: string): ServedFunction | undefined {
    return this.all.find((served) => served.uri.toString() === uri.toString() && served.name === name);
  }

  /** `ended` settles when it is no longer served. */
  add(served: ServedFunction, ended: Promise<unknown>): void {
    this.#all.set(served.id, served);
    this.#tell();
    void ended.finally(() => {
      this.#all.delete(served.id);
      this.#tell();
    });
  }

  #tell(): void {
    // The view is there only while something is served.
    void vscode.commands.executeCommand('setContext', `${extensionName}.serving`, this.#all.size > 0);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
