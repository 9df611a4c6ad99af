import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEvent } from '../shared/events.ts';
import type { HostIdentity } from './host-identity.ts';
import { intentLine } from './intent-lines.ts';
import { makeFolder } from './make-folder.ts';
import { replaceFile } from './replace-file.ts';

/** The folder of these files, in that of the database. */
export const intentFolder = 'intents';
/** A file is not written beyond this, which several runs at once may come to: then everything goes into the database first. */
const maxBytes = 1024 * 1024;

interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  /** Bytes of the line that says whose it is. */
  readonly head: number;
}

/**
 * What a program is about to do, on disk before it does it and before the database has it: a line in a file of its own takes a tenth of a transaction, and one transaction then serves
 * for many. The file is written over from its beginning once the database has all of it. What a killed program leaves in it is brought into the record by whoever opens it next.
 */
export class IntentLog implements Disposable {
  readonly #directory: string;
  /** Runs of which the database has not everything yet. */
  readonly #pending = new Set<string>();
  #file: OpenFile | undefined;
  #end = 0;

  constructor(directory: string) {
    this.#directory = join(directory, intentFolder);
  }

  /** Notes events of one run. Whether they are on disk now: where not, the database must have them before anything comes of them. */
  note(events: readonly JournalEvent[], host: HostIdentity): boolean {
    try {
      const { descriptor, head } = (this.#file ??= this.#begin(host));
      if (this.#pending.size === 0) this.#end = head;
      if (this.#end > maxBytes) return false;
      const line = intentLine(events);
      if (writeSync(descriptor, line, 0, line.length, this.#end) < line.length) return false;
      this.#end += line.length;
      this.#pending.add(events[0]!.run);
      return true;
    } catch {
      // A full disk, or a folder that cannot be written: the transaction that is made instead says what it is.
      return false;
    }
  }

  /** The database has all that was noted of this run. */
  recorded(run: string): void {
    this.#pending.delete(run);
  }

  #begin({ pid, start }: HostIdentity): OpenFile {
    makeFolder(this.#directory);
    const path = join(this.#directory, `${pid}-${randomUUID()}`);
    const line = intentLine({ pid, start });
    // Under its name only when it says whose it is: one that does not would be nobody's.
    replaceFile(path, line);
    return { path, descriptor: openSync(path, 'r+'), head: line.length };
  }

  [Symbol.dispose](): void {
    if (this.#file === undefined) return;
    closeSync(this.#file.descriptor);
    if (this.#pending.size === 0) rmSync(this.#file.path, { force: true });
    this.#file = undefined;
  }
}
