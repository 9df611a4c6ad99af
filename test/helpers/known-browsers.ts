import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inRoot } from '../../scripts/lib/paths.mjs';
import type { BrowserCheck } from '../../src/store/browser-checks.ts';
import { databaseName } from '../../src/store/database.ts';
import type { RunStore } from '../../src/store/run-store.ts';

/** Each test has a store of its own; what the self-test said of a browser is the same in all of them as long as its key is, and takes a second or two to find out. */
const file = inRoot('out', 'test', 'browser-checks.json');

function known(): readonly BrowserCheck[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BrowserCheck[];
  } catch {
    return [];
  }
}

/** Puts into a new store what earlier tests have found out. */
export function recallBrowsers(store: RunStore): void {
  for (const check of known()) store.browserChecks.keep(check);
}

/** Keeps what this store has found out, for later tests. */
export function rememberBrowsers(dataDirectory: string): void {
  using db = new DatabaseSync(`${dataDirectory}/${databaseName}`, { readOnly: true });
  const rows = db.prepare('SELECT key, path, version, at, ms, tried, leaks FROM browser_checks').all() as unknown as (Omit<BrowserCheck, 'leaks'> & { readonly leaks: string })[];
  const found = rows.map((row) => ({ ...row, leaks: JSON.parse(row.leaks) as string[] })).filter(({ leaks }) => leaks.length === 0);
  const all = known();
  const fresh = found.filter(({ key }) => !all.some((each) => each.key === key));
  if (fresh.length === 0) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify([...all, ...fresh]));
  renameSync(`${file}.${process.pid}`, file);
}
