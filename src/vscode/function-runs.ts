import * as vscode from 'vscode';

/** Which function was run last in which run, in this window: what the lenses above functions tell. */
export class FunctionRuns implements vscode.Disposable {
  readonly #last = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  note(uri: vscode.Uri, name: string, run: string): void {
    this.#last.set(keyOf(uri, name), run);
    this.#changed.fire();
  }

  lastOf(uri: vscode.Uri, name: string): string | undefined {
    return this.#last.get(keyOf(uri, name));
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function keyOf(uri: vscode.Uri, name: string): string {
  return `${uri.toString()}#${name}`;
}
