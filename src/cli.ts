import { version } from '../package.json';
import { requireNode } from './cli/node-version.ts';
import { quietSqliteWarning } from './cli/quiet-sqlite.ts';

requireNode();
quietSqliteWarning();
// Loaded only now: the store loads SQLite, which would have warned before.
const [{ runProgram }, { Terminal }, { Crashes }, { exitCodes }] = await Promise.all([import('./cli/program.ts'), import('./cli/terminal.ts'), import('./cli/crashes.ts'), import('./cli/exit-codes.ts')]);

const { stdout, stderr, stdin, env } = process;
let told = false;
const crashes = new Crashes({ events: process, env, note: (text) => void stderr.write(`${text}\n`), exitNow: (code) => process.exit(code) });
// A reader that goes away (`| head`) must not end a run in the middle, nor must a full disk behind `> file`: it goes on unheard, and everything is destroyed.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') unwritten(error);
  });
}
await runProgram(process.argv.slice(2), {
  terminal: new Terminal({ stdout, stderr, stdin, env }),
  cwd: process.cwd(),
  env,
  version,
  crashes,
  distDirectory: new URL('./', import.meta.url),
  exit: (code) => (process.exitCode = code),
});

/** Says once that output is lost, and has the program not end as if all had gone well. */
function unwritten(error: NodeJS.ErrnoException): void {
  if (told) return;
  told = true;
  process.once('exit', (code) => { if (code === exitCodes.done) process.exitCode = exitCodes.failed; });
  stderr.write(`The output could not be written (${error.code ?? error.message}). Make room where it goes, or write it elsewhere. Runs are on record: "runs list" has them.\n`);
}
