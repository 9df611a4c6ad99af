import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The file beside `path` that is written whole and then takes its place. It names the program that writes it, so that one which was killed can be cleared up after. */
export function draftOf(path: string): string {
  return join(dirname(path), `${start(path, process.pid)}${randomBytes(6).toString('hex')}.tmp`);
}

/** Characters of the file's own name that its draft has: a name may have 255 bytes, a character takes up to four of them, and the rest of the draft's name needs some 30. */
const keptCharacters = 50;

function start(path: string, pid: number): string {
  return `.${[...basename(path)].slice(0, keptCharacters).join('')}.${pid}-`;
}

/** Removes what a program that is dead has left beside a file in the middle of writing it. Gives the paths. */
export async function removeDrafts(path: string, pid: number): Promise<readonly string[]> {
  const beginning = start(path, pid);
  const names = await readdir(dirname(path)).catch(() => []);
  const drafts = names.filter((name) => name.startsWith(beginning) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(beginning.length))).map((name) => join(dirname(path), name));
  for (const draft of drafts) await rm(draft, { force: true }).catch(() => undefined);
  return drafts;
}
