import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { databaseName, openDatabase } from '../../../src/store/database.ts';
import { checkpointsWhenQuiet } from '../../../src/store/quiet-checkpoints.ts';

let folder: string;
let db: DatabaseSync;
let log: string;
const events = Array.from({ length: 600 }, () => null);

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'test-quiet-'));
  db = openDatabase(folder).db;
  log = join(folder, `${databaseName}-wal`);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE); CREATE TABLE lines (text TEXT)');
});
afterEach(() => {
  vi.useRealTimers();
  if (db.isOpen) db.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytes = () => statSync(join(folder, databaseName)).size;

/** The disk is waited for in turns of the event loop, whatever the clock of a test says. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await stat(folder);
}

/** Longer than anything takes that was begun. */
async function turns(): Promise<void> {
  for (let i = 0; i < 500; i++) await stat(folder);
}

function write(): void {
  const insert = db.prepare('INSERT INTO lines VALUES (?)');
  for (let i = 0; i < 100; i++) insert.run('x'.repeat(5000));
}

test('what was written is moved into the database once nothing more is written, and not before', async () => {
  const wrote = checkpointsWhenQuiet(db, log);
  write();
  const before = bytes();
  wrote(events);
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(100);
    wrote([null]);
  }
  await turns();
  expect(bytes()).toBe(before);
  vi.advanceTimersByTime(200);
  await until(() => bytes() > before);
  expect(bytes()).toBeGreaterThan(before + 400_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('a log that grows without a pause is moved too, before SQLite does it in the middle of a transaction', async () => {
  const wrote = checkpointsWhenQuiet(db, log);
  write();
  const before = bytes();
  for (let i = 0; i < 1000; i++) wrote([null]);
  await turns();
  expect(bytes()).toBe(before);
  for (let i = 0; i < 1000; i++) wrote([null]);
  await until(() => bytes() > before);
  expect(bytes()).toBeGreaterThan(before + 400_000);
});

test('a log that cannot be opened for it is moved all the same', async () => {
  const wrote = checkpointsWhenQuiet(db, join(folder, 'elsewhere'));
  write();
  const before = bytes();
  wrote(events);
  vi.advanceTimersByTime(200);
  await until(() => bytes() > before);
  expect(bytes()).toBeGreaterThan(before + 400_000);
});

test('a few events set no timer at all', () => {
  const wrote = checkpointsWhenQuiet(db, log);
  for (let i = 0; i < 20; i++) wrote([null]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a database that was closed meanwhile is left alone', () => {
  checkpointsWhenQuiet(db, log)(events);
  db.close();
  expect(() => vi.advanceTimersByTime(1000)).not.toThrow();
  expect(vi.getTimerCount()).toBe(0);
});

test('nor is one that is closed while the disk is waited for', async () => {
  const wrote = checkpointsWhenQuiet(db, log);
  write();
  wrote(events);
  vi.advanceTimersByTime(1000);
  db.close();
  await turns();
  expect(statSync(log, { throwIfNoEntry: false })).toBeUndefined();
});

test('another window that holds a lock does not stop the writer, and the next quiet moment moves what was left', async () => {
  const wrote = checkpointsWhenQuiet(db, log);
  write();
  const before = bytes();
  using other = new DatabaseSync(join(folder, databaseName));
  other.exec('BEGIN IMMEDIATE');
  wrote(events);
  expect(() => vi.advanceTimersByTime(1000)).not.toThrow();
  await until(() => bytes() > before);
  other.exec('ROLLBACK');
  write();
  wrote(events);
  vi.advanceTimersByTime(1000);
  await until(() => bytes() > before + 800_000);
  expect(bytes()).toBeGreaterThan(before + 800_000);
});
