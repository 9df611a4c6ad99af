import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One program of test262-parser-tests, which TC39 keeps beside test262. Never copied: it is read where npm has put it. */
export interface ParserProgram {
  readonly name: string;
  readonly source: string;
  /** What the suite says of it as a module. `undefined` for scripts: as modules they may be either. */
  readonly valid: boolean | undefined;
  /** Whether the suite has it among the programs that are valid in the goal that it was written for. */
  readonly passes: boolean;
}

const folders = { pass: true, fail: false, early: false } as const;

/** All of them but `pass-explicit`, which says the same as `pass` with more brackets. */
export function parserPrograms(): readonly ParserProgram[] {
  const root = dirname(fileURLToPath(import.meta.resolve('test262-parser-tests/package.json')));
  return Object.entries(folders).flatMap(([folder, passes]) => readdirSync(join(root, folder)).sort().map((file) => ({
    name: `${folder}/${file}`, source: readFileSync(join(root, folder, file), 'utf8'), passes, valid: file.endsWith('.module.js') ? passes : undefined,
  })));
}
