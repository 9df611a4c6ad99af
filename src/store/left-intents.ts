import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEvent } from '../shared/events.ts';
import type { HostIdentity } from './host-identity.ts';
import { intentValues } from './intent-lines.ts';
import { intentFolder } from './intent-log.ts';

/** A file in which a program has noted what it was about to do. */
export interface LeftIntents {
  readonly host: HostIdentity;
  readonly path: string;
}

/** The files of all programs that record in this directory, also of those that go on. */
export function leftIntents(directory: string): readonly LeftIntents[] {
  const folder = join(directory, intentFolder);
  // The draft of a file holds nothing yet.
  return namesIn(folder).filter((name) => !name.endsWith('.tmp')).flatMap((name) => {
    const path = join(folder, name);
    const host = intentValues(textOf(path)).next().value as HostIdentity | undefined;
    return host === undefined ? [] : [{ host, path }];
  });
}

/** What was noted, each of one run, in the order in which it was. To be read when its program is gone. */
export function intentsIn({ path }: LeftIntents): readonly (readonly JournalEvent[])[] {
  const [, ...noted] = intentValues(textOf(path));
  return noted as (readonly JournalEvent[])[];
}

/** The record has all of it. */
export function forgetIntents({ path }: LeftIntents): void {
  rmSync(path, { force: true });
}

/** Whether there is no process of this number any more. Where there is one, it may be another one by now. */
export function isOrphan({ host: { pid } }: LeftIntents): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nobody has noted anything here.
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Another program was quicker to take it over.
    return '';
  }
}
