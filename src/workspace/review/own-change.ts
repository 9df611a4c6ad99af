import type { EventOf, JournalEvent } from '../../shared/events.ts';
import { mergeTexts } from '../merge-texts.ts';
import { decodeAny, encodeWhole } from '../text-encoding.ts';

type Write = Pick<EventOf<'file.written'>, 'before' | 'after'>;

/** What a run did to one file: its content without the run's changes, and what the run left in it. `undefined`: there was no file. */
export interface OwnChange {
  readonly path: string;
  readonly before: Uint8Array | undefined;
  /** `lost`: the record of this run does not hold it. */
  readonly after: Uint8Array | undefined | 'lost';
  /** SHA-256 of `after`, empty where the run removed the file. */
  readonly afterHash: string;
  /** Somebody edited the same lines between two writes of the run, so that the two cannot be told apart any more. */
  readonly entangled: boolean;
}

/** The writes of a run by file, in the order of their first write. */
export function writesOf(events: readonly JournalEvent[]): ReadonlyMap<string, readonly Write[]> {
  return Map.groupBy(events.filter((event): event is EventOf<'file.written'> => event.type === 'file.written'), ({ path }) => path);
}

/**
 * The change of one file. What a person wrote between two writes of the run is not the run's: it is on both sides, so that putting the run's change back
 * keeps it.
 */
export async function ownChange(path: string, writes: readonly Write[], blob: (hash: string) => Promise<Uint8Array>): Promise<OwnChange> {
  const read = async (hash: string | undefined) => (hash === undefined || hash === '' ? undefined : blob(hash));
  const afterHash = writes.at(-1)?.after ?? '';
  const after = await read(afterHash).catch(() => 'lost' as const);
  const first = await read(writes[0]?.before?.blob);
  const broken = writes.flatMap((write, i) => (i > 0 && (write.before?.blob ?? '') !== writes[i - 1]?.after ? [i] : []));
  if (broken.length === 0) return { path, before: first, after, afterHash, entangled: false };
  // From the last stretch of writes without a foreign one back to the first, each taken out of what was there after it.
  let before = await read(writes[broken.at(-1)!]?.before?.blob);
  for (const [index, at] of [...broken.entries()].toReversed()) {
    const from = broken[index - 1] ?? 0;
    const [left, was] = await Promise.all([read(writes[at - 1]?.after), read(writes[from]?.before?.blob)]);
    const without = takenOut(before, left, was);
    if (without === undefined) return { path, before: first, after, afterHash, entangled: true };
    before = without;
  }
  return { path, before, after, afterHash, entangled: false };
}

/** `now` without what led from `before` to `after`; `undefined` where that cannot be told. */
function takenOut(now: Uint8Array | undefined, after: Uint8Array | undefined, before: Uint8Array | undefined): Uint8Array | undefined {
  if (now === undefined || after === undefined || before === undefined) return undefined;
  const [ours, base, theirs] = [decodeAny(now), decodeAny(after), decodeAny(before)];
  if (!ours || !base || !theirs || ours.encoding !== base.encoding || base.encoding !== theirs.encoding) return undefined;
  const merge = mergeTexts(base.text, ours.text, theirs.text);
  return merge.ok ? encodeWhole({ text: merge.text, encoding: ours.encoding }) : undefined;
}
