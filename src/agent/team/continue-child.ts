import type { RunScope } from '../../run/run-scope.ts';
import { changesOf } from '../../workspace/undo.ts';
import { rebuild } from '../conversation/rebuild.ts';
import { untrustedIn } from '../untrusted.ts';
import { landChanges, type RecordedChange } from './copy.ts';
import type { RecordedChild, TeamRecord } from './recorded.ts';
import type { ChildContinuation } from './team-port.ts';

/** What a child had done is told to it from its record, and not done again. A child that had not begun is told its task. */
export async function continueChild({ events, ownBlob }: TeamRecord, { run, state }: RecordedChild, readWhole: (hash: string) => Promise<Uint8Array>): Promise<ChildContinuation> {
  const record = events(run);
  const { messages, unknown } = await rebuild(record, readWhole, { ownBlob });
  const before = messages.filter(({ role }) => role !== 'system');
  const origin = { kind: 'resume', run } as const;
  const untrusted = untrustedIn(record);
  if (before.length === 0) return { origin, untrusted };
  const told = [
    `${state === 'interrupted' ? 'The program that ran you ended in the middle' : `You were ${state}`}. You go on now. What you have of it above is what was on record; time has passed since, and files and pages may have changed.`,
    ...(unknown ? ['Of at least one call it is not known whether it had its effect: look before you do it again.'] : []),
    'Files that you had edited are as you left them, as far as nobody has changed them since; what programs have written in a copy of the workspace is gone with the copy. Checks of before do not count any more. Go on with your task.',
  ].join(' ');
  return { origin, before, told, untrusted };
}

/** The copy that a child had worked on went with the host: what it had written there is written into its new one, from the record. */
export async function restoreChanges(scope: RunScope, { events }: TeamRecord, run: string, readWhole: (hash: string) => Promise<Uint8Array>): Promise<void> {
  const changes = changesOf(events(run));
  if (changes.length === 0) return;
  await scope.step({ kind: 'edit', name: 'Changes from before' }, async (step) => {
    const kept: RecordedChange[] = [];
    const lost: string[] = [];
    for (const { path, before, after } of changes) {
      const there = after === '' || (await readWhole(after).then(() => true, () => false));
      if (there) kept.push({ path, ...(before === undefined ? {} : { before }), ...(after === '' ? {} : { after }) });
      else lost.push(path);
    }
    const landed = await landChanges(scope, step, kept, readWhole);
    const problems = [...lost.map((path) => `${path} (not kept)`), ...landed.flatMap((each) => (each.outcome === 'conflict' || each.outcome === 'refused' ? [`${each.path} (${each.why})`] : []))];
    if (problems.length > 0) scope.log('warn', `Not all files are as they had been left: ${problems.join(', ')}`);
    return { written: landed.length - (problems.length - lost.length), problems };
  });
}
