import { posix } from 'node:path';
import { missingModule } from './missing-apis.ts';

/** The module through which host calls are made, and the only module that may import it. */
export const hostModule = 'assassin:host';
export const hostModuleUser = 'assassin';
/** The file name of the code that we run in the guest ahead of the program. */
export const bootModule = 'assassin:boot';

const missingPrefix = 'assassin:missing:';

/**
 * What an import means. Always a name: engines lose the message of an error that a resolver throws, so a module that does not exist
 * gets a name too, and its sentence is thrown when it is loaded.
 */
export function resolveModule(importer: string, specifier: string, modules: ReadonlyMap<string, string>): string {
  if (importer === bootModule) return specifier;
  if (specifier === hostModule && importer === hostModuleUser) return hostModule;
  return candidates(importer, specifier).find((name) => modules.has(name)) ?? `${missingPrefix}${missingModule(specifier.slice(0, 200), importer.slice(0, 200))}`;
}

/** Exact names only. TypeScript's own convention counts: what is imported as `./x.js` may be kept under `./x.ts`. */
function candidates(importer: string, specifier: string): readonly string[] {
  if (!/^\.{0,2}\//.test(specifier)) return [specifier];
  const path = specifier.startsWith('/') ? posix.normalize(specifier) : posix.join(posix.dirname(importer), specifier);
  const names = [path, path.replace(/\.([cm]?)js$/, '.$1ts')];
  return [...names, ...names.map((name) => `./${name}`)];
}

/** The source of a resolved name. Throws the sentence for one that does not exist. */
export function loadModule(name: string, modules: ReadonlyMap<string, string>): string {
  if (name === hostModule) return hostModuleSource;
  const source = modules.get(name);
  if (source !== undefined) return source;
  throw new MissingModuleError(name.startsWith(missingPrefix) ? name.slice(missingPrefix.length) : missingModule(name.slice(0, 200), 'the program'));
}

/** Evaluated before the program, in the moment in which the boot code has laid `call` and what belongs to it in its way; no module of the program ever sees that. */
export const hostHandover = '__assassinHostCalls';
const hostModuleSource = `export const call = globalThis.${hostHandover}.call;\nexport const { callNumber, onAnswer, unansweredCall } = globalThis.${hostHandover};\n`;

/** Goes into the guest, so it has no stack: that one would show paths of the host. */
export class MissingModuleError extends Error {
  override readonly name = 'ImportError';
  override readonly stack = '';
}
