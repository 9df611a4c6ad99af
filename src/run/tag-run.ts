import { AssassinError } from '../shared/errors.ts';
import { isTerminal } from '../shared/run-state.ts';
import { cleanTags, tagLimits } from '../shared/tags.ts';
import { Journal, type JournalOptions } from './journal.ts';

export interface TagChange {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

const attempts = 5;

/**
 * Puts tags on a run, or takes them off, and gives those that it has then. A live run's own journal writes them: a second one would take its numbers. Throws `run-not-found`,
 * and `invalid-input` for a word that cannot be a tag, too many, or a run that goes on in another program.
 */
export function tagRun({ store, host, redactor }: Pick<JournalOptions, 'store' | 'host' | 'redactor'>, live: Journal | undefined, run: string, { add = [], remove = [] }: TagChange): readonly string[] {
  const body = { type: 'run.tagged', add: cleanTags(add), remove: cleanTags(remove), by: 'person' } as const;
  const before = store.traces.tags(run);
  const { state } = store.run(run);
  if (new Set([...before.filter((tag) => !body.remove.includes(tag)), ...body.add]).size > tagLimits.perRun) throw new AssassinError('invalid-input', `A run may have ${tagLimits.perRun} tags.`, { hint: 'Take some off first.' });
  if (live === undefined && !isTerminal(state)) throw new AssassinError('invalid-input', `The run ${run} goes on in another window or program.`, { hint: 'Tag it there, or when it has ended.' });
  if (live !== undefined && !isTerminal(state)) live.append(body);
  else appendAfterEnd((seq) => new Journal({ run, store, host, redactor, seq }).append(body), () => store.run(run).events);
  return store.traces.tags(run);
}

/** Another program may tag the same run at the same moment: the number is looked up again where it was taken meanwhile. */
function appendAfterEnd(append: (seq: number) => void, last: () => number): void {
  for (let attempt = 1; ; attempt++) {
    const seq = last();
    try {
      return append(seq);
    } catch (error) {
      if (attempt >= attempts || last() === seq) throw error;
    }
  }
}
