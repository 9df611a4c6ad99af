import * as z from 'zod';
import type { Action } from '../../policy/action.ts';
import { authorize } from '../../policy/authorize.ts';
import { parseGrant } from '../../policy/grant.ts';
import { AssassinError } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { defineTool, type Tool, type ToolContext } from '../../tools/tool.ts';
import { writeWithCheckpoint } from '../../workspace/checkpoint.ts';
import { pathExists, readText } from '../../workspace/files.ts';
import { folderTexts } from '../../workspace/folder-texts.ts';
import { resolvePath, type ResolvedPath } from '../../workspace/paths.ts';
import { findNotes, maxFile, maxNote, memoryFolder, memoryPath, notesIn, topicOfPath, withNote, type Note } from './memory-file.ts';

const maxFound = 20;
const keep = 'Keep it';
const drop = 'Do not keep it';

/** Notes that outlive a run, in files that the person can read, edit and delete. `workspace` is where the memory lies, also for a run that works on a copy. */
export function memoryTools(workspace: string): readonly Tool[] {
  return [
    defineTool({
      name: 'memory.remember', title: 'Remember', kind: 'edit', effects: { readOnly: false },
      description: 'Keeps a note for later runs in .assassin/memory. The person sees the text and is asked. For what will still be true, not for the course of the work.',
      input: z.strictObject({ text: z.string().trim().min(1).max(maxNote), topic: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a topic has small letters, digits and hyphens').default('notes') }),
      run: async ({ text, topic }, context) => {
        const { scope, step } = context;
        const target = await resolvePath(workspace, memoryPath(topic));
        if (!target.inside || !target.shown.startsWith(`${memoryFolder}/`)) throw new AssassinError('denied', `${memoryFolder} leads elsewhere, and is not written to.`, { hint: 'Remove the link.' });
        // What is kept is read into later prompts: a secret must not be among it.
        const note: Note = { topic, id: newId('mem'), at: new Date().toISOString().slice(0, 16).replace('T', ' '), run: scope.id, text: scope.journal.redact(text) };
        await approved(context, target, note);
        const before = (await pathExists(target)) ? await readText(target) : '';
        const after = withNote(before, note);
        if (after.length > maxFile) throw new AssassinError('invalid-input', `${target.shown} is full: it would have ${after.length} characters, and ${maxFile} are the most.`, { hint: 'Ask the person to clear it up, or use another topic.' });
        await writeWithCheckpoint(scope.journal, target, Buffer.from(after, 'utf8'), step);
        return { path: target.shown, id: note.id };
      },
    }),
    defineTool({
      name: 'memory.recall', title: 'Recall', kind: 'workspace', effects: { readOnly: true },
      description: 'Gives notes of the memory that have words of the query, or the newest ones.',
      input: z.strictObject({ query: z.string().max(1000).default('') }),
      actions: async () => [{ kind: 'fs.read', path: (await resolvePath(workspace, memoryFolder)).path }],
      run: async ({ query }) => {
        const files = await folderTexts(workspace, memoryFolder, '.md');
        return findNotes(files.flatMap(({ path, text }) => notesIn(topicOfPath(path), text)), query, maxFound).map((note) => ({ ...note }));
      },
    }),
  ];
}

/**
 * The gate decides by path, and a memory is about words. So a person is shown the words each time, unless they have granted exactly this file and the run
 * has read nothing that strangers wrote. Their answer is a grant for this one write: a rule that denies still holds.
 */
async function approved({ scope, step }: ToolContext, target: ResolvedPath, { text, topic }: Note): Promise<void> {
  const action: Action = { kind: 'fs.write', path: target.path };
  if (scope.gate.untrusted.length === 0 && scope.gate.allows(action)) return scope.gate.check(action, step);
  const grant = parseGrant(`fs.write ${target.path}`, scope.workspace);
  const { effect, reason, rule } = authorize(action, [grant], scope.gate.terms.rules);
  const sources = scope.gate.untrusted.map(({ source }) => source).join(', ');
  const answer = effect === 'deny' ? undefined : await scope.ask(`Keep this note in the memory "${topic}"?${sources === '' ? '' : ` The run has read untrusted text from ${sources}.`}\n\n${text}`, { step, choices: [keep, drop] });
  const allowed = answer === keep;
  const why = effect === 'deny' ? reason : allowed ? 'The person has read the note and keeps it.' : answer === undefined ? 'Nobody was there to read the note.' : 'The person does not keep the note.';
  scope.journal.append({ type: 'decision', step, action: `fs.write ${target.path}`, effect: effect === 'deny' ? 'deny' : 'ask', outcome: allowed ? 'allowed' : 'denied', reason: why, ...(rule === undefined ? {} : { rule }) });
  if (!allowed) throw new AssassinError('denied', `The note is not kept. ${why}`, { hint: answer === undefined && effect !== 'deny' ? `Run it where a person can be asked, or grant "fs.write ${target.shown}".` : 'Go on without it.' });
}
