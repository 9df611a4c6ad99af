import { win32 } from 'node:path';
import { ownEntry } from '../shared/own-entry.ts';
import { launchers, loadsAnything } from './launchers.ts';

type Named = (index: number) => boolean;

/**
 * Whether a word that no grant names (`named` tells of each place in the argv) makes the program run or load something else, as `find -exec` and
 * `git -c` do. A wildcard does not reach such words. The list is a second line of defence; the first is to grant few programs with **.
 */
export function runsMore(argv: readonly string[], named: Named): boolean {
  const launcher = launchers.get(programName(argv[0] ?? ''));
  const plain = firstPlain(argv, launcher?.operands ?? 0);
  const end = argv.indexOf('--');
  const of = ownEntry(launcher?.of ?? {}, argv[plain] ?? '');
  const placed = launcher?.reaches === true && argv.some((word, i) => i > 0 && named(i) && isPlain(word));
  for (let i = 1; i < argv.length; i++) {
    if (named(i)) continue;
    const word = argv[i]!;
    if (loadsAnything.test(word) || launcher?.anywhere?.test(word) || of?.test(word) || (placed && isPlain(word))) return true;
    if (i <= plain && (launcher?.runsFirstWord || launcher?.leading?.test(word) || launcher?.subcommand?.test(word))) return true;
    if ((end < 0 || i < end) && launcher?.own?.test(word)) return true;
  }
  return launcher?.nests === true && nestedRunsMore(argv, named);
}

/** `timeout 60 git **` is `git **`: the wildcard reaches no more than it would there. */
function nestedRunsMore(argv: readonly string[], named: Named): boolean {
  for (let at = 1; at < argv.length && named(at); at++) {
    if (launchers.has(programName(argv[at]!)) && runsMore(argv.slice(at), (i) => named(at + i))) return true;
  }
  return false;
}

/** The name of a program without its folder, its letter case and the endings by which Windows finds programs. */
export function bareName(program: string): string {
  return win32.basename(program).toLowerCase().replace(/\.(exe|cmd|bat|com|ps1)$/, '');
}

/** As `launchers` names it: without the version that interpreters have in their names. */
function programName(program: string): string {
  return bareName(program).replace(/^(python|ruby|perl|php|lua)[\d.]+$/, '$1');
}

/** The first word that is neither an option nor a variable, after `skipped` others. One right after an option may be its value, so it does not count, unless it is the module that an interpreter runs. */
function firstPlain(argv: readonly string[], skipped: number): number {
  let left = skipped;
  for (let i = 1; i < argv.length; i++) {
    if (!isPlain(argv[i]!) || (i > 1 && argv[i - 1]!.startsWith('-') && argv[i - 1] !== '-m')) continue;
    if (left === 0) return i;
    left -= 1;
  }
  return argv.length;
}

function isPlain(word: string): boolean {
  return !word.startsWith('-') && !/^\w+=/.test(word);
}
