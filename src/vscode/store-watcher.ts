import { watch, type FSWatcher } from 'node:fs';

const settleMs = 250;

/** Tells when anybody writes to the store: another window or the command line. It hears the file system, so nothing is polled. */
export class StoreWatcher {
  readonly directory: string;
  readonly #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onLost hears why nothing can be heard any more */
  constructor(directory: string, onWrite: () => void, onLost: (error: unknown) => void) {
    this.directory = directory;
    try {
      // The folder, not the file: SQLite removes the write-ahead log when the last connection closes, and makes a new one later.
      this.#watcher = watch(directory, { persistent: false }, (_event, name) => {
        if (name !== null && !name.endsWith('-wal')) return;
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          onWrite();
        }, settleMs);
      });
      this.#watcher.on('error', (error) => {
        this.dispose();
        onLost(error);
      });
    } catch (error) {
      // Some network file systems cannot be watched, and some systems run out of watches.
      onLost(error);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }
}
