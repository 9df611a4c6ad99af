import type { RunHandle } from '../run/run-manager.ts';
import type { RunSummary } from '../shared/dto.ts';
import { AssassinError } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import { newId } from '../shared/ids.ts';
import { isTerminal } from '../shared/run-state.ts';
import { readText } from '../workspace/files.ts';
import { resolvePath } from '../workspace/paths.ts';
import { rebuild, type Rebuilt } from './conversation/rebuild.ts';
import type { ReadBlob } from './conversation/recorded-turns.ts';
import { unreadOf } from './conversation/unread.ts';
import type { OwnBlob } from './pictures/pictures.ts';
import { planTask, stepsOf } from './plan.ts';
import { createdOf, taskInputOf, type TaskInput } from './task-input.ts';
import type { StartTaskOptions } from './task-options.ts';
import type { TaskRunner } from './task-runner.ts';

export interface SessionsOptions {
  /** Absolute, symbolic links resolved. */
  readonly workspace: string;
  readonly tasks: TaskRunner;
  /** Throws `run-not-found`. */
  readonly run: (id: string) => RunSummary;
  readonly events: (run: string) => readonly JournalEvent[];
  readonly readBlob: ReadBlob;
  readonly ownBlob: OwnBlob;
}

interface Earlier {
  readonly events: readonly JournalEvent[];
  readonly summary: RunSummary;
  readonly input: TaskInput;
  readonly session: string;
}

/** Tasks that go on from others. Each is a run of its own with a budget of its own: what has ended stays as it is on record. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** A new message in a conversation whose last run has ended. Throws `invalid-input` where it goes on: that one is steered. */
  async followUp(run: string, text: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    const earlier = await this.#ended(run);
    const { messages } = await this.#rebuilt(earlier.events);
    return this.#options.tasks.start(text, this.#sameOptions(earlier, options), { session: earlier.session, origin: { kind: 'follow-up', run }, before: withoutSystem(messages) });
  }

  /** Goes on where a task was interrupted, failed or was stopped. Recorded results are used; nothing whose outcome is unknown is done again. */
  async resume(run: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    const earlier = await this.#ended(run);
    const { summary: { state, error }, input, session, events } = earlier;
    if (state === 'done') throw new AssassinError('invalid-input', `The task ${run} is done: there is nothing to resume.`, { hint: 'Say something more in its conversation, or fork it from one of its turns.' });
    const { messages, unknown } = await this.#rebuilt(events);
    const before = withoutSystem(messages);
    const why = state === 'interrupted' ? 'The program that ran this task ended in the middle.' : `The task was stopped${error === undefined ? '' : ` (${error.message})`}.`;
    const told = [
      `${why} It goes on now. What you have of it above is what was on record; time has passed since, and files and pages may have changed.`,
      ...(unknown ? ['Of at least one call it is not known whether it had its effect: look before you do it again.'] : []),
      'Checks of before do not count any more. Go on with the task.',
    ].join(' ');
    return this.#options.tasks.start(input.task, this.#sameOptions(earlier, options), {
      session, origin: { kind: 'resume', run }, unread: unreadOf(events), ...(before.length === 0 ? (input.told === undefined ? {} : { told: input.told }) : { before, told }),
    });
  }

  /** A conversation of its own that begins with the first turns of another one; `turn` 0 is only what it began with. The other one stays as it is. */
  async fork(run: string, turn: number, text: string | undefined, options: StartTaskOptions = {}): Promise<RunHandle> {
    const earlier = await this.#earlier(run);
    const { messages, turns } = await this.#rebuilt(earlier.events, turn);
    if (!Number.isInteger(turn) || turn < 0 || turns < turn) throw new AssassinError('invalid-input', `The task ${run} has no turn ${turn}.`, { hint: `Give a turn from 0 to ${turns}.` });
    const told = text ?? 'Go on from here in another way than before. Files may have changed since; look before you rely on what you saw.';
    const before = withoutSystem(messages);
    return this.#options.tasks.start(text ?? earlier.input.task, this.#sameOptions(earlier, options), {
      session: newId('ses'), origin: { kind: 'fork', run, turn }, ...(before.length === 0 ? {} : { before, told }),
    });
  }

  /** The same words with the same options, told anew. */
  async again(run: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    const earlier = await this.#earlier(run);
    const { told } = earlier.input;
    return this.#options.tasks.start(earlier.input.task, this.#sameOptions(earlier, options), { session: newId('ses'), origin: { kind: 'again', run }, ...(told === undefined ? {} : { told }) });
  }

  /** Carries out the plan that a run has left, as it stands in its file now. Throws `file-not-found` and `invalid-input`. */
  async approvePlan(run: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    const earlier = await this.#ended(run);
    const { input, session, summary } = earlier;
    if (input.mode !== 'plan' || input.plan === undefined) throw new AssassinError('invalid-input', `The run ${run} has made no plan.`, { hint: 'Plan first, with the mode "plan".' });
    const text = await readText(await resolvePath(this.#options.workspace, input.plan));
    const steps = stepsOf(text);
    return this.#options.tasks.start(`Carry out the plan: ${summary.title}`, { ...this.#sameOptions(earlier, options), mode: 'act' }, {
      session, origin: { kind: 'plan', run }, told: planTask(input.plan, text), plan: { path: input.plan, steps },
    });
  }

  #rebuilt(events: readonly JournalEvent[], upTo?: number): Promise<Rebuilt> {
    const { readBlob, ownBlob } = this.#options;
    return rebuild(events, readBlob, { ownBlob, ...(upTo === undefined ? {} : { upTo }) });
  }

  async #earlier(run: string): Promise<Earlier> {
    const summary = this.#options.run(run);
    const events = this.#options.events(run);
    if (summary.workspace !== this.#options.workspace) throw new AssassinError('invalid-input', `The run ${run} was in another workspace: ${summary.workspace}`, { hint: 'Open that folder first.' });
    const input = await taskInputOf(events, this.#options.readBlob);
    return { events, summary, input, session: createdOf(events).session ?? newId('ses') };
  }

  async #ended(run: string): Promise<Earlier> {
    const earlier = await this.#earlier(run);
    if (!isTerminal(earlier.summary.state)) throw new AssassinError('invalid-input', `The run ${run} still goes on.`, { hint: 'Say it to the run that goes on, or stop it first.' });
    return earlier;
  }

  /** What the earlier run was started with, where nothing else is said now. */
  #sameOptions({ events, input }: Earlier, options: StartTaskOptions): StartTaskOptions {
    const { model, fallback, effort, executor, mode, grants, agent, maxTurns, check, maxRepairs } = input;
    const { budget } = createdOf(events);
    return {
      model, executor, mode, grants, ...(fallback === undefined ? {} : { fallback }), ...(effort === undefined ? {} : { effort }), ...(agent === undefined ? {} : { agent }), ...(maxTurns === undefined ? {} : { maxTurns }), ...(check === undefined ? {} : { check }), ...(maxRepairs === undefined ? {} : { maxRepairs }),
      ...options, budget: { ...budget, ...options.budget },
    };
  }
}

function withoutSystem<T extends { readonly role: string }>(messages: readonly T[]): readonly T[] {
  return messages.filter(({ role }) => role !== 'system');
}
