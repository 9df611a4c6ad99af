import { fromErrorInfo, type ErrorInfo } from '../../shared/errors.ts';
import type { EventOf, JournalEvent } from '../../shared/events.ts';
import type { Json } from '../../shared/json.ts';
import type { RunState } from '../../shared/run-state.ts';
import { wholeValue } from '../../store/whole-value.ts';
import type { OwnBlob } from '../pictures/pictures.ts';

/** The record of runs, as far as a team needs it. */
export interface TeamRecord {
  readonly events: (run: string) => readonly JournalEvent[];
  /** Ids and states of the runs that a run has started, oldest first. */
  readonly children: (run: string) => readonly { readonly id: string; readonly state: RunState; readonly error?: ErrorInfo }[];
  readonly readBlob: (hash: string, offset: number, length: number) => Promise<Uint8Array>;
  /** Pictures that results name and no request has carried yet. */
  readonly ownBlob: OwnBlob;
}

/** A run that was started by a run whose host ended before it could use the result. */
export interface RecordedChild {
  readonly run: string;
  readonly state: RunState;
  readonly key: string;
  /** The earlier run that it went on from. */
  readonly resumes?: string;
}

/** What the runs that `run` goes on from have started. Empty for a run that goes on from none. */
export function earlierChildren(record: TeamRecord, run: string): readonly RecordedChild[] {
  const before = resumed(record, run);
  return before === undefined ? [] : childrenUpTo(record, before);
}

/** What a run, and those that it goes on from, have started: of each piece of work only its last life. */
export function childrenUpTo(record: TeamRecord, run: string): readonly RecordedChild[] {
  const all = [...earlierChildren(record, run), ...childrenOf(record, run)];
  const continued = new Set(all.flatMap(({ resumes }) => resumes ?? []));
  return all.filter((child) => !continued.has(child.run));
}

function childrenOf(record: TeamRecord, run: string): readonly RecordedChild[] {
  return record.children(run).flatMap(({ id, state }) => {
    const created = createdOf(record, id);
    if (created?.parent === undefined) return [];
    return [{ run: id, state, key: created.parent.key, ...(created.origin?.kind === 'resume' ? { resumes: created.origin.run } : {}) }];
  });
}

/** The result of a run that is done. Throws what it failed with. */
export async function resultOf(record: TeamRecord, run: string): Promise<Json> {
  const events = record.events(run);
  const value = events.findLast((event): event is EventOf<'run.result'> => event.type === 'run.result')?.value;
  if (value !== undefined) return wholeValue(value, (hash) => record.readBlob(hash, 0, 'blob' in value ? value.bytes : 0));
  const end = events.findLast((event): event is EventOf<'run.state'> => event.type === 'run.state');
  throw fromErrorInfo(end?.error ?? { code: 'internal', message: `The run ${run} has no result on record.` });
}

/** The run that this one goes on from. */
function resumed(record: TeamRecord, run: string): string | undefined {
  const origin = createdOf(record, run)?.origin;
  return origin?.kind === 'resume' ? origin.run : undefined;
}

function createdOf(record: TeamRecord, run: string): EventOf<'run.created'> | undefined {
  return record.events(run).find((event): event is EventOf<'run.created'> => event.type === 'run.created');
}
