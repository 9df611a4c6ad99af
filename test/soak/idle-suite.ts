import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { IdleMinute } from './idle-minute.ts';

/** What VS Code calls in its extension host: a minute without the extension, then so many with it, each with what the whole host has used. */
export async function run(): Promise<void> {
  const { ASSASSIN_IDLE_FILE: file = '', ASSASSIN_IDLE_MINUTES: minutes = '10', ASSASSIN_EXTENSION_ID: id = '' } = process.env;
  const extension = vscode.extensions.getExtension(id);
  if (extension === undefined) throw new Error(`VS Code knows no extension ${id}.`);
  // The window itself has much to do at first.
  await sleep(30_000);
  for (let minute = 0; minute <= Number(minutes); minute++) {
    if (minute === 1) {
      await extension.activate();
      await vscode.commands.executeCommand('infrastructureAssassin.runs.focus');
      await sleep(10_000);
    }
    const before = process.cpuUsage();
    const began = performance.now();
    await sleep(60_000);
    const { user, system } = process.cpuUsage(before);
    const { heapUsed, external, rss } = process.memoryUsage();
    const line: IdleMinute = { minute, active: extension.isActive, cpuShare: (user + system) / 1000 / (performance.now() - began), heapMiB: (heapUsed + external) / 2 ** 20, residentMiB: rss / 2 ** 20 };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}
