import type { RunHandle, RunManager } from '../run/run-manager.ts';
import type { QuestionChange } from '../run/questions.ts';
import type { Conversation, ModelDelta, ModelDraft, OpenQuestion, SessionSummary } from '../shared/conversation.ts';
import type { Page, RunSummary } from '../shared/dto.ts';
import { AssassinError, describeError, fromErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import type { JournalEvent } from '../shared/events.ts';
import type { RunStore } from '../store/run-store.ts';
import { newId } from '../shared/ids.ts';
import type { SessionQuery } from '../store/session-list.ts';
import { readText } from '../workspace/files.ts';
import { resolvePath } from '../workspace/paths.ts';
import { conversationOf } from './conversation/conversation-of.ts';
import { markdownOf } from './conversation/export-markdown.ts';
import type { ReadBlob } from './conversation/recorded-turns.ts';
import { brokenRun } from './repair-chain.ts';
import { Sessions } from './sessions.ts';
import type { StartTaskOptions } from './task-options.ts';
import type { TaskRunner } from './task-runner.ts';

export interface TaskDoorOptions {
  readonly workspace: string;
  readonly store: RunStore;
  readonly runs: RunManager;
  readonly runner: TaskRunner;
  readonly events: (run: string) => readonly JournalEvent[];
  /** What keeps a chain's file from being run. */
  readonly checkChain: (path: string) => Promise<readonly ErrorInfo[]>;
}

/** Everything that a person can do with tasks and their conversations; the panel, the terminal and the editor's commands all use exactly this. */
export class TaskDoor {
  readonly #options: TaskDoorOptions;
  readonly #sessions: Sessions;
  readonly #readBlob: ReadBlob;

  constructor(options: TaskDoorOptions) {
    const { store, workspace, runner: tasks, events } = options;
    this.#options = options;
    this.#readBlob = (hash) => store.blobs.read(hash);
    this.#sessions = new Sessions({ workspace, tasks, events, run: (id) => store.run(id), readBlob: this.#readBlob, ownBlob: async (run, hash) => (store.blobsOf(run).some((each) => each.hash === hash) ? store.blobs.read(hash) : undefined) });
  }

  /** Hears of what models say, as they say it. Not stored: the whole text is in the journal when it is whole. */
  onDelta(listener: (delta: ModelDelta) => void): Disposable {
    return this.#options.runner.deltas.onDelta(listener);
  }

  /** What has come of the turn that is going on. */
  draft(run: string): ModelDraft | undefined {
    return this.#options.runner.deltas.draft(run);
  }

  /** Says something to a task that goes on; the model gets it before its next turn. Throws `invalid-input` where the task does not go on here. */
  steer(run: string, text: string): { readonly message: string } {
    return { message: this.#options.runner.inbox(run).queue(text) };
  }

  /**
   * Begins the next turn of a task that goes on with all that was said, although it was shortened to make room. Throws `invalid-input` where the task does not
   * go on here, nothing was shortened, or it does not fit into what the model can read. Gives its estimated tokens.
   */
  useWhole(run: string): { readonly tokens: number } {
    return { tokens: this.#options.runner.whole(run).ask().whole ?? 0 };
  }

  /** Takes back what the model has not read yet; false where it has. */
  withdraw(run: string, message: string): boolean {
    return this.#options.runner.inbox(run).withdraw(message);
  }

  /** Questions that wait for the person, of one run or of all. */
  questions(run?: string): readonly OpenQuestion[] {
    return this.#options.runs.questions.open(run);
  }

  /** `undefined`: the person will not answer. False where the question is no longer open. */
  answer(ask: string, text: string | undefined): boolean {
    return this.#options.runs.questions.answer(ask, text);
  }

  /** Whoever listens is taken for somebody who can answer. */
  onQuestion(listener: (change: QuestionChange) => void): Disposable {
    return this.#options.runs.questions.onChange(listener);
  }

  /** A new message in a conversation, given by its newest run, which has ended. */
  followUp(run: string, text: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    return this.#sessions.followUp(run, text, options);
  }

  /** A new message after the newest run of a conversation. Throws `run-not-found`. */
  followUpSession(session: string, text: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    const newest = this.session(session).at(-1);
    if (newest === undefined) throw noSession(session);
    return this.#sessions.followUp(newest.id, text, options);
  }

  /** Goes on with a task that was interrupted, failed or was stopped. */
  resume(run: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    return this.#sessions.resume(run, options);
  }

  /** Begins a conversation of its own with the first `turn` turns of another one. */
  fork(run: string, turn: number, text?: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    return this.#sessions.fork(run, turn, text, options);
  }

  /** Starts the same task once more. */
  again(run: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    return this.#sessions.again(run, options);
  }

  /** Carries out the plan that a run has left, as its file holds it now. */
  approvePlan(run: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    return this.#sessions.approvePlan(run, options);
  }

  /**
   * Lets a model put right the chain whose run failed, by an edit of its file that can be reviewed and undone like any other. It may write that file and
   * no other without asking. Throws `invalid-input` where the run is no chain or has not failed.
   */
  async repairChain(run: string, options: StartTaskOptions = {}): Promise<RunHandle> {
    const { store, workspace, runner, events, checkChain } = this.#options;
    const { title, source, kind } = store.run(run);
    const text = kind === 'chain' ? await readText(await resolvePath(workspace, source)) : '';
    const { path, told } = await brokenRun(events(run), text, this.#readBlob);
    const problem = async () => {
      const [first] = await checkChain(path);
      return first === undefined ? undefined : `The chain cannot be run. ${describeError(fromErrorInfo(first))}`;
    };
    const grants = [`fs.write ${path}`, ...(options.grants ?? [])];
    return runner.start(`Repair the chain ${path}: ${title}`, { ...options, grants }, { session: newId('ses'), origin: { kind: 'repair', run }, told, problem });
  }

  /** Throws `run-not-found`, and `invalid-input` for a run that is no task. */
  conversation(run: string): Promise<Conversation> {
    const { store, events } = this.#options;
    return conversationOf(store.run(run), events(run), this.#readBlob);
  }

  /** Of this workspace, the one with the newest run first. */
  sessions(query: Omit<SessionQuery, 'workspace'> = {}): Page<SessionSummary> {
    const { store, workspace } = this.#options;
    return store.sessions({ ...query, workspace });
  }

  /** The runs of a conversation, oldest first. */
  session(session: string): readonly RunSummary[] {
    return this.#options.store.runs({ session, parent: null, limit: maxRuns }).items.toReversed();
  }

  /** One run, or all runs of a conversation, as a document. Throws `run-not-found`. */
  async exportConversation(runOrSession: string, format: 'markdown' | 'json'): Promise<string> {
    const runs = runOrSession.startsWith('ses_') ? this.session(runOrSession).map(({ id }) => id) : [runOrSession];
    if (runs.length === 0) throw noSession(runOrSession);
    const conversations = await Promise.all(runs.map((run) => this.conversation(run)));
    return format === 'markdown' ? markdownOf(conversations) : `${JSON.stringify({ conversations }, null, 2)}\n`;
  }
}

/** More than a conversation has. */
const maxRuns = 1000;

function noSession(session: string): AssassinError {
  return new AssassinError('run-not-found', `There is no conversation ${session}.`, { hint: 'List the runs with "runs list"; each task names its conversation.' });
}
