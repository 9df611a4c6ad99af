import type { Journal } from '../run/journal.ts';
import { AssassinError } from '../shared/errors.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';
import { hashOfBytes, writeWithCheckpoint } from './checkpoint.ts';
import { removeFile } from './files.ts';
import type { ResolvedPath } from './paths.ts';
import type { ReviewedFile } from './review/file-review.ts';
import { putBack } from './review/hunk-states.ts';
import { linesOf } from './review/line-hunks.ts';
import { encodeWhole } from './text-encoding.ts';

/** One file that a run has written: what it held before the run, and what the run left in it. */
export interface Change {
  readonly path: string;
  /** Name of the blob; absent where the run made the file. */
  readonly before?: string;
  /** SHA-256 of what the run wrote last. */
  readonly after: string;
}

/** The files that a run has written, in the order of their first write. */
export function changesOf(events: readonly JournalEvent[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const event of events.filter((each): each is EventOf<'file.written'> => each.type === 'file.written')) {
    const { path, before, after } = event;
    const first = changes.get(path);
    changes.set(path, first ? { ...first, after } : { path, after, ...(before === undefined ? {} : { before: before.blob }) });
  }
  return [...changes.values()];
}

export interface UndoFile {
  readonly path: string;
  /** `merged`: what the run changed is as it was, and what was edited since is kept. */
  readonly outcome: 'restored' | 'merged' | 'removed' | 'unchanged' | 'conflict';
}

export interface UndoOptions {
  readonly journal: Journal;
  /** Also overwrites what somebody has edited since. */
  readonly force: boolean;
  /** Numbers of the changes to put back, from 1; all where absent. */
  readonly hunks?: readonly number[];
  readonly step?: string;
}

/**
 * Puts one file back as it was before the run, byte for byte, or some of the run's changes to it. Lines that somebody has edited since are kept: where they
 * are others than the run's, only the run's are put back; where they are the same, the file is a conflict and left alone, unless `force` is set.
 * What is undone is itself kept, so that an undo can be undone. Throws `invalid-input` for hunks that are not there.
 */
export async function undoFile(file: ReviewedFile, target: ResolvedPath, options: UndoOptions): Promise<UndoFile> {
  const { change: { path, before }, now, state, text } = file;
  if (options.hunks !== undefined) return undoHunks(file, options.hunks, target, options);
  if (state === 'gone') return { path, outcome: 'unchanged' };
  const asLeft = (now === undefined ? '' : hashOfBytes(now)) === file.change.afterHash;
  if (!options.force && (file.problem === 'entangled' || (!asLeft && (state === 'edited' || text === undefined)))) return { path, outcome: 'conflict' };
  if (!asLeft && !options.force && text !== undefined) {
    await write(encodeWhole({ ...text, text: putBack(linesOf(text.text), file.hunks.filter((hunk) => hunk.state === 'there')) }), target, options);
    return { path, outcome: 'merged' };
  }
  if (before !== undefined) {
    await write(before, target, options);
    return { path, outcome: 'restored' };
  }
  await remove(now, target, options);
  return { path, outcome: 'removed' };
}

async function undoHunks({ change: { path }, hunks, text, kind, problem }: ReviewedFile, numbers: readonly number[], target: ResolvedPath, options: UndoOptions): Promise<UndoFile> {
  if (text === undefined || problem !== undefined) {
    throw new AssassinError('invalid-input', `${path} was ${kind} as a whole; it has no single changes that could be put back.`, { hint: 'Put back the whole file.' });
  }
  const missing = numbers.find((number) => hunks[number - 1] === undefined);
  if (missing !== undefined) throw new AssassinError('invalid-input', `${path} has no change ${missing}; it has ${hunks.length}.`, { hint: 'List them with "runs diff".' });
  const wanted = numbers.flatMap((number) => hunks[number - 1] ?? []);
  if (wanted.some(({ state }) => state === 'edited')) return { path, outcome: 'conflict' };
  const there = wanted.filter(({ state }) => state === 'there');
  if (there.length === 0) return { path, outcome: 'unchanged' };
  await write(encodeWhole({ ...text, text: putBack(linesOf(text.text), there) }), target, options);
  return { path, outcome: there.length === hunks.length ? 'restored' : 'merged' };
}

async function write(bytes: Uint8Array, target: ResolvedPath, { journal, step }: UndoOptions): Promise<void> {
  await writeWithCheckpoint(journal, target, bytes, step);
}

async function remove(now: Uint8Array | undefined, target: ResolvedPath, { journal, step }: UndoOptions): Promise<void> {
  if (now === undefined) return;
  const image = journal.bytes(now, 'application/octet-stream');
  journal.append({ type: 'file.written', path: target.shown, before: { blob: image.blob, bytes: image.bytes }, after: '', ...(step === undefined ? {} : { step }) });
  await removeFile(target);
}
