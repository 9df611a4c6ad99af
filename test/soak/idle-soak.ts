import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { remoteUri } from '../vscode/harness/server.ts';
import { Session } from '../vscode/harness/session.ts';
import { profiledMinutes, type IdleMinute } from './idle-minute.ts';

const startMs = 180_000;

interface Windows {
  readonly minutes: number;
  /** Of a window without the extension, which stands open beside the other one at first. */
  readonly without: number;
}

/** Two real windows that nobody touches, one with the extension as it is built. Needs the VS Code server in its place: `npm test` puts it there. */
export async function soakIdle({ minutes, without }: Windows, onMinute: (minute: IdleMinute) => void): Promise<readonly IdleMinute[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ia-idle-'));
  const suite = inRoot('out', 'vscode-suite', 'idle.mjs');
  const { publisher, name } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { readonly publisher: string; readonly name: string };
  try {
    await build({ entryPoints: [inRoot('test', 'soak', 'idle-suite.ts')], outfile: suite, bundle: true, format: 'esm', platform: 'node', target: 'node22', external: ['vscode'], logLevel: 'warning' });
    const all = await Promise.all([
      soakWindow({ suite, file: join(folder, 'without.jsonl'), minutes: without, count: without, extension: inRoot('test', 'vscode', 'helper'), env: {} }, onMinute),
      soakWindow({ suite, file: join(folder, 'with.jsonl'), minutes, count: minutes + profiledMinutes, extension: inRoot(), env: { ASSASSIN_EXTENSION_ID: `${publisher}.${name}` } }, onMinute),
    ]);
    return all.flat();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface SoakedWindow {
  readonly suite: string;
  readonly file: string;
  readonly minutes: number;
  /** Minutes that it tells of. */
  readonly count: number;
  readonly extension: string;
  readonly env: Record<string, string>;
}

async function soakWindow({ suite, file, minutes, count, extension, env }: SoakedWindow, onMinute: (minute: IdleMinute) => void): Promise<readonly IdleMinute[]> {
  await using session = await Session.open({ extension, env: { ...env, ASSASSIN_IDLE_FILE: file, ASSASSIN_IDLE_MINUTES: String(minutes) } });
  await session.openWorkbench(await session.workspace(), { extensionTestsPath: remoteUri(suite) });
  const seen: IdleMinute[] = [];
  for (const end = Date.now() + startMs + count * 75_000; seen.length < count; await sleep(1000)) {
    if (Date.now() > end) throw new Error(`Nothing more was heard after ${seen.length} minutes. Last lines of the workbench's console:\n${session.consoleLines.slice(-25).join('\n')}`);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(seen.length)) {
      const minute = JSON.parse(line) as IdleMinute;
      seen.push(minute);
      onMinute(minute);
    }
  }
  return seen;
}
