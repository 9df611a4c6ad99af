import { posix, win32 } from 'node:path';

/** The machine as far as programs are looked for on it. Injected, so that the rules of each system are tested on any. */
export interface ProgramPlaces {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: (name: string) => string | undefined;
  readonly isFile: (path: string) => boolean;
  /** Names in a folder; empty where there is none. */
  readonly namesIn: (folder: string) => readonly string[];
}

export interface FoundProgram {
  /** Absolute; `undefined` where there is no such program. */
  readonly file: string | undefined;
  /** The PATH to start it with: the given one, and behind it the folder in which it was found, if that was another. */
  readonly path: string;
}

/**
 * Looks for a program as it would be started: a path from the working directory, a bare name in the PATH. An editor that was started from a dock or a start menu has the short PATH of
 * the system, without what a shell adds to it: a bare name that is not there is looked for where version managers and installers put such programs. What the PATH
 * finds always goes first.
 */
export function findProgram(command: string, { cwd, path }: { readonly cwd: string; readonly path: string }, places: ProgramPlaces): FoundProgram {
  const { platform, isFile } = places;
  const { isAbsolute, resolve, join, delimiter } = platform === 'win32' ? win32 : posix;
  const endings = endingsOf(command, places);
  const first = (folder: string, name: string) => endings.map((ending) => resolve(folder, `${name}${ending}`)).find(isFile);
  if (isAbsolute(command) || /[\\/]/.test(command)) return { file: first(cwd, command), path };
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const file = first(resolve(cwd, folder), command);
    if (file !== undefined) return { file, path };
  }
  for (const folder of usualFolders(places)) {
    const file = first(folder, command);
    // Behind the others, so that it takes nothing's place; with it, so that `npx` finds the `node` beside it.
    if (file !== undefined) return { file, path: [...folders, folder].join(delimiter) };
  }
  return { file: undefined, path };

  function usualFolders({ home, env, namesIn }: ProgramPlaces): readonly string[] {
    const newest = (folder: string, ...below: readonly string[]) => namesIn(folder).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((name) => join(folder, name, ...below));
    if (platform === 'win32') {
      const [local, roaming, programs] = [env('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), env('APPDATA') ?? join(home, 'AppData', 'Roaming'), env('PROGRAMFILES') ?? 'C:\\Program Files'];
      return [
        join(programs, 'nodejs'), join(roaming, 'npm'), join(home, '.local', 'bin'), join(local, 'Microsoft', 'WinGet', 'Links'), join(home, 'scoop', 'shims'), join(local, 'Volta', 'bin'), join(home, '.bun', 'bin'), join(home, '.cargo', 'bin'),
        join(programs, 'Docker', 'Docker', 'resources', 'bin'), ...newest(join(local, 'Programs', 'Python')), ...newest(join(local, 'Programs', 'Python'), 'Scripts'),
      ];
    }
    return [
      ...(platform === 'darwin' ? ['/opt/homebrew/bin'] : []), '/usr/local/bin', join(home, '.local', 'bin'), join(home, '.volta', 'bin'), join(home, '.local', 'share', 'mise', 'shims'), join(home, '.asdf', 'shims'),
      join(home, '.local', 'share', 'fnm', 'aliases', 'default', 'bin'), ...(platform === 'darwin' ? [join(home, 'Library', 'Application Support', 'fnm', 'aliases', 'default', 'bin')] : []),
      ...newest(join(env('NVM_DIR') ?? join(home, '.nvm'), 'versions', 'node'), 'bin'), join(home, '.bun', 'bin'), join(home, '.deno', 'bin'), join(home, '.cargo', 'bin'), '/home/linuxbrew/.linuxbrew/bin', '/snap/bin',
    ];
  }
}

/** Windows tries these endings in turn; a name that has one of them is tried as it is first, and one without is a program only with them. */
function endingsOf(command: string, { platform, env }: ProgramPlaces): readonly string[] {
  if (platform !== 'win32') return [''];
  const known = (env('PATHEXT') ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '');
  return known.some((ending) => command.toLowerCase().endsWith(ending.toLowerCase())) ? ['', ...known] : [...known, ''];
}
