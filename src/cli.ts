import { version } from '../package.json';
import { requireNode } from './cli/node-version.ts';
import { quietSqliteWarning } from './cli/quiet-sqlite.ts';

requireNode();
quietSqliteWarning();
// Loaded only now: the store loads SQLite, which would have warned before.
const [{ runProgram }, { Terminal }, { Crashes }] = await Promise.all([import('./cli/program.ts'), import('./cli/terminal.ts'), import('./cli/crashes.ts')]);

const { stdout, stderr, stdin, env } = process;
const crashes = new Crashes({ events: process, env, note: (text) => void stderr.write(`${text}\n`), exitNow: (code) => process.exit(code) });
// A reader that goes away (`| head`) must not end a run in the middle: it goes on unheard, and everything is destroyed.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
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
