import { parseGrant, type Grant } from '../policy/grant.ts';
import { AssassinError, toErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import type { ResolvedPath } from '../workspace/paths.ts';
import { readChainMeta, type ChainMeta } from './chain-meta.ts';
import { compile, type Compilation } from './compile.ts';

export const chainFolder = '.assassin/chains';

/** A chain that can be run. */
export interface ChainFile {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  /** What one calls it by: the path below `.assassin/chains` without its ending. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly meta: ChainMeta;
  /** The file and line of each of `meta.grants`. */
  readonly grantOrigins: readonly string[];
  /** Of its source and that of everything it imports. */
  readonly hash: string;
}

/** A file that was meant to be a chain. */
export interface BrokenChain {
  readonly path: string;
  readonly name: string;
  readonly title: string;
  readonly description: '';
  /** At least one, in the order in which they were found. */
  readonly problems: readonly [ErrorInfo, ...ErrorInfo[]];
}

export interface ChainReading {
  readonly chain: ChainFile | BrokenChain;
  /** Absent where the file could not even be read. */
  readonly compilation?: Compilation;
}

export function isBroken(chain: ChainFile | BrokenChain): chain is BrokenChain {
  return 'problems' in chain;
}

/** Compiles a chain and reads its meta. Never throws for what is wrong with the file. */
export async function readChain(file: ResolvedPath, workspace: string): Promise<ChainReading> {
  const path = file.shown;
  const name = chainName(path);
  try {
    const compilation = await compile(file, workspace);
    const { tree, entry, positions } = compilation;
    const here = { file: entry, line: 1, column: 1 };
    const reading = tree && readChainMeta(tree, (line, column) => positions.locate(entry, line, column) ?? here, workspace);
    const [first, ...more] = [...compilation.problems, ...(reading?.problems ?? [])].map(toErrorInfo);
    if (first !== undefined || reading === undefined) return { chain: broken(path, name, first ?? unreadable(path), more), compilation };
    const { meta, grantPlaces } = reading;
    const grantOrigins = grantPlaces.map(({ file, line }) => `${file}:${line}`);
    return { chain: { path, name, title: meta.title ?? name, description: meta.description, meta, grantOrigins, hash: compilation.hash }, compilation };
  } catch (error) {
    if (!AssassinError.isInstance(error)) throw error;
    return { chain: broken(path, name, { location: { file: path, line: 1, column: 1 }, ...toErrorInfo(error) }, []) };
  }
}

/** What a chain grants itself, each with where it says so. */
export function grantsOf({ meta, grantOrigins }: Pick<ChainFile, 'meta' | 'grantOrigins'>, workspace: string): readonly Grant[] {
  return meta.grants.map((grant, i) => {
    const origin = grantOrigins[i];
    return parseGrant(grant, workspace, origin === undefined ? {} : { origin });
  });
}

export function chainName(path: string): string {
  const inFolder = path.startsWith(`${chainFolder}/`) ? path.slice(chainFolder.length + 1) : path;
  return inFolder.replace(/\.m?[tj]s$/, '');
}

function broken(path: string, name: string, first: ErrorInfo, more: readonly ErrorInfo[]): BrokenChain {
  return { path, name, title: name, description: '', problems: [first, ...more] };
}

function unreadable(path: string): ErrorInfo {
  return { code: 'chain-invalid', message: `${path} could not be read as a module.`, location: { file: path, line: 1, column: 1 } };
}
