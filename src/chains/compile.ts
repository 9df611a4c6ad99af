import type { Program } from 'acorn';
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { AssassinError, type SourceLocation } from '../shared/errors.ts';
import { guestModuleName, guestModuleSource } from '../tools/guest-module.ts';
import { readText } from '../workspace/files.ts';
import type { ResolvedPath } from '../workspace/paths.ts';
import { jsonModule } from './json-module.ts';
import { importsOf, isPackage, resolveImport, type ImportUse } from './imports.ts';
import { PackageGraph, type UsedPackage } from './packages/package-graph.ts';
import { SourcePositions, type ModulePositions } from './source-positions.ts';
import { stripTypes } from './strip-types.ts';

/** In characters and files. What needs more is a project of its own; stripping a megabyte takes about half a second. */
export const compileLimits = { file: 256 * 1024, total: 1024 * 1024, files: 200 } as const;

export interface Compilation {
  /** JavaScript by module name: a path relative to the workspace with forward slashes. They import each other by exact relative path. */
  readonly modules: ReadonlyMap<string, string>;
  readonly entry: string;
  readonly positions: SourcePositions;
  /** Whose code is part of it: what each needs is the grant `package NAME`. */
  readonly packages: readonly UsedPackage[];
  /** The parsed entry module, absent where it has a syntax error. */
  readonly tree?: Program;
  /** In the order in which they were found. The program can run only if there are none. */
  readonly problems: readonly AssassinError[];
  /** SHA-256 over names and sources of all files, in hex: the same code gives the same hash on every machine. */
  readonly hash: string;
}

/**
 * Compiles a file of the workspace with all files that it imports. Problems of the code are collected, each with its place.
 * Throws only where the entry itself cannot be read: `file-not-found`, `invalid-input`, or `chain-invalid` outside the workspace.
 */
export async function compile(entry: ResolvedPath, workspace: string): Promise<Compilation> {
  if (!entry.inside) throw new AssassinError('chain-invalid', `${entry.shown} lies outside the workspace.`, { hint: 'Open its folder as the workspace, or move the file.' });
  return new Compiler(workspace).run(entry, await readText(entry));
}

/** Compiles source that lies in no file, as if it were `entry`. Problems are collected as in `compile`. */
export function compileSource(entry: ResolvedPath, source: string, workspace: string): Promise<Compilation> {
  return new Compiler(workspace).run(entry, source);
}

class Compiler {
  readonly #workspace: string;
  readonly #modules = new Map<string, string>();
  readonly #positions = new Map<string, ModulePositions>();
  readonly #sources = new Map<string, string>();
  readonly #problems: AssassinError[] = [];
  readonly #queue: ResolvedPath[] = [];
  readonly #queued = new Set<string>();
  readonly #packages: PackageGraph;
  #total = 0;

  constructor(workspace: string) {
    this.#workspace = workspace;
    this.#packages = new PackageGraph(workspace);
  }

  async run(entry: ResolvedPath, source: string): Promise<Compilation> {
    this.#queued.add(entry.path);
    const tree = await this.#module(entry, source);
    for (let file = this.#queue.shift(); file !== undefined; file = this.#queue.shift()) await this.#imported(file);
    this.#modules.set(guestModuleName, guestModuleSource);
    for (const [name, code] of this.#packages.modules()) this.#modules.set(name, code);
    const packages = this.#packages.packages();
    for (const { name, version, hash } of packages) this.#sources.set(`${name}@${version}`, hash);
    return {
      modules: this.#modules, entry: entry.shown, positions: new SourcePositions(this.#positions), packages, problems: this.#problems, hash: hashOf(this.#sources),
      ...(tree === undefined ? {} : { tree }),
    };
  }

  async #imported(file: ResolvedPath): Promise<void> {
    try {
      await this.#module(file, await readText(file));
    } catch (error) {
      this.#note(error);
    }
  }

  async #module(file: ResolvedPath, source: string): Promise<Program | undefined> {
    this.#sources.set(file.shown, source);
    this.#total += source.length;
    const tooMuch = tooLarge(file, source.length, this.#total, this.#sources.size);
    if (tooMuch) {
      // One sentence is enough: what else it imports would only repeat it.
      this.#queue.length = 0;
      this.#problems.push(tooMuch);
      return undefined;
    }
    try {
      if (file.path.endsWith('.json')) {
        this.#modules.set(file.shown, await jsonModule(source, file.shown));
        return undefined;
      }
      const { code, tree, positions } = await stripTypes(source, file.shown);
      this.#positions.set(file.shown, positions);
      this.#modules.set(file.shown, await this.#link(file, code, importsOf(tree), positions));
      return tree;
    } catch (error) {
      this.#note(error);
      return undefined;
    }
  }

  #note(error: unknown): void {
    if (!AssassinError.isInstance(error)) throw error;
    this.#problems.push(error);
  }

  /** Rewrites each relative import to the exact relative path of the module that it means: the sandbox looks for nothing itself. */
  async #link(file: ResolvedPath, code: string, uses: readonly ImportUse[], positions: ModulePositions): Promise<string> {
    let linked = '';
    let done = 0;
    for (const use of uses) {
      const target = await this.#target(file, use, positions.locate(use.line, use.column));
      if (target === undefined) continue;
      linked += code.slice(done, use.start) + JSON.stringify(target);
      // Modules are what we make of them: an attribute would make the engine load the same one twice.
      done = use.attributesEnd === undefined ? use.end : code.indexOf('}', use.attributesEnd) + 1;
    }
    return linked + code.slice(done);
  }

  async #target(file: ResolvedPath, { specifier, commonJs, names }: ImportUse, location: SourceLocation): Promise<string | undefined> {
    const invalid = (message: string, hint: string, data?: { readonly needsNode: true }) => void this.#problems.push(new AssassinError('chain-invalid', message, { hint, location, ...(data ? { data } : {}) }));
    if (specifier === undefined) return invalid('An import() needs its path in quotes: what a program loads is known before it runs.', 'Write the path as text.');
    if (specifier === guestModuleName && !commonJs) return specifier;
    if (isPackage(specifier)) {
      if (commonJs) return invalid(...requireProblem(specifier));
      try {
        return await this.#packages.add(specifier, file.path, names, location);
      } catch (error) {
        return void this.#note(error);
      }
    }
    const found = await resolveImport(specifier, file.path, this.#workspace);
    if ('message' in found) return invalid(found.message, found.hint, found.needsNode && { needsNode: true });
    if (commonJs) return invalid(...requireProblem(specifier));
    if (!this.#queued.has(found.path)) this.#queue.push(found);
    this.#queued.add(found.path);
    const relative = posix.relative(posix.dirname(file.shown), found.shown);
    return /^\.{1,2}\//.test(relative) ? relative : `./${relative}`;
  }
}

function requireProblem(specifier: string): readonly [string, string] {
  return [`"${specifier}" is loaded with require(), which the sandbox does not have.`, 'Use import instead.'];
}

function tooLarge({ shown }: ResolvedPath, characters: number, total: number, files: number): AssassinError | undefined {
  const message = characters > compileLimits.file ? `${shown} has ${characters} characters, more than the ${compileLimits.file} of one file of a program.`
    : total > compileLimits.total ? `The program has more than ${compileLimits.total} characters with what it imports.`
    : files > compileLimits.files ? `The program imports more than ${compileLimits.files} files.`
    : undefined;
  return message === undefined ? undefined : new AssassinError('chain-invalid', message, { hint: 'Import less, or split the work into several chains.', location: { file: shown, line: 1, column: 1 } });
}

function hashOf(sources: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [name, source] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(JSON.stringify([name, source]));
  return hash.digest('hex');
}
