import { createHash } from 'node:crypto';
import { insteadOfModule } from '../../sandbox/missing-apis.ts';
import { AssassinError, type SourceLocation } from '../../shared/errors.ts';
import { shownRelative } from '../../workspace/paths.ts';
import { exportsOf } from '../exports.ts';
import { assignedExports, facadeNames, facadeSource, factoryName, factorySource, type Required } from './commonjs.ts';
import { namesHandedOn, namesTaken, overlaps, type Names } from './demand.ts';
import { edited, environmentEdits, removal, type Edit } from './edit-source.ts';
import { PackageJsons } from './package-json.ts';
import { readPackageModule, type PackageModule } from './package-module.ts';
import { PackageResolver, splitSpecifier, type PackageFile, type PackageTarget } from './resolve-package.ts';

/** In files and characters of all packages of one program. */
export const packageLimits = { files: 2000, total: 3 * 1024 * 1024 } as const;

/** A package whose code is part of a program. */
export interface UsedPackage {
  readonly name: string;
  readonly version: string;
  /** SHA-256 over names and contents of the files that are part of the program, in hex. */
  readonly hash: string;
  readonly files: number;
  /** Where the person's code imports it, or what led to it. */
  readonly location?: SourceLocation;
}

interface Statement {
  readonly start: number;
  readonly end: number;
}

/** The files of npm packages that a program needs, and no others: found from what is imported, with unused re-exports left out where the package allows that. */
export class PackageGraph {
  readonly #root: string;
  readonly #jsons = new PackageJsons();
  readonly #resolver: PackageResolver;
  readonly #modules = new Map<string, PackageModule>();
  readonly #reading = new Map<string, Promise<PackageModule>>();
  readonly #queue = new Set<PackageModule>();
  readonly #locations = new Map<string, SourceLocation>();
  #total = 0;

  /** `root` is the real path of the workspace. */
  constructor(root: string) {
    this.#root = root;
    this.#resolver = new PackageResolver(root, this.#jsons);
  }

  /** Takes up an import of the person's code and gives the name of the module for it. Throws `chain-invalid` at `location`. */
  async add(specifier: string, importer: string, names: Names, location: SourceLocation): Promise<string> {
    const target = await this.#resolver.resolve({ specifier, importer, commonJs: false });
    if (target.kind !== 'file') throw this.#unresolved(specifier, target, undefined, location);
    try {
      const module = await this.#demand(target.file, names, location);
      for (const next of this.#queue) {
        this.#queue.delete(next);
        await this.#follow(next, location);
      }
      return module.name;
    } catch (error) {
      throw AssassinError.isInstance(error) && error.location === undefined ? new AssassinError(error.code, error.message, { location, cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) }) : error;
    }
  }

  /** The finished modules by name. */
  modules(): ReadonlyMap<string, string> {
    const modules = new Map<string, string>();
    for (const module of this.#modules.values()) {
      const { name, source, kind, tree } = module;
      if (kind === 'commonjs') {
        modules.set(factoryName(name), factorySource(edited(source, environmentEdits(tree)), this.#required(module)));
        modules.set(name, facadeSource(name, module.byStar ? assignedExports(tree) : facadeNames(module.demand, tree)));
      } else if (kind === 'json') {
        modules.set(factoryName(name), `const value = JSON.parse(${JSON.stringify(source)});\nexport const __commonJs = () => value;\n`);
        modules.set(name, facadeSource(name, module.demand === 'all' ? [] : module.demand));
      } else modules.set(name, edited(source, [...this.#linkEdits(module), ...environmentEdits(tree)]));
    }
    if (modules.size > 0) modules.set('assassin:empty', 'export default {};\n');
    return modules;
  }

  packages(): readonly UsedPackage[] {
    const files = Map.groupBy([...this.#modules.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), ({ file: { name, version } }) => `${name}@${version}`);
    return [...files.values()].map((modules) => {
      const { file } = modules[0]!;
      const hash = createHash('sha256');
      for (const { name, source } of modules) hash.update(JSON.stringify([name, source]));
      const location = this.#locations.get(file.name);
      return { name: file.name, version: file.version, hash: hash.digest('hex'), files: modules.length, ...(location ? { location } : {}) };
    });
  }

  async #demand(file: PackageFile, names: Names, location: SourceLocation, { byStar = false, required = false } = {}): Promise<PackageModule> {
    const module = await this.#read(file);
    if (!this.#modules.has(file.path)) {
      this.#modules.set(file.path, module);
      this.#total += module.source.length;
      if (this.#modules.size > packageLimits.files || this.#total > packageLimits.total) {
        throw new AssassinError('chain-invalid', `The packages of this program have more than ${packageLimits.files} files or ${packageLimits.total} characters.`, { hint: 'Import single files of them, such as "date-fns/format", or a smaller package.' });
      }
      if (!this.#locations.has(file.name)) this.#locations.set(file.name, location);
      this.#queue.add(module);
    }
    module.byStar ||= byStar;
    module.required ||= required;
    if (module.demand === 'all' || (names !== 'all' && names.isSubsetOf(module.demand))) return module;
    module.demand = names === 'all' ? 'all' : module.demand.union(names);
    this.#queue.add(module);
    return module;
  }

  #read(file: PackageFile): Promise<PackageModule> {
    let reading = this.#reading.get(file.path);
    if (reading === undefined) this.#reading.set(file.path, (reading = readPackageModule(file, shownRelative(this.#root, file.path), this.#jsons, this.#root)));
    return reading;
  }

  async #target(module: PackageModule, specifier: string, commonJs: boolean): Promise<PackageTarget> {
    const known = module.targets.get(specifier);
    if (known) return known;
    const target = await this.#resolver.resolve({ specifier, importer: module.file.path, commonJs });
    module.targets.set(specifier, target);
    return target;
  }

  /** Brings in what a module needs for what is used of it. */
  async #follow(module: PackageModule, location: SourceLocation): Promise<void> {
    if (module.kind === 'commonjs') {
      for (const { specifier } of module.uses) {
        const target = specifier === undefined ? undefined : await this.#target(module, specifier, true);
        if (target?.kind === 'file') await this.#demand(target.file, 'all', location, { required: true });
      }
      return;
    }
    for (const use of module.uses) {
      if (use.specifier === undefined) continue;
      const statement = statementAt(module, use);
      const target = await this.#target(module, use.specifier, false);
      if (statement && (await this.#isUnused(module, statement))) continue;
      if (target.kind === 'file') {
        const star = statement?.type === 'ExportAllDeclaration' && !statement.exported;
        await this.#demand(target.file, star ? without(module.demand, 'default') : statement ? namesTaken(statement) : 'all', location, { byStar: star });
      } else if (target.kind !== 'empty') throw this.#unresolved(use.specifier, target, module, location);
    }
  }

  /** An `export ... from` of which nobody uses anything, in a package that allows to leave it out. */
  async #isUnused(module: PackageModule, statement: PackageModule['tree']['body'][number]): Promise<boolean> {
    if (!module.prunable || module.demand === 'all') return false;
    const handedOn = namesHandedOn(statement);
    if (handedOn) return !overlaps(module.demand, handedOn);
    if (statement.type !== 'ExportAllDeclaration') return false;
    if (statement.exported) return false;
    const names = await this.#namesOf(module, String(statement.source.value), new Set([module]));
    return names !== undefined && !overlaps(module.demand, names);
  }

  /** Everything that a module exports, `undefined` where that cannot be told. */
  async #namesOf(importer: PackageModule, specifier: string, seen: ReadonlySet<PackageModule>): Promise<readonly string[] | undefined> {
    const target = await this.#target(importer, specifier, false);
    if (target.kind !== 'file') return undefined;
    const module = await this.#read(target.file);
    if (module.kind !== 'module' || seen.has(module)) return module.kind === 'module' ? [] : undefined;
    const names = [...exportsOf(module.tree).keys()].filter((name) => name !== '*' && name !== 'default');
    for (const statement of module.tree.body) {
      if (statement.type !== 'ExportAllDeclaration' || statement.exported) continue;
      const more = await this.#namesOf(module, String(statement.source.value), new Set([...seen, module]));
      if (more === undefined) return undefined;
      names.push(...more);
    }
    return names;
  }

  /** A module that was left out is one that nothing else reached. */
  #linkEdits(module: PackageModule): readonly Edit[] {
    return module.uses.flatMap((use): readonly Edit[] => {
      const target = use.specifier === undefined ? undefined : module.targets.get(use.specifier);
      if (target === undefined || target.kind === 'builtin' || target.kind === 'missing') return this.#dropped(module, use);
      const found = target.kind === 'file' ? this.#modules.get(target.file.path) : undefined;
      if (target.kind === 'file' && (found === undefined || this.#leftOut(module, use, found))) return this.#dropped(module, use);
      return [{ start: use.start, end: use.end, text: JSON.stringify(found?.name ?? 'assassin:empty') }];
    });
  }

  /** Names that nobody uses may be missing in what is reached by another way. */
  #leftOut(module: PackageModule, use: Statement, found: PackageModule): boolean {
    const statement = statementAt(module, use);
    const handedOn = statement && namesHandedOn(statement);
    return module.prunable && handedOn !== undefined && !overlaps(module.demand, handedOn) && found.prunable;
  }

  #dropped(module: PackageModule, use: Statement): readonly Edit[] {
    const statement = statementAt(module, use);
    return statement ? [removal(module.source, statement)] : [];
  }

  #required(module: PackageModule): ReadonlyMap<string, Required> {
    const required = new Map<string, Required>();
    for (const { specifier } of module.uses) {
      if (specifier === undefined) continue;
      const target = module.targets.get(specifier);
      const found = target?.kind === 'file' ? this.#modules.get(target.file.path) : undefined;
      if (found) required.set(specifier, { kind: found.kind === 'module' ? 'module' : 'commonjs', module: found.name });
      else if (target?.kind === 'empty') required.set(specifier, { kind: 'empty' });
      else if (target) required.set(specifier, { kind: 'absent', message: this.#unresolved(specifier, target, module).message });
    }
    return required;
  }

  #unresolved(specifier: string, target: PackageTarget, module: PackageModule | undefined, location?: SourceLocation): AssassinError {
    const place = location === undefined ? {} : { location };
    if (target.kind === 'builtin') {
      const who = module === undefined ? 'This code' : `The package "${module.file.name}" (${module.name})`;
      return new AssassinError('chain-invalid', `${who} needs "${specifier}", a module of Node.js. It needs Node and cannot run in the sandbox. ${insteadOfModule(specifier)}`, { ...place, hint: 'Use a package, or an entry of it, that is meant for browsers.', data: { needsNode: true } });
    }
    const reason = target.kind === 'missing' ? target.reason : `"${specifier}" is empty outside Node.`;
    return new AssassinError('chain-invalid', module === undefined ? reason : `${reason} ${module.name} imports it.`, { ...place, hint: `Install it in the workspace with "npm install ${splitSpecifier(specifier).name}", or correct the import.` });
  }
}

function statementAt(module: PackageModule, { start, end }: Statement): PackageModule['tree']['body'][number] | undefined {
  return module.tree.body.find((statement) => statement.start <= start && statement.end >= end && (statement.type === 'ImportDeclaration' || statement.type === 'ExportAllDeclaration' || statement.type === 'ExportNamedDeclaration'));
}

function without(names: Names, name: string): Names {
  return names === 'all' ? names : new Set([...names].filter((each) => each !== name));
}
