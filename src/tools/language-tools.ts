import * as z from 'zod';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import type { EditorContext } from '../workspace/context/editor-context.ts';
import { resolvePath, type ResolvedPath } from '../workspace/paths.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

/** More than a reader goes through; whoever needs others asks more precisely. */
const maxPlaces = 300;
const path = z.string().min(1).max(4096).describe('A file of the workspace.');
const position = { path, line: z.int().min(1), column: z.int().min(1) };
const effects = { readOnly: true, untrustedOutput: true };

/** What the language services of the editor know. The command line has none, and says so. Places that the run may not read are left out. */
export function languageTools(editor: EditorContext | undefined): readonly Tool[] {
  const decided = new WeakMap<ToolContext, ResolvedPath>();
  const reads = async (input: { readonly path?: string | undefined }, context: ToolContext) => {
    const target = await resolvePath(context.scope.workspace, input.path ?? '.');
    decided.set(context, target);
    return [{ kind: 'fs.read', path: target.path }] as const;
  };
  const target = (context: ToolContext) => decided.get(context)?.path ?? context.scope.workspace;
  return [
    defineTool({
      name: 'workspace.symbols', title: 'Find symbols', kind: 'workspace', effects,
      description: 'Classes, functions and other names that fit a query, in the whole workspace; with a path and an empty query, all of that file.',
      input: z.strictObject({ query: z.string().max(200).default(''), path: path.optional() }),
      actions: reads,
      run: async (input, context) => {
        const service = needed(editor);
        const found = input.path === undefined ? await service.symbols(input.query) : (await service.outline(target(context))).filter(({ name }) => name.toLowerCase().includes(input.query.toLowerCase()));
        return visible(context.scope, found);
      },
    }),
    defineTool({
      name: 'workspace.definitions', title: 'Find definitions', kind: 'workspace', effects, description: 'Where what stands at a place is defined.',
      input: z.strictObject(position), actions: reads,
      run: async ({ line, column }, context) => visible(context.scope, await needed(editor).definitions({ path: target(context), line, column })),
    }),
    defineTool({
      name: 'workspace.references', title: 'Find references', kind: 'workspace', effects, description: 'Where what stands at a place is used.',
      input: z.strictObject(position), actions: reads,
      run: async ({ line, column }, context) => visible(context.scope, await needed(editor).references({ path: target(context), line, column })),
    }),
    defineTool({
      name: 'workspace.problems', title: 'List problems', kind: 'workspace', effects, description: 'Errors and warnings that the editor shows, of one file or of all that are known.',
      input: z.strictObject({ path: path.optional() }), actions: reads,
      run: async (input, context) => visible(context.scope, await needed(editor).problems(input.path === undefined ? undefined : target(context))),
    }),
  ];
}

function needed(editor: EditorContext | undefined): EditorContext {
  if (editor) return editor;
  throw new AssassinError('not-supported', 'There are no language services here: they are part of the editor.', { hint: 'Find it with workspace.search, or run a compiler or linter with exec.' });
}

type Row = { readonly [key: string]: string | number };

/** With paths as the workspace has them, and none of files that the run may not read. */
async function visible(scope: RunScope, places: readonly ({ readonly path: string } & object)[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { path: full, ...rest } of places.slice(0, maxPlaces)) {
    const target = await resolvePath(scope.workspace, full);
    if (scope.gate.allows({ kind: 'fs.read', path: target.path })) rows.push({ path: target.shown, ...rest });
  }
  return rows;
}
