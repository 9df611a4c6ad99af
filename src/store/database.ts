import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AssassinError } from '../shared/errors.ts';
import { makeFolder } from './make-folder.ts';
import { migrations } from './migrations.ts';
import { inTransaction } from './transaction.ts';

export interface OpenDatabase {
  readonly db: DatabaseSync;
  /** Where a database that could not be read was moved to; absent in the normal case. */
  readonly movedAside?: string;
}

/** SQLite's primary result codes (sqlite.org/rescode.html, read 2026-11). */
const sqliteCodes = { busy: 5, readonly: 8, io: 10, corrupt: 11, full: 13, cantOpen: 14, constraint: 19, notADatabase: 26 } as const;

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

export function isCorrupt(error: unknown): boolean {
  const code = primaryCode(error);
  return code === sqliteCodes.corrupt || code === sqliteCodes.notADatabase;
}

/** A row with this key is there already; the transaction goes on. */
export function isTaken(error: unknown): boolean {
  return primaryCode(error) === sqliteCodes.constraint;
}

/** The one cause for which space that is kept in reserve helps: given up for a lock that passes, it would be missing when the disk is really full. */
export function isFullDisk(error: unknown): boolean {
  return AssassinError.isInstance(error) && error.code === 'store-unwritable' && error.data?.['reason'] === 'disk-full';
}

/** Gives a database error its place in our codes, with what the person can do about it. */
export function storeError(error: unknown, directory: string): unknown {
  switch (primaryCode(error)) {
    case sqliteCodes.full:
      return new AssassinError('store-unwritable', `The disk that holds ${directory} is full.`, { hint: 'Free some space, or set another data directory, then run again.', cause: error, data: { reason: 'disk-full' } });
    case sqliteCodes.readonly:
    case sqliteCodes.cantOpen:
    case sqliteCodes.io:
      return new AssassinError('store-unwritable', `The store in ${directory} cannot be written.`, { hint: 'Check the permissions of that folder and the disk.', cause: error, data: { reason: 'not-writable' } });
    case sqliteCodes.busy:
      return new AssassinError('store-unwritable', `Another program holds the store in ${directory} locked.`, { hint: 'Close other windows that are stuck and try again.', cause: error, data: { reason: 'locked' } });
    case sqliteCodes.corrupt:
    case sqliteCodes.notADatabase:
      return new AssassinError('store-corrupt', `The database in ${directory} is damaged.`, { hint: 'Restart: it will be moved aside and a new one begun.', cause: error });
    default:
      return error;
  }
}

export const databaseName = 'assassin.db';

/** Opens the database of a data directory, migrated. A damaged file is kept under another name and a new one is begun. */
export function openDatabase(directory: string, now: number = Date.now()): OpenDatabase {
  try {
    makeFolder(directory);
  } catch (cause) {
    throw new AssassinError('store-unwritable', `The folder ${directory} cannot be created.`, { hint: 'Set a data directory that you can write to.', cause });
  }
  const file = join(directory, databaseName);
  try {
    return { db: openMigrated(file) };
  } catch (error) {
    if (!isCorrupt(error)) throw storeError(error, directory);
    const aside = `${file}.damaged-${now}`;
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    const db = openMigrated(file);
    // What had been approved of MCP servers is lost: nothing that they say may pass for seen the first time.
    db.prepare('INSERT INTO mcp_pins_lost (at) VALUES (?)').run(now);
    return { db, movedAside: aside };
  }
}

function openMigrated(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    // First of all, so that every later statement waits for other windows.
    db.exec('PRAGMA busy_timeout = 5000');
    enterWal(db);
    // NORMAL in WAL mode: a committed event survives the death of this process at any point; only a power cut can take the last ones.
    db.exec('PRAGMA synchronous = NORMAL');
    // What was appended is moved from the log into the database by `checkpointsWhenQuiet`. Where that does not come to it, SQLite moves it a quarter as often as by default: pages at the end are
    // written again and again, and need moving only once. More than this would hold up the event loop for too long each time.
    db.exec('PRAGMA wal_autocheckpoint = 4000');
    migrate(db, file);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Longest wait for other windows that create the same database, in milliseconds. */
const walWaitMs = 5000;

/** SQLite does not wait by itself here: several windows that open a new database at once find it locked for the moment of the change. */
function enterWal(db: DatabaseSync): void {
  for (const end = performance.now() + walWaitMs; ; ) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (primaryCode(error) !== sqliteCodes.busy || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function userVersion(db: DatabaseSync): number {
  return Number((db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
}

function migrate(db: DatabaseSync, file: string): void {
  if (userVersion(db) === migrations.length) return;
  // Two windows may open a new database at once: the second waits here and then finds nothing left to do.
  inTransaction(db, () => {
    const version = userVersion(db);
    if (version > migrations.length) {
      throw new AssassinError('store-too-new', `${file} was written by a newer version of this extension.`, { hint: 'Update the extension, or set another data directory.' });
    }
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}
