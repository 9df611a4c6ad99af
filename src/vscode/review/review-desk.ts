import { join } from 'node:path';
import * as vscode from 'vscode';
import { encodeWhole } from '../../workspace/text-encoding.ts';
import { reviewFile, type ReviewedFile } from '../../workspace/review/file-review.ts';
import type { Services } from '../services.ts';
import { KeptChanges } from './kept-changes.ts';

/** A change that waits for a decision. `hunk` 0 is the file as a whole, where it has no single changes. */
export interface OpenChange {
  readonly run: string;
  readonly path: string;
  readonly hunk: number;
  /** In the document, from 0. */
  readonly line: number;
  readonly lines: number;
  /** Somebody has edited these lines since: the change can be kept, not put back. */
  readonly edited: boolean;
}

/** The runs whose changes are under review in this window, and what of them is still to be decided. */
export class ReviewDesk implements vscode.Disposable {
  readonly kept: KeptChanges;
  readonly #services: Services;
  readonly #runs = new Map<string, string>();
  readonly #cache = new Map<string, Promise<readonly ReviewedFile[]>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(services: Services) {
    this.#services = services;
    this.kept = new KeptChanges(services.context.workspaceState);
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument(() => this.refresh()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => document.uri.scheme === 'file' && this.#runs.size > 0 && this.refresh()),
    );
  }

  /** Title by id, the newest review first. */
  get runs(): ReadonlyMap<string, string> {
    return new Map([...this.#runs].toReversed());
  }

  open(run: string, title: string): void {
    this.#runs.delete(run);
    this.#runs.set(run, title);
    this.refresh();
    void vscode.commands.executeCommand('setContext', 'infrastructureAssassin.reviewing', true);
  }

  close(run: string): void {
    this.#runs.delete(run);
    this.refresh();
    void vscode.commands.executeCommand('setContext', 'infrastructureAssassin.reviewing', this.#runs.size > 0);
  }

  refresh(): void {
    this.#cache.clear();
    this.#changed.fire();
  }

  files(run: string): Promise<readonly ReviewedFile[]> {
    let files = this.#cache.get(run);
    if (!files) this.#cache.set(run, (files = this.#services.holder.use((runtime) => runtime.changes.review(run))));
    return files;
  }

  /** What is to be decided in one document, by line: of the newest review that has something there. Of two at once nobody could tell which is which. */
  async changesIn(document: vscode.TextDocument): Promise<readonly OpenChange[]> {
    const folder = this.#services.workspace();
    if (folder === undefined || document.uri.scheme !== 'file') return [];
    for (const run of this.runs.keys()) {
      const file = (await this.files(run)).find(({ path }) => samePath(join(folder, path), document.uri.fsPath));
      const found = file ? openChanges(run, asShown(file, document), this.kept) : [];
      if (found.length > 0) return found.toSorted((a, b) => a.line - b.line);
    }
    return [];
  }

  /** What is to be decided in a run, in all its files. */
  async changesOf(run: string): Promise<readonly OpenChange[]> {
    return (await this.files(run)).flatMap((file) => openChanges(run, file, this.kept));
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }
}

function openChanges(run: string, file: ReviewedFile, kept: KeptChanges): readonly OpenChange[] {
  const { path, hunks, state } = file;
  if (hunks.length === 0) return state === 'gone' || kept.has(run, path, 0) ? [] : [{ run, path, hunk: 0, line: 0, lines: 1, edited: state === 'edited' }];
  return hunks.flatMap((hunk, i): OpenChange[] => (hunk.state === 'gone' || kept.has(run, path, i + 1) ? [] : [{ run, path, hunk: i + 1, line: hunk.at, lines: hunk.newLines.length, edited: hunk.state === 'edited' }]));
}

/** Unsaved edits move lines, and may touch those of the run. */
function asShown(file: ReviewedFile, document: vscode.TextDocument): ReviewedFile {
  if (!document.isDirty || file.text === undefined) return file;
  const mark = file.text.text.startsWith('\ufeff') ? '\ufeff' : '';
  return reviewFile(file.change, encodeWhole({ text: mark + document.getText(), encoding: file.text.encoding }));
}

function samePath(a: string, b: string): boolean {
  return process.platform === 'linux' ? a === b : a.toLowerCase() === b.toLowerCase();
}
