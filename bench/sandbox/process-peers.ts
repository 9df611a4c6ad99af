import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender } from './measure.ts';
import { denoProgram, peerVersion } from './peer-packages.ts';
import { preludeScript } from './prelude.ts';

const execute = promisify(execFile);

/** Processes that end when they are done; the file lies in `folder`. */
export function processPeers(folder: string): readonly Contender[] {
  const file = join(folder, 'one.js');
  writeFileSync(file, `${preludeScript}console.log(1 + 1);\n`);
  const deno = denoProgram();
  return [
    { name: `Node ${process.versions.node}, a process with the permission model`, work: () => execute(process.execPath, ['--permission', `--allow-fs-read=${folder}`, file]) },
    ...(deno === undefined ? [] : [{ name: `${peerVersion('deno')}, a process without permissions`, work: () => execute(deno, ['run', '--no-prompt', '--no-remote', file], { env: { DENO_DIR: folder, NO_UPDATE_CHECK: '1', DENO_NO_UPDATE_CHECK: '1' } }) }]),
  ];
}
