import { relative, sep } from 'node:path';
import type { UntrustedSource } from '../shared/approvals.ts';
import { describeAction, type Action } from './action.ts';

/** Folders of a workspace whose files other people wrote. */
const foreign: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'vendor', 'third_party', '.venv', 'venv', 'site-packages', '.yarn', '.pnpm-store', 'Pods', '.cargo']);
/** Where the marks of files outlive the program. */
export interface MarkedFiles {
  has(path: string): boolean;
  add(path: string): void;
}

/** Which files hold text of strangers: those outside the workspace, those of dependencies, and those that a run has written after it had read such text. */
export class UntrustedFiles {
  readonly #workspace: string;
  readonly #written: MarkedFiles;

  /** @param workspace a real path, as are all paths here. */
  constructor(workspace: string, written: MarkedFiles = new Set<string>()) {
    this.#workspace = workspace;
    this.#written = written;
  }

  has(path: string): boolean {
    if (path !== this.#workspace && !path.startsWith(this.#workspace.endsWith(sep) ? this.#workspace : this.#workspace + sep)) return true;
    return relative(this.#workspace, path).split(/[\\/]/).some((name) => foreign.has(name)) || this.#written.has(path);
  }

  written(path: string): void {
    this.#written.add(path);
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
