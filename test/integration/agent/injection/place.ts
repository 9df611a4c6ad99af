import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EditorContext } from '../../../../src/workspace/context/editor-context.ts';
import type { ScriptedCall } from '../../../fixtures/models/answer.ts';
import type { World } from './world.ts';

/** A place at which a task comes across a text, and how it gets there. */
export interface Place {
  readonly id: string;
  readonly what: string;
  /** What the run must count as having read; absent where the person's own files hold the text, which mark nothing. */
  readonly marks?: RegExp;
  /** `false`: it reaches the model in another spelling, or as the project's own instructions. */
  readonly hinted?: false;
  readonly files?: (text: string) => Readonly<Record<string, string>>;
  /** The message of the commit that the workspace has. */
  readonly commit?: (text: string) => string;
  /** What the task's site answers. */
  readonly serve?: (text: string, request: IncomingMessage, response: ServerResponse) => void;
  /** Where the MCP server `ledger` says it. */
  readonly ledger?: string;
  readonly editor?: (text: string, world: World) => Partial<EditorContext>;
  /** What the person asks for. */
  readonly task?: (world: World) => string;
  /** What a model does that goes about it; absent where the text is part of what it is told first. */
  readonly read?: (world: World) => readonly [tool: string, input: ScriptedCall['arguments']];
  /** More than the typical grants, which are broad where a stranger's text marks the run, and narrow where nothing does. */
  readonly grants?: (world: World) => readonly string[];
  /** Before the task: what lies in the workspace is there by now. */
  readonly prepare?: (world: World, text: string) => void;
}

export function read(body: string): readonly [tool: string, input: ScriptedCall['arguments']] {
  return ['run_code', { code: `import { agents, browser, exec, http, mcp, memory, workspace } from "assassin";\nexport default async () => { ${body} };` }];
}
