import { closeSync, constants, existsSync, fstat, open, openSync, readlinkSync } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { foldPath } from '../policy/path-spelling.ts';
import { AssassinError } from '../shared/errors.ts';
import { realPath, type ResolvedPath } from './paths.ts';
import { quickDisk } from './quick-disk.ts';

type Decided = Pick<ResolvedPath, 'path' | 'shown'>;

/** Linux names each open file of a program below it, by the path under which it lies now, and takes such a name in place of a path. */
const openFiles = '/proc/self/fd';
/** `O_PATH` of Linux, which Node does not name: to hold a folder one need not be allowed to list it. */
const pathOnly = 0o10000000;

const stat = promisify(fstat);
let known: boolean | undefined;
function namesOpenFiles(): boolean {
  return (known ??= process.platform === 'linux' && existsSync(openFiles));
}

/**
 * Throws `denied` where the open file is not the one that lies at the path that was decided on: a folder of the path was a link at the moment of the opening.
 * Nothing may have been read by then. Where the system does not tell by which name a file was opened, its identity and its folder are looked at instead.
 */
export async function checkOpened(descriptor: number, { path, shown }: Decided): Promise<void> {
  if (!namesOpenFiles()) return checkIdentity(descriptor, { path, shown });
  const at = readlinkSync(`${openFiles}/${descriptor}`);
  // One that was just replaced by a newer one is still the one that lay there. Drives without letter case may give another spelling.
  if (at !== path && at !== `${path} (deleted)` && foldPath(at) !== foldPath(path)) throw movedTo({ path, shown }, at);
}

async function checkIdentity(descriptor: number, target: Decided): Promise<void> {
  const folder = { path: dirname(target.path), shown: dirname(target.shown) };
  await checkUnmoved(folder);
  const [opened, there] = await Promise.all([stat(descriptor, { bigint: true }), lstat(target.path, { bigint: true }).catch(() => undefined)]);
  if (opened.ino !== there?.ino || opened.dev !== there.dev) throw movedTo(target, 'something else');
  await checkUnmoved(folder);
}

async function checkUnmoved(folder: Decided): Promise<void> {
  const real = await realPath(folder.path);
  if (real !== folder.path) throw movedTo(folder, real);
}

function movedTo({ shown }: Decided, place: string): AssassinError {
  return new AssassinError('denied', `${shown} was moved, or replaced by a link to ${place}, after access to it had been decided.`, { hint: 'Run it again if that change is yours.' });
}

/**
 * A folder that stays the one that was decided on while it is used, whatever takes its name meanwhile: between a look at a path and the use of that path, another
 * program can put a link in the place of any folder of it.
 */
export class HeldFolder implements Disposable {
  readonly #path: string;
  readonly #descriptor: number | undefined;

  private constructor(path: string, descriptor: number | undefined) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  /** `make`: with the folders of its path that are missing. Rejects with `denied` where the path leads elsewhere by now, and with what Node says. */
  static async open(folder: Decided, { make = false }: { readonly make?: boolean } = {}): Promise<HeldFolder> {
    try {
      return await HeldFolder.#at(folder.path, folder);
    } catch (error) {
      if (!make || (error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder.path) === folder.path) throw error;
    }
    using parent = await HeldFolder.open({ path: dirname(folder.path), shown: dirname(folder.shown) }, { make });
    const inside = parent.at(basename(folder.path));
    await mkdir(inside).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    // Awaited here: the parent is held until this one is open.
    return await HeldFolder.#at(inside, folder);
  }

  static async #at(place: string, folder: Decided): Promise<HeldFolder> {
    if (!namesOpenFiles()) {
      await checkUnmoved(folder);
      return new HeldFolder(folder.path, undefined);
    }
    const flags = pathOnly | constants.O_DIRECTORY;
    const held = new HeldFolder(folder.path, await quickDisk.do(() => openSync(place, flags), () => promisify(open)(place, flags)));
    try {
      await checkOpened(held.#descriptor!, folder);
      return held;
    } catch (error) {
      held[Symbol.dispose]();
      throw error;
    }
  }

  /** The folder itself, by a name that can mean no other. For this process, and for one that it is about to start. */
  get itself(): string {
    return this.#descriptor === undefined ? this.#path : `${openFiles}/${this.#descriptor}`;
  }

  /** An entry of the folder by such a name. */
  at(name: string): string {
    return join(this.itself, name);
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}
