import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { didYouMean, nearNames } from '../shared/near-names.ts';
import { AssassinError, fromErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import { resolvePath, type ResolvedPath } from '../workspace/paths.ts';
import { chainFolder, chainName, isBroken, readChain, type BrokenChain, type ChainFile, type ChainReading } from './chain-file.ts';
import type { Compilation } from './compile.ts';
import { refuseOtherKinds } from './module-kind.ts';
import { writeTypes, type WriteTypesOptions } from './write-types.ts';

export interface LoadedChain {
  readonly chain: ChainFile;
  readonly compilation: Compilation;
}

interface Stamp {
  readonly path: string;
  readonly mtimeMs: number;
  readonly size: number;
}

/** The chains of one workspace. */
export class ChainCatalog {
  readonly #workspace: string;
  /** Trees and lenses ask for the list at every change of any file; what has not changed is not compiled again. */
  readonly #known = new Map<string, { readonly stamps: readonly Stamp[]; readonly chain: ChainFile }>();

  constructor({ workspace }: { /** Absolute. */ readonly workspace: string }) {
    this.#workspace = workspace;
  }

  /** Every chain below `.assassin/chains` by name, with its meta or with what is wrong with it. A bad file does not hide the others. */
  async list(): Promise<readonly (ChainFile | BrokenChain)[]> {
    const chains: (ChainFile | BrokenChain)[] = [];
    for (const path of await this.#paths()) chains.push(await this.#listed(path));
    return chains;
  }

  /** Finds a chain by its name, or any file of the workspace by its path, relative to the workspace or absolute. Throws `chain-not-found` with similar names, and `invalid-input` for a file of another language. */
  async resolve(nameOrPath: string): Promise<ResolvedPath> {
    for (const candidate of [nameOrPath, `${nameOrPath}.ts`, `${chainFolder}/${nameOrPath}`, `${chainFolder}/${nameOrPath}.ts`]) {
      const found = await resolvePath(this.#workspace, candidate);
      if (/\.m?[tj]s$/.test(found.path) && (await stat(found.path).catch(() => undefined))?.isFile()) return found;
    }
    await refuseOtherKinds(await resolvePath(this.#workspace, nameOrPath));
    const names = (await this.#paths()).map((path) => chainName(path));
    const near = nearNames(chainName(nameOrPath), names);
    throw new AssassinError('chain-not-found', `There is no chain "${nameOrPath}".`, {
      hint: didYouMean(near) ?? (names.length > 0 ? `There ${names.length === 1 ? 'is' : 'are'}: ${names.slice(0, 20).join(', ')}.` : `Chains are the .ts files in ${chainFolder}; there is none yet.`),
      data: { chain: nameOrPath, near: [...near] },
    });
  }

  /** The chain with its compiled code. Throws its first problem, with how many more there are in `data.more`. */
  async load(nameOrPath: string): Promise<LoadedChain> {
    const { chain, compilation } = await this.read(await this.resolve(nameOrPath));
    if (isBroken(chain) || compilation === undefined) throw firstProblem(chain);
    return { chain, compilation };
  }

  /** As `load`, but gives what is wrong instead of throwing it. */
  read(file: ResolvedPath): Promise<ChainReading> {
    return readChain(file, this.#workspace);
  }

  /** Everything that is wrong with one chain, or with all of them; each with its place. Types are the editor's part, see `writeTypes`. */
  async check(nameOrPath?: string): Promise<readonly ErrorInfo[]> {
    const paths = nameOrPath === undefined ? await this.#paths() : [(await this.resolve(nameOrPath)).path];
    const problems = new Map<string, ErrorInfo>();
    for (const path of paths) {
      const { chain } = await this.read(await resolvePath(this.#workspace, path));
      // Two chains that import the same broken file have one problem.
      for (const problem of isBroken(chain) ? chain.problems : []) problems.set(JSON.stringify([problem.location, problem.message]), problem);
    }
    return [...problems.values()];
  }

  /** Writes what the editor needs to know the types of chains. Gives back the files that changed, relative to the workspace. */
  writeTypes(options: WriteTypesOptions): Promise<readonly string[]> {
    return writeTypes(this.#workspace, options);
  }

  async #listed(path: string): Promise<ChainFile | BrokenChain> {
    const file = await resolvePath(this.#workspace, path);
    const known = this.#known.get(path);
    if (known && (await unchanged(known.stamps))) return known.chain;
    this.#known.delete(path);
    const { chain, compilation } = await this.read(file);
    // What is broken may be mended by a file that does not exist yet, so it is read again each time.
    if (!isBroken(chain) && compilation) this.#known.set(path, { chain, stamps: await stampsOf([...compilation.positions.modules].map((module) => join(this.#workspace, module))) });
    return chain;
  }

  /** Relative to the workspace. Links to folders are not followed. */
  async #paths(): Promise<readonly string[]> {
    const root = join(this.#workspace, chainFolder);
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw new AssassinError('file-not-found', `The folder ${chainFolder} cannot be read: ${error.message}`, { hint: 'Check its rights.', cause: error });
    });
    return entries
      .filter((entry) => !entry.isDirectory() && /\.m?ts$/.test(entry.name) && !/\.d\.m?ts$/.test(entry.name))
      .map((entry) => relative(this.#workspace, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .sort();
  }
}

export function firstProblem(chain: ChainFile | BrokenChain): AssassinError {
  if (!isBroken(chain)) return new AssassinError('chain-invalid', `${chain.path} could not be compiled.`);
  const [first, ...more] = chain.problems;
  return fromErrorInfo(more.length === 0 ? first : { ...first, data: { ...first.data, more: more.length } });
}

async function stampsOf(paths: readonly string[]): Promise<readonly Stamp[]> {
  return Promise.all(paths.map(async (path) => {
    const { mtimeMs, size } = await stat(path);
    return { path, mtimeMs, size };
  }));
}

async function unchanged(stamps: readonly Stamp[]): Promise<boolean> {
  const now = await stampsOf(stamps.map(({ path }) => path)).catch(() => []);
  return now.length === stamps.length && now.every(({ mtimeMs, size }, i) => mtimeMs === stamps[i]?.mtimeMs && size === stamps[i].size);
}
