import * as z from 'zod';
import { defineTool, type Tool } from '../../tools/tool.ts';
import type { TaskContext } from '../task-context.ts';

const picture = /\.(?:png|jpe?g|gif|webp)$/i;
const path = z.string().min(1).max(4096).describe('Relative to the workspace.');

// Made once: building a schema costs more than most calls.
const readFileInput = z.strictObject({ path, from: z.int().min(1).optional().describe('First line, from 1.'), to: z.int().min(1).optional() });
const editFileInput = z.strictObject({ path, edits: z.array(z.strictObject({ oldText: z.string(), newText: z.string(), all: z.boolean().optional() })).min(1).max(200) });

/** Reading and editing files without code around it. Both go through the tools that chains use, and so through the gate and the checkpoints. */
export function fileTools({ scope, tools, evidence, places }: TaskContext): readonly Tool[] {
  return [
    defineTool({
      name: 'read_file', title: 'Read a file', kind: 'tool', effects: { readOnly: true, untrustedOutput: true },
      description: 'Reads a text file, or some of its lines; shows a picture.',
      input: readFileInput,
      run: async ({ path: file, from, to }, { step }) => {
        const output = picture.test(file) ? await tools.call('workspace.readPicture', { path: file }, scope, step) : await tools.call('workspace.readFile', { path: file, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, scope, step);
        places.saw('workspace.readFile', { path: file }, null);
        return output;
      },
    }),
    defineTool({
      name: 'edit_file', title: 'Edit a file', kind: 'edit', effects: { readOnly: false, destructive: true },
      description: 'Replaces texts in a file, all or none. oldText is copied from the file, long enough to be unique. An empty oldText makes a new file.',
      input: editFileInput,
      run: async ({ path: file, edits }, { step }) => {
        const output = await tools.call('workspace.edit', { path: file, edits: edits.map(({ all, ...edit }) => ({ ...edit, ...(all === undefined ? {} : { all }) })) }, scope, step);
        evidence.changed();
        places.saw('workspace.edit', { path: file }, null);
        return output;
      },
    }),
  ];
}
