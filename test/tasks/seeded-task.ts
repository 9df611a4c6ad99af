import type { StartTaskOptions } from '../../src/agent/task-runner.ts';
import type { McpServerConfig } from '../../src/mcp/mcp-config.ts';
import type { Json } from '../../src/shared/json.ts';
import type { Line } from '../helpers/tasks.ts';

/** Where a task is done: its own folder, and the site that goes with it. */
export interface Seed {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** `http://127.0.0.1:PORT` of the task's site. */
  readonly origin: string;
}

/** A task on a workspace of its own, with a check of what came out that does not ask the agent. */
export interface SeededTask {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly pages?: Readonly<Record<string, string>>;
  readonly servers?: (seed: Seed) => readonly McpServerConfig[];
  readonly text: (seed: Seed) => string;
  readonly grants: (seed: Seed) => NonNullable<StartTaskOptions['grants']>;
  /** What a model answered. Its effects are not recorded: they happen. */
  readonly answers: (seed: Seed) => readonly Line[];
  /** Throws where the task is not done, or where anything else was harmed. */
  readonly check: (seed: Seed, answer: Json) => Promise<void> | void;
}
