import { rm } from 'node:fs/promises';
import type { Journal } from '../run/journal.ts';
import { AssassinError } from '../shared/errors.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';
import { hashOfBytes, writeWithCheckpoint } from './checkpoint.ts';
import { readBytes } from './files.ts';
import type { ResolvedPath } from './paths.ts';

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
  readonly outcome: 'restored' | 'removed' | 'unchanged' | 'conflict';
}

export interface UndoOptions {
  readonly journal: Journal;
  readonly blob: (hash: string) => Promise<Uint8Array>;
  /** Also overwrites what somebody has edited since. */
  readonly force: boolean;
  readonly step?: string;
}

/**
 * Puts one file back as it was before the run, byte for byte. A file that no longer holds what the run left in it was edited by somebody else
 * since: it is a conflict and left alone, unless `force` is set. What is undone is itself kept, so that an undo can be undone.
 */
export async function undoChange(change: Change, target: ResolvedPath, { journal, blob, force, step }: UndoOptions): Promise<UndoFile> {
  const { path, before, after } = change;
  const now = await readBytes(target, Number.MAX_SAFE_INTEGER).catch((error: unknown) => {
    if (AssassinError.isInstance(error) && error.code === 'file-not-found') return undefined;
    throw error;
  });
  const current = now === undefined ? undefined : hashOfBytes(now);
  if (current === before) return { path, outcome: 'unchanged' };
  if ((current ?? '') !== after && !force) return { path, outcome: 'conflict' };
  if (before !== undefined) {
    await writeWithCheckpoint(journal, target, await blob(before), step);
    return { path, outcome: 'restored' };
  }
  if (now !== undefined) {
    const image = journal.bytes(now, 'application/octet-stream');
    journal.append({ type: 'file.written', path: target.shown, before: { blob: image.blob, bytes: image.bytes }, after: '', ...(step === undefined ? {} : { step }) });
  }
  await rm(target.path, { force: true });
  return { path, outcome: 'removed' };
}
