import { join } from 'node:path';
import * as z from 'zod';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import { confirmMatches } from '../workspace/context/confirm-matches.ts';
import { maxListed, listFiles } from '../workspace/context/list-files.ts';
import { findRipgrep, Ripgrep } from '../workspace/context/ripgrep.ts';
import type { SearchQuery, SearchResult } from '../workspace/context/search.ts';
import { searchInThread } from '../workspace/context/search-thread.ts';
import { resolvePath, type ResolvedPath } from '../workspace/paths.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

export interface SearchToolsOptions {
  /** Full paths at which a ripgrep may lie, for example the editor's own. */
  readonly ripgrep: readonly string[];
  readonly searchPath: string;
  /** The built entry of the thread that searches where there is no ripgrep. */
  readonly worker: URL;
}

const folder = z.string().min(1).max(4096).default('.').describe('A folder of the workspace.');
const globs = z.array(z.string().min(1).max(300)).max(50).default([]).describe('Which files, for example ["src/**/*.ts", "*.{md,mdx}"].');

/** Names of files that were too large to be searched, at most. */
const namedLarge = 3;

/** Finding text and files. What git ignores is left out, and so is every file that the run may not read. */
export function searchTools(options: SearchToolsOptions): readonly Tool[] {
  const folders = new WeakMap<ToolContext, ResolvedPath>();
  const actions = async ({ folder: path }: { readonly folder: string }, context: ToolContext) => {
    const target = await resolvePath(context.scope.workspace, path);
    if (!target.inside) throw new AssassinError('invalid-input', `${target.shown} is not a folder of the workspace.`, { hint: 'Give a folder of the workspace.' });
    folders.set(context, target);
    return [{ kind: 'fs.read', path: target.path }] as const;
  };
  const below = (context: ToolContext) => {
    const target = folders.get(context);
    if (target === undefined) throw new AssassinError('internal', 'A folder was about to be used before it had been decided on.');
    return target.shown === '.' ? '' : target.shown;
  };
  let found: Promise<string | undefined> | undefined;
  return [
    defineTool({
      name: 'workspace.search',
      title: 'Search text',
      description: 'Finds text or a regular expression in the files of the workspace: path, line, column and the line. What git ignores is left out, and so are files of more than 4 MiB: tooLarge says how many, and names some.',
      kind: 'workspace',
      effects: { readOnly: true, untrustedOutput: true },
      input: z.strictObject({
        pattern: z.string().min(1).max(2000), folder, globs, regex: z.boolean().default(false), caseSensitive: z.boolean().default(false), limit: z.int().min(1).max(2000).default(200),
      }),
      actions,
      run: async (input, context) => {
        const { scope, signal } = context;
        const { limit } = input;
        const query = { ...input, folder: below(context) };
        const executable = await (found ??= findRipgrep(options.ripgrep, options.searchPath, scope.workspace));
        const { matches, cut, tooLarge } = executable === undefined
          ? allowedOnly(await searchInThread(options.worker, scope.workspace, { ...query, limit: limit * 2 }, signal), readable(scope), limit)
          : await ripgrepped(executable, scope, query);
        return { matches: matches.map((match) => ({ ...match })), cut, engine: executable === undefined ? 'built-in' : 'ripgrep', ...(tooLarge.length === 0 ? {} : { tooLarge: { files: tooLarge.length, names: tooLarge.toSorted().slice(0, namedLarge) } }) };
      },
    }),
    defineTool({
      name: 'workspace.files',
      title: 'List files',
      description: 'Lists the files below a folder, all levels, without those that git ignores. Paths are relative to the workspace.',
      kind: 'workspace',
      effects: { readOnly: true, untrustedOutput: true },
      input: z.strictObject({ folder, globs, limit: z.int().min(1).max(maxListed).default(2000) }),
      actions,
      run: async ({ globs: wanted, limit }, context) => {
        const { fitsGlobs } = await import('../workspace/context/ignore-rules.ts');
        const may = readable(context.scope);
        const { files, cut } = await listFiles(context.scope.workspace, { below: below(context), signal: context.signal });
        const fitting = files.filter((path) => (wanted.length === 0 || fitsGlobs(wanted, path)) && may(path));
        return { files: fitting.slice(0, limit), cut: cut || fitting.length > limit };
      },
    }),
  ];
}

async function ripgrepped(executable: string, scope: RunScope, query: SearchQuery): Promise<SearchResult> {
  await using lease = await scope.lease({ kind: 'process', label: 'ripgrep' }, (handle) => Ripgrep.start(executable, scope.workspace, query, handle));
  // Awaited here: the process is gone when this function has ended.
  const found = await lease.resource.matches(query.limit, readable(scope));
  return { ...found, matches: await confirmMatches(scope.workspace, found.matches) };
}

function allowedOnly({ matches, cut, tooLarge }: SearchResult, may: (path: string) => boolean, limit: number): SearchResult {
  const allowed = matches.filter(({ path }) => may(path));
  return { matches: allowed.slice(0, limit), cut: cut || allowed.length > limit, tooLarge: tooLarge.filter(may) };
}

/** Whether the run may read a file, by its own path and not only by that of the folder that was searched. */
export function readable({ gate, workspace }: Pick<RunScope, 'gate' | 'workspace'>): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    let may = known.get(path);
    if (may === undefined) known.set(path, (may = gate.allows({ kind: 'fs.read', path: join(workspace, path) })));
    return may;
  };
}
