import { relative, sep } from 'node:path';
import type { UntrustedSource } from '../shared/approvals.ts';
import { describeAction, type Action } from './action.ts';

/** Folders of a workspace whose files other people wrote. */
const foreign: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'vendor', 'third_party', '.venv', 'venv', 'site-packages', '.yarn', '.pnpm-store', 'Pods', '.cargo']);
/** Files that are remembered; the oldest are forgotten first. */
const remembered = 10_000;

/** Which files hold text of strangers: those outside the workspace, those of dependencies, and those that a run has written after it had read such text. */
export class UntrustedFiles {
  readonly #workspace: string;
  readonly #written = new Set<string>();

  /** @param workspace a real path, as are all paths here. */
  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  has(path: string): boolean {
    if (path !== this.#workspace && !path.startsWith(this.#workspace.endsWith(sep) ? this.#workspace : this.#workspace + sep)) return true;
    return this.#written.has(path) || relative(this.#workspace, path).split(/[\\/]/).some((name) => foreign.has(name));
  }

  written(path: string): void {
    this.#written.delete(path);
    this.#written.add(path);
    for (const oldest of this.#written) {
      if (this.#written.size <= remembered) break;
      this.#written.delete(oldest);
    }
  }
}

/** What a run has read when it was given the answer to this action; `undefined` where no stranger can have written it. */
export function sourceOf(action: Action, files: UntrustedFiles): UntrustedSource | undefined {
  switch (action.kind) {
    case 'net':
      return { kind: 'web', source: describeAction(action).slice('net '.length) };
    case 'mcp':
      return { kind: 'mcp', source: `${action.server}:${action.tool}` };
    case 'exec':
      return { kind: 'command', source: describeAction(action).slice('exec '.length) };
    case 'fs.read':
      return files.has(action.path) ? { kind: 'file', source: action.path } : undefined;
    default:
      return undefined;
  }
}
