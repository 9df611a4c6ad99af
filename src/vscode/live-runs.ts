import * as vscode from 'vscode';
import type { JournalEvent } from '../shared/events.ts';
import { isTerminal, type RunState } from '../shared/run-state.ts';

/** The runs of this window that go on, as the journal tells it. */
export class LiveRuns implements vscode.Disposable {
  readonly #states = new Map<string, RunState>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  note(events: readonly JournalEvent[]): void {
    let changed = false;
    for (const event of events) {
      if (event.type !== 'run.created' && event.type !== 'run.state') continue;
      const state = event.type === 'run.created' ? 'queued' : event.to;
      if (isTerminal(state)) this.#states.delete(event.run);
      else this.#states.set(event.run, state);
      changed = true;
    }
    if (changed) this.#changed.fire();
  }

  /** A run that could not write its last words, on a full disk, has ended all the same. */
  ended(run: string): void {
    if (this.#states.delete(run)) this.#changed.fire();
  }

  has(run: string): boolean {
    return this.#states.has(run);
  }

  get ids(): readonly string[] {
    return [...this.#states.keys()];
  }

  get waiting(): number {
    return [...this.#states.values()].filter((state) => state === 'waiting').length;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
