import type { StartTaskOptions } from '../../src/agent/task-options.ts';
import type { McpServerConfig } from '../../src/mcp/mcp-config.ts';
import type { Json } from '../../src/shared/json.ts';
import type { Line } from '../helpers/tasks.ts';
import type { Page, SiteRequest } from './task-site.ts';

/** Where a task is done: its own folder, and the site that goes with it. */
export interface Seed {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** `http://127.0.0.1:PORT` of the task's site. */
  readonly origin: string;
  /** What the site has been asked for so far. */
  readonly requests: readonly SiteRequest[];
}

/** A task on a workspace of its own, with a check of what came out that does not ask the agent. */
export interface SeededTask {
  /** Short, for the command line. */
  readonly id: string;
  readonly name: string;
  /** By path. A byte order mark and line ends are written as they stand. */
  readonly files: Readonly<Record<string, string>>;
  /** What must be there beside the files, such as a repository. */
  readonly prepare?: (seed: Seed) => void;
  /** Made anew for each attempt, because its pages may remember. */
  readonly site?: () => Readonly<Record<string, Page>>;
  readonly servers?: (seed: Seed) => readonly McpServerConfig[];
  readonly text: (seed: Seed) => string;
  readonly grants: (seed: Seed) => NonNullable<StartTaskOptions['grants']>;
  /**
   * What a model answered, as a capable one would: code against the guest API, edits, evidence. Only the words are recorded. Their effects happen, and
   * an answer that depends on what it was told is a function of the request.
   */
  readonly answers: (seed: Seed) => readonly Line[];
  /** Paths that are to be changed or made. Everything else must be byte for byte as before. */
  readonly changes: readonly string[];
  /** Throws where the task is not done. */
  readonly check: (seed: Seed, answer: Json) => Promise<void> | void;
}
