import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { grantFor } from '../policy/action.ts';
import type { JsonObject } from '../shared/json.ts';

/** A call of a verify tool, with exactly what it takes: whoever names a page or a script means it to be looked at. A rule that denies it holds all the same. */
export interface VerifyRequest {
  readonly tool: 'browser.verify' | 'browser.verifyServer';
  readonly input: JsonObject;
  readonly grants: readonly string[];
}

export interface ServerToVerify {
  readonly argv: readonly string[];
  readonly workspace: string;
  /** Folder in the workspace. */
  readonly cwd?: string;
  /** For servers that do not print where they are. */
  readonly url?: string;
  readonly path?: string;
}

/** `url` must be an absolute http or https address. */
export function verifyAddress(url: string, options: JsonObject = {}): VerifyRequest {
  return { tool: 'browser.verify', input: { ...options, url }, grants: ['browser', `net ${new URL(url).origin}`] };
}

export function verifyServer({ argv, workspace, cwd, url, path }: ServerToVerify, options: JsonObject = {}): VerifyRequest {
  return {
    tool: 'browser.verifyServer',
    input: { ...options, argv, ...(cwd === undefined ? {} : { cwd }), ...(url === undefined ? {} : { url }), ...(path === undefined ? {} : { path }) },
    // Which port a server takes is known only when it has said so.
    grants: ['browser', grantFor({ kind: 'exec', argv, cwd: resolve(workspace, cwd ?? '.') }, workspace), ...(url === undefined ? ['net http://localhost:*', 'net http://127.0.0.1:*', 'net https://localhost:*', 'net https://127.0.0.1:*', 'net http://[::1]:*'] : [`net ${new URL(url).origin}`])],
  };
}

const lockFiles = { 'pnpm-lock.yaml': 'pnpm', 'yarn.lock': 'yarn', 'bun.lock': 'bun', 'bun.lockb': 'bun' } as const;

/** The words that start a script of package.json: by the package manager whose lock file lies in one of the folders, the nearest first; npm where there is none. */
export async function scriptCommand(script: string, folders: readonly string[]): Promise<readonly string[]> {
  for (const folder of folders) {
    for (const [file, manager] of Object.entries(lockFiles)) {
      if ((await stat(join(folder, file)).catch(() => undefined))?.isFile() === true) return [manager, 'run', script];
    }
  }
  return ['npm', 'run', script];
}

/** Scripts of package.json that serve something to look at. */
export const isServerScript = (name: string): boolean => /^(dev|start|preview|serve)(:[\w.-]+)?$/.test(name);
