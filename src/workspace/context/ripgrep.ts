import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import * as z from 'zod';
import type { Destruction, Leasable, LeaseHandle } from '../../run/lease.ts';
import { processStart } from '../../run/process-identity.ts';
import { endProcessGroup } from '../../run/process-tree.ts';
import { AssassinError } from '../../shared/errors.ts';
import { maxSearchedBytes, shownLine, type SearchMatch, type SearchQuery, type SearchResult } from './search.ts';

/** How it tells, among the reasons for which it passes over files, that one is larger than it was told to read. */
const tooLargeLine = /^(?:rg: )?DEBUG\|ignore::walk\|[^|]*?:\d+: ignoring (.*): \d+ bytes$/;
const reasonLine = /^(?:rg: )?(?:DEBUG|TRACE)\|/;

const program = process.platform === 'win32' ? 'rg.exe' : 'rg';

/** Text that is no UTF-8 comes as bytes; such lines are left out. */
const matchLine = z.object({
  type: z.literal('match'),
  data: z.object({ path: z.object({ text: z.string() }), lines: z.object({ text: z.string() }), line_number: z.number(), submatches: z.array(z.object({ start: z.number() })) }),
});

/** The first ripgrep of these places (full paths) and of the PATH. One that lies in the workspace is a stranger's program and is not taken. */
export async function findRipgrep(places: readonly string[], path: string, workspace: string): Promise<string | undefined> {
  const onPath = path.split(delimiter).filter((folder) => isAbsolute(folder)).map((folder) => join(folder, program));
  for (const place of [...places, ...onPath]) {
    const real = await realpath(place).catch(() => undefined);
    if (real === undefined || real.startsWith(workspace + sep)) continue;
    if (await access(real, constants.X_OK).then(() => true, () => false)) return real;
  }
  return undefined;
}

/** One search by ripgrep, as a process that goes with its run. It reads no configuration of anybody. */
export class Ripgrep implements Leasable {
  readonly #child: ChildProcess;
  readonly #start: string;
  #lines: Interface | undefined;
  #reasons: Interface | undefined;

  private constructor(child: ChildProcess, start: string) {
    this.#child = child;
    this.#start = start;
  }

  static async start(executable: string, workspace: string, query: SearchQuery, lease: LeaseHandle): Promise<Ripgrep> {
    const args = [
      '--json', '--no-config', '--no-messages', '--debug', '--hidden', '--no-require-git', `--max-filesize=${maxSearchedBytes}`, query.caseSensitive ? '--case-sensitive' : '--ignore-case',
      ...(query.regex ? [] : ['--fixed-strings']),
      ...query.globs.flatMap((glob) => ['--glob', glob.startsWith('!') ? glob.slice(1) : glob]), '--glob', '!.git', '--glob', '!node_modules',
      `--regexp=${query.pattern}`, '--', query.folder === '' ? '.' : `./${query.folder}`,
    ];
    const env = process.platform === 'win32' && process.env['SYSTEMROOT'] !== undefined ? { SYSTEMROOT: process.env['SYSTEMROOT'] } : {};
    lease.signal.throwIfAborted();
    const child = spawn(executable, args, { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, detached: true });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => reject(new AssassinError('tool-failed', `ripgrep could not be started: ${cause.message}`, { cause })));
    });
    const start = child.pid === undefined ? '' : ((await processStart(child.pid)) ?? '');
    if (child.pid !== undefined) lease.identify({ pid: child.pid, pidStart: start });
    return new Ripgrep(child, start);
  }

  /** Reads until its end, or until `limit` matches that `allowed` lets through. Throws `invalid-input` for a pattern that it does not take. */
  async matches(limit: number, allowed: (path: string) => boolean): Promise<SearchResult> {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new AssassinError('internal', 'ripgrep was started without pipes.');
    let said = '';
    const tooLarge: string[] = [];
    this.#reasons = createInterface({ input: stderr }).on('line', (line) => {
      const path = tooLargeLine.exec(line)?.[1];
      if (path !== undefined && allowed(relative(path))) tooLarge.push(relative(path));
      else if (!reasonLine.test(line)) said = `${said}${line}\n`.slice(0, 2000);
    });
    const reasonsEnded = once(this.#reasons, 'close');
    const ended = new Promise<number | null>((resolve) => this.#child.once('close', resolve));
    const matches: SearchMatch[] = [];
    for await (const line of (this.#lines = createInterface({ input: stdout }))) {
      const match = parsed(line);
      if (match === undefined || !allowed(match.path)) continue;
      if (matches.length >= limit) return { matches, cut: true, tooLarge };
      matches.push(match);
    }
    const [code] = await Promise.all([ended, reasonsEnded]);
    // 1 is "nothing found". 2 with matches means that single files could not be read.
    if (code === 2 && matches.length === 0) throw new AssassinError('invalid-input', `The pattern cannot be searched for: ${said.trim() || 'ripgrep failed'}`, { hint: 'Change the regular expression, or search for plain text.' });
    return { matches, cut: false, tooLarge };
  }

  async destroy(): Promise<Destruction> {
    // A reader of a stream that was destroyed would wait for ever.
    this.#lines?.close();
    this.#reasons?.close();
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy();
    const { pid } = this.#child;
    if (pid === undefined) return { verified: true, how: 'no process was started' };
    const death = await endProcessGroup({ pid, start: this.#start });
    return { verified: death.gone, how: death.how };
  }
}

function parsed(line: string): SearchMatch | undefined {
  if (!line.startsWith('{"type":"match"')) return undefined;
  const result = z.safeParse(matchLine, JSON.parse(line));
  if (!result.success) return undefined;
  const { path, lines, line_number: number, submatches } = result.data.data;
  // Its columns count bytes.
  const column = Buffer.from(lines.text).subarray(0, submatches[0]?.start ?? 0).toString().length + 1;
  return { path: relative(path.text), line: number, column, text: shownLine(lines.text, column) };
}

/** A path as it says it, as it is shown. */
function relative(path: string): string {
  return path.replaceAll('\\', process.platform === 'win32' ? '/' : '\\').replace(/^\.\//, '');
}
