import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from './replace-file.ts';

const schema = z.object({ id: z.number(), hash: z.string(), at: z.number() });

/** An entry that the audit log is known to have had. `at`: when that was noted, milliseconds since 1970. */
export type NotedEntry = z.infer<typeof schema>;

/**
 * The last entry of the audit log, noted in a file of its own beside the database: a chain by itself does not show that its end is gone. Written only from what
 * is in the database, so that it is never ahead of it.
 */
export class AuditAnchor {
  readonly #path: string;

  constructor(directory: string) {
    this.#path = join(directory, 'audit-head.json');
  }

  read(): NotedEntry | undefined {
    try {
      return schema.safeParse(JSON.parse(readFileSync(this.#path, 'utf8'))).data;
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all. Throws what Node says. */
  write(entry: NotedEntry): void {
    replaceFile(this.#path, JSON.stringify(entry));
  }

  /** The log that it speaks of was moved aside, to another name of its file: it goes with it. */
  moveAside(database: string): void {
    try {
      renameSync(this.#path, `${database}.audit-head.json`);
    } catch {
      // There was none.
    }
  }
}
