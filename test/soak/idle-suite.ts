import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import { profiledMinutes, type IdleMinute } from './idle-minute.ts';
import { ownShareOf } from './own-share.ts';

const minuteMs = 60_000;

/** What VS Code calls in its extension host: minutes of a window that nobody touches, without the extension or with it, and what the whole host has used in each. */
export async function run(): Promise<void> {
  const { ASSASSIN_IDLE_FILE: file = '', ASSASSIN_IDLE_MINUTES: minutes = '10', ASSASSIN_EXTENSION_ID: id } = process.env;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const phase = async (name: IdleMinute['phase'], count: number, pass: () => Promise<number | void>) => {
    for (let minute = 1; minute <= count; minute++) {
      const before = process.cpuUsage();
      const began = performance.now();
      const ownShare = await pass();
      const { user, system } = process.cpuUsage(before);
      const cpuShare = (user + system) / 1000 / (performance.now() - began);
      collect();
      const { heapUsed, external, rss } = process.memoryUsage();
      const line: IdleMinute = { minute, phase: name, cpuShare, ...(typeof ownShare === 'number' ? { ownShare } : {}), heapMiB: (heapUsed + external) / 2 ** 20, residentMiB: rss / 2 ** 20 };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    }
  };
  const extension = id === undefined ? undefined : vscode.extensions.getExtension(id);
  if (extension === undefined && id !== undefined) throw new Error(`VS Code knows no extension ${id}.`);
  await extension?.activate();
  if (extension) await vscode.commands.executeCommand('infrastructureAssassin.runs.focus');
  // The window itself has much to do at first.
  await sleep(40_000);
  await phase(extension ? 'with' : 'without', Number(minutes), () => sleep(minuteMs));
  if (extension) await phase('profiled', profiledMinutes, () => ownShareOf(`${extension.extensionPath}/dist/`, minuteMs));
}
