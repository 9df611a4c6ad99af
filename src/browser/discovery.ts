import { execFile } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { promisify } from 'node:util';
import { AssassinError } from '../shared/errors.ts';
import type { DownloadedBrowser } from './browser-downloads.ts';
import { browserPlaces, installCommand, kindOf, type BrowserKind } from './browser-places.ts';

export const browserPathSetting = 'infrastructureAssassin.browser.path';
export const browserPathVariable = 'ASSASSIN_BROWSER';

export interface FoundBrowser {
  readonly path: string;
  readonly kind: BrowserKind;
  /** What led to it, in words. */
  readonly from: string;
  /** `false`: it may be removed by a command of ours at any time. */
  readonly kept?: boolean;
}

/** The machine as discovery sees it; injected so that every platform can be tested on one. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly root: boolean;
  isExecutable(path: string): boolean;
  exists(path: string): boolean;
  realPath(path: string): string;
  /** The first 2 KiB as text, `''` where it cannot be read. */
  head(path: string): string;
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  root: process.getuid?.() === 0,
  isExecutable: (path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  },
  exists: existsSync,
  realPath: (path) => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
  head: readHead,
};

function readHead(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const buffer = Buffer.alloc(2048);
    return buffer.toString('utf8', 0, readSync(file, buffer));
  } catch {
    return '';
  } finally {
    closeSync(file);
  }
}

/**
 * Finds the browser to launch: the one named in the setting, else the one named in ASSASSIN_BROWSER, else one that the person has had downloaded, the newest
 * first, else an installed one, the headless shell first.
 * Throws `browser-not-found` with the command that installs one; a named file that is not there is never silently replaced by another browser.
 */
export function findBrowser(named: string | undefined, machine: Machine = thisMachine, downloads: readonly DownloadedBrowser[] = []): FoundBrowser {
  return find(named, machine, downloads, () => true);
}

/** The same for a browser that has windows: the headless shell, which has none, is passed over, also where it is the one that was named. */
export function findWindowedBrowser(named: string | undefined, machine: Machine = thisMachine, downloads: readonly DownloadedBrowser[] = []): FoundBrowser {
  const withWindows = (kind: BrowserKind) => kind !== 'headless-shell';
  return find(named !== undefined && withWindows(kindOf(named)) ? named : undefined, machine, downloads.filter(({ browser }) => browser === 'chrome'), withWindows);
}

function find(named: string | undefined, machine: Machine, downloads: readonly DownloadedBrowser[], wanted: (kind: BrowserKind) => boolean): FoundBrowser {
  const variable = machine.env[browserPathVariable];
  if (named) return checkNamed(named, `the setting ${browserPathSetting}`, machine);
  if (variable && wanted(kindOf(variable))) return checkNamed(variable, `the environment variable ${browserPathVariable}`, machine);
  const downloaded = downloads.find(({ path }) => machine.isExecutable(path));
  if (downloaded) return { path: downloaded.path, kind: downloaded.browser === 'chrome' ? 'chrome' : 'headless-shell', from: 'downloaded', kept: false };
  const looked: string[] = [];
  const confined: string[] = [];
  for (const { kind, places, names } of browserPlaces(machine.platform, machine.env)) {
    if (!wanted(kind)) continue;
    for (const path of [...places, ...inPath(names, machine)]) {
      looked.push(path);
      if (!machine.isExecutable(path)) continue;
      if (isSnap(path, machine)) confined.push(path);
      else return { path, kind, from: places.includes(path) ? 'its standard place' : 'PATH' };
    }
  }
  throw notFound(looked, confined, machine);
}

function checkNamed(path: string, from: string, machine: Machine): FoundBrowser {
  if (machine.isExecutable(path)) return { path, kind: kindOf(path), from };
  throw new AssassinError('browser-not-found', `No browser at ${path}, which ${from} names.`, {
    hint: `Correct ${from} to the full path of Chrome, Edge, Chromium or chromium-headless-shell, or clear it so that an installed one is used.`,
    data: { path, from },
  });
}

/** Relative folders of PATH are left out: they would let the folder one happens to be in choose the program. */
function inPath(names: readonly string[], { platform, env }: Machine): string[] {
  const { delimiter, isAbsolute, join } = platform === 'win32' ? win32 : posix;
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** A snap sees a private temporary folder: its profile would lie where it could not be removed. */
function isSnap(path: string, machine: Machine): boolean {
  if (machine.platform !== 'linux') return false;
  const real = machine.realPath(path);
  if (real.startsWith('/snap/') || real === '/usr/bin/snap') return true;
  const head = machine.head(path);
  return head.startsWith('#!') && head.includes('/snap/bin/');
}

function notFound(looked: readonly string[], confined: readonly string[], machine: Machine): AssassinError {
  const command = installCommand({ platform: machine.platform, root: machine.root, exists: (path) => machine.exists(path), osRelease: machine.head('/etc/os-release') });
  const install = command === undefined ? 'Install Chrome or Chromium with your package manager' : `Install one with "${command}"`;
  const snap = confined[0] === undefined ? '' : ` ${confined[0]} is a snap, which cannot use a throwaway profile.`;
  return new AssassinError('browser-not-found', `No Chrome, Edge, Chromium or chromium-headless-shell was found.${snap}`, {
    hint: `${install}, have one downloaded with "infrastructure-assassin browser install" or the command "Download a browser...", or name one in the setting ${browserPathSetting} or the environment variable ${browserPathVariable}.`,
    data: { looked, confined, download: true, ...(command === undefined ? {} : { command }) },
  });
}

/** What the browser says of itself, for example `Chromium 156.0.8078.79`. `undefined` on Windows, where the programs print nothing and would open a window. */
export async function browserVersion(path: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000, env: { PATH: process.env['PATH'] } });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
