import type { Program } from 'acorn';
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { AssassinError, type SourceLocation } from '../shared/errors.ts';
import { guestModuleName, guestModuleSource } from '../tools/guest-module.ts';
import { readText } from '../workspace/files.ts';
import type { ResolvedPath } from '../workspace/paths.ts';
import { jsonModule } from './json-module.ts';
import { importsOf, isPackage, resolveImport, type ImportUse } from './imports.ts';
import type { Names } from './packages/demand.ts';
import { edited, type Edit } from './packages/edit-source.ts';
import { PackageGraph, type UsedPackage } from './packages/package-graph.ts';
import { unreachedStatements, withoutLoading } from './reached.ts';
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
 * Compiles a file of the workspace with all files that it imports. Problems of the code are collected, each with its place. With `wanted`, the exports of the entry that
 * will be used, nothing is loaded or complained of that they do not reach: one function that needs Node does not keep the others of its file from running.
 * Throws only where the entry itself cannot be read: `file-not-found`, `invalid-input`, or `chain-invalid` outside the workspace.
 */
export async function compile(entry: ResolvedPath, workspace: string, wanted?: (tree: Program) => ReadonlySet<string>): Promise<Compilation> {
  if (!entry.inside) throw new AssassinError('chain-invalid', `${entry.shown} lies outside the workspace.`, { hint: 'Open its folder as the workspace, or move the file.' });
  return new Compiler(workspace, wanted).run(entry, await readText(entry));
}

/** Compiles source that lies in no file, as if it were `entry`. Problems are collected as in `compile`. */
export function compileSource(entry: ResolvedPath, source: string, workspace: string): Promise<Compilation> {
  return new Compiler(workspace).run(entry, source);
}

/** A file of the program, with what was found out of its imports so far. */
interface Loaded {
  readonly file: ResolvedPath;
  readonly code: string;
  readonly tree: Program;
  readonly positions: ModulePositions;
  readonly uses: readonly ImportUse[];
  /** By the use; `undefined` for those of which a problem was told. */
  readonly targets: Map<ImportUse, string | undefined>;
}

class Compiler {
  readonly #workspace: string;
  readonly #wanted: ((tree: Program) => ReadonlySet<string>) | undefined;
  readonly #modules = new Map<string, string>();
  /** By path. */
  readonly #loaded = new Map<string, Loaded>();
  readonly #positions = new Map<string, ModulePositions>();
  readonly #sources = new Map<string, string>();
  readonly #problems: AssassinError[] = [];
  readonly #queue = new Set<ResolvedPath>();
  /** The files by path, each with the exports that somebody uses. */
  readonly #demand = new Map<string, { readonly file: ResolvedPath; names: Names }>();
  readonly #packages: PackageGraph;
  #total = 0;

  constructor(workspace: string, wanted?: (tree: Program) => ReadonlySet<string>) {
    this.#workspace = workspace;
    this.#wanted = wanted;
    this.#packages = new PackageGraph(workspace);
  }

  async run(entry: ResolvedPath, source: string): Promise<Compilation> {
    const loaded = await this.#load(entry, source);
    if (loaded !== undefined) this.#want(entry, this.#wanted?.(loaded.tree) ?? 'all');
    for (const file of this.#queue) {
      this.#queue.delete(file);
      await this.#imported(file);
    }
    for (const module of this.#loaded.values()) this.#modules.set(module.file.shown, this.#linked(module));
    this.#modules.set(guestModuleName, guestModuleSource);
    for (const [name, code] of this.#packages.modules()) this.#modules.set(name, code);
    const packages = this.#packages.packages();
    for (const { name, version, hash } of packages) this.#sources.set(`${name}@${version}`, hash);
    return {
      modules: this.#modules, entry: entry.shown, positions: new SourcePositions(this.#positions), packages, problems: this.#problems, hash: hashOf(this.#sources),
      ...(loaded === undefined ? {} : { tree: loaded.tree }),
    };
  }

  /** Takes up what is used of a file: it is followed anew where that is more than before. */
  #want(file: ResolvedPath, names: Names): void {
    const known = this.#demand.get(file.path);
    if (known === undefined) this.#demand.set(file.path, { file, names });
    else if (known.names === 'all' || (names !== 'all' && names.isSubsetOf(known.names))) return;
    else known.names = names === 'all' ? 'all' : known.names.union(names);
    this.#queue.add(known?.file ?? file);
  }

  async #imported(file: ResolvedPath): Promise<void> {
    try {
      const loaded = this.#loaded.get(file.path) ?? (this.#sources.has(file.shown) ? undefined : await this.#load(file, await readText(file)));
      if (loaded !== undefined) await this.#follow(loaded);
    } catch (error) {
      this.#note(error);
    }
  }

  async #load(file: ResolvedPath, source: string): Promise<Loaded | undefined> {
    this.#sources.set(file.shown, source);
    this.#total += source.length;
    const tooMuch = tooLarge(file, source.length, this.#total, this.#sources.size);
    if (tooMuch) {
      // One sentence is enough: what else it imports would only repeat it.
      this.#queue.clear();
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
      const loaded: Loaded = { file, code, tree, positions, uses: importsOf(tree), targets: new Map() };
      this.#loaded.set(file.path, loaded);
      return loaded;
    } catch (error) {
      this.#note(error);
      return undefined;
    }
  }

  #note(error: unknown): void {
    if (!AssassinError.isInstance(error)) throw error;
    this.#problems.push(error);
  }

  /** Brings in what a file needs for what is used of it. */
  async #follow({ file, tree, uses, targets, positions }: Loaded): Promise<void> {
    const { names } = this.#demand.get(file.path)!;
    const left = unreachedStatements(tree, names);
    for (const use of uses) {
      const statement = statementAt(tree, use);
      if (targets.has(use) || (statement !== undefined && left.has(statement))) continue;
      targets.set(use, await this.#target(file, use, positions.locate(use.line, use.column), this.#taken(use, statement, names)));
    }
  }

  /** What the module that a statement names must have. */
  #taken(use: ImportUse, statement: Program['body'][number] | undefined, names: Names): Names {
    if (this.#wanted === undefined) return 'all';
    if (statement?.type !== 'ExportAllDeclaration' || statement.exported) return use.names;
    return names === 'all' ? 'all' : names.difference(new Set(['default']));
  }

  /** Rewrites each relative import to the exact relative path of the module that it means: the sandbox looks for nothing itself. */
  #linked({ file, code, tree, uses, targets }: Loaded): string {
    const left = unreachedStatements(tree, this.#demand.get(file.path)!.names);
    const edits = uses.flatMap((use): readonly Edit[] => {
      const target = targets.get(use);
      // Modules are what we make of them: an attribute would make the engine load the same one twice.
      if (target !== undefined) return [{ start: use.start, end: use.attributesEnd === undefined ? use.end : code.indexOf('}', use.attributesEnd) + 1, text: JSON.stringify(target) }];
      const statement = statementAt(tree, use);
      const text = statement !== undefined && left.has(statement) ? withoutLoading(code, statement) : undefined;
      return text === undefined ? [] : [{ start: statement!.start, end: statement!.end, text }];
    });
    return edited(code, edits);
  }

  async #target(file: ResolvedPath, { specifier, commonJs, names }: ImportUse, location: SourceLocation, taken: Names): Promise<string | undefined> {
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
    this.#want(found, taken);
    const relative = posix.relative(posix.dirname(file.shown), found.shown);
    return /^\.{1,2}\//.test(relative) ? relative : `./${relative}`;
  }
}

function statementAt(tree: Program, { start, end }: ImportUse): Program['body'][number] | undefined {
  return tree.body.find((statement) => statement.start <= start && statement.end >= end);
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
