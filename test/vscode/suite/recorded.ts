import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { RunSummary } from '../../../src/shared/dto.ts';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { isTerminal } from '../../../src/shared/run-state.ts';
import { dataDirectory } from '../../../src/store/data-directory.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { workspaceFolder } from './extension-under-test.ts';

/** Reads the record from the disk as another program does, with a connection of its own. */
export function recorded<T>(read: (store: RunStore) => T): T {
  using store = new RunStore(dataDirectory());
  return read(store);
}

/** Waits until the run has ended. */
export async function ended(id: unknown, timeoutMs = 60_000, lookMs = 100): Promise<RunSummary> {
  if (typeof id !== 'string') throw new Error(`The command gave no run, but ${JSON.stringify(id)}.`);
  for (const deadline = Date.now() + timeoutMs; ;) {
    const run = recorded((store) => store.run(id));
    if (isTerminal(run.state)) return run;
    if (Date.now() > deadline) throw new Error(`${id} is still ${run.state} after ${timeoutMs} ms.`);
    await sleep(lookMs);
  }
}

export const eventsOf = (id: string): readonly JournalEvent[] => recorded((store) => store.events(id, 0, 10_000));

export function resultOf(id: string): unknown {
  const event = eventsOf(id).find((candidate) => candidate.type === 'run.result');
  return event?.type === 'run.result' && 'json' in event.value ? event.value.json : undefined;
}

export const command = <T>(name: string, ...args: unknown[]): Thenable<T> => vscode.commands.executeCommand<T>(`infrastructureAssassin.${name}`, ...args);

export const chainUri = (name: string): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), '.assassin', 'chains', `${name}.ts`);

export async function writeFile(path: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(workspaceFolder(), path);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return uri;
}

/** Waits until `read` gives something other than `undefined` and `false`. What it throws is only the reason why there is nothing yet. */
export async function eventually<T>(what: string, read: () => T | Promise<T | undefined | false> | undefined | false, timeoutMs = 40_000): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ;) {
    try {
      const value = await read();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await sleep(100);
  }
}

/**
 * Asks the providers of the editor through one of its `vscode.execute...Provider` commands. The editor cancels such a question whenever a provider is
 * registered or a file changes while it is answered: it is then asked again.
 */
export async function provided<T>(question: string, ...args: readonly unknown[]): Promise<T> {
  for (let left = 20; ; left -= 1) {
    try {
      return await vscode.commands.executeCommand<T>(question, ...args);
    } catch (error) {
      if (left === 0 || !(error instanceof Error) || !error.message.includes('Canceled')) throw error;
      await sleep(100);
    }
  }
}

/** Changes a setting of the workspace and waits until extensions are told so: the editor says earlier that it has written it. */
async function setTo(name: string, value: unknown): Promise<void> {
  const settings = () => vscode.workspace.getConfiguration('infrastructureAssassin');
  await settings().update(name, value, vscode.ConfigurationTarget.Workspace);
  await eventually(`${name} to be in force`, () => isDeepStrictEqual(settings().inspect(name)?.workspaceValue, value));
}

/** Changes a setting for the time of `work`. */
export async function withSetting<T>(name: string, value: unknown, work: () => Promise<T>): Promise<T> {
  await setTo(name, value);
  try {
    return await work();
  } finally {
    await setTo(name, undefined);
  }
}
