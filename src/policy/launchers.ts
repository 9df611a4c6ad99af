/** What makes a program run or load something else, or work elsewhere than its plain words say. */
export interface Launcher {
  /** Words ahead of the first plain one. */
  readonly leading?: RegExp;
  /** Words ahead of a `--`, after which others belong to whatever the program runs. */
  readonly own?: RegExp;
  /** Words anywhere. */
  readonly anywhere?: RegExp;
  /** First plain words. */
  readonly subcommand?: RegExp;
  /** Words anywhere, after a first plain word. */
  readonly of?: Readonly<Record<string, RegExp>>;
  /** Its first plain word is itself a program, or the one after so many others: `timeout 60 PROGRAM`. */
  readonly runsFirstWord?: true;
  readonly operands?: number;
  /** One of its words may be a program, whose words are looked at as if it stood alone. */
  readonly nests?: true;
  /** Its plain words are places that it reaches: where one is named, no other is meant. */
  readonly reaches?: true;
}

// Long options may be cut short by whoever calls (`--checkpoint-act`), so beginnings are matched.
const shells: Launcher = { leading: /^-|^\/[a-z]/i, nests: true };
const interpreters: Launcher = { leading: /^[-+]./, nests: true };
const runners: Launcher = { runsFirstWord: true, nests: true };
const runnersAfterOne: Launcher = { ...runners, operands: 1 };
const packageManagers: Launcher = {
  // npm takes commands that are cut short too.
  subcommand: /^(x|exec?|dlx|c|conf.*|set.*|cr.*|ini.*|inn.*|explo.*|edi?t?|node|env|run-e.*)$/,
  own: /^-g|^--(glob|locat|she|reg|node|git(=|$)|py|vie|ed|init-m|ignore-s\w*=f|no-ignore-s)/, nests: true,
  anywhere: /^(-c|-C)(=.*)?$|^--(cal|scr|prefi|userc|globalc|node-o|dir|cw|modules-f)/,
};
const projectRunners: Launcher = { subcommand: /^(run|exec|shell|tool|x|script|config|init|create|add|plugin)$/, nests: true };
const configurable: Launcher = { anywhere: /^-[cr]|^--(root|dir)/ };
const remote: Launcher = { anywhere: /^-[a-zA-Z0-9]*[oFSJPEiID]/, reaches: true };
const containers: Launcher = { leading: /^-/, subcommand: /^(run|exec|create|compose|cp|plugin|context|config|kube|machine)$/, anywhere: /^-v|^--(vol|moun|priv|cap|dev|sec|pid|netw|host|conf)/ };
const compilers: Launcher = { anywhere: /^@|^-(fplugin|wrapper|B|specs|fuse-ld|Xlinker|Xclang|Wl,|load)|^--specs/ };
const pagers: Launcher = { anywhere: /^\+|^-[a-zA-Z]*[kKoOPH]|^--(pag|html|conf|less|log)/ };
const gradles: Launcher = { anywhere: /^-[Ibcpg]|^--(init|build|settings|project-d|include|gradle-u|system-p)/ };
const mavens: Launcher = { anywhere: /^-(f|s|gs|D.*exec)|^--(file|settings|global)|^exec:/ };

export const launchers: ReadonlyMap<string, Launcher> = new Map<string, Launcher>(Object.entries({
  git: {
    leading: /^-(?!-(version|help|no-pager)$)/, anywhere: /^--(upl|rec|exe|ext|open|conf|temp|sep|outp|no-index)|^-x|^-O|^(ext|fd)::/,
    subcommand: /^(config|bisect|submodule|filter-.*|difftool|mergetool|hook|daemon|instaweb|send-email|imap-send|help|credential.*|remote-.+|p4|svn|cvs.*|archimport|web--browse|shell|gui|citool|http-.*|upload-.*|receive-pack)$/,
    of: { clone: /^-[a-z]*[cu]/, archive: /^-o/, 'format-patch': /^-o/, merge: /^-s|^--str/, pull: /^-s|^--str/, rebase: /^-s|^--str/ },
  },
  find: { anywhere: /^-(exec|execdir|ok|okdir|delete|fls|fprint.*)$/ },
  fd: { anywhere: /^(-[a-zA-Z0-9]*[xX]|--exec.*)/ },
  rg: { anywhere: /^--(pre|hostname-bin)/ },
  sed: { ...runners, anywhere: /^-[nErsuzb]*[efi]|^--(e|fi|i)/ },
  sort: { anywhere: /^-[bdfghinrRsuVzcmM]*o|^--(comp|o)/ },
  split: { anywhere: /^--fil/ },
  tar: { anywhere: /^--(checkpoint-|to-c|us|rsh|rmt|inf|new-|dir|abs)|^-[a-zA-Z]*[IFCP]/, subcommand: /^[a-zA-Z]*[IFCP][a-zA-Z]*$/ },
  zip: { anywhere: /^-[a-zA-Z]*T|^--(unzip|test)/ },
  rsync: { anywhere: /^-[a-zA-Z]*e|^--rs/ },
  curl: { anywhere: /^-[a-zA-Z]*[KoOTFdxE]|^--(conf|out|upl|form|prox|prep|socks|data|json|url|next|connect-to|resolve|unix|abstract|engine)/, reaches: true },
  wget: { anywhere: /^-[a-zA-Z]*[OPioae]|^--(conf|use-ask|exe|post-f|body-f|input|output|append|directory-p)/, reaches: true },
  make: { anywhere: /^\w+[:?+]?=|^-[a-zA-Z]*[fCIE]|^--(fi|mak|dir|ev|inc)/ },
  cmake: { anywhere: /^-[PECDT]|^--(toolchain|preset)/ },
  ninja: { anywhere: /^-[fCt]/ },
  cargo: { anywhere: /^--(conf|man)|^-[CZ]|^\+/, subcommand: /^(run|r|install)$/ },
  go: { anywhere: /^--?(exec|toolexec|overlay|modfile|C|vettool|o|(ld|gc|asm|gccgo)flags)(=|$)/, subcommand: /^(run|generate|tool|install|env)$/ },
  deno: { leading: /^-./, subcommand: /^(run|eval|repl|task|install|x|serve|compile)$/, anywhere: /^-[Acr]|^--(allow|import-m|conf|preload|env|unsafe)/ },
  bun: { ...packageManagers, leading: /^-[epr]|^--(eval|print|pre)/, anywhere: /^-[cr]|^--(pre|cw|conf|env-f|shell|script-s)/ },
  pytest: { anywhere: /^-[vqxsl]*[pco]|^--(roo|conf|over|baset)/ },
  gh: { subcommand: /^(alias|extensions?|ext|config|auth|api|codespace|cs)$/ },
  dotnet: { subcommand: /^(run|exec|tool|new|script)$/, anywhere: /^--(settings|logger|test-adapter|additional)|^[-/]p:/ },
  openssl: { anywhere: /^-(engine|provider|config|loadkeys)/, subcommand: /^(engine|provider)$/ },
  jest: { anywhere: /^-[cr]|^--(root|global-?[st]|setup|test-?(env|runner)|transform|runner|resolver|preset)/i },
  mocha: { anywhere: /^-[cr]|^--(fil|req|opt|conf|pack)/ },
  eslint: { anywhere: /^-[cf]|^--(rulesd|resolve|parser|form)/ },
  ...same(['sh', 'bash', 'dash', 'zsh', 'ksh', 'fish', 'cmd', 'powershell', 'pwsh', 'tclsh', 'expect'], shells),
  ...same(['node', 'python', 'python3', 'perl', 'ruby', 'php', 'lua', 'osascript', 'vi', 'vim', 'nvim', 'emacs', 'ex', 'ed', 'view', 'gdb', 'lldb', 'sqlite3'], interpreters),
  ...same([
    'npx', 'bunx', 'pnpx', 'uvx', 'pipx', 'env', 'xargs', 'sudo', 'doas', 'nice', 'ionice', 'nohup', 'setsid', 'time', 'watch', 'strace', 'ltrace', 'perf', 'valgrind', 'script', 'start', 'command',
    'awk', 'gawk', 'mawk', 'busybox', 'toybox', 'stdbuf', 'unbuffer', 'parallel', 'unshare', 'nsenter', 'systemd-run', 'fakeroot', 'entr', 'nodemon', 'concurrently', 'cross-env', 'dotenv',
    'direnv', 'hyperfine', 'rlwrap', 'xvfb-run', 'dbus-run-session', 'ssh-agent', 'socat', 'nc', 'ncat',
  ], runners),
  ...same(['timeout', 'flock', 'chroot', 'taskset', 'chrt', 'su', 'runuser'], runnersAfterOne),
  ...same(['npm', 'pnpm', 'yarn'], packageManagers),
  ...same(['poetry', 'uv', 'pipenv', 'pdm', 'hatch', 'rye', 'conda', 'mamba', 'bundle'], projectRunners),
  ...same(['vitest', 'webpack', 'rollup', 'vite', 'tsx', 'ts-node', 'esbuild', 'prettier'], configurable),
  ...same(['ssh', 'scp', 'sftp', 'ssh-keygen'], remote),
  ...same(['docker', 'podman', 'nerdctl'], containers),
  ...same(['cc', 'gcc', 'g++', 'clang', 'clang++', 'ld'], compilers),
  ...same(['man', 'less', 'more'], pagers),
  ...same(['gradle', 'gradlew'], gradles),
  ...same(['mvn', 'mvnw'], mavens),
}));

/** For every program: what loads code or settings from a file of the caller's choice. */
export const loadsAnything = /^--(config|rcfile|init-file|plugin|require|import|loader|experimental-loader|preset|eval|exec|script-shell|node-options)(=|$)/;

function same(names: readonly string[], launcher: Launcher): Record<string, Launcher> {
  return Object.fromEntries(names.map((name) => [name, launcher]));
}
