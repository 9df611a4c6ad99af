import { createHash } from 'node:crypto';
import type { Journal } from '../run/journal.ts';
import { AssassinError } from '../shared/errors.ts';
import { maxFileBytes, readBytes, writeBytes, type FileTarget } from './files.ts';

/** Largest file of which a copy is kept before it is overwritten. */
const maxBeforeBytes = 64 * 1024 * 1024;

export function hashOfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Longest content of which a copy is kept as the run left it: what cannot be compared line by line need not be. */
const maxAfterBytes = maxFileBytes;

/**
 * Writes a file of a run. What it held before is on disk beside the journal first, so that the run can be undone byte for byte.
 * Only files that are really written are kept, each distinct content once. What the run leaves is kept too: without it nobody could tell the run's lines
 * from those that were edited since.
 */
export async function writeWithCheckpoint(journal: Journal, target: FileTarget, bytes: Uint8Array, step?: string): Promise<{ readonly bytes: number }> {
  const before = await readBytes(target, maxBeforeBytes).catch(absent);
  const image = before === undefined ? undefined : journal.bytes(before, 'application/octet-stream');
  const after = bytes.length <= maxAfterBytes ? journal.bytes(bytes, 'application/octet-stream').blob : hashOfBytes(bytes);
  journal.append({
    type: 'file.written', path: target.shown, after,
    ...(image === undefined ? {} : { before: { blob: image.blob, bytes: image.bytes } }),
    ...(step === undefined ? {} : { step }),
  });
  return writeBytes(target, bytes);
}

function absent(error: unknown): undefined {
  if (AssassinError.isInstance(error) && error.code === 'file-not-found') return undefined;
  throw error;
}
