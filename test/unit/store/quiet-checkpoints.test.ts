import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { databaseName, openDatabase } from '../../../src/store/database.ts';
import { checkpointsWhenQuiet } from '../../../src/store/quiet-checkpoints.ts';

let folder: string;
let db: DatabaseSync;
const events = Array.from({ length: 600 }, () => null);

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'test-quiet-'));
  db = openDatabase(folder).db;
  db.exec('PRAGMA wal_checkpoint(TRUNCATE); CREATE TABLE lines (text TEXT)');
});
afterEach(() => {
  vi.useRealTimers();
  if (db.isOpen) db.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytes = () => statSync(join(folder, databaseName)).size;

function write(): void {
  const insert = db.prepare('INSERT INTO lines VALUES (?)');
  for (let i = 0; i < 100; i++) insert.run('x'.repeat(5000));
}

test('what was written is moved into the database once nothing more is written, and not before', () => {
  const wrote = checkpointsWhenQuiet(db);
  write();
  const before = bytes();
  wrote(events);
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(100);
    wrote([null]);
  }
  expect(bytes()).toBe(before);
  vi.advanceTimersByTime(200);
  expect(bytes()).toBeGreaterThan(before + 400_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('a few events set no timer at all', () => {
  const wrote = checkpointsWhenQuiet(db);
  for (let i = 0; i < 20; i++) wrote([null]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a database that was closed meanwhile is left alone', () => {
  checkpointsWhenQuiet(db)(events);
  db.close();
  expect(() => vi.advanceTimersByTime(1000)).not.toThrow();
  expect(vi.getTimerCount()).toBe(0);
});

test('another window that holds a lock does not stop the writer, and the next quiet moment moves what was left', () => {
  const wrote = checkpointsWhenQuiet(db);
  write();
  const before = bytes();
  using other = new DatabaseSync(join(folder, databaseName));
  other.exec('BEGIN IMMEDIATE');
  wrote(events);
  expect(() => vi.advanceTimersByTime(1000)).not.toThrow();
  other.exec('ROLLBACK');
  write();
  wrote(events);
  vi.advanceTimersByTime(1000);
  expect(bytes()).toBeGreaterThan(before + 800_000);
});
