import { describeError, fromErrorInfo, AssassinError } from '../shared/errors.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';
import type { StoredValue } from '../shared/json.ts';
import { wholeValue } from '../store/whole-value.ts';
import type { ReadBlob } from './conversation/recorded-turns.ts';
import { createdOf } from './task-input.ts';
import { asData } from './untrusted.ts';

export interface BrokenRun {
  /** The chain's file, relative to the workspace. */
  readonly path: string;
  /** What a model is told of it. */
  readonly told: string;
}

/** Longest value of one step that is told, in characters, and how many steps. */
const maxValue = 1500;
const maxSteps = 60;

/**
 * What a failed run of a chain leaves to a model that is to put the chain right: its source, its input, what each step gave, and the step at which it broke.
 * Throws `invalid-input` for a run that is no chain or has not failed.
 */
export async function brokenRun(events: readonly JournalEvent[], source: string, readBlob: ReadBlob): Promise<BrokenRun> {
  const created = createdOf(events);
  const failure = events.findLast((event): event is EventOf<'run.state'> => event.type === 'run.state' && event.to === 'failed');
  if (created.kind !== 'chain' || failure?.error === undefined) {
    throw new AssassinError('invalid-input', `The run ${created.run} is not a chain that failed.`, { hint: 'Repair a run whose chain has failed; see "runs list".' });
  }
  const shown = async (value: StoredValue | undefined) => (value === undefined ? '' : JSON.stringify(await wholeValue(value, readBlob)).slice(0, maxValue));
  const ended = new Map(events.flatMap((event) => (event.type === 'step.ended' ? [[event.step, event] as const] : [])));
  const steps = events.filter((event): event is EventOf<'step.started'> => event.type === 'step.started' && event.kind !== 'run' && event.kind !== 'chain' && event.kind !== 'sandbox' && event.kind !== 'lease');
  const lines: string[] = [];
  for (const step of steps.slice(-maxSteps)) {
    const end = ended.get(step.step);
    const outcome = end === undefined ? 'begun, no end on record' : end.error ? `FAILED: ${describeError(fromErrorInfo(end.error))}` : `gave ${await shown(end.output)}`;
    lines.push(`- ${step.name} ${await shown(step.input)}: ${outcome}`);
  }
  const broke = steps.find(({ step }) => ended.get(step)?.error !== undefined);
  return {
    path: created.source,
    told: [
      `The chain ${created.source} worked once and has failed now. Put it right with edit_file: the smallest change that makes it work again, starting at the step that failed. Keep its input, its result and its meta as they are; leave its grants alone unless the work now needs another one, and then say so.`,
      `It failed with: ${describeError(fromErrorInfo(failure.error))}${broke === undefined ? '' : `\nThe step that failed first: ${broke.name}`}`,
      `Its input: ${await shown(created.input)}`,
      `Its steps, in order, with what was recorded of them:\n${asData('journal', lines.join('\n') || 'none')}`,
      `Its source:\n${asData(created.source, source)}`,
      'You cannot run the chain. You can try single calls of it with run_code where they only read; do not do again what has an effect. Before you finish, check your reading of what has changed (the page, the file, the answer) with run_code.',
    ].join('\n\n'),
  };
}
