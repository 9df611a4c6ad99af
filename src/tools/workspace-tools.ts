import * as z from 'zod';
import type { Action } from '../policy/action.ts';
import { AssassinError } from '../shared/errors.ts';
import { writeWithCheckpoint } from '../workspace/checkpoint.ts';
import { applyEdits } from '../workspace/edit.ts';
import { editFailure } from '../workspace/edit-failure.ts';
import { decodeText, listFolder, maxFileBytes, pathExists, readBytes, readText, tooLarge } from '../workspace/files.ts';
import { resolvePath, type ResolvedPath } from '../workspace/paths.ts';
import { decodeWhole, encodeWhole, type EncodedText } from '../workspace/text-encoding.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

const path = z.string().min(1).max(4096).describe('A path relative to the workspace, or an absolute one.');

const line = z.int().min(1);

function linesOf(text: string, from: number, to: number | undefined): string {
  const lines = text.split('\n');
  return `[lines ${from} to ${Math.min(to ?? lines.length, lines.length)} of ${lines.length}]\n${lines.slice(from - 1, to).join('\n')}`;
}

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
      description: 'Reads a text file (UTF-8, or UTF-16 with a byte order mark) of up to 4 MiB, or some of its lines.',
      kind: 'workspace',
      effects: { readOnly: true, untrustedOutput: true },
      input: z.strictObject({ path, from: line.optional().describe('First line, from 1.'), to: line.optional() }),
      actions: actions('fs.read'),
      run: async ({ from = 1, to }, context) => {
        const text = await readText(target(context));
        context.scope.gate.spend({ kind: 'fs.read', path: target(context).path }, { bytes: Buffer.byteLength(text) });
        return from === 1 && to === undefined ? text : linesOf(text, from, to);
      },
    }),
    defineTool({
      name: 'workspace.writeFile',
      title: 'Write a file',
      description: 'Writes a whole text file, in place of the old one if there is one. Missing folders are made.',
      kind: 'workspace',
      effects: { readOnly: false, destructive: true },
      input: z.strictObject({ path, content: z.string() }),
      actions: actions('fs.write'),
      run: async (input, context) => ({ ...(await write(context, target(context), { text: input.content, encoding: 'utf-8' })) }),
    }),
    defineTool({
      name: 'workspace.edit',
      title: 'Edit a file',
      description: 'Replaces texts in a file, all or none: each exactly where it stands, else apart from white space, else by its first and last line. An empty oldText makes a new file.',
      kind: 'workspace',
      effects: { readOnly: false, destructive: true },
      input: z.strictObject({ path, edits: z.array(z.strictObject({ oldText: z.string(), newText: z.string(), all: z.boolean().optional().describe('Replace every place where it stands.') })).min(1).max(200) }),
      actions: async (input, context) => {
        const [write] = await actions('fs.write')(input, context);
        // What an edit says on failure shows what the file holds, so it needs leave to read as well.
        return write === undefined ? [] : [{ kind: 'fs.read', path: target(context).path }, write];
      },
      run: async ({ edits }, context) => {
        const file = target(context);
        const create = edits.length === 1 && edits[0]?.oldText === '';
        const before = create && !(await pathExists(file)) ? { text: '', encoding: 'utf-8' as const } : await readWhole(file);
        const outcome = applyEdits(before.text, edits.map(({ all, ...edit }) => ({ ...edit, ...(all === undefined ? {} : { all }) })));
        if (!outcome.ok) throw editFailure(file.shown, outcome.failures);
        const { bytes } = await write(context, file, { text: outcome.text, encoding: before.encoding });
        return { path: file.shown, bytes, edits: outcome.applied.map((edit) => ({ ...edit })) };
      },
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

/** The budget of the grant is looked at first: a file that is too large for it is not written at all. */
function write({ scope, step }: ToolContext, file: ResolvedPath, text: EncodedText): Promise<{ readonly bytes: number }> {
  const bytes = textBytes(file, text);
  scope.gate.spend({ kind: 'fs.write', path: file.path }, { bytes: bytes.length });
  return writeWithCheckpoint(scope.journal, file, bytes, step);
}

function textBytes(file: ResolvedPath, text: EncodedText): Uint8Array {
  const bytes = encodeWhole(text);
  if (bytes.length > maxFileBytes) throw tooLarge(file, bytes.length, maxFileBytes);
  return bytes;
}

/** With its byte order mark, which reading otherwise takes away and an edit must keep; in its own encoding. */
async function readWhole(file: ResolvedPath): Promise<EncodedText> {
  const bytes = await readBytes(file);
  const whole = decodeWhole(bytes);
  return whole ?? { text: decodeText(file, bytes), encoding: 'utf-8' };
}
