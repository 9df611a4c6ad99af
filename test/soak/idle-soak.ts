import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { remoteUri } from '../vscode/harness/server.ts';
import { Session } from '../vscode/harness/session.ts';
import type { IdleMinute } from './idle-minute.ts';

const startMs = 180_000;

/** A real VS Code server whose window nobody touches, with the extension as it is built. Needs the server in its place: `npm test` puts it there. */
export async function soakIdle(minutes: number, onMinute: (minute: IdleMinute) => void): Promise<readonly IdleMinute[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ia-idle-'));
  const file = join(folder, 'minutes.jsonl');
  const suite = inRoot('out', 'vscode-suite', 'idle.mjs');
  const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { readonly publisher: string; readonly name: string };
  try {
    await build({ entryPoints: [inRoot('test', 'soak', 'idle-suite.ts')], outfile: suite, bundle: true, format: 'esm', platform: 'node', target: 'node22', external: ['vscode'], logLevel: 'warning' });
    await using session = await Session.open({ env: { ASSASSIN_IDLE_FILE: file, ASSASSIN_IDLE_MINUTES: String(minutes), ASSASSIN_EXTENSION_ID: `${manifest.publisher}.${manifest.name}` } });
    await session.openWorkbench(await session.workspace(), { extensionTestsPath: remoteUri(suite) });
    const seen: IdleMinute[] = [];
    for (const end = Date.now() + startMs + (minutes + 1) * 75_000; seen.length <= minutes; await sleep(1000)) {
      if (Date.now() > end) throw new Error(`Nothing more was heard after ${seen.length} minutes. Last lines of the workbench's console:\n${session.consoleLines.slice(-25).join('\n')}`);
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
      for (const line of lines.slice(seen.length)) {
        const minute = JSON.parse(line) as IdleMinute;
        seen.push(minute);
        onMinute(minute);
      }
    }
    return seen;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
