import { win32 } from 'node:path';

interface Launcher {
  /** Words ahead of the first plain one that make it run or load something else. */
  readonly leading?: RegExp;
  /** Such words anywhere. */
  readonly anywhere?: RegExp;
  /** First plain words that do. */
  readonly subcommand?: RegExp;
  /** Its first plain word is itself a program. */
  readonly runsFirstWord?: true;
}

// Long options may be cut short by whoever calls (`--checkpoint-act`), so beginnings are matched.
const shells: Launcher = { leading: /^-|^\/[a-z]/i };
const interpreters: Launcher = { leading: /^-./ };
const runners: Launcher = { runsFirstWord: true };
const packageManagers: Launcher = { subcommand: /^(exec|x|dlx|create|init|explore|config|set|edit)$/, anywhere: /^(-c|-C|--(call|script-shell|prefix|userconfig|globalconfig|node-options|dir|cwd)(=.*)?)$/ };
const configurable: Launcher = { anywhere: /^-[cr]/ };
const remote: Launcher = { anywhere: /^-[a-zA-Z0-9]*[oFSJP]/ };

const launchers = new Map<string, Launcher>(Object.entries({
  git: {
    leading: /^-(?!-(version|help|no-pager)$)/, subcommand: /^(config|bisect|submodule|filter-branch|difftool|mergetool|hook|daemon|instaweb|send-email|help)$/,
    anywhere: /^--(upl|rec|exe|ext|open|conf|temp|sep)|^-x|^-O|^ext::/,
  },
  find: { anywhere: /^-(exec|execdir|ok|okdir|delete|fls|fprint.*)$/ },
  fd: { anywhere: /^(-[a-zA-Z0-9]*[xX]|--exec.*)/ },
  rg: { anywhere: /^--(pre|hostname-bin)/ },
  tar: { anywhere: /^--(checkpoint-|to-c|us|rsh|inf|new-)|^-[a-zA-Z]*[IF]/ },
  zip: { anywhere: /^-[a-zA-Z]*T|^--(unzip|test)/ },
  rsync: { anywhere: /^-[a-zA-Z]*e|^--rs/ },
  curl: { anywhere: /^(-[a-zA-Z]*K|--conf)/ },
  wget: { anywhere: /^--(conf|use-ask|exe)|^-e/ },
  make: { anywhere: /^\w+[:?+]?=|^-[a-zA-Z]*[fCIE]|^--(file|mak|dir|eval|inc)/ },
  cargo: { anywhere: /^--conf/, subcommand: /^(run|install)$/ },
  ...same(['sh', 'bash', 'dash', 'zsh', 'ksh', 'fish', 'cmd', 'powershell', 'pwsh'], shells),
  ...same(['node', 'python', 'python3', 'perl', 'ruby', 'php', 'lua', 'osascript', 'vi', 'vim', 'nvim', 'emacs'], interpreters),
  ...same(['npx', 'bunx', 'pnpx', 'uvx', 'env', 'xargs', 'sudo', 'doas', 'nice', 'nohup', 'setsid', 'time', 'timeout', 'watch', 'strace', 'script', 'start', 'awk', 'gawk', 'mawk', 'sed'], runners),
  ...same(['npm', 'pnpm', 'yarn', 'bun', 'deno'], packageManagers),
  ...same(['eslint', 'vitest', 'jest', 'webpack', 'rollup', 'vite', 'mocha', 'tsx', 'ts-node', 'esbuild', 'prettier'], configurable),
  ...same(['ssh', 'scp', 'sftp'], remote),
}));

/** For every program: what loads code or settings from a file of the caller's choice. */
const anyProgram = /^--(config|rcfile|init-file|plugin|require|import|loader|experimental-loader|preset|eval|exec|script-shell|node-options)(=|$)/;

function same(names: readonly string[], launcher: Launcher): Record<string, Launcher> {
  return Object.fromEntries(names.map((name) => [name, launcher]));
}

/**
 * Whether a word that no grant names (`named` tells of each place in the argv) makes the program run or load something else, as `find -exec` and
 * `git -c` do. A wildcard does not reach such words. The list is a net under the wall, not the wall: which programs are granted with ** is.
 */
export function runsMore(argv: readonly string[], named: (index: number) => boolean): boolean {
  const launcher = launchers.get(programName(argv[0] ?? ''));
  const plain = firstPlain(argv);
  for (let i = 1; i < argv.length; i++) {
    if (named(i)) continue;
    const word = argv[i]!;
    if (anyProgram.test(word) || launcher?.anywhere?.test(word)) return true;
    if (i <= plain && (launcher?.runsFirstWord || launcher?.leading?.test(word) || launcher?.subcommand?.test(word))) return true;
  }
  return false;
}

function programName(program: string): string {
  return win32.basename(program).toLowerCase().replace(/\.(exe|cmd|bat|com)$/, '').replace(/^(python|ruby|perl|php|lua)[\d.]+$/, '$1');
}

/** The first word that is neither an option nor a variable. One right after an option may be its value, so it does not count. */
function firstPlain(argv: readonly string[]): number {
  const isPlain = (word: string) => !word.startsWith('-') && !/^\w+=/.test(word);
  for (let i = 1; i < argv.length; i++) if (isPlain(argv[i]!) && (i === 1 || !argv[i - 1]!.startsWith('-'))) return i;
  return argv.length;
}
