import type { DatabaseSync } from 'node:sqlite';

/** Nothing was written for so long. */
const quietMs = 150;
/** Of fewer it would move the same pages again and again: those that every event changes. */
const enough = 500;

/**
 * Moves what was appended from SQLite's log into the database once nothing is being written, so that hardly any event has to wait for that. A log that grows without
 * a pause is moved all the same, by SQLite itself. To be told of each append.
 */
export function checkpointsWhenQuiet(db: DatabaseSync): (events: readonly unknown[]) => void {
  let written = 0;
  let at = 0;
  let timer: NodeJS.Timeout | undefined;
  function look(): void {
    timer = undefined;
    if (!db.isOpen) return;
    const left = at + quietMs - performance.now();
    if (left > 0.5) return wait(left);
    written = 0;
    try {
      // Waits for nobody: what another window still reads stays in the log.
      db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // The next one moves it too. A disk that cannot be written is told by the next event.
    }
  }
  function wait(ms: number): void {
    timer = setTimeout(look, ms).unref();
  }
  return (events) => {
    written += events.length;
    at = performance.now();
    if (written >= enough && timer === undefined) wait(quietMs);
  };
}
