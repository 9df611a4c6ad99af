import type { RunSummary } from '../../shared/dto.ts';
import type { JournalEvent } from '../../shared/events.ts';
import type { StoredValue } from '../../shared/json.ts';
import { changesOf } from '../../workspace/undo.ts';

const maxSteps = 40;

/** An earlier run in words, for a model: what it was, how it ended, what it did and gave. */
export function describeRun(run: RunSummary, events: readonly JournalEvent[]): string {
  const result = events.findLast((event) => event.type === 'run.result');
  const failed = events.flatMap((event) => (event.type === 'step.ended' && event.error !== undefined ? [`${nameOf(event.step, events)}: ${event.error.message}`] : []));
  const steps = events.flatMap((event) => (event.type === 'step.started' ? [`${event.kind} ${event.name}`] : []));
  const changed = changesOf(events).map(({ path }) => path);
  return [
    `${run.kind} "${run.title}" (${run.source}), ${run.state}.`,
    ...(run.error === undefined ? [] : [`Error (${run.error.code}): ${run.error.message}${run.error.hint === undefined ? '' : ` ${run.error.hint}`}`]),
    ...(result?.type === 'run.result' ? [`Result: ${shown(result.value)}`] : []),
    ...(changed.length === 0 ? [] : [`Files it wrote: ${changed.join(', ')}`]),
    ...(failed.length === 0 ? [] : [`Steps that failed:\n${failed.slice(-10).join('\n')}`]),
    `Steps: ${steps.slice(0, maxSteps).join('; ')}${steps.length > maxSteps ? `; and ${steps.length - maxSteps} more` : ''}`,
  ].join('\n');
}

function nameOf(step: string, events: readonly JournalEvent[]): string {
  const started = events.find((event) => event.type === 'step.started' && event.step === step);
  return started?.type === 'step.started' ? started.name : step;
}

function shown(value: StoredValue): string {
  return 'json' in value ? JSON.stringify(value.json) : `${value.preview} [... ${value.bytes} bytes in all]`;
}
