import { open } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';

/** Nothing was written for so long. */
const quietMs = 150;
/** Of fewer it would move the same pages again and again: those that every event changes. */
const enough = 500;
/** So many pages are moved without a pause. SQLite does it by itself at 4000, in the middle of a transaction. */
const manyPages = 3000;

/** What a transaction of so many events changes, by what was counted: 1.1, 2.5, 6.0 and 8.0 pages of 1, 3, 24 and 48 events. */
const pagesOf = (count: number): number => 1.5 + count / 6;

/**
 * Moves what was appended from SQLite's log into the database once nothing is being written, so that hardly any event has to wait for that, or once the log has grown without a pause. Most of it is
 * waiting for the disk to have the log: a thread of the system's waits for that ahead, and the host is held up less than half as long. To be told of each append.
 */
export function checkpointsWhenQuiet(db: DatabaseSync, log: string): (events: readonly unknown[]) => void {
  let written = 0;
  let pages = 0;
  let at = 0;
  let timer: NodeJS.Timeout | undefined;
  let isMoving = false;
  function look(): void {
    timer = undefined;
    if (!db.isOpen) return;
    const left = at + quietMs - performance.now();
    if (left > 0.5) return wait(left);
    void move();
  }
  async function move(): Promise<void> {
    if (isMoving) return;
    isMoving = true;
    written = 0;
    pages = 0;
    await onDisk(log);
    isMoving = false;
    if (!db.isOpen) return;
    try {
      // Waits for nobody: what another window still reads stays in the log.
      db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // The next one moves it too. A disk that cannot be written is told by the next event.
    }
    // Of what was written meanwhile, a quiet moment may have passed already.
    if (written >= enough && timer === undefined) wait(quietMs);
  }
  function wait(ms: number): void {
    timer = setTimeout(look, ms).unref();
  }
  return (events) => {
    written += events.length;
    pages += pagesOf(events.length);
    at = performance.now();
    if (pages >= manyPages) void move();
    else if (written >= enough && timer === undefined) wait(quietMs);
  };
}

/** SQLite looks after it itself: that it is there already only saves time. */
async function onDisk(log: string): Promise<void> {
  try {
    await using file = await open(log, 'r+');
    await file.datasync();
  } catch {
    // Gone, or not ours to write: then the checkpoint waits for the disk.
  }
}
