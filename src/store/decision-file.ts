import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { WorkspaceDecision } from '../shared/approvals.ts';
import { replaceFile } from './replace-file.ts';

const schema = z.object({ workspace: z.string(), decisions: z.array(z.object({ id: z.string(), grant: z.string(), at: z.number(), run: z.string(), action: z.string() })) });

/** The person's decisions for one workspace, in a file of the data folder, readable by nobody else. */
export class DecisionFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #workspace: string;

  /** @param workspace a real path: the same folder reached another way has the same decisions. */
  constructor(dataDirectory: string, workspace: string) {
    this.#folder = join(dataDirectory, 'decisions');
    this.#workspace = workspace;
    this.#path = join(this.#folder, `${createHash('sha256').update(workspace).digest('hex').slice(0, 32)}.json`);
  }

  /** Empty where there is none, and where it cannot be read: decisions only allow, so losing them costs a question and nothing else. */
  read(): readonly WorkspaceDecision[] {
    // Looked for at the beginning of each run, and mostly missing: an error for that would cost more than the rest.
    if (!existsSync(this.#path)) return [];
    try {
      const { workspace, decisions } = schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
      return workspace === this.#workspace ? decisions : [];
    } catch {
      return [];
    }
  }

  /** Whole or not at all: a reader never sees half of it. */
  write(decisions: readonly WorkspaceDecision[]): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    replaceFile(this.#path, `${JSON.stringify({ workspace: this.#workspace, decisions }, undefined, 2)}\n`, { flush: true });
  }
}
