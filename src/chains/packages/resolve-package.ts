import { isBuiltin } from 'node:module';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { exports as resolveExports, imports as resolveOwnImports } from 'resolve.exports';
import type { PackageJson, PackageJsons } from './package-json.ts';

/** A file of a package. */
export interface PackageFile {
  /** Absolute, links followed. */
  readonly path: string;
  /** Of the package as it was installed: the name that is granted. */
  readonly name: string;
  readonly version: string;
  /** Of the package. */
  readonly folder: string;
}

export type PackageTarget =
  | { readonly kind: 'file'; readonly file: PackageFile }
  /** The package itself says that there is nothing in its place outside Node. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'missing'; readonly reason: string };

export interface PackageRequest {
  readonly specifier: string;
  /** Absolute path of the file that imports. */
  readonly importer: string;
  /** `require` instead of `import`. */
  readonly commonJs: boolean;
}

/** `@scope/name/sub` and `name/sub`, parted. */
export function splitSpecifier(specifier: string): { readonly name: string; readonly subpath: string } {
  const [, name = specifier, rest = ''] = /^(@[^/]+\/[^/]+|[^/]+)(\/.*)?$/s.exec(specifier) ?? [];
  return { name, subpath: `.${rest}` };
}

/**
 * Finds the file that an import of a package means, in the `node_modules` folders between the importer and the workspace folder and nowhere else.
 * Of several builds of a package, the one for programs without Node is taken.
 */
export class PackageResolver {
  readonly #root: string;
  readonly #jsons: PackageJsons;

  constructor(root: string, jsons: PackageJsons) {
    this.#root = root;
    this.#jsons = jsons;
  }

  async resolve(request: PackageRequest): Promise<PackageTarget> {
    const { specifier, importer } = request;
    const own = await this.#jsons.above(importer, this.#root);
    const replaced = own === undefined || !importer.includes(`${sep}node_modules${sep}`) ? undefined : await this.#replacement(own, specifier, importer);
    if (replaced === false) return { kind: 'empty' };
    if (replaced !== undefined) return this.#file(replaced, own!, specifier);
    if (/^\.{1,2}(\/|$)/.test(specifier)) return this.#file(resolve(dirname(importer), specifier), own, specifier);
    if (specifier.startsWith('#') && own) return this.#ownImport(own, request);
    if (isBuiltin(specifier)) return { kind: 'builtin', name: specifier };
    return this.#bare(request);
  }

  async #bare(request: PackageRequest): Promise<PackageTarget> {
    const { name, subpath } = splitSpecifier(request.specifier);
    for (let folder = dirname(request.importer); ; folder = dirname(folder)) {
      const json = await this.#jsons.in(join(folder, 'node_modules', name));
      if (json) return this.#inPackage(json, subpath, request);
      if (folder === this.#root || !folder.startsWith(this.#root)) break;
    }
    return { kind: 'missing', reason: `The package "${name}" is not in node_modules of the workspace.` };
  }

  async #inPackage(json: PackageJson, subpath: string, request: PackageRequest): Promise<PackageTarget> {
    const { data, folder } = json;
    if (data.exports !== undefined && data.exports !== null) {
      const found = exported(() => resolveExports(data, subpath, { unsafe: true, conditions: conditionsOf(request) }));
      return found === undefined ? { kind: 'missing', reason: `The package "${data.name ?? request.specifier}" does not export "${subpath}".` } : this.#firstFile(found, json, request.specifier);
    }
    const entry = typeof data.browser === 'string' && !request.commonJs ? data.browser : (request.commonJs ? undefined : data.module) ?? data.main ?? 'index.js';
    const path = subpath === '.' ? entry : subpath;
    const swapped = typeof data.browser === 'object' ? (data.browser[`./${path.replace(/^\.\//, '')}`] ?? path) : path;
    return swapped === false ? { kind: 'empty' } : this.#file(resolve(folder, swapped), json, request.specifier);
  }

  async #ownImport(own: PackageJson, request: PackageRequest): Promise<PackageTarget> {
    const found = exported(() => resolveOwnImports({ imports: {}, name: own.data.name ?? '', ...own.data }, request.specifier, { unsafe: true, conditions: conditionsOf(request) })) ?? [];
    const [first] = found;
    if (first === undefined) return { kind: 'missing', reason: `The package "${own.data.name}" has no "${request.specifier}".` };
    return first.startsWith('.') ? this.#firstFile(found, own, request.specifier) : this.resolve({ ...request, specifier: first });
  }

  async #replacement(own: PackageJson, specifier: string, importer: string): Promise<string | false | undefined> {
    const { browser } = own.data;
    if (typeof browser !== 'object') return undefined;
    const relative = specifier.startsWith('.') ? resolve(dirname(importer), specifier).slice(own.folder.length + 1).replaceAll(sep, '/') : undefined;
    const keys = relative === undefined ? [specifier] : [`./${relative}`, `./${relative}.js`];
    const found = keys.map((key) => browser[key]).find((value) => value !== undefined);
    return typeof found === 'string' ? (found.startsWith('.') ? resolve(own.folder, found) : undefined) : found;
  }

  async #firstFile(paths: readonly string[], json: PackageJson, specifier: string): Promise<PackageTarget> {
    let last: PackageTarget = { kind: 'missing', reason: `"${specifier}" leads to no file.` };
    for (const path of paths) {
      last = await this.#file(resolve(json.folder, path), json, specifier);
      if (last.kind === 'file') return last;
    }
    return last;
  }

  async #file(base: string, json: PackageJson | undefined, specifier: string): Promise<PackageTarget> {
    for (const candidate of ['', '.js', '.mjs', '.cjs', '.json', '/index.js', '/index.mjs', '/index.cjs', '/index.json'].map((ending) => base + ending)) {
      const found = await stat(candidate).catch(() => undefined);
      if (found?.isDirectory()) {
        const nested = await this.#jsons.in(candidate);
        const entry = nested && (nested.data.module ?? nested.data.main);
        if (nested && entry !== undefined && candidate !== json?.folder) return this.#file(resolve(candidate, entry), nested, specifier);
      }
      if (!found?.isFile()) continue;
      const path = await realpath(candidate);
      if (!path.startsWith(this.#root + sep)) return { kind: 'missing', reason: `"${specifier}" leads outside the workspace.` };
      return { kind: 'file', file: await this.#described(path, candidate) };
    }
    return { kind: 'missing', reason: `"${specifier}" leads to no file.` };
  }

  /** The package is the folder right below `node_modules`; package.json files further in only say what kind of modules lie there. */
  async #described(path: string, installed: string): Promise<PackageFile> {
    const [, folder = dirname(installed), name = ''] = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))/s.exec(installed) ?? [];
    const json = await this.#jsons.in(folder);
    return { path, folder, name: name.replaceAll('\\', '/'), version: json?.data.version ?? '' };
  }
}

function conditionsOf({ commonJs }: PackageRequest): readonly string[] {
  return [commonJs ? 'require' : 'import', 'browser', 'module', 'production', 'default'];
}

/** The library throws where nothing fits. */
function exported(find: () => readonly string[] | void): readonly string[] | undefined {
  try {
    return find() ?? undefined;
  } catch {
    return undefined;
  }
}
