import * as z from 'zod';
import type { Action } from '../policy/action.ts';
import { AssassinError } from '../shared/errors.ts';
import { writeWithCheckpoint } from '../workspace/checkpoint.ts';
import type { FileDiff } from '../shared/file-diff.ts';
import { applyEdits, type EditOutcome } from '../workspace/edit.ts';
import { editFailure } from '../workspace/edit-failure.ts';
import { decodeReadable, listFolder, maxFileBytes, pathExists, readBytes, tooLarge } from '../workspace/files.ts';
import { inItsEncoding } from '../workspace/keep-encoding.ts';
import { noSuchLines, readLargeFileLines } from '../workspace/large-file-lines.ts';
import { resolvePath, type ResolvedPath } from '../workspace/paths.ts';
import { pictureFacts } from '../workspace/picture-facts.ts';
import { encodeWhole, textEncodings, type EncodedText } from '../workspace/text-encoding.ts';
import { withLineHeader } from './line-header.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

const path = z.string().min(1).max(4096).describe('A path relative to the workspace, or an absolute one.');

/** Of a file before or after a change, in bytes. */
const maxPreviewBytes = 512 * 1024;
const line = z.int().min(1);
const encoding = z.enum(textEncodings).describe('What the file is to be in, where that is not as it was.');

/** Lines of a text that was read whole. Throws `invalid-input` where it has no such lines. */
function linesOf(file: ResolvedPath, text: string, from: number, to: number | undefined): string {
  const lines = text.split('\n');
  if (from > lines.length) throw noSuchLines(file, lines.length);
  return withLineHeader(lines.slice(from - 1, to).join('\n'), from, Math.min(to ?? lines.length, lines.length), lines.length);
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
      description: 'Reads a text file of up to 4 MiB, or up to 4 MiB of lines of a larger one, without its byte order mark: UTF-8, UTF-16 with a mark, else one byte a character, as Windows-1252.',
      kind: 'workspace',
      effects: { readOnly: true, untrustedOutput: true },
      input: z.strictObject({ path, from: line.optional().describe('First line, from 1.'), to: line.optional() }),
      actions: actions('fs.read'),
      run: async ({ from = 1, to }, context) => {
        const file = target(context);
        if (to !== undefined && to < from) throw new AssassinError('invalid-input', `The last line, ${to}, comes before the first, ${from}.`, { hint: 'Name the first line and then the last.' });
        const isWhole = from === 1 && to === undefined;
        const part = isWhole ? undefined : await readLargeFileLines(file, from, to, context.signal);
        const bytes = part?.bytes ?? (await readBytes(file));
        context.scope.gate.spend({ kind: 'fs.read', path: file.path }, { bytes: bytes.length });
        const decoded = decodeReadable(file, bytes);
        if (decoded.encoding === 'windows-1252') context.scope.log('info', `${file.shown} is not UTF-8: it is read as Windows-1252.`);
        const text = decoded.text.replace(/^\ufeff/, '');
        if (part !== undefined) return withLineHeader(text, from, part.to);
        return isWhole ? text : linesOf(file, text, from, to);
      },
    }),
    defineTool({
      name: 'workspace.readPicture',
      title: 'Read a picture',
      description: 'Keeps a PNG, JPEG, GIF or WebP of up to 4 MiB with the run. Gives its blob id and size; a model that sees pictures is shown what a result names.',
      kind: 'workspace',
      effects: { readOnly: true, untrustedOutput: true },
      input: z.strictObject({ path }),
      actions: actions('fs.read'),
      run: async (_input, context) => {
        const file = target(context);
        const bytes = await readBytes(file);
        context.scope.gate.spend({ kind: 'fs.read', path: file.path }, { bytes: bytes.length });
        const facts = pictureFacts(bytes);
        if (facts === undefined) throw new AssassinError('invalid-input', `${file.shown} is no picture that could be shown.`, { hint: 'Give a PNG, JPEG, GIF or WebP.' });
        const { mediaType, width, height } = facts;
        return { path: file.shown, blob: context.scope.journal.bytes(bytes, mediaType).blob, bytes: bytes.length, mediaType, width, height };
      },
    }),
    defineTool({
      name: 'workspace.writeFile',
      title: 'Write a file',
      description: 'Writes a whole text file, in place of the old one if there is one, in the encoding and with the byte order mark of the old one. Missing folders are made.',
      kind: 'edit',
      effects: { readOnly: false, destructive: true },
      input: z.strictObject({ path, content: z.string(), encoding: encoding.optional() }),
      actions: actions('fs.write'),
      preview: async ({ content }, context) => changeOf(target(context), await bytesBefore(target(context)), content),
      run: async (input, context) => ({ ...(await write(context, target(context), inItsEncoding(target(context), await bytesBefore(target(context)), input.content, input.encoding))) }),
    }),
    defineTool({
      name: 'workspace.edit',
      title: 'Edit a file',
      description: 'Replaces texts in a file, all or none: each exactly where it stands, else apart from white space, else by its first and last line. An empty oldText makes a new file.',
      kind: 'edit',
      effects: { readOnly: false, destructive: true },
      input: z.strictObject({ path, edits: z.array(z.strictObject({ oldText: z.string(), newText: z.string(), all: z.boolean().optional().describe('Replace every place where it stands.') })).min(1).max(200), encoding: z.literal('windows-1252').optional() }),
      actions: async (input, context) => {
        const [write] = await actions('fs.write')(input, context);
        // What an edit says on failure shows what the file holds, so it needs leave to read as well.
        return write === undefined ? [] : [{ kind: 'fs.read', path: target(context).path }, write];
      },
      preview: async ({ edits }, context) => {
        const { old, outcome } = await edited(target(context), edits);
        return outcome.ok ? changeOf(target(context), old, outcome.text) : undefined;
      },
      run: async ({ edits, encoding: said }, context) => {
        const file = target(context);
        const { old, before, outcome } = await edited(file, edits);
        if (!outcome.ok) throw editFailure(file.shown, outcome.failures);
        const { bytes } = await write(context, file, inItsEncoding(file, old, outcome.text, before.encoding === 'windows-1252' ? said : undefined));
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

type AskedEdits = readonly { readonly oldText: string; readonly newText: string; readonly all?: boolean | undefined }[];

async function edited(file: ResolvedPath, edits: AskedEdits): Promise<{ readonly old: Uint8Array | undefined; readonly before: EncodedText; readonly outcome: EditOutcome }> {
  const create = edits.length === 1 && edits[0]?.oldText === '';
  const old = create && !(await pathExists(file)) ? undefined : await readBytes(file);
  const before = old === undefined ? { text: '', encoding: 'utf-8' as const } : decodeReadable(file, old);
  return { old, before, outcome: applyEdits(before.text, edits.map(({ all, ...edit }) => ({ ...edit, ...(all === undefined ? {} : { all }) }))) };
}

/** For the person's eyes: what is longer than anybody reads before saying yes is not compared. */
async function changeOf(file: ResolvedPath, old: Uint8Array | undefined, after: string): Promise<FileDiff | undefined> {
  if ((old?.length ?? 0) > maxPreviewBytes || after.length > maxPreviewBytes) return undefined;
  const { diffOf } = await import('../workspace/review/file-diff.ts');
  return diffOf(file.shown, old === undefined ? '' : decodeReadable(file, old).text, after);
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

/** What a file holds, where it is there and can be looked at; what keeps it from being written is found when it is. */
async function bytesBefore(file: ResolvedPath): Promise<Uint8Array | undefined> {
  return readBytes(file).catch((error: unknown) => {
    if (AssassinError.isInstance(error) && (error.code === 'file-not-found' || error.code === 'invalid-input')) return undefined;
    throw error;
  });
}
