import * as z from 'zod';
import type { Action } from '../policy/action.ts';
import { AssassinError } from '../shared/errors.ts';
import { listFolder, pathExists, readText, writeText } from '../workspace/files.ts';
import { resolvePath, type ResolvedPath } from '../workspace/paths.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

const path = z.string().min(1).max(4096).describe('A path relative to the workspace, or an absolute one.');

/** Text files of the workspace. Each tool decides on, and then uses, the path after symbolic links. */
export function workspaceTools(): readonly Tool[] {
  // What was decided on is what is used: a link that changes while a person is asked must not lead elsewhere.
  const decided = new WeakMap<ToolContext, ResolvedPath>();
  const actions = (kind: 'fs.read' | 'fs.write') => async (input: { readonly path: string }, context: ToolContext): Promise<readonly Action[]> => {
    const target = await resolvePath(context.scope.workspace, input.path);
    decided.set(context, target);
    return [{ kind, path: target.path }];
  };
  const target = (context: ToolContext): ResolvedPath => {
    const path = decided.get(context);
    if (path === undefined) throw new AssassinError('internal', 'A path was about to be used before it had been decided on.');
    return path;
  };

  return [
    defineTool({
      name: 'workspace.readFile',
      title: 'Read a file',
      description: 'Reads a UTF-8 text file of up to 4 MiB.',
      kind: 'workspace',
      effects: { readOnly: true, untrustedOutput: true },
      input: z.strictObject({ path }),
      actions: actions('fs.read'),
      run: (_input, context) => readText(target(context)),
    }),
    defineTool({
      name: 'workspace.writeFile',
      title: 'Write a file',
      description: 'Writes a whole text file, in place of the old one if there is one. Missing folders are made.',
      kind: 'workspace',
      effects: { readOnly: false, destructive: true },
      input: z.strictObject({ path, content: z.string() }),
      actions: actions('fs.write'),
      run: async (input, context) => ({ ...(await writeText(target(context), input.content)) }),
    }),
    defineTool({
      name: 'workspace.list',
      title: 'List a folder',
      description: 'Lists the entries of a folder: name, kind (file, directory, link, other) and size in bytes.',
      kind: 'workspace',
      effects: { readOnly: true, untrustedOutput: true },
      input: z.strictObject({ path: path.default('.') }),
      actions: actions('fs.read'),
      run: async (_input, context) => (await listFolder(target(context))).map((entry) => ({ ...entry })),
    }),
    defineTool({
      name: 'workspace.exists',
      title: 'Look whether a path exists',
      description: 'Tells whether there is a file or folder at a path.',
      kind: 'workspace',
      effects: { readOnly: true },
      input: z.strictObject({ path }),
      actions: actions('fs.read'),
      run: (_input, context) => pathExists(target(context)),
    }),
  ];
}
